t = int(input())
for _ in range(t):
    n, can = map(int, input().split())
    need = list(map(int, input().split()))
    water = can
    steps = 0
    possible = True
    for i in range(n):
        if need[i] > can:
            possible = False
            break
        if water < need[i]:
            steps += 2 * i
            water = can
        water -= need[i]
        steps += 1
    if possible:
        print(steps)
    else:
        print(-1)
