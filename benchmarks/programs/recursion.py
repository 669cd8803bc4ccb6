def ways(steps):
    """In how many ways stairs are climbed by one or two steps at a time."""
    if steps <= 1:
        return 1
    return ways(steps - 1) + ways(steps - 2)


def move(discs, source, target, spare, log):
    """The Towers of Hanoi; the number of moves."""
    if discs == 0:
        return 0
    before = move(discs - 1, source, spare, target, log)
    log.append((discs, source, target))
    after = move(discs - 1, spare, target, source, log)
    return before + 1 + after


def main():
    log = []
    return ways(12), move(6, "left", "right", "middle", log), log[-3:]
