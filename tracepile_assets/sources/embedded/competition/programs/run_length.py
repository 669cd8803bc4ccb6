def encode(text):
    result = []
    i = 0
    while i < len(text):
        j = i
        while j < len(text) and text[j] == text[i]:
            j += 1
        if j - i > 1:
            result.append(str(j - i))
        result.append(text[i])
        i = j
    return "".join(result)


def decode(text):
    result = ""
    count = ""
    for char in text:
        if char.isdigit():
            count += char
        else:
            result += char * int(count or 1)
            count = ""
    return result


q = int(input())
for _ in range(q):
    action, text = input().split()
    if action == "E":
        print(encode(text))
    else:
        print(decode(text))
