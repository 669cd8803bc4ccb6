"""Dynamic programming over one row or table.

Belongs here: the entries of this area and their generators. Does not belong here: the program texts.
"""

from random import Random

from tracepile_assets.sources.embedded.competition.entries import entry
from tracepile_assets.sources.embedded.drawing import chance, integers, line, lines, size


def _backpacks(rng: Random, level: float) -> str:
    cases = []
    for _ in range(1 if level < 0.4 else rng.randint(1, 3)):
        items = [
            line((rng.randint(1, 3 + round(8 * level)), rng.randint(1, 30))) for _ in range(size(rng, level, 1, 8))
        ]
        capacity = 0 if chance(rng, 0.03) else size(rng, level, 2, 19)
        cases.append(lines(line((len(items), capacity)), *items))
    return lines(len(cases)) + "".join(cases)


def _heights(rng: Random, level: float) -> str:
    count = 1 if chance(rng, 0.03) else size(rng, level, 2, 28)
    heights = integers(rng, count, 100, 100 + rng.choice((5, 30, 99)))
    if chance(rng, 0.1):
        heights.sort(reverse=chance(rng, 0.5))
    return lines(count, line(heights))


def _stairs(rng: Random, level: float) -> str:
    cases = []
    for _ in range(size(rng, level, 1, 5)):
        steps = size(rng, level, 1, 24)
        broken = sorted(rng.sample(range(1, steps + 1), min(steps, rng.randint(0, 1 + steps // 6))))
        if steps in broken and chance(rng, 0.8):
            broken.remove(steps)
        cases.append(lines(line((steps, len(broken))), *([line(broken)] if broken else [])))
    return lines(len(cases)) + "".join(cases)


ENTRIES = (
    entry(
        "fill_backpack",
        "Filling a backpack",
        "A backpack carries a given weight. Choose among things that each have a weight and a value, each of them at "
        "most "
        "once, so that the value of what you carry is as large as possible.\n\n"
        "Input: the number of test cases. Each test case has a line with the number of things and the weight that the "
        "backpack carries, and for each thing a line with weight and value.\nOutput: the largest value for each test "
        "case.",
        _backpacks,
    ),
    entry(
        "rising_heights",
        "Rising heights",
        "People stand in a row. Ask some of them to step aside, as few as possible, so that those who stay get taller "
        "from "
        "left to right.\n\n"
        "Input: the number of people, at least 1; a line with their heights in the order of the row.\nOutput: how many "
        "stay; a line with their heights.",
        _heights,
    ),
    entry(
        "broken_stairs",
        "Broken stairs",
        "You climb a flight of stairs, one, two or three steps at a time. Some steps are broken and must not be "
        "stepped on. "
        "In how many ways can you get to the last step? Give the number modulo 1000000007.\n\n"
        "Input: the number of test cases. Each test case has a line with the number of steps and of broken ones, and, "
        "if "
        "there are broken ones, a line with their numbers.\nOutput: the number of ways for each test case.",
        _stairs,
    ),
)
