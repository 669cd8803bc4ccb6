def fewest_coins(amount, coins):
    best = [0] + [None] * amount
    last = [None] * (amount + 1)
    for value in range(1, amount + 1):
        for coin in coins:
            if coin <= value and best[value - coin] is not None:
                count = best[value - coin] + 1
                if best[value] is None or count < best[value]:
                    best[value] = count
                    last[value] = coin
    if best[amount] is None:
        return None
    used = []
    while amount > 0:
        used.append(last[amount])
        amount -= last[amount]
    return used
