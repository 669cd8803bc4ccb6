def distance(a, b):
    previous = list(range(len(b) + 1))
    for i in range(1, len(a) + 1):
        current = [i]
        for j in range(1, len(b) + 1):
            cost = previous[j - 1]
            if a[i - 1] != b[j - 1]:
                cost = 1 + min(cost, previous[j], current[j - 1])
            current.append(cost)
        previous = current
    return previous[-1]


def main():
    wanted = input().strip()
    n = int(input())
    closest = None
    for _ in range(n):
        word = input().strip()
        d = distance(wanted, word)
        if closest is None or d < closest[0]:
            closest = (d, word)
    print(closest[1], closest[0])


main()
