"""Dynamic programming: matrix chain, longest common subsequence, optimal binary search tree.

Belongs here: the entries of this area and their generators. Does not belong here: the program texts.
"""

from random import Random

from tracepile_assets.sources.embedded.algorithms import draws
from tracepile_assets.sources.embedded.catalogue import Entry


def _for_matrix_chain(rng: Random, level: float) -> str:
    count = draws.size(rng, level, 2, 9)
    largest = rng.choice([9, 20, 50])
    return draws.call([rng.randint(1, largest) for _ in range(count + 1)])


def _for_common_subsequence(rng: Random, level: float) -> str:
    alphabet = rng.choice(["ab", "abc", "ACGT", "abcdefgh"])
    rows = draws.size(rng, level, 2, 15)
    columns = draws.size(rng, level, 2, 15)
    first = "".join(rng.choice(alphabet) for _ in range(rows))
    second = "".join(rng.choice(alphabet) for _ in range(columns))
    kind = rng.random()
    if kind < 0.05:
        second = "".join(rng.choice("XYZ") for _ in range(columns))
    elif kind < 0.2:
        # One word made from the other by dropping letters: all of the shorter one is common.
        second = "".join(letter for letter in first if rng.random() < 0.7)
    return draws.call(first, second)


def _for_optimal_bst(rng: Random, level: float) -> str:
    count = draws.size(rng, level, 1 if rng.random() < 0.1 else 2, 8)
    largest = rng.choice([5, 12, 30])
    hits = [rng.randint(1, largest) for _ in range(count)]
    misses = [rng.randint(0, max(1, largest // 3)) for _ in range(count + 1)]
    return draws.call(hits, misses)


ENTRIES = (
    Entry(
        name="matrix_chain",
        title="Matrix chain order",
        statement=(
            "Matrices A1, A2, ..., An are to be multiplied, where Ai has dimensions[i - 1] rows and dimensions[i] "
            "columns, and multiplying a p x q matrix by a q x r matrix takes p * q * r steps. Return the least total "
            "number of steps and a placement of parentheses that achieves it, written like ((A1A2)A3)."
        ),
        entry_point="matrix_chain",
        generate=_for_matrix_chain,
        domain="algorithms",
    ),
    Entry(
        name="longest_common_subsequence",
        title="Longest common subsequence",
        statement="Given two strings, return a longest string that can be got from each of them by deleting letters.",
        entry_point="longest_common_subsequence",
        generate=_for_common_subsequence,
        domain="algorithms",
    ),
    Entry(
        name="optimal_bst",
        title="Optimal binary search tree",
        statement=(
            "A binary search tree is to hold n keys in order. Key i will be looked for hits[i] times, and something "
            "between key i - 1 and key i (before the first, behind the last) misses[i] times. A search costs one step "
            "for every key it is compared with. Return the least possible total cost and the keys (counted from 0) of "
            "such a tree in preorder."
        ),
        entry_point="optimal_bst",
        generate=_for_optimal_bst,
        domain="algorithms",
    ),
)
