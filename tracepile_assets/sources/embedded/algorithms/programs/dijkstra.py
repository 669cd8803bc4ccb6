import heapq


def dijkstra(graph, source):
    distance = {source: 0}
    settled = set()
    frontier = [(0, source)]
    while frontier:
        travelled, vertex = heapq.heappop(frontier)
        if vertex in settled:
            continue
        settled.add(vertex)
        for neighbor, weight in graph[vertex].items():
            candidate = travelled + weight
            if neighbor not in distance or candidate < distance[neighbor]:
                distance[neighbor] = candidate
                heapq.heappush(frontier, (candidate, neighbor))
    return distance
