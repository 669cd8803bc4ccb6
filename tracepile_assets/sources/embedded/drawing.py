"""Random draws that the generators of several collections share.

Belongs here: sizes and numbers by level, words, the text of a call or of a line. Does not belong here: anything that
knows a particular program, draws of one collection only.
"""

from collections.abc import Iterable
from random import Random


def size(rng: Random, level: float, smallest: int, largest: int) -> int:
    """A size about ``level`` of the way from ``smallest`` to ``largest``, with some play to either side."""
    span = largest - smallest
    play = max(0.6, span * 0.1)
    return min(largest, max(smallest, round(smallest + level * span + rng.uniform(-play, play))))


def magnitude(rng: Random, level: float, smallest: int, largest: int) -> int:
    """A number of a size that grows evenly in digits from ``smallest`` (at least 1) to ``largest`` as the level
    rises."""
    exponent = min(1.0, max(0.0, level + rng.uniform(-0.12, 0.12)))
    return min(largest, max(smallest, round(smallest * (largest / smallest) ** exponent)))


def chance(rng: Random, probability: float) -> bool:
    """True that often."""
    return rng.random() < probability


def integers(rng: Random, count: int, low: int, high: int) -> list[int]:
    """``count`` whole numbers from ``low`` to ``high``, both possible, in no order."""
    return [rng.randint(low, high) for _ in range(count)]


def word(rng: Random, length: int, letters: str = "abcdefghijklmnopqrstuvwxyz") -> str:
    """``length`` letters."""
    return "".join(rng.choice(letters) for _ in range(length))


def call(*arguments: object) -> str:
    """What stands between the parentheses of a call with these arguments."""
    return ", ".join(map(repr, arguments))


def line(values: Iterable[object]) -> str:
    """One line of standard input: the values with blanks between."""
    return " ".join(map(str, values))


def lines(*parts: object) -> str:
    """Standard input made of these lines, each of them ended."""
    return "".join(f"{part}\n" for part in parts)
