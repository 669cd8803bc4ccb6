n, free_time = map(int, input().split())
minutes = list(map(int, input().split()))

best = 0
first = 0
used = 0
for last in range(n):
    used += minutes[last]
    while used > free_time:
        used -= minutes[first]
        first += 1
    best = max(best, last - first + 1)
print(best)
