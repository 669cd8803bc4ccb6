def turn(origin, a, b):
    return (a[0] - origin[0]) * (b[1] - origin[1]) - (a[1] - origin[1]) * (b[0] - origin[0])


def farther(origin, a, b):
    return abs(a[0] - origin[0]) + abs(a[1] - origin[1]) > abs(b[0] - origin[0]) + abs(b[1] - origin[1])


def jarvis_march(points):
    if not points:
        return []
    start = min(points)
    hull = [start]
    current = start
    while True:
        candidate = points[0]
        for point in points:
            direction = turn(current, candidate, point)
            if candidate == current or direction < 0 or (direction == 0 and farther(current, point, candidate)):
                candidate = point
        if candidate == start:
            return hull
        hull.append(candidate)
        current = candidate
