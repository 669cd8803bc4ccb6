from collections import deque


def main():
    n, counters = map(int, input().split())
    line = deque()
    for _ in range(n):
        name, arrival, duration = input().split()
        line.append((name, int(arrival), int(duration)))

    free_at = [0] * counters
    total_wait = 0
    while line:
        name, arrival, duration = line.popleft()
        counter = free_at.index(min(free_at))
        start = max(arrival, free_at[counter])
        free_at[counter] = start + duration
        total_wait += start - arrival
        print(name, counter + 1, start)
    print(f"{total_wait / n:.2f}")


if __name__ == "__main__":
    main()
