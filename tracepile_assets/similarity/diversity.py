"""How much tellings of one question differ from each other.

Belongs here: the measure. Does not belong here: finding near-duplicates in a corpus (``near``).
"""

import re
from collections.abc import Sequence

_WORD = re.compile(r"\w+|[^\w\s]+")


def diversities(texts: Sequence[str]) -> list[float | None]:
    """How far each of some tellings is from the one most like it.

    Args:
        texts: the tellings.

    Returns:
        For each, one less the greatest Jaccard similarity of its set of word triples with that of another; None for a
        telling that has no other beside it. Rounded to four places.
    """
    if len(texts) < 2:
        return [None] * len(texts)
    triples = [_triples(text) for text in texts]
    found: list[float | None] = []
    for one, own in enumerate(triples):
        shared = [_similarity(own, other) for two, other in enumerate(triples) if two != one]
        found.append(round(1 - max(shared), 4))
    return found


def _triples(text: str) -> set[tuple[str, ...]]:
    words = _WORD.findall(text)
    return {tuple(words[at : at + 3]) for at in range(max(1, len(words) - 2))}


def _similarity(one: set[tuple[str, ...]], other: set[tuple[str, ...]]) -> float:
    return len(one & other) / len(one | other)
