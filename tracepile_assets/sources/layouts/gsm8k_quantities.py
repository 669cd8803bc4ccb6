"""Decides which of several quantities of equal number a number of a calculation is, by the words around it.

Belongs here: weighing the words. Does not belong here: finding the quantities (`gsm8k_program`), their names
(`gsm8k_words`).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

Words = frozenset[str]

UNITS: dict[int | float, Words] = {
    2: frozenset(["half", "halve", "halved", "twice", "double", "doubled", "both", "pair", "average", "equal"]),
    3: frozenset(["third", "triple", "tripled", "thrice"]),
    4: frozenset(["quarter", "fourth", "quadruple"]),
    5: frozenset(["fifth"]),
    7: frozenset(["week", "weekly", "day"]),
    10: frozenset(["tenth", "dime"]),
    12: frozenset(["dozen", "month", "monthly", "year", "inch", "inche", "feet", "foot"]),
    24: frozenset(["hour", "day", "daily"]),
    30: frozenset(["month", "day"]),
    52: frozenset(["week", "year", "weekly"]),
    60: frozenset(["hour", "minute", "second"]),
    100: frozenset(["percent", "cent", "percentage", "meter"]),
    365: frozenset(["year", "day"]),
    1000: frozenset(["gram", "kilogram", "kilo", "meter", "kilometer"]),
}
"""Numbers that convert, share out or multiply, and words that tell that they do."""
_REPEATED = frozenset(UNITS) - {3, 4, 5}
"""Those of them that more often do than repeat what was used before."""

_CHANCE = {"unused": 1.0, "given": 1.5, "parameter": 0.75, "used": 0.75, "plain": 0.5}
_NEAR = 1.5
_IN_LINE = 0.5
_MOST_IN_LINE = 2
_TOLD = 1.75
_ASKED = 0.75
_LAST_PLACE = 2.0
_AGAIN = 1.0
_CLEAR = 1.0
"""How much more must speak for one quantity than for any other."""


@dataclass(frozen=True, slots=True)
class Quantity:
    """Something that a number of a calculation may be.

    Attributes:
        kind: ``unused``, a result that no calculation took yet; ``given``, a number of the question that none took yet;
            ``parameter`` and ``used``, the same that one took; ``plain``, the number itself.
        name: its name; for what is plain nothing.
        words: what its name says.
        about: what is said around it.
        here: the same calculation has it already.
        last: no calculation after this one could take it.
    """

    kind: Literal["unused", "given", "parameter", "used", "plain"]
    name: str = ""
    words: Words = frozenset()
    about: Words = frozenset()
    here: bool = False
    last: bool = False


def with_plain(value: float, found: Sequence[Quantity], line: Words, question: Words) -> list[Quantity]:
    """The quantities, and the number itself where the words of its sentence or of the question tell that it may be
    meant."""
    if value in UNITS and UNITS[value] & (line | question):
        return [*found, Quantity("plain", words=UNITS[value])]
    if value in _REPEATED:
        return [each for each in found if each.kind != "used"]
    return list(found)


def choose(found: Sequence[Quantity], near: Words, line: Words, needed: int) -> list[Quantity]:
    """The quantity that a number is, or all that it may be where the words do not decide.

    Args:
        found: quantities of that number, one at least.
        near: words beside the number in the calculation's sentence.
        line: words of that sentence.
        needed: how often the number stands in the rest of the calculation, this place included.
    """
    new = [each for each in found if each.kind in ("unused", "given")]
    if 1 < len(new) == needed and not any(each.kind == "plain" for each in found):
        # Each of them is taken by this calculation.
        return new[:1]
    several = [each for each in found if each.kind != "plain"]
    # Words that are said of all of them tell none from another.
    shared = frozenset.intersection(*(each.words for each in several)) if len(several) > 1 else frozenset()
    usual = frozenset.intersection(*(each.about for each in several)) if len(several) > 1 else frozenset()
    weights = [_weight(each, near - shared, line - usual) for each in found]
    return [each for each, weight in zip(found, weights, strict=True) if weight > max(weights) - _CLEAR]


def _weight(one: Quantity, near: Words, line: Words) -> float:
    weight = _CHANCE[one.kind] - _AGAIN * one.here
    if one.kind == "plain":
        return weight + (_TOLD if one.words & line else _ASKED)
    weight += _LAST_PLACE * (one.kind == "unused" and one.last)
    return weight + _NEAR * bool(one.words & near) + _IN_LINE * min(len(one.about & line), _MOST_IN_LINE)
