def permutation_rank(items):
    remaining = sorted(items)
    weight = 1
    for i in range(1, len(remaining)):
        weight *= i
    rank = 0
    for item in items:
        position = remaining.index(item)
        rank += position * weight
        remaining.pop(position)
        if remaining:
            weight //= len(remaining)
    return rank
