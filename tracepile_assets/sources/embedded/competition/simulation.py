"""Simulations: do what the problem says, step by step.

Belongs here: the entries of this area and their generators. Does not belong here: the program texts.
"""

from random import Random

from tracepile_assets.sources.embedded.competition.entries import entry
from tracepile_assets.sources.embedded.drawing import chance, line, lines, size, word

NAMES = (
    "ana",
    "bo",
    "cem",
    "dora",
    "eve",
    "finn",
    "gus",
    "hana",
    "ivo",
    "jun",
    "kai",
    "lea",
    "mia",
    "noa",
    "oda",
    "pia",
)
NAMES += ("quin", "ravi", "sol", "tom", "uma", "vera", "wim", "xia", "yan", "zoe")


def _customers(rng: Random, level: float) -> str:
    count = size(rng, level, 1, 24)
    time = 0
    customers = []
    for name in rng.sample(NAMES, count):
        time += rng.randint(0, 6)
        customers.append(line((name, time, rng.randint(1, 12))))
    return lines(line((count, rng.randint(1, min(4, count + 1)))), *customers)


def _circles(rng: Random, level: float) -> str:
    cases = []
    for _ in range(size(rng, level, 1, 7)):
        count = size(rng, level, 2, 24)
        cases.append(line((1 if chance(rng, 0.04) else count, rng.randint(1, count + 2))))
    return lines(len(cases), *cases)


def _robot(rng: Random, level: float) -> str:
    rows, columns = size(rng, level, 1, 8), size(rng, level, 2, 9)
    grid = [["#" if chance(rng, 0.15) else "." for _ in range(columns)] for _ in range(rows)]
    grid[0][0] = "."
    commands = "".join(rng.choices("FLR", (6, 2, 2), k=size(rng, level, 2, 80)))
    return lines(line((rows, columns)), *map("".join, grid), commands)


def _cells(rng: Random, level: float) -> str:
    count = size(rng, level, 2, 20)
    cells = word(rng, count, rng.choice(("*.", "*..", "*...")))
    if chance(rng, 0.2):
        cells = "." * (count // 2) + "*" + "." * (count - count // 2 - 1)
    return lines(line((count, size(rng, level, 1, 11))), cells)


ENTRIES = (
    entry(
        "ticket_counter",
        "At the ticket counters",
        "Customers come one after the other and form one line. The first in line goes to the counter that is free the "
        "earliest, the one with the lowest number among equals. Say where and when each is served, and how long they "
        "wait "
        "on average.\n\n"
        "Input: the number of customers and of counters; for each customer, in order of arrival, a line with name, "
        "time of "
        "arrival and time that serving takes.\nOutput: for each customer a line with name, counter (from 1) and time "
        "at "
        "which serving starts; then the average wait with two decimals.",
        _customers,
    ),
    entry(
        "last_in_circle",
        "Last in the circle",
        "People numbered from 1 to n stand in a circle. Beginning with person 1, they count from 1 to k, and who says "
        "k "
        "leaves; counting begins again with the next. Who leaves last?\n\n"
        "Input: the number of test cases; for each a line with n and k.\nOutput: for each test case a line with the "
        "last "
        "person, the word `after`, and the others in the order in which they left.",
        _circles,
    ),
    entry(
        "robot_walk",
        "Walk of a robot",
        "A robot stands in the upper left cell of a grid and faces east. `F` moves it one cell forward, unless a wall "
        "`#` "
        "or the edge is in the way: then it bumps and stays. `L` and `R` turn it left and right.\n\n"
        "Input: the number of rows and of columns; the rows of the grid; a line of commands.\nOutput: row and column, "
        "counted from 1, and the side that the robot faces at the end; then how often it bumped, as `bumps: 3`.",
        _robot,
    ),
    entry(
        "cell_generations",
        "Generations of cells",
        "Cells in a ring are alive `*` or dead `.`. In the next generation a cell is alive exactly if its two "
        "neighbors "
        "differ.\n\n"
        "Input: the number of cells and of generations; a line with the cells.\nOutput: each generation on a line, "
        "then "
        "the number of cells alive in the last one.",
        _cells,
    ),
)
