"""Combinatorics: choosing, splitting, arranging, paths on a grid.

Belongs here: the entries of this area and their generators. Does not belong here: the program texts.
"""

from random import Random

from tracepile_assets.sources.embedded.drawing import call, chance, size
from tracepile_assets.sources.embedded.mathematics.entries import entry


def _choice(rng: Random, level: float) -> str:
    n = size(rng, level, 2, 13)
    if chance(rng, 0.06):
        return call(n, rng.choice((0, n, n + 1)))
    # The middle of a row takes the most steps; easy inputs stay near its ends.
    spread = max(1, round((n // 2) * level))
    return call(n, rng.randint(max(1, spread - 1), max(1, min(n - 1, spread + 1))))


def _partition(rng: Random, level: float) -> str:
    total = size(rng, level, 2, 10)
    largest = total if chance(rng, 0.35) else rng.randint(max(2, total // 2), total)
    return call(0 if chance(rng, 0.02) else total, min(largest, 5) if total > 7 else largest)


def _balls(rng: Random, level: float) -> str:
    boxes = size(rng, level, 1, 8)
    balls = max(0, boxes - 1) if chance(rng, 0.1) else boxes + rng.randint(0, 3 + round(7 * level))
    return call(balls, boxes)


def _permutation(rng: Random, level: float) -> str:
    count = size(rng, level, 2, 22)
    items = rng.sample(range(1, count + 1), count)
    if chance(rng, 0.25):
        return call(rng.sample("abcdefghijklmnopqrstuvwxyz", count))
    if chance(rng, 0.1):
        items.sort(reverse=chance(rng, 0.6))
    return call(items)


def _grid(rng: Random, level: float) -> str:
    rows, columns = size(rng, level, 1, 11), size(rng, level, 2, 11)
    inner = [(row, column) for row in range(rows) for column in range(columns) if 0 < row + column < rows + columns - 2]
    blocked = rng.sample(inner, min(len(inner), rng.randint(0, 1 + rows * columns // 7)))
    return call(rows, columns, blocked)


ENTRIES = (
    entry(
        "binomial",
        "Binomial coefficient",
        "In how many ways can k things be chosen out of n? Count them by Pascal's rule, and remember what has been "
        "counted. For k below 0 or above n there is no way.",
        _choice,
    ),
    entry(
        "integer_partitions",
        "Partitions of a number",
        "Write a number as a sum of positive whole numbers, none of them above a given largest one; the order of the "
        "parts does not count. List all ways, each with its parts from large to small, the largest first part first.",
        _partition,
    ),
    entry(
        "count_surjections",
        "No box left empty",
        "Different balls are put into different boxes. In how many ways can this be done so that no box stays empty?",
        _balls,
    ),
    entry(
        "permutation_rank",
        "Place of a permutation",
        "All arrangements of some different things are listed in ascending order, counting from 0. At which place does "
        "the given arrangement stand?",
        _permutation,
    ),
    entry(
        "lattice_paths",
        "Paths around closed crossings",
        "A town has rows times columns crossings, and some of them, given as (row, column), are closed. Count the ways "
        "from the upper left crossing to the lower right one that only go right and down.",
        _grid,
    ),
)
