def append_after_successors(graph, vertex, placed, order):
    placed[vertex] = True
    for successor, _ in graph[vertex]:
        if not placed[successor]:
            append_after_successors(graph, successor, placed, order)
    order.append(vertex)


def dag_shortest_paths(graph, source):
    order = []
    placed = [False] * len(graph)
    append_after_successors(graph, source, placed, order)

    distance = [None] * len(graph)
    previous = [None] * len(graph)
    distance[source] = 0
    for vertex in reversed(order):
        for successor, weight in graph[vertex]:
            candidate = distance[vertex] + weight
            if distance[successor] is None or candidate < distance[successor]:
                distance[successor] = candidate
                previous[successor] = vertex
    return distance, previous
