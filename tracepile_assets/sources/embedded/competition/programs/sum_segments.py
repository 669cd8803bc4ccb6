def count_segments(values, target):
    seen = {0: 1}
    total = 0
    count = 0
    for value in values:
        total += value
        count += seen.get(total - target, 0)
        seen[total] = seen.get(total, 0) + 1
    return count


t = int(input())
while t > 0:
    n, target = map(int, input().split())
    values = list(map(int, input().split()))
    print(count_segments(values, target))
    t -= 1
