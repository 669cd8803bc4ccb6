def floyd_warshall(weights):
    size = len(weights)
    distance = [row[:] for row in weights]
    for vertex in range(size):
        distance[vertex][vertex] = 0
    for middle in range(size):
        for start in range(size):
            first_leg = distance[start][middle]
            if first_leg is None or start == middle:
                continue
            for end in range(size):
                second_leg = distance[middle][end]
                if second_leg is None:
                    continue
                if distance[start][end] is None or first_leg + second_leg < distance[start][end]:
                    distance[start][end] = first_leg + second_leg
    return distance
