def turn(origin, a, b):
    cross = (a[0] - origin[0]) * (b[1] - origin[1]) - (a[1] - origin[1]) * (b[0] - origin[0])
    return (cross > 0) - (cross < 0)


def within_box(a, b, point):
    inside_x = min(a[0], b[0]) <= point[0] <= max(a[0], b[0])
    inside_y = min(a[1], b[1]) <= point[1] <= max(a[1], b[1])
    return inside_x and inside_y


def pair_intersects(a, b, c, d):
    turn_c = turn(a, b, c)
    turn_d = turn(a, b, d)
    turn_a = turn(c, d, a)
    turn_b = turn(c, d, b)
    if turn_c * turn_d < 0 and turn_a * turn_b < 0:
        return True
    if turn_c == 0 and within_box(a, b, c):
        return True
    if turn_d == 0 and within_box(a, b, d):
        return True
    if turn_a == 0 and within_box(c, d, a):
        return True
    return turn_b == 0 and within_box(c, d, b)


def segments_intersect(segments):
    crossing = []
    for i in range(len(segments)):
        for j in range(i + 1, len(segments)):
            a, b = segments[i]
            c, d = segments[j]
            if pair_intersects(a, b, c, d):
                crossing.append((i, j))
    return crossing
