def lattice_paths(rows, columns, blocked):
    closed = set(blocked)
    ways = [0] * columns
    ways[0] = 1
    for row in range(rows):
        for column in range(columns):
            if (row, column) in closed:
                ways[column] = 0
            elif column > 0:
                ways[column] += ways[column - 1]
    return ways[-1]
