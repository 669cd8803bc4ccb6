PAIRS = {")": "(", "]": "[", "}": "{"}


def first_error(text):
    stack = []
    for position, char in enumerate(text, start=1):
        if char in "([{":
            stack.append((char, position))
        elif char in PAIRS:
            if not stack or stack[-1][0] != PAIRS[char]:
                return position
            stack.pop()
    if stack:
        return stack[0][1]
    return 0


n = int(input())
for _ in range(n):
    error = first_error(input().strip())
    print("ok" if error == 0 else error)
