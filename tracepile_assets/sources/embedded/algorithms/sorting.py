"""Sorting: insertion, bubble, heap and quick sort.

Belongs here: the entries of this area and their generators. Does not belong here: the program texts.
"""

from collections.abc import Callable
from random import Random

from tracepile_assets.sources.embedded.algorithms import draws
from tracepile_assets.sources.embedded.catalogue import Entry


def _list_up_to(largest: int) -> Callable[[Random, float], str]:
    def generate(rng: Random, level: float) -> str:
        if draws.seldom(rng, level):
            return draws.call(draws.numbers(rng, rng.randint(0, 1)))
        count = draws.size(rng, level, 3, largest)
        low, high = rng.choice([(0, 9), (1, 99), (-50, 50), (100, 999)])
        return draws.call(draws.numbers(rng, count, low, high))

    return generate


def _entry(name: str, title: str, statement: str, largest: int) -> Entry:
    return Entry(
        name=name,
        title=title,
        statement=statement,
        entry_point=name,
        generate=_list_up_to(largest),
        domain="algorithms",
    )


ENTRIES = (
    _entry(
        "insertion_sort",
        "Insertion sort",
        "Given a list of numbers, put them into ascending order by growing a sorted part at the front of the "
        "list, one number at a time. The list itself is rearranged and returned.",
        18,
    ),
    _entry(
        "bubble_sort",
        "Bubble sort",
        "Given a list of numbers, sort it in place into ascending order by exchanging neighbors only, stopping as "
        "soon as a pass over the list finds nothing to exchange. Return the list.",
        16,
    ),
    _entry(
        "heap_sort",
        "Heap sort",
        "Given a list of numbers, sort it in place into ascending order with the help of a binary max-heap that "
        "lives in the same list. Return the list.",
        18,
    ),
    _entry(
        "quick_sort",
        "Quicksort",
        "Given a list of numbers, sort it in place into ascending order by partitioning: the last number of a "
        "range is the pivot, and both sides of it are treated the same way. Return the list.",
        22,
    ),
)
