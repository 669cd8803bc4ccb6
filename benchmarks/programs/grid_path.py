from collections import deque


def steps_to_corner(walls, size):
    """Fewest steps from one corner of a grid to the other, or -1."""
    distance = {(0, 0): 0}
    waiting = deque([(0, 0)])
    while waiting:
        row, column = waiting.popleft()
        if row == size - 1 and column == size - 1:
            return distance[row, column]
        for down, right in ((1, 0), (0, 1), (-1, 0), (0, -1)):
            place = (row + down, column + right)
            inside = 0 <= place[0] < size and 0 <= place[1] < size
            if inside and place not in walls and place not in distance:
                distance[place] = distance[row, column] + 1
                waiting.append(place)
    return -1


def main():
    size = 13
    walls = {(r, c) for r in range(size) for c in range(size) if (3 * r + 5 * c) % 7 == 1 and r != c}
    return steps_to_corner(walls, size)
