def nearest(outside, cost):
    best = None
    for vertex in outside:
        if cost[vertex] is not None and (best is None or cost[vertex] < cost[best]):
            best = vertex
    return best


def prim(weights, start):
    vertices = range(len(weights))
    cost = [None for _ in vertices]
    parent = [None for _ in vertices]
    cost[start] = 0
    outside = list(vertices)
    while outside:
        vertex = nearest(outside, cost)
        if vertex is None:
            break
        outside.remove(vertex)
        for other in outside:
            weight = weights[vertex][other]
            if weight is not None and (cost[other] is None or weight < cost[other]):
                cost[other] = weight
                parent[other] = vertex
    return parent
