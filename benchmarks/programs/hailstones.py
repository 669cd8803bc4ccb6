class TooLong(Exception):
    pass


def hailstone(number, limit):
    """How many steps a number takes to fall to 1, and the highest it comes."""
    steps = 0
    highest = number
    while number > 1:
        number = number // 2 if number % 2 == 0 else 3 * number + 1
        highest = max(highest, number)
        steps += 1
        if steps > limit:
            raise TooLong(steps)
    return steps, highest


def main():
    longest, given_up = (0, 0, 0), []
    for start in range(2, 45):
        try:
            steps, highest = hailstone(start, 90)
        except TooLong:
            given_up.append(start)
        else:
            longest = max(longest, (steps, start, highest))
    return longest, given_up
