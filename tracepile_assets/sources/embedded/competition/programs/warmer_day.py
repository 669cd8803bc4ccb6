n = int(input())
temperatures = list(map(int, input().split()))
answer = [0] * n
waiting = []
for day in range(n):
    while waiting and temperatures[waiting[-1]] < temperatures[day]:
        earlier = waiting.pop()
        answer[earlier] = day - earlier
    waiting.append(day)
print(" ".join(map(str, answer)))
