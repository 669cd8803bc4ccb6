def find(leader, vertex):
    while leader[vertex] != vertex:
        leader[vertex] = leader[leader[vertex]]
        vertex = leader[vertex]
    return vertex


def kruskal(vertex_count, edges):
    leader = list(range(vertex_count))
    forest = []
    total = 0
    for weight, u, v in sorted([(weight, u, v) for u, v, weight in edges]):
        root_u = find(leader, u)
        root_v = find(leader, v)
        if root_u != root_v:
            leader[root_u] = root_v
            forest.append((u, v))
            total += weight
    return total, forest
