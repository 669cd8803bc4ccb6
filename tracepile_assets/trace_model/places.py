"""Places: where a change happened.

Belongs here: the kinds of places and their text. Does not belong here: applying a change (``replay``).
"""

import re
from dataclasses import dataclass
from functools import lru_cache

from tracepile_assets.trace_model.value_parser import ValueTextError, parse_name, parse_value
from tracepile_assets.trace_model.value_text import name_text, shallow_text
from tracepile_assets.trace_model.values import Value


@dataclass(frozen=True, slots=True)
class Variable:
    """``f3.total``: a variable of a frame; ``g.name``: a module global (``frame`` is None)."""

    frame: int | None
    name: str

    def __str__(self) -> str:
        """As in the recording."""
        name = name_text(self.name)
        return f"g.{name}" if self.frame is None else f"f{self.frame}.{name}"


@dataclass(frozen=True, slots=True)
class Whole:
    """``#5``: the whole contents of a heap object."""

    n: int

    def __str__(self) -> str:
        """As in the recording."""
        return f"#{self.n}"


@dataclass(frozen=True, slots=True)
class Item:
    """``#5[2]``, ``#5['k']``: a slot of a list, deque or bytearray, or a key of a dict."""

    n: int
    key: Value

    def __str__(self) -> str:
        """As in the recording."""
        return f"#{self.n}[{shallow_text(self.key)}]"


@dataclass(frozen=True, slots=True)
class Slice:
    """``#5[2:4]``: the slots from ``start`` up to ``stop``, replaced by the elements listed."""

    n: int
    start: int
    stop: int

    def __str__(self) -> str:
        """As in the recording."""
        return f"#{self.n}[{self.start}:{self.stop}]"


@dataclass(frozen=True, slots=True)
class Member:
    """``#5{3}``: an element of a set."""

    n: int
    element: Value

    def __str__(self) -> str:
        """As in the recording."""
        return f"#{self.n}{{{shallow_text(self.element)}}}"


@dataclass(frozen=True, slots=True)
class Attribute:
    """``#5.attr``: an attribute of an object."""

    n: int
    name: str

    def __str__(self) -> str:
        """As in the recording."""
        return f"#{self.n}.{name_text(self.name)}"


Place = Variable | Whole | Item | Slice | Member | Attribute

_VARIABLE = re.compile(r"(?:f(\d+)|g)\.(.+)\Z", re.DOTALL)
_OBJECT = re.compile(
    r"#(\d+)(?:\[(?P<start>\d+):(?P<stop>\d+)\]|\[(?P<key>.+)\]|\{(?P<element>.+)\}|\.(?P<name>.+))?\Z", re.DOTALL
)


@lru_cache(maxsize=65_536)
def parse_place(text: str) -> Place:
    """The place that a text names. Raises ``ValueTextError`` if it names none."""
    match = _VARIABLE.match(text)
    if match:
        return Variable(None if match.group(1) is None else int(match.group(1)), parse_name(match.group(2)))
    match = _OBJECT.match(text)
    if not match:
        raise ValueTextError(f"not a place: {text[:200]!r}")
    n = int(match.group(1))
    if match["start"] is not None:
        return Slice(n, int(match["start"]), int(match["stop"]))
    if match["key"] is not None:
        return Item(n, parse_value(match["key"]))
    if match["element"] is not None:
        return Member(n, parse_value(match["element"]))
    if match["name"] is not None:
        return Attribute(n, parse_name(match["name"]))
    return Whole(n)
