"""Copies of whole states, made by full traversal, for the naive recorder.

Belongs here: what a value is and what it holds, on this module's own terms: nothing is shared with the package. Does
not belong here: when a copy is made (``oracle``) and what it is compared with (``agreement``).

A value is ``("atom", type name, repr)``, ``("tuple", values)``, ``("frozenset", values)`` or ``("#", token)``. The
token of an object is its own for the whole run: every object met is kept alive.
"""

import datetime
from abc import ABCMeta
from collections import OrderedDict, deque
from decimal import Decimal
from enum import EnumMeta
from fractions import Fraction
from functools import partial
from types import BuiltinFunctionType, FunctionType, MethodDescriptorType, MethodType, ModuleType, SimpleNamespace
from typing import NamedTuple

_ATOMS = (int, float, complex, str, bytes, bool, type(None), type(...), range, slice, Decimal, Fraction)
_TIMES = (datetime.datetime, datetime.date, datetime.time, datetime.timedelta)
_HIDDEN = (FunctionType, BuiltinFunctionType, MethodDescriptorType, MethodType, ModuleType)
_CONTAINERS = (list, dict, set, frozenset, tuple, bytearray, deque, BaseException, int, float, complex, str, bytes)
_FORMS = ("bytearray", "class", "deque", "opaque", "set")
_VALUES = ("Decimal", "Fraction", "dict", "frozenset", "list", "range", "slice")


class Contents(NamedTuple):
    """What one object holds: items (pairs of a dict), attributes in order, the bound of a deque."""

    kind: str
    type_name: str
    items: tuple | bytes = ()
    attributes: tuple = ()
    maxlen: int | None = None


def is_class(value):
    return issubclass(type(value), type)


def is_hidden(value):
    """Whether a variable bound to this value is no part of the state, whatever it holds."""
    return type(value) in _HIDDEN


def is_atom(value):
    return type(value) in (*_ATOMS, *_TIMES)


