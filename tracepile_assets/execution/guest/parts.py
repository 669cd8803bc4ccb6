"""The parts of an object, and where they differ from what they were.

Belongs here: reading them, comparing them by identity, changes of what has names. Does not belong here: which objects
there are and what is told of a change (``heap``). No code of the program runs.
"""

import re
from collections import deque
from itertools import compress, count
from operator import is_, is_not
from zlib import crc32

from .kinds import Shape, exception_args, read_mapping

_LONG_OCTETS = 1 << 16
# A NaN among decimals is written as a string too.
_LITERAL = re.compile(r"""(Decimal\()?('(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")""")
Change = tuple[str, str, str | None]
"""Place, op, value text."""


def read(x: object, shape: Shape) -> tuple[list, list, list, list]:
    """The parts of an object: items (or keys), values of a dict, names and values of attributes."""
    base = shape.base
    values: list = []
    if base is list:
        items = list(list.__iter__(x))
    elif base is dict:
        items, values = (list(x), list(x.values())) if shape.exact else read_mapping(x)
    elif base is set or base is frozenset or base is deque or base is tuple:
        items = list(base.__iter__(x))
    elif base is bytearray:
        # A long one is compared by its length and a checksum: its octets are over every cap.
        long = len(x) > _LONG_OCTETS
        items = [(len(x), crc32(x))] if long else [bytes(memoryview(x))]
    elif base is BaseException:
        items = list(exception_args(x))
    else:
        items = []
    if shape.exact:
        return items, values, [], []
    names, attributes = shape.attributes(x)
    return items, values, names, attributes


def differing_places(a: list, b: list) -> list[int]:
    """Where two lists hold different objects; of lists of unequal length only the first place."""
    if len(a) == len(b):
        return list(compress(count(), map(is_not, a, b))) if a else a
    return [next(compress(count(), map(is_not, a, b)), min(len(a), len(b)))]


def newcomers(old: tuple, new: tuple, differing: list[list[int]]) -> list:
    """What stands in new parts where something else, or nothing, stood before."""
    found: list = []
    for a, b, places in zip(old, new, differing, strict=True):
        if len(a) == len(b):
            found += [b[i] for i in places]
        else:
            found += b[places[0] :]
    return found


def _number_in(literal: re.Match) -> str:
    return literal[0] if literal[1] else ""


def may_be_twice(text: str) -> bool:
    """Whether different elements of a set, or keys, may have this text: those with a NaN in them."""
    if "nan" not in text and "NaN" not in text:
        return False
    bare = _LITERAL.sub(_number_in, text)
    return "nan" in bare or "NaN" in bare


def same_objects(a: list, b: list) -> bool:
    """Whether two lists hold the same objects in the same order."""
    return len(a) == len(b) and all(map(is_, a, b))


def named_changes(groups: list[list[str]], place_of) -> list[Change] | None:
    """Deletes, then sets with new keys at the end; None if that would not give the order that the keys are in."""
    old_keys, old, new_keys, new = groups
    before = dict(zip(old_keys, old, strict=True))
    after = dict(zip(new_keys, new, strict=True))
    if len(before) != len(old_keys) or len(after) != len(new_keys):
        return None
    order = [key for key in old_keys if key in after] + [key for key in new_keys if key not in before]
    if order != new_keys:
        return None
    deltas: list[Change] = [(place_of(key), "delete", None) for key in old_keys if key not in after]
    return deltas + [
        (place_of(key), "delta", value) for key, value in after.items() if key not in before or before[key] != value
    ]
