for _ in range(int(input())):
    text = input().strip()
    last_seen = {}
    start = 0
    best = ""
    for i, char in enumerate(text):
        if char in last_seen and last_seen[char] >= start:
            start = last_seen[char] + 1
        last_seen[char] = i
        if i - start + 1 > len(best):
            best = text[start : i + 1]
    print(len(best), best)
