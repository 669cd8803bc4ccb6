def solve():
    n, capacity = map(int, input().split())
    best = [0] * (capacity + 1)
    for _ in range(n):
        weight, value = map(int, input().split())
        for room in range(capacity, weight - 1, -1):
            candidate = best[room - weight] + value
            if candidate > best[room]:
                best[room] = candidate
    return best[capacity]


for _ in range(int(input())):
    print(solve())
