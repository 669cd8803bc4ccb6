"""What the inputs that a program has tell about further ones: the values at each place, and what they have in common.

Belongs here: looking through values, and a new value for a place that has none. Does not belong here: what the
program's text tells (``hints``), changing a value (``values``, ``numbers``, ``texts``).
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from itertools import pairwise
from random import Random
from typing import Any

from tracepile_assets.sources.mutation.hints import Hints, Path
from tracepile_assets.trace_model.codecs import Nodes

_MOST_SEEN = 60
_MOST_PARTS = 400

Arguments = dict[str, Any]
"""Parameter -> value, in the order of the call."""


@dataclass(slots=True)
class Common:
    """What all given values of one place have in common.

    ``sorted``: they are lists in ascending order, one at least of three elements. ``rows``: they are lists of equally
    long lists; ``width``: that length where it is the same in all of several values, else 0. ``longest``: greatest
    length. ``signed``: whether a number below zero is among them. ``low``, ``high``: least and greatest number.
    """

    sorted: bool = False
    rows: bool = False
    width: int = 0
    longest: int = 0
    signed: bool = False
    low: float = 0
    high: float = 0


@dataclass(slots=True)
class Knowledge:
    """What is known of the inputs of one program.

    ``seen``: by place, the different values there, in order. ``tied``: (parameter, parameter, difference): the first
    is a whole number, the length of the second plus the difference. ``parallel``: groups of parameters of equal length.
    """

    hints: Hints
    seen: dict[Path, list] = field(default_factory=lambda: defaultdict(list))
    common: dict[Path, Common] = field(default_factory=dict)
    tied: list[tuple[str, str, int]] = field(default_factory=list)
    parallel: list[tuple[str, str]] = field(default_factory=list)

    def about(self, place: Path) -> Common:
        """What the values of a place have in common."""
        if place not in self.common:
            self.common[place] = _common(self.seen.get(place, ()))
        return self.common[place]

    def element(self, rng: Random, place: Path, depth: int = 0) -> Any:
        """A value for a place: one that was seen there, else one of the annotated type, else a small whole number."""
        if seen := self.seen.get(place):
            return rng.choice(seen)
        types = sorted(self.hints.types.get(place, ())) if depth < 4 else []
        return self._of_type(rng, rng.choice(types) if types else "int", place, depth)

    def _of_type(self, rng: Random, name: str, place: Path, depth: int) -> Any:
        if name == "str":
            return "".join(rng.choice("abcxyz") for _ in range(rng.randint(0, 4)))
        if name == "float":
            return rng.randint(-20, 40) / 4
        if name == "bool":
            return rng.random() < 0.5
        if name == "None":
            return None
        if name in ("list", "sequence", "iterable"):
            return [self.element(rng, (*place, "*"), depth + 1) for _ in range(rng.randint(0, 3))]
        return rng.choice([0, 1, 2, 3, 5, 8, 10])


def kind_of(value: Any) -> str:
    """What two values have in common that can stand in each other's place."""
    return value.codec if isinstance(value, Nodes) else type(value).__name__


def is_record(value: tuple) -> bool:
    """Whether the parts of a tuple differ in type, so that each place in it has a meaning of its own."""
    return len({kind_of(part) for part in value}) > 1


def learn(hints: Hints, given: Iterable[Mapping[str, Any]]) -> Knowledge:
    """Look through the arguments of all inputs."""
    knowledge = Knowledge(hints)
    every = list(given)
    for arguments in every:
        for parameter, value in arguments.items():
            _note(knowledge, (parameter,), value, [_MOST_PARTS])
    _relations(knowledge, every)
    return knowledge


def _note(knowledge: Knowledge, place: Path, value: Any, left: list[int]) -> None:
    left[0] -= 1
    if left[0] < 0:
        return
    seen = knowledge.seen[place]
    if len(seen) < _MOST_SEEN and not any(same(value, each) for each in seen):
        seen.append(value)
    if isinstance(value, Nodes):
        value = value.values
    if isinstance(value, tuple) and is_record(value):
        for number, part in enumerate(value):
            _note(knowledge, (*place, number), part, left)
    elif isinstance(value, (list, tuple)):
        for part in value:
            _note(knowledge, (*place, "*"), part, left)
    elif isinstance(value, (set, frozenset)):
        for part in sorted(value, key=repr):
            _note(knowledge, (*place, "*"), part, left)
    elif isinstance(value, dict):
        for key, part in value.items():
            _note(knowledge, (*place, "k"), key, left)
            _note(knowledge, (*place, "v"), part, left)


def same(one: Any, two: Any) -> bool:
    """Whether two values are equal in type and text: 1 is not True, nor 0.0 -0.0."""
    return type(one) is type(two) and repr(one) == repr(two)


def length(value: Any) -> int | None:
    """Length of what has one."""
    if isinstance(value, Nodes):
        return len(value.values)
    return len(value) if isinstance(value, (list, tuple, str, bytes, dict, set, frozenset)) else None


def _common(values: Iterable[Any]) -> Common:
    found = Common()
    values = list(values)
    numbers = [each for each in values if type(each) in (int, float) and each == each]
    if numbers:
        found.low, found.high = min(numbers), max(numbers)
        found.signed = found.low < 0
    lengths = [size for each in values if (size := length(each)) is not None]
    found.longest = max(lengths, default=0)
    lists = [each for each in values if type(each) in (list, tuple) and not (type(each) is tuple and is_record(each))]
    if lists and len(lists) == len(values):
        found.sorted = any(len(set(map(repr, each))) > 2 for each in lists) and all(map(_ascending, lists))
        rows = [[length(row) for row in each if type(row) in (list, tuple)] for each in lists if each]
        whole = all(len(sizes) == len(each) for sizes, each in zip(rows, (each for each in lists if each), strict=True))
        found.rows = bool(rows) and whole and all(len(set(sizes)) == 1 for sizes in rows) and max(map(len, rows)) > 1
        widths = {sizes[0] for sizes in rows if sizes}
        if found.rows and len(widths) == 1 and len({*map(len, rows), *widths}) > 1:
            found.width = widths.pop()
    return found


def _ascending(values: Any) -> bool:
    try:
        return all(one <= two for one, two in pairwise(values))
    except TypeError:
        return False


def _relations(knowledge: Knowledge, every: list[Mapping[str, Any]]) -> None:
    parameters = [name for name in every[0] if all(name in each for each in every)] if every else []
    lengths = {name: [length(each[name]) for each in every] for name in parameters}
    sized = [name for name in parameters if None not in lengths[name] and max(lengths[name]) > 1]
    for name in parameters:
        values = [each[name] for each in every]
        if not all(type(value) is int for value in values):
            continue
        for other in sized:
            differences = {value - size for value, size in zip(values, lengths[other], strict=True)}
            if len(differences) == 1 and abs(difference := differences.pop()) <= 1 and len(set(values)) > 1:
                knowledge.tied.append((name, other, difference))
                break
    for position, name in enumerate(sized):
        for other in sized[position + 1 :]:
            # Equally long once may be by chance, several times or at some length hardly.
            telling = len(set(lengths[name])) > 1 or min(lengths[name]) > 2
            if lengths[name] == lengths[other] and telling:
                knowledge.parallel.append((name, other))
