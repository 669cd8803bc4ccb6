import sys


def main():
    lines = sys.stdin.read().split("\n")
    height, width = map(int, lines[0].split())
    maze = lines[1 : height + 1]
    distance = {}
    frontier = []
    for r in range(height):
        for c in range(width):
            if maze[r][c] == "S":
                frontier.append((r, c))
                distance[r, c] = 0
    while frontier:
        following = []
        for r, c in frontier:
            if maze[r][c] == "E":
                print(distance[r, c])
                return
            for place in ((r - 1, c), (r + 1, c), (r, c - 1), (r, c + 1)):
                if place in distance:
                    continue
                if 0 <= place[0] < height and 0 <= place[1] < width and maze[place[0]][place[1]] != "#":
                    distance[place] = distance[r, c] + 1
                    following.append(place)
        frontier = following
    print("no way out")


main()
