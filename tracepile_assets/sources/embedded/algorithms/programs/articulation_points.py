def explore(graph, vertex, parent, order, lowest, cut_vertices):
    order[vertex] = lowest[vertex] = len(order)
    children = 0
    for neighbor in graph[vertex]:
        if neighbor == parent:
            continue
        if neighbor in order:
            lowest[vertex] = min(lowest[vertex], order[neighbor])
        else:
            children += 1
            explore(graph, neighbor, vertex, order, lowest, cut_vertices)
            lowest[vertex] = min(lowest[vertex], lowest[neighbor])
            if parent is not None and lowest[neighbor] >= order[vertex]:
                cut_vertices.add(vertex)
    if parent is None and children > 1:
        cut_vertices.add(vertex)


def articulation_points(graph):
    order = {}
    lowest = {}
    cut_vertices = set()
    for vertex in range(len(graph)):
        if vertex not in order:
            explore(graph, vertex, None, order, lowest, cut_vertices)
    return sorted(cut_vertices)
