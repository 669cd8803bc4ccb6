def arrangements(hats, taken):
    if len(taken) == len(hats):
        return 1
    person = len(taken)
    count = 0
    for hat in range(len(hats)):
        if hat not in taken and hats[hat] != hats[person]:
            count += arrangements(hats, taken + [hat])
    return count


def nobody_own_hat(hats):
    total = 1
    for n in range(2, len(hats) + 1):
        total *= n
    good = arrangements(hats, [])
    return good, total, round(good / total, 4)
