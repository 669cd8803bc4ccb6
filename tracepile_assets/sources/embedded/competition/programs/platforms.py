import sys


def minutes(clock):
    hours, mins = clock.split(":")
    return int(hours) * 60 + int(mins)


def main():
    lines = sys.stdin.read().splitlines()
    n = int(lines[0])
    events = []
    for line in lines[1 : n + 1]:
        arrival, departure = line.split()
        events.append((minutes(arrival), 1))
        events.append((minutes(departure) + 1, -1))
    events.sort()
    here = 0
    most = 0
    when = None
    for time, change in events:
        here += change
        if here > most:
            most = here
            when = time
    print(most)
    if when is not None:
        print(f"{when // 60:02d}:{when % 60:02d}")


main()
