MOD = 1000000007

t = int(input())
for _ in range(t):
    n, m = map(int, input().split())
    broken = set(map(int, input().split())) if m else set()
    ways = [0] * (n + 1)
    ways[0] = 1
    for step in range(1, n + 1):
        if step in broken:
            continue
        ways[step] = ways[step - 1]
        if step >= 2:
            ways[step] += ways[step - 2]
        if step >= 3:
            ways[step] += ways[step - 3]
        ways[step] %= MOD
    print(ways[n])
