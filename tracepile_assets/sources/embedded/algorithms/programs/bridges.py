def adjacency(vertex_count, edges):
    neighbors = [[] for _ in range(vertex_count)]
    for number, (u, v) in enumerate(edges):
        neighbors[u].append((v, number))
        neighbors[v].append((u, number))
    return neighbors


def bridges(vertex_count, edges):
    neighbors = adjacency(vertex_count, edges)
    entered = [-1] * vertex_count
    reach = [-1] * vertex_count
    found = []
    clock = 0

    def descend(vertex, arrived_by):
        nonlocal clock
        entered[vertex] = reach[vertex] = clock
        clock += 1
        for neighbor, edge in neighbors[vertex]:
            if edge == arrived_by:
                continue
            if entered[neighbor] == -1:
                descend(neighbor, edge)
                if reach[neighbor] > entered[vertex]:
                    found.append(edges[edge])
            reach[vertex] = min(reach[vertex], reach[neighbor])

    for start in range(vertex_count):
        if entered[start] == -1:
            descend(start, None)
    return sorted(found)
