from collections import deque


def explore(grid, start_row, start_column, seen):
    queue = deque([(start_row, start_column)])
    seen.add((start_row, start_column))
    area = 0
    while queue:
        row, column = queue.popleft()
        area += 1
        for down, right in ((0, 1), (1, 0), (0, -1), (-1, 0)):
            r, c = row + down, column + right
            if not (0 <= r < len(grid) and 0 <= c < len(grid[r])):
                continue
            if grid[r][c] == "#" and (r, c) not in seen:
                seen.add((r, c))
                queue.append((r, c))
    return area


rows, columns = map(int, input().split())
grid = [input() for _ in range(rows)]
seen = set()
areas = []
for row in range(rows):
    for column in range(columns):
        if grid[row][column] == "#" and (row, column) not in seen:
            areas.append(explore(grid, row, column, seen))
print(len(areas))
if areas:
    print(max(areas))
