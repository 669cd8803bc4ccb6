"""Searching and selecting: minimum, quickselect, binary search, maximum subarray.

Belongs here: the entries of this area and their generators. Does not belong here: the program texts.
"""

from random import Random

from tracepile_assets.sources.embedded.algorithms import draws
from tracepile_assets.sources.embedded.catalogue import Entry


def _for_minimum(rng: Random, level: float) -> str:
    if draws.seldom(rng, level):
        return draws.call([])
    return draws.call(draws.numbers(rng, draws.size(rng, level, 4, 90), -99, 99))


def _for_quickselect(rng: Random, level: float) -> str:
    values = draws.numbers(rng, draws.size(rng, level, 3, 28))
    # The smallest, the largest and a rank that does not exist are the edge cases worth seeing.
    kind = rng.random()
    if kind < 0.04:
        rank = rng.choice([0, len(values) + 1])
    elif kind < 0.2:
        rank = rng.choice([1, len(values)])
    else:
        rank = rng.randint(1, len(values))
    return draws.call(values, rank)


def _for_binary_search(rng: Random, level: float) -> str:
    if draws.seldom(rng, level):
        return draws.call([], rng.randint(1, 20))
    # Steps grow with the logarithm of the length.
    count = draws.size(rng, level**2, 4, 150)
    step = rng.choice([1, 2, 5, 9])
    values = [rng.randint(-20, 20)]
    while len(values) < count:
        values.append(values[-1] + rng.randint(0 if rng.random() < 0.1 else 1, step))
    # Targets that take long are where the harder inputs lie.
    candidates = [rng.choice(values) for _ in range(1 + round(3 * level))]
    if rng.random() < 0.3:
        candidates = [rng.randint(values[0] - 3, values[-1] + 3)]
    target = max(candidates, key=lambda candidate: _probes(values, candidate))
    return draws.call(values, target)


def _probes(values: list[int], target: int) -> int:
    low, high, probes = 0, len(values) - 1, 0
    while low <= high:
        middle = (low + high) // 2
        probes += 1
        if values[middle] == target:
            break
        low, high = (middle + 1, high) if values[middle] < target else (low, middle - 1)
    return probes


def _for_maximum_subarray(rng: Random, level: float) -> str:
    count = draws.size(rng, level, 3, 60)
    low, high = rng.choice([(-9, 9), (-9, 9), (-50, 40), (-30, -1), (0, 20)])
    return draws.call(draws.numbers(rng, count, low, high))


ENTRIES = (
    Entry(
        name="minimum",
        title="Position of the minimum",
        statement=(
            "Given a list of numbers, return the index of the smallest one. If it occurs several times, return the "
            "first such index; for an empty list return -1."
        ),
        entry_point="minimum",
        generate=_for_minimum,
        domain="algorithms",
    ),
    Entry(
        name="quickselect",
        title="Quickselect",
        statement=(
            "Given a list of numbers and a rank k, return the k-th smallest of them (k = 1 asks for the smallest, "
            "repeats count), without sorting the whole list and without changing it. A rank that does not exist is a "
            "ValueError."
        ),
        entry_point="quickselect",
        generate=_for_quickselect,
        domain="algorithms",
    ),
    Entry(
        name="binary_search",
        title="Binary search",
        statement=(
            "Given a list of numbers in ascending order and a target, return an index at which the target stands, or "
            "-1 if it does not occur. Only about log2(n) of the numbers may be looked at."
        ),
        entry_point="binary_search",
        generate=_for_binary_search,
        domain="algorithms",
    ),
    Entry(
        name="maximum_subarray",
        title="Maximum subarray",
        statement=(
            "Given a non-empty list of numbers, find the run of neighboring elements with the greatest sum. Return "
            "the index of its first element, the index of its last element, and the sum, as a tuple."
        ),
        entry_point="maximum_subarray",
        generate=_for_maximum_subarray,
        domain="algorithms",
    ),
)
