words = input().split()
groups = {}
for word in words:
    key = "".join(sorted(word.lower()))
    groups.setdefault(key, []).append(word)

largest = 0
for group in groups.values():
    if len(group) > 1:
        print(" ".join(sorted(group)))
    if len(group) > largest:
        largest = len(group)
print(len(groups), largest)
