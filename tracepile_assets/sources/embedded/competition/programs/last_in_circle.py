from collections import deque

for _ in range(int(input())):
    n, k = map(int, input().split())
    circle = deque(range(1, n + 1))
    order = []
    while circle:
        circle.rotate(-(k - 1))
        order.append(circle.popleft())
    print(order[-1], "after", *order[:-1])
