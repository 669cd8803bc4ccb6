import sys

balances = {}


def withdraw(name, amount):
    if name not in balances:
        print("unknown account", name)
        return False
    if balances[name] < amount:
        print("not enough money:", name, "has", balances[name])
        return False
    balances[name] -= amount
    return True


for line in sys.stdin:
    parts = line.split()
    if not parts:
        continue
    command = parts[0]
    if command == "open":
        balances[parts[1]] = int(parts[2])
    elif command == "put":
        balances[parts[1]] += int(parts[2])
    elif command == "take":
        withdraw(parts[1], int(parts[2]))
    elif command == "move":
        if withdraw(parts[1], int(parts[3])):
            balances[parts[2]] += int(parts[3])

for name in sorted(balances):
    print(name, balances[name])
