"""Copies of whole states, made by full traversal, for the naive recorder.

Belongs here: what a value is and what it holds, on this module's own terms: nothing is shared with the package. Does
not belong here: when a copy is made (``oracle``) and what it is compared with (``agreement``).

A value is ``("atom", type name, repr)``, ``("tuple", values)``, ``("frozenset", values)`` or ``("#", token)``. The
token of an object is its own for the whole run: every object met is kept alive.
"""

import datetime
from collections import OrderedDict, deque
from decimal import Decimal
from fractions import Fraction
from types import BuiltinFunctionType, FunctionType, MethodDescriptorType, MethodType, ModuleType, SimpleNamespace
from typing import NamedTuple

_ATOMS = (int, float, complex, str, bytes, bool, type(None), type(...), range, slice, Decimal, Fraction)
_TIMES = (datetime.datetime, datetime.date, datetime.time, datetime.timedelta)
_HIDDEN = (FunctionType, BuiltinFunctionType, MethodDescriptorType, MethodType, ModuleType)
_CONTAINERS = (list, dict, set, frozenset, tuple, bytearray, deque, BaseException, int, float, complex, str, bytes)


class Contents(NamedTuple):
    """What one object holds: items (pairs of a dict), attributes in order, the bound of a deque."""

    kind: str
    type_name: str
    items: tuple | bytes = ()
    attributes: tuple = ()
    maxlen: int | None = None


def is_hidden(value):
    """Whether a variable bound to this value is no part of the state."""
    return type(value) in _HIDDEN or issubclass(type(value), type)


def is_atom(value):
    return type(value) in (*_ATOMS, *_TIMES)


class Heap:
    """The objects met in one run of the program whose module has this name."""

    def __init__(self, module_name):
        self._module = module_name
        self._tokens = {}
        self._kept = []

    def copy(self, roots):
        """Values of the roots (name to object), and contents of every object reachable from them, by token."""
        objects = {}
        waiting = []

        def value(x):
            kind = type(x)
            if is_atom(x):
                return ("atom", kind.__name__, repr(x))
            if kind is tuple:
                return ("tuple", tuple(map(value, x)))
            if kind is frozenset:
                return ("frozenset", tuple(map(value, x)))
            if id(x) not in self._tokens:
                self._tokens[id(x)] = len(self._kept)
                self._kept.append(x)
            token = self._tokens[id(x)]
            if token not in objects:
                objects[token] = None
                waiting.append((token, x))
            return ("#", token)

        copied = {name: value(x) for name, x in roots.items()}
        while waiting:
            token, x = waiting.pop()
            objects[token] = self._contents(x, value)
        return copied, objects

    def _contents(self, x, value):
        kind, name = type(x), type(x).__name__
        base, items, attributes = self._parts(x)
        if base is None:
            return Contents("opaque", name)
        shown = tuple((n, value(v)) for n, v in attributes)
        if base is bytearray:
            return Contents("bytearray", name, bytes(x), shown)
        if base is dict:
            return Contents("dict", name, tuple((value(k), value(v)) for k, v in items), shown)
        word = base.__name__ if base in (list, set, deque) else "object"
        return Contents(word, name, tuple(map(value, items)), shown, x.maxlen if kind is deque else None)

    def _parts(self, x):
        """The builtin base that counts (None: opaque), items, and attributes as pairs; no code of the program runs."""
        kind = type(x)
        base = next((b for b in _CONTAINERS if issubclass(kind, b)), None)
        own = kind.__module__ == self._module and not issubclass(kind, type)
        inherits = any(c.__module__ == self._module for c in kind.__mro__)
        if base is None and not (own or inherits or kind is SimpleNamespace):
            return None, (), ()
        if issubclass(kind, tuple) and hasattr(kind, "_fields"):
            return object, (), list(zip(kind._fields, tuple.__iter__(x), strict=True))
        attributes = self._attributes(x) if own or inherits or base is BaseException or kind is SimpleNamespace else []
        if base is None:
            return object, (), attributes
        if base is dict:
            keys = OrderedDict.__iter__(x) if issubclass(kind, OrderedDict) else dict.__iter__(x)
            return dict, [(k, dict.__getitem__(x, k)) for k in keys], attributes
        if base is BaseException:
            return BaseException, BaseException.args.__get__(x), attributes
        if base is bytearray:
            return bytearray, (), attributes
        if base in (int, float, complex, str, bytes):
            parts = base.__getnewargs__(x)
            return base, (complex(*parts) if base is complex else parts[0],), attributes
        return base, list(base.__iter__(x)), attributes

    def _attributes(self, x):
        found = []
        try:
            held = object.__getattribute__(x, "__dict__")
        except AttributeError:
            held = {}
        found += [(n, v) for n, v in dict.items(held) if not (n.startswith("__") and n.endswith("__"))]
        for c in reversed(type(x).__mro__):
            slots = c.__dict__.get("__slots__", ()) if c.__module__ == self._module else ()
            for name in (slots,) if isinstance(slots, str) else slots:
                member = c.__dict__.get(name)
                if type(member).__name__ == "member_descriptor":
                    try:
                        found.append((name, member.__get__(x)))
                    except AttributeError:
                        continue
        return found

    def deep(self, x, around=()):
        """Text with everything inside written out."""
        kind, name = type(x), type(x).__name__
        if is_atom(x):
            return repr(x)
        base, items, attributes = self._parts(x)
        if base is None:
            return f"opaque({name})"
        if id(x) in around:
            return {list: "[...]", dict: "{...}", deque: "[...]", tuple: "(...)"}.get(kind, f"{name}(...)")
        around = (*around, id(x))
        shown = [f"{n}={self.deep(v, around)}" for n, v in attributes]
        if base is dict:
            inner = "{" + ", ".join(f"{self.deep(k, around)}: {self.deep(v, around)}" for k, v in items) + "}"
        elif base is bytearray:
            inner = f"bytearray({bytes(x)!r})"
        else:
            texts = [self.deep(v, around) for v in (_ordered(items) if base in (set, frozenset) else items)]
            if base in (set, frozenset):
                texts = texts if _ordered(items) is not items else sorted(texts)
            inner = ", ".join(texts)
            if base in (list, deque):
                inner = f"[{inner}]"
            elif base in (set, frozenset):
                inner = f"{{{inner}}}" if texts else "set()"
            elif base is tuple:
                inner = f"({inner},)" if len(texts) == 1 else f"({inner})"
        if kind is deque:
            return f"deque({inner})" if x.maxlen is None else f"deque({inner}, maxlen={x.maxlen})"
        if kind is frozenset:
            return f"frozenset({inner})" if items else "frozenset()"
        if kind in (list, dict, set, tuple, bytearray):
            return inner
        return f"{name}({', '.join([inner, *shown] if inner else shown)})"


def _ordered(items):
    """Sorted, or the same list where the elements do not sort."""
    if all(is_atom(x) or (type(x) is tuple and all(map(is_atom, x))) for x in items):
        try:
            return sorted(items)
        except TypeError:
            pass
    return items
