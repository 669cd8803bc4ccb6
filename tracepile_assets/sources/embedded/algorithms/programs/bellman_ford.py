def bellman_ford(vertex_count, edges, source):
    distance = [None] * vertex_count
    distance[source] = 0
    for _ in range(vertex_count):
        changed = False
        for u, v, weight in edges:
            if distance[u] is None:
                continue
            candidate = distance[u] + weight
            if distance[v] is None or candidate < distance[v]:
                distance[v] = candidate
                changed = True
        if not changed:
            return distance
    return None
