n = int(input())
votes = {}
for _ in range(n):
    name = input().strip().title()
    if name == "":
        continue
    votes[name] = votes.get(name, 0) + 1

ranking = sorted(votes.items(), key=lambda item: (-item[1], item[0]))
place = 0
previous = None
for position, (name, count) in enumerate(ranking, start=1):
    if count != previous:
        place = position
        previous = count
    print(f"{place}. {name} {count}")
if not ranking:
    print("no votes")
