rows, columns = map(int, input().split())
table = [input().split() for _ in range(rows)]

top, bottom = 0, rows - 1
left, right = 0, columns - 1
order = []
while top <= bottom and left <= right:
    for column in range(left, right + 1):
        order.append(table[top][column])
    top += 1
    for row in range(top, bottom + 1):
        order.append(table[row][right])
    right -= 1
    if top <= bottom:
        for column in range(right, left - 1, -1):
            order.append(table[bottom][column])
        bottom -= 1
    if left <= right:
        for row in range(bottom, top - 1, -1):
            order.append(table[row][left])
        left += 1
print(" ".join(order))
