n, generations = map(int, input().split())
cells = input().strip()

for _ in range(generations):
    following = ""
    for i in range(n):
        left = cells[i - 1]
        right = cells[(i + 1) % n]
        if left != right:
            following += "*"
        else:
            following += "."
    cells = following
    print(cells)

print(cells.count("*"))
