"""Seeded choices: of moments spread over a run, and of a few among settled questions, harder ones preferred.

The draws come from hashes of what is chosen, not from a shared stream of random numbers: one more candidate does not
change what is drawn for the others.
"""

import hashlib
from collections.abc import Callable, Hashable, Sequence
from itertools import pairwise
from typing import TypeVar

T = TypeVar("T")


def draw(*parts: object) -> float:
    """A number in (0, 1) that depends on the parts alone."""
    text = "\x1f".join(map(str, parts)).encode("utf-8", "surrogatepass")
    number = int.from_bytes(hashlib.blake2b(text, digest_size=7).digest(), "big")
    return (number + 0.5) / 2**56


def spread(items: Sequence[T], count: int, *seed: object) -> list[T]:
    """At most ``count`` items in their order: one drawn from each of that many bands of equal length."""
    if len(items) <= count:
        return list(items)
    edges = [len(items) * band // count for band in range(count + 1)]
    return [items[low + int(draw(*seed, low) * (high - low))] for low, high in pairwise(edges)]


def prefer(
    items: Sequence[T],
    count: int,
    *seed: object,
    weight: Callable[[T], float],
    alike: Callable[[T], Sequence[Hashable]],
) -> list[T]:
    """At most ``count`` items, drawn with a chance that grows with their weight, in their order.

    Args:
        items: what to choose from.
        count: how many.
        *seed: what the draws depend on.
        weight: positive weight of an item.
        alike: traits of an item, the most telling first. An item that shares its first trait with one chosen before is
            taken only when no other is left, then one that shares its second, and so on.
    """
    if len(items) <= count:
        return list(items)
    # Weighted sampling without replacement: the largest u ** (1 / w) first.
    ranked = sorted(enumerate(items), key=lambda pair: -(draw(*seed, pair[0]) ** (1 / max(weight(pair[1]), 1e-6))))
    chosen: list[int] = []
    seen: dict[int, set[Hashable]] = {}
    while ranked and len(chosen) < count:

        def repeats(pair: tuple[int, T]) -> tuple[bool, ...]:
            return tuple(trait in seen.get(level, ()) for level, trait in enumerate(alike(pair[1])))

        best = min(ranked, key=repeats)
        ranked.remove(best)
        chosen.append(best[0])
        for level, trait in enumerate(alike(best[1])):
            seen.setdefault(level, set()).add(trait)
    return [items[index] for index in sorted(chosen)]
