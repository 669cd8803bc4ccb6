def parenthesize(split, first, last):
    if first == last:
        return f"A{first + 1}"
    middle = split[first][last]
    left = parenthesize(split, first, middle)
    right = parenthesize(split, middle + 1, last)
    return f"({left}{right})"


def matrix_chain(dimensions):
    count = len(dimensions) - 1
    cost = [[0] * count for _ in range(count)]
    split = [[0] * count for _ in range(count)]
    for length in range(2, count + 1):
        for first in range(count - length + 1):
            last = first + length - 1
            best = None
            for middle in range(first, last):
                joining = dimensions[first] * dimensions[middle + 1] * dimensions[last + 1]
                total = cost[first][middle] + cost[middle + 1][last] + joining
                if best is None or total < best:
                    best = total
                    split[first][last] = middle
            cost[first][last] = best
    return cost[0][count - 1], parenthesize(split, 0, count - 1)
