def finish_order(graph, vertex, seen, order):
    seen.add(vertex)
    for successor in graph[vertex]:
        if successor not in seen:
            finish_order(graph, successor, seen, order)
    order.append(vertex)


def reverse_edges(graph):
    backward = [[] for _ in graph]
    for vertex, successors in enumerate(graph):
        for successor in successors:
            backward[successor].append(vertex)
    return backward


def strongly_connected_components(graph):
    seen = set()
    order = []
    for vertex in range(len(graph)):
        if vertex not in seen:
            finish_order(graph, vertex, seen, order)

    backward = reverse_edges(graph)
    component = [None] * len(graph)
    count = 0
    for start in reversed(order):
        if component[start] is not None:
            continue
        stack = [start]
        component[start] = count
        while stack:
            vertex = stack.pop()
            for predecessor in backward[vertex]:
                if component[predecessor] is None:
                    component[predecessor] = count
                    stack.append(predecessor)
        count += 1
    return component
