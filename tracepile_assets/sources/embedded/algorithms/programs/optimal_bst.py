def preorder(root, low, high):
    if low > high:
        return []
    key = root[low][high]
    return [key] + preorder(root, low, key - 1) + preorder(root, key + 1, high)


def optimal_bst(hits, misses):
    count = len(hits)
    cost = [[0] * (count + 1) for _ in range(count + 1)]
    weight = [[0] * (count + 1) for _ in range(count + 1)]
    root = [[0] * count for _ in range(count)]
    for i in range(count + 1):
        weight[i][i] = misses[i]
    for length in range(1, count + 1):
        for low in range(count - length + 1):
            end = low + length
            weight[low][end] = weight[low][end - 1] + hits[end - 1] + misses[end]
            best = None
            for key in range(low, end):
                below = cost[low][key] + cost[key + 1][end]
                if best is None or below < best:
                    best = below
                    root[low][end - 1] = key
            cost[low][end] = best + weight[low][end]
    return cost[0][count], preorder(root, 0, count - 1)
