from functools import cmp_to_key


def cross(origin, a, b):
    return (a[0] - origin[0]) * (b[1] - origin[1]) - (a[1] - origin[1]) * (b[0] - origin[0])


def squared_distance(a, b):
    return (a[0] - b[0]) ** 2 + (a[1] - b[1]) ** 2


def graham_scan(points):
    unique = sorted(set(points))
    if len(unique) < 3:
        return unique
    pivot = min(unique, key=lambda point: (point[1], point[0]))

    def by_angle(a, b):
        turn = cross(pivot, a, b)
        if turn == 0:
            return squared_distance(pivot, a) - squared_distance(pivot, b)
        return -turn

    others = sorted([point for point in unique if point != pivot], key=cmp_to_key(by_angle))
    hull = [pivot]
    for point in others:
        while len(hull) > 1 and cross(hull[-2], hull[-1], point) <= 0:
            hull.pop()
        hull.append(point)
    return hull
