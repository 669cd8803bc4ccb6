t = int(input())
for _ in range(t):
    letters = list(input().strip())
    left, right = 0, len(letters) - 1
    changes = 0
    while left < right:
        if letters[left] != letters[right]:
            smaller = min(letters[left], letters[right])
            letters[left] = letters[right] = smaller
            changes += 1
        left += 1
        right -= 1
    print(changes, "".join(letters))
