"""A dictionary and what it is to hold: whether it was changed, and putting it back.

Belongs here: telling a changed dictionary from an unchanged one without touching what is in it. Does not belong here:
which dictionaries matter (``restore``, ``surroundings``).

To look at an object is to write to it, since that changes the count of its references; and in a child that was forked
the first write to a page copies it. CPython 3.11 and 3.12 number every change of every dictionary: there the number is
compared, elsewhere what it holds.
"""

import ctypes
import sys
from array import array
from collections.abc import Collection, Iterable
from itertools import chain
from operator import is_

try:
    from ._recorder import changed_dictionaries, same_items
except ImportError:
    changed_dictionaries = same_items = None

_NUMBER = 3 * ctypes.sizeof(ctypes.c_void_p)
"""Where a dictionary keeps the number of its last change."""


class Contents:
    """What a dictionary is to hold."""

    __slots__ = ("_accepted", "_before", "_number", "_number_then", "held")

    def __init__(self, held: dict):
        self.held = held
        self._number = ctypes.c_uint64.from_address(id(held) + _NUMBER)
        self.take()

    def take(self) -> None:
        """It is to hold what it holds now."""
        self._before = dict(self.held)
        self._accepted = self._before
        self.mark()

    def mark(self) -> None:
        """It counts as unchanged as it is now, whatever it is put back to later."""
        self._number_then = self._number.value

    def accept(self) -> None:
        """It counts as unchanged as it is now; what it is put back to stays the same."""
        if _NUMBERED:
            self.mark()
        else:
            self._accepted = dict(self.held)

    def is_as_marked(self) -> bool:
        """Whether nothing was changed since."""
        if _NUMBERED:
            return self._number.value == self._number_then
        return same(self.held.values(), self._accepted.values()) and same(self.held, self._accepted)

    @property
    def number_then(self) -> int:
        """The number of its last change that counts."""
        return self._number_then

    def put_back(self) -> dict | None:
        """Put back what it is to hold; return what it held if that was something else."""
        if _NUMBERED and self._number.value == self._number_then:
            return None
        found = None
        if not (same(self.held.values(), self._before.values()) and same(self.held, self._before)):
            found = dict(self.held)
            self.held.clear()
            self.held.update(self._before)
        self._accepted = self._before
        self.mark()
        return found


class Group:
    """What each of several dictionaries is to hold."""

    def __init__(self, held: Iterable[dict]):
        self._contents = [Contents(each) for each in held]
        self.held = tuple(contents.held for contents in self._contents)
        self._numbers = array("Q", [contents.number_then for contents in self._contents])

    def put_back(self) -> list[dict]:
        """Put back what they are to hold; return what those held that held something else."""
        found = []
        for place in self._changed():
            contents = self._contents[place]
            if (before := contents.put_back()) is not None:
                found.append(before)
            self._numbers[place] = contents.number_then
        return found

    def accept(self) -> None:
        """They count as unchanged as they are now; what they are put back to stays the same."""
        for place in self._changed():
            contents = self._contents[place]
            contents.accept()
            self._numbers[place] = contents.number_then

    def are_as_marked(self) -> bool:
        """Whether nothing was changed since."""
        return not self._changed()

    def _changed(self) -> Collection[int]:
        if _NUMBERED and changed_dictionaries is not None:
            return changed_dictionaries(self.held, self._numbers)
        return [place for place, contents in enumerate(self._contents) if not contents.is_as_marked()]


def same(held: Collection, before: Collection) -> bool:
    """Whether both hold the same objects, without asking these."""
    return len(held) == len(before) and all(map(is_, held, before))


def items(held: list | dict | set) -> Collection:
    """What a list or a set holds, or the keys of a dictionary, each with its value behind it."""
    return list(chain.from_iterable(held.items())) if isinstance(held, dict) else held


def all_same(held: tuple[list | dict | set, ...], before: tuple[tuple, ...]) -> bool:
    """Whether the ``items`` of each of several containers are the same objects as those of a tuple."""
    if same_items is not None:
        return same_items(held, before)
    return len(held) == len(before) and all(map(same, map(items, held), before))


def number_of(held: object) -> int | None:
    """The number of the last change of a dictionary, if it has one and many can be compared at once."""
    if not _NUMBERED or changed_dictionaries is None or not isinstance(held, dict):
        return None
    return ctypes.c_uint64.from_address(id(held) + _NUMBER).value


def numbers_are(held: tuple[dict, ...], numbers: array) -> bool:
    """Whether the last change of each of several dictionaries still has this ``number_of``."""
    return not held or not changed_dictionaries(held, numbers)


def _numbered() -> bool:
    """Whether changes are numbered, tried out on a dictionary."""
    if sys.implementation.name != "cpython" or sys.version_info[:2] not in ((3, 11), (3, 12)):
        return False
    held = {"a": 1}
    number = ctypes.c_uint64.from_address(id(held) + _NUMBER)
    seen = [number.value]
    for change in (
        lambda: held.update(a=2),
        lambda: held.update(b=3),
        lambda: held.pop("b"),
        lambda: held.__setitem__("a", 1),
        held.clear,
    ):
        if held.get("a") is None or number.value != seen[-1]:
            return False
        change()
        seen.append(number.value)
    return len(set(seen)) == len(seen)


_NUMBERED = _numbered()
MODULES = Contents(sys.modules)
