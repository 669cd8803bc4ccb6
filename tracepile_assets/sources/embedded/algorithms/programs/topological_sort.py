def topological_sort(graph):
    incoming = {vertex: 0 for vertex in graph}
    for vertex in graph:
        for successor in graph[vertex]:
            incoming[successor] += 1
    ready = [vertex for vertex in graph if incoming[vertex] == 0]
    order = []
    while ready:
        vertex = ready.pop()
        order.append(vertex)
        for successor in graph[vertex]:
            incoming[successor] -= 1
            if incoming[successor] == 0:
                ready.append(successor)
    if len(order) < len(graph):
        raise ValueError("the graph has a cycle")
    return order
