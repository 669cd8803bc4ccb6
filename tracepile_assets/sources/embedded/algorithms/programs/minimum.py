def minimum(values):
    if not values:
        return -1
    best = 0
    for i in range(1, len(values)):
        if values[i] < values[best]:
            best = i
    return best
