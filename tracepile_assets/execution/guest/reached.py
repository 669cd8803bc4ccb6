"""Finds the containers that programs could reach from what modules hold, and tells whether any was changed.

Belongs here: the way from modules through what they hold, however deep, and comparing. Does not belong here: modules
themselves, whose contents are put back (``contents``, ``restore``). What is found here nothing puts back.
"""

import gc
import re
import sys
from array import array
from collections import deque
from collections.abc import Collection, Iterable, Iterator
from itertools import compress
from operator import not_
from types import (
    BuiltinFunctionType,
    CodeType,
    FunctionType,
    GetSetDescriptorType,
    MemberDescriptorType,
    MethodDescriptorType,
    ModuleType,
    WrapperDescriptorType,
)
from weakref import ReferenceType

from .contents import all_same, items, number_of, numbers_are, same

_PACKAGE = __name__.partition(".")[0]
_CONSTANTS = (int, float, complex, bool, str, bytes, range, type(None), type(...), CodeType, re.Pattern)
_IN_C = (BuiltinFunctionType, GetSetDescriptorType, MemberDescriptorType, MethodDescriptorType, WrapperDescriptorType)
_LEAVES = frozenset((*_CONSTANTS, *_IN_C, ModuleType, ReferenceType))
"""Types of what leads to nothing that a program could change; modules are beginnings of their own."""
_OF_IMPORTS = frozenset(("_frozen_importlib", "_frozen_importlib_external", "importlib.machinery"))
_CACHING = frozenset(("_abc_data", "_lru_cache_wrapper"))
"""Types in C that keep what they were asked."""
_IN_LIBRARY = (list, dict, set)
_IN_ORDER = (deque, bytearray, array)
_IMMUTABLE = 1 << 8
"""Flag of a class that takes no attributes."""
_namespace = type.__dict__["__dict__"].__get__
_attributes = object.__getattribute__


class Reached:
    """The containers that are reached from some modules, as they are now.

    ``spared``: those that are put back, or looked at, elsewhere. ``strict``: whether an empty dictionary, too, counts
    as changed once it was changed and changed back; the library fills some for a while.
    """

    def __init__(self, modules: Iterable[ModuleType], spared: Iterable[object] = (), strict: bool = True):
        found = list(_containers(modules, spared))
        self.found = tuple(each for each in found if isinstance(each, _IN_LIBRARY))
        """Those that are dictionaries, lists or sets."""
        is_numbered = [number_of(each) is not None and (strict or len(each) > 0) for each in self.found]
        self._numbered = tuple(compress(self.found, is_numbered))
        self._numbers = array("Q", map(number_of, self._numbered))
        self._listed = tuple(compress(self.found, map(not_, is_numbered)))
        self._before = tuple(tuple(items(each)) for each in self._listed)
        self._others = [(each, tuple(each)) for each in found if isinstance(each, _IN_ORDER)]

    def are_unchanged(self) -> bool:
        """Whether each holds what it held, by identity."""
        return (
            numbers_are(self._numbered, self._numbers)
            and all_same(self._listed, self._before)
            and all(same(held, before) for held, before in self._others)
        )


def _containers(modules: Iterable[ModuleType], spared: Iterable[object]) -> Iterator[object]:
    """Every container that is reached from modules, once, but for their own contents and what is spared."""
    left: list = []
    held = [getattr(module, "__dict__", None) for module in modules]
    for each in held:
        if type(each) is dict:
            left += [value for name, value in each.items() if name not in ("__builtins__", "__spec__", "__loader__")]
    of_modules = (getattr(module, "__dict__", None) for module in list(sys.modules.values()))
    seen = {id(each): each for each in (*of_modules, *spared)}
    while left:
        each = left.pop()
        kind = type(each)
        if kind in _LEAVES or id(each) in seen or kind.__module__ in _OF_IMPORTS:
            continue
        # What was seen is kept until the end: the number of another object could be its.
        seen[id(each)] = each
        if isinstance(each, (*_IN_LIBRARY, *_IN_ORDER)):
            yield each
        left += _held_by(each, kind)


def _held_by(each: object, kind: type) -> Collection[object]:
    """What an object of the library holds; nothing of one of ours."""
    if kind is FunctionType:
        if str(each.__module__).startswith(_PACKAGE):
            return ()
        return each.__dict__, each.__defaults__, each.__kwdefaults__, each.__closure__
    if issubclass(kind, type):
        if str(each.__module__).startswith(_PACKAGE):
            return ()
        # The namespace of a class that takes no attributes changes by our doing only.
        return gc.get_referents(_namespace(each)) if each.__flags__ & _IMMUTABLE == 0 else _namespace(each).values()
    if kind.__name__ in _CACHING:
        return getattr(each, "__wrapped__", None), getattr(each, "__dict__", None)
    if kind.__dictoffset__:
        # Asked for, attributes lie in a dictionary from then on.
        try:
            return *gc.get_referents(each), _attributes(each, "__dict__")
        except AttributeError:
            pass
    return gc.get_referents(each)
