def dice_sum_chance(dice, sides, target):
    ways = {0: 1}
    for _ in range(dice):
        following = {}
        for total, count in ways.items():
            for face in range(1, sides + 1):
                following[total + face] = following.get(total + face, 0) + count
        ways = following
    favourable = ways.get(target, 0)
    outcomes = sides**dice
    a, b = favourable, outcomes
    while b:
        a, b = b, a % b
    return f"{favourable // a}/{outcomes // a}"
