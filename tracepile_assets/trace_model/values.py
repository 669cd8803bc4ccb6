"""Values as a recording knows them.

A *value* is what a variable or a slot holds: an immutable atom (an ordinary Python object), a tuple or frozenset of
values, or ``Ref(n)``, the n-th heap object. A heap object's *contents* are a ``HeapObject``, whose parts are values.

Belongs here: these types and what can be told of a value alone. Does not belong here: their text (``value_parser``,
``value_text``), and which contents a reference has at a moment (``replay``).
"""

import datetime
from dataclasses import dataclass, field
from decimal import Decimal
from enum import Enum
from fractions import Fraction
from typing import Any

Value = Any
"""An atom, a tuple or frozenset of values, a ``Ref``, or ``TRUNCATED``."""

NAN = float("nan")
"""The NaN that parsed values share: sets and dicts of values find it again. In a set, a second one is another."""

ATOM_TYPES = (
    bool,
    int,
    float,
    complex,
    str,
    bytes,
    type(None),
    type(Ellipsis),
    range,
    slice,
    Decimal,
    Fraction,
    datetime.date,
    datetime.time,
    datetime.datetime,
    datetime.timedelta,
)

CONTAINER_KINDS = ("list", "dict", "set", "deque", "bytearray")


class Unknown(Exception):
    """A value cannot be had: it was cut short, is opaque, or is of a type that cannot be rebuilt."""


class Truncated(Unknown):
    """The value, or something inside it, was cut short by a cap of the recorder."""


@dataclass(frozen=True, slots=True, order=True)
class Ref:
    """The n-th heap object of the run."""

    n: int

    def __repr__(self) -> str:
        """``#n``, as in the recording."""
        return f"#{self.n}"


class _Cut:
    """The type of ``TRUNCATED``."""

    __slots__ = ()

    def __repr__(self) -> str:
        return "<truncated>"

    def __copy__(self) -> "_Cut":
        return self

    def __deepcopy__(self, memo: dict) -> "_Cut":
        return self


TRUNCATED = _Cut()
"""Stands where a value or the contents of an object were touched but are over a cap."""


class Holding(Enum):
    """What stands directly inside an object: plain values alone (numbers, strings, truth values, None, but no NaN),
    these and tuples of them, these and other objects (in a dict: as its values), or anything else."""

    ATOMS = 1
    TUPLES = 2
    OBJECTS = 3
    OTHERS = 4


@dataclass(slots=True)
class HeapObject:
    """Contents of one heap object.

    ``kind``: list, dict, set, deque, bytearray (``items`` holds a list, dict, set, list, bytearray of values);
    ``object`` for instances, named tuples, exceptions and subclasses of atoms (``items`` holds the list of positional
    parts, often empty); ``class`` for a class of the program that holds data (``items`` is empty, ``type_name`` its own
    name); ``opaque`` (``items`` is None: identity and type only). Of all else ``type_name`` is the name
    of the exact type: ``list`` for a plain list, ``MyList`` for a subclass. ``attributes``: name -> value in order.
    ``maxlen``: of a deque. ``quoted``: whether the class's name is written in quotes, since something builtin has it.
    """

    kind: str
    type_name: str
    items: Any = None
    attributes: dict[str, Value] = field(default_factory=dict)
    maxlen: int | None = None
    quoted: bool = False
    _holding: Holding | None = field(default=None, init=False, repr=False, compare=False)
    known_text: str | None = field(default=None, init=False, repr=False, compare=False)
    """Text of the contents where it was written already and depends on no other object."""

    @property
    def holding(self) -> Holding:
        """What stands inside a plain container; found out once for each of its contents."""
        if self._holding is None:
            self._holding = _holding(self.items, self.kind == "dict")
        return self._holding

    def changed(self) -> None:
        """To be called when the contents were changed in place, as replay does."""
        self._holding = self.known_text = None

    @property
    def is_plain(self) -> bool:
        """Whether it is of an exact builtin container type (or a deque) without attributes."""
        if self.quoted or self.attributes:
            return False
        return self.kind == self.type_name and self.kind in CONTAINER_KINDS

    def copy(self) -> "HeapObject":
        """A copy that can be changed without changing this one; the parts are shared, being immutable."""
        items = self.items.copy() if self.items is not None else None
        return HeapObject(self.kind, self.type_name, items, self.attributes.copy(), self.maxlen, self.quoted)

    def parts(self) -> list[Value]:
        """Every value directly inside, in order: items (keys and values of a dict), then attributes."""
        if self.items is None or self.kind == "bytearray":
            inner: list[Value] = []
        elif self.kind == "dict":
            inner = [part for pair in self.items.items() for part in pair]
        else:
            inner = list(self.items)
        if self.attributes:
            inner.extend(self.attributes.values())
        return inner


_PLAIN_TYPES = frozenset({int, float, bool, str, type(None)})


def _holding(items: Any, is_dict: bool) -> Holding:
    kinds = set(map(type, items))
    if is_dict:
        if not kinds <= _PLAIN_TYPES:
            return Holding.OTHERS
        kinds.update(map(type, items.values()))
    if not kinds <= {*_PLAIN_TYPES, Ref, tuple} or {Ref, tuple} <= kinds:
        return Holding.OTHERS
    parts = [*items, *items.values()] if is_dict else items
    if tuple in kinds:
        inside = [part for each in parts if type(each) is tuple for part in each]
        kinds.update(map(type, inside))
        kinds.discard(tuple)
        if not kinds <= _PLAIN_TYPES or (float in kinds and any(part != part for part in inside)):
            return Holding.OTHERS
        found = Holding.TUPLES
    else:
        found = Holding.OBJECTS if Ref in kinds else Holding.ATOMS
    if float in kinds and any(part != part for part in parts):
        return Holding.OTHERS
    return found


def has_refs(value: Value) -> bool:
    """Whether the value refers to a heap object, itself or inside a tuple, a frozenset."""
    if isinstance(value, Ref):
        return True
    if type(value) in (tuple, frozenset):
        return any(has_refs(part) for part in value)
    return False
