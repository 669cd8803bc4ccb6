import sys

data = list(map(int, sys.stdin.read().split()))
n, q = data[0], data[1]
values = data[2 : 2 + n]
prefix = [0]
for value in values:
    prefix.append(prefix[-1] + value)

position = 2 + n
for _ in range(q):
    left, right = data[position], data[position + 1]
    position += 2
    total = prefix[right] - prefix[left - 1]
    print(total, total // (right - left + 1))