class Heap:
    """The objects met in one run of the program whose module has this name."""

    def __init__(self, module_name):
        self._module = module_name
        self._tokens = {}
        self._kept = []

    def copy(self, roots, results=()):
        """Values of the roots (name to object), and contents of every object reachable from them, by token.

        Roots that are classes without data are left out, unless they are results; what they inherit from is not.
        """
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

        held = {name: x for name, x in roots.items() if not is_class(x) or name in results or self._holds_data(x)}
        copied = {name: value(x) for name, x in held.items()}
        for x in roots.values():
            for each in self._behind(x) if is_class(x) else ():
                value(each)
        while waiting:
            token, x = waiting.pop()
            for each in self._behind(x):
                value(each)
            objects[token] = self._contents(x, value)
        return copied, objects

    def _holds_data(self, kind):
        return self._is_own(kind) and any(not is_class(v) for _, v in self._entries(kind))

    def _behind(self, x):
        return filter(self._holds_data, self._related(x))

    def _related(self, x):
        """The classes of the program that a class, or the type of an instance, is or inherits from or holds."""
        found = []
        waiting = [x if is_class(x) else type(x)]
        while waiting:
            kind = waiting.pop()
            for each in (*type.__dict__["__mro__"].__get__(kind), *type(kind).__mro__):
                if self._is_own(each) and not any(each is other for other in found):
                    found.append(each)
                    waiting += [v for _, v in self._entries(each) if is_class(v)]
        return found

    def _is_own(self, kind):
        return type.__dict__["__dict__"].__get__(kind).get("__module__") == self._module

    def _entries(self, kind):
        """Data of a class and classes inside it."""
        found = []
        for name, v in type.__dict__["__dict__"].__get__(kind).items():
            method = hasattr(type(v), "__get__") and type(v).__module__ != self._module
            if name.startswith("__") and name.endswith("__"):
                continue
            if not (method or type(v) is partial or is_hidden(v) or name in _of_library(kind)):
                found.append((name, v))
        return found

    def _contents(self, x, value):
        name = type(x).__name__
        if is_class(x):
            if not self._holds_data(x):
                return Contents("opaque", name)
            return Contents("class", x.__name__, (), tuple((n, value(v)) for n, v in self._entries(x)))
        base, items, attributes = self._parts(x)
        if base is None:
            return Contents("opaque", name)
        shown = tuple((n, value(v)) for n, v in attributes)
        if base is bytearray:
            return Contents("bytearray", name, bytes(x), shown)
        if base is dict:
            return Contents("dict", name, tuple((value(k), value(v)) for k, v in items), shown)
        if base in (tuple, frozenset):
            items = [base(items)]
        word = base.__name__ if base in (list, set, deque) else "object"
        return Contents(word, name, tuple(map(value, items)), shown, deque.maxlen.__get__(x) if base is deque else None)

    def _parts(self, x):
        """The builtin base that counts (None: opaque), items, and attributes as pairs; no code of the program runs."""
        kind = type(x)
        base = next((b for b in _CONTAINERS if issubclass(kind, b)), None)
        own = kind.__module__ == self._module and not issubclass(kind, type)
        inherits = any(c.__module__ == self._module for c in kind.__mro__)
        if base is None and not (own or inherits or kind is SimpleNamespace):
            return None, (), ()
        if _has_fields(kind):
            return object, (), list(zip(kind._fields, tuple.__iter__(x), strict=True))
        attributes = self._attributes(x) if own or inherits or base is BaseException or kind is SimpleNamespace else []
        if base is None:
            return object, (), attributes
        if base is dict:
            # A key that has changed since, or equals another one, does not lead to its own value.
            items = {id(k): (k, v) for k, v in dict.items(x)}
            if issubclass(kind, OrderedDict):
                # A key is put into the dict first, and then into the order.
                items = {id(k): items[id(k)] for k in OrderedDict.__iter__(x)} | items
            return dict, list(items.values()), attributes
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
        found += [
            (n, v) for n, v in dict.items(held) if not (n.startswith("__") and n.endswith("__")) and n != "_sort_order_"
        ]
        owners = {}
        for c in type(x).__mro__:
            slots = c.__dict__.get("__slots__", ()) if c.__module__ == self._module else ()
            for name in (slots,) if isinstance(slots, str) else slots:
                if type(c.__dict__.get(name)).__name__ == "member_descriptor":
                    owners.setdefault(name, c)
        found = [(n, v) for n, v in found if n not in owners]
        for c in reversed(type(x).__mro__):
            for name in [n for n, owner in owners.items() if owner is c]:
                try:
                    found.append((name, c.__dict__[name].__get__(x)))
                except AttributeError:
                    continue
        return found

    def deep(self, x, around=()):
        """Text with everything inside written out."""
        kind, name = type(x), type(x).__name__
        if is_atom(x):
            return repr(x)
        if is_class(x) and self._holds_data(x):
            if id(x) in around:
                return f"class {_name(x.__name__)}(...)"
            shown = [f"{_name(n)}={self.deep(v, (*around, id(x)))}" for n, v in self._entries(x)]
            return f"class {_name(x.__name__)}({', '.join(shown)})"
        base, items, attributes = (None, (), ()) if is_class(x) else self._parts(x)
        if base is None:
            return f"opaque({_name(name)})"
        of_values = issubclass(kind, _CONTAINERS) and not _has_fields(kind)
        name = repr(name) if name in _FORMS or (of_values and name in _VALUES) else _name(name)
        if id(x) in around:
            return {list: "[...]", dict: "{...}", deque: "[...]", tuple: "(...)"}.get(kind, f"{name}(...)")
        around = (*around, id(x))
        shown = [f"{_name(n)}={self.deep(v, around)}" for n, v in attributes]
        if base is dict:
            inner = "{" + ", ".join(f"{self.deep(k, around)}: {self.deep(v, around)}" for k, v in items) + "}"
        elif base is bytearray:
            inner = f"bytearray({bytes(x)!r})"
        else:
            texts = [self.deep(v, around) for v in (_ordered(items) if base in (set, frozenset) else items)]
            if base in (set, frozenset):
                texts = texts if _ordered(items) is not items else sorted(texts)
            inner = ", ".join(texts)
            if base is list:
                inner = f"[{inner}]"
            elif base is deque:
                bound = deque.maxlen.__get__(x)
                inner = f"deque([{inner}])" if bound is None else f"deque([{inner}], maxlen={bound})"
            elif base in (set, frozenset):
                inner = f"{{{inner}}}" if texts else "set()"
            elif base is tuple:
                inner = f"({inner},)" if len(texts) == 1 else f"({inner})"
        if kind is frozenset:
            return f"frozenset({inner})" if items else "frozenset()"
        if kind in (list, dict, set, tuple, bytearray, deque):
            return inner
        return f"{name}({', '.join([inner, *shown] if inner else shown)})"


def _has_fields(kind):
    fields = getattr(kind, "_fields", ()) if issubclass(kind, tuple) else ()
    return len(fields) > 0 and len(set(fields)) == len(fields)


def _name(name):
    return name if name.isidentifier() else repr(name)


def _of_library(kind):
    """Names of the entries of a class that the standard library makes for itself."""
    names = ["_fields", "_field_defaults"] if issubclass(kind, tuple) else []
    if isinstance(kind, ABCMeta):
        names += ["_abc_impl", "_is_protocol", "_is_runtime_protocol"]
    if isinstance(kind, EnumMeta):
        names += [name for name in kind.__dict__ if name[0] == name[-1] == "_"]
    return names


def _ordered(items):
    """Sorted, or the same list where the elements do not sort."""
    if all(is_atom(x) or (type(x) is tuple and all(map(is_atom, x))) for x in items):
        try:
            return sorted(items)
        except TypeError:
            pass
    return items
