"""The classes that a program makes, as objects that hold state: which of them do, and what.

Belongs here: what counts among the entries of a class, and which classes a value brings into view. Does not belong
here: the kinds of all other values (``kinds``), and comparing what a class holds with what it held (``heap``).

A class without data is no state; one that holds data is an object of its own for as long as it does.
Entries are read from the class's own ``__dict__``: no metaclass and no descriptor of the program is asked.
"""

import weakref
from abc import ABCMeta
from enum import EnumMeta
from functools import partial
from operator import is_
from typing import Protocol

from .kinds import class_dict, is_class, is_invisible, is_programs, mro_of, name_text, type_name

_OF_LIBRARY = (
    (Protocol, frozenset({"_is_protocol", "_is_runtime_protocol"})),
    (tuple, frozenset({"_fields", "_field_defaults"})),
)
"""Entries that the library writes into classes below these, for itself."""


class ClassShape:
    """How a class that holds data is read: as an object with attributes and nothing else."""

    __slots__ = ("_classes", "name")

    base = fields = dict_of = None
    exact = opaque = False
    instance = of_class = True
    met = False
    slots = ()

    def __init__(self, kind: type, classes: "Classes"):
        self.name = f"class {name_text(str.__str__(type_name(kind)))}"
        self._classes = classes

    def attributes(self, x: type) -> tuple[list[str], list[object]]:
        """Names and values of what a class holds, in the order of its entries."""
        return self._classes.held(x)


class _Seen:
    """A class that has come into view, as it was when last looked at."""

    __slots__ = ("entries", "reference", "shape")

    def __init__(self, kind: type):
        self.reference = weakref.ref(kind)
        self.shape: ClassShape | None = None
        self.entries: tuple[list, list] = [], []

    def is_as_before(self, kind: type) -> bool:
        """Whether its entries are the same objects, and if not, remember those that are there now."""
        held = class_dict(kind)
        entries = list(held), list(held.values())
        if all(len(a) == len(b) and all(map(is_, a, b)) for a, b in zip(entries, self.entries, strict=True)):
            return True
        self.entries = entries
        return False


class Classes:
    """The classes of one run's program that have come into view.

    ``holds_on``: whether what they held may live longer for being remembered.
    """

    def __init__(self, program_module: str):
        self.holds_on = True
        self._module = program_module
        # By address; one that died makes place for another.
        self._seen: dict[int, _Seen] = {}

    def meet(self, kind: type) -> list[type]:
        """The classes that come into view with a class, in order; it may be among them.

        These are those of the program among itself, its bases, its metaclass, and the classes inside them.
        """
        found = []
        stack = [*reversed(_behind(kind))]
        while stack:
            each = stack.pop()
            if self._known(each) is None and is_programs(each, self._module):
                self._seen[id(each)] = _Seen(each)
                self.look(each)
                found.append(each)
                for value in reversed(self.held(each)[1]):
                    stack += reversed(_behind(value)) if is_class(value) else ()
        return found

    def shape(self, kind: type) -> ClassShape | None:
        """The shape of a class that holds data, None for every other class. It need not have come into view."""
        if (known := self._known(kind)) is not None:
            return known.shape
        return self._shape_if_data(kind) if is_programs(kind, self._module) else None

    def look(self, kind: type) -> ClassShape | None:
        """The shape of a class in view, after seeing whether it holds data now."""
        known = self._seen[id(kind)]
        if not self.holds_on or not known.is_as_before(kind):
            shape = self._shape_if_data(kind)
            if (shape is None) != (known.shape is None):
                known.shape = shape
        return known.shape

    def behind(self, kind: type) -> list[type]:
        """The classes in view that hold data among those that ``meet`` looks at."""
        found: dict[int, type] = {}
        stack = [*_behind(kind)]
        while stack:
            each = stack.pop()
            if id(each) not in found and self._known(each) is not None:
                found[id(each)] = each
                for value in self.held(each)[1]:
                    stack += _behind(value) if is_class(value) else ()
        return [each for each in found.values() if self.shape(each) is not None]

    def changed(self) -> tuple[list[type], list[type]]:
        """The classes in view that have come to hold data since the last call, and those that hold none any more."""
        gained, lost = [], []
        for known in list(self._seen.values()):
            before, kind = known.shape, known.reference()
            if kind is not None and (self.look(kind) is None) != (before is None):
                (gained if before is None else lost).append(kind)
        return gained, lost

    def held(self, kind: type) -> tuple[list[str], list[object]]:
        """Names and values of what a class holds: its data, and the classes inside it."""
        names: list[str] = []
        values: list[object] = []
        hidden, reserved = _hidden_names(kind)
        for name, value in class_dict(kind).items():
            if type(name) is not str or (name[:2] == "__" and name[-2:] == "__") or name in hidden:
                continue
            if reserved and name[:1] == "_" == name[-1:]:
                continue
            if is_class(value) or not (is_invisible(value) or self._is_definition(value)):
                names.append(name)
                values.append(value)
        return names, values

    def _known(self, kind: type) -> _Seen | None:
        known = self._seen.get(id(kind))
        return known if known is not None and known.reference() is kind else None

    def _shape_if_data(self, kind: type) -> ClassShape | None:
        return None if all(map(is_class, self.held(kind)[1])) else ClassShape(kind, self)

    def _is_definition(self, value: object) -> bool:
        """Whether a value stands for a method or an attribute of instances: a descriptor that is not the program's."""
        kind = type(value)
        # Partial functions are descriptors from 3.13 on, and are told alike on every version.
        if kind is partial:
            return True
        return any("__get__" in class_dict(c) for c in mro_of(kind)) and not is_programs(kind, self._module)


def _behind(kind: type) -> tuple[type, ...]:
    return (*mro_of(kind), *mro_of(type(kind)))


def _hidden_names(kind: type) -> tuple[frozenset[str], bool]:
    """Names of entries that are the library's own in this class, and whether all of the form ``_name_`` are."""
    mro, above = mro_of(kind), mro_of(type(kind))
    hidden = frozenset().union(*(names for base, names in _OF_LIBRARY if _is_among(mro, base)))
    if _is_among(above, ABCMeta):
        hidden |= {"_abc_impl"}
    return hidden, _is_among(above, EnumMeta)


def _is_among(kinds: tuple[type, ...], kind: type) -> bool:
    """As ``in``, which would ask the metaclass whether two classes are equal."""
    return any(each is kind for each in kinds)
