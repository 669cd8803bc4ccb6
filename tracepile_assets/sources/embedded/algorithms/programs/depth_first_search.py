def depth_first_search(graph):
    discovered = [None] * len(graph)
    finished = [None] * len(graph)
    clock = 0

    def visit(vertex):
        nonlocal clock
        clock += 1
        discovered[vertex] = clock
        for neighbor in graph[vertex]:
            if discovered[neighbor] is None:
                visit(neighbor)
        clock += 1
        finished[vertex] = clock

    for vertex in range(len(graph)):
        if discovered[vertex] is None:
            visit(vertex)
    return discovered, finished
