n = int(input())
heights = list(map(int, input().split()))

length = [1] * n
before = [-1] * n
for i in range(n):
    for j in range(i):
        if heights[j] < heights[i] and length[j] + 1 > length[i]:
            length[i] = length[j] + 1
            before[i] = j

end = length.index(max(length))
chosen = []
while end != -1:
    chosen.append(heights[end])
    end = before[end]
chosen.reverse()
print(len(chosen))
print(*chosen)
