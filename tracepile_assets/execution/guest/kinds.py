"""Tells what kind of value an object is, by its real type alone, and reads its parts without running the program's
code.

Belongs here: the closed list of atoms, containers and visible instances, and the accessors for their parts. Does not
belong here: the text of values (``serialise``) and which objects were seen before (``heap``).

``type(x)`` is the real type; ``__class__``, properties, ``__eq__``, ``__hash__`` and ``__iter__`` of the program's
classes are never consulted. Types are told apart by identity alone: a metaclass of the program's may say how a class is
hashed and compared.
"""

import datetime
from collections import OrderedDict, deque
from decimal import Decimal
from fractions import Fraction
from types import (
    BuiltinFunctionType,
    FunctionType,
    GetSetDescriptorType,
    MemberDescriptorType,
    MethodType,
    ModuleType,
    SimpleNamespace,
)

from . import ordered

PLAIN_ATOMS = frozenset(map(id, (int, float, complex, str, bytes, bool, type(None), type(...))))
"""Identities of the types whose ``repr`` is their value text and that hold nothing else."""

OTHER_ATOMS = (range, slice, Decimal, Fraction, datetime.datetime, datetime.date, datetime.time, datetime.timedelta)
"""Types of other values that are written inline unless a part of theirs is none of the plain ones."""
_INVISIBLE = (
    FunctionType,
    BuiltinFunctionType,
    ModuleType,
    MethodType,
    type,
    type(len),
    type(str.join),
    type(dict.fromkeys),
)
_BASES = (list, dict, set, frozenset, tuple, bytearray, deque, bool, int, float, complex, str, bytes)

mro_of = type.__dict__["__mro__"].__get__
class_dict = type.__dict__["__dict__"].__get__
type_name = type.__dict__["__name__"].__get__
_flags = type.__dict__["__flags__"].__get__
_args = BaseException.__dict__["args"].__get__
_numerator = Fraction.__dict__["_numerator"].__get__
_denominator = Fraction.__dict__["_denominator"].__get__
_deque_maxlen = deque.__dict__["maxlen"].__get__
_OF_MEMBERS = ("_sort_order_", "_inverted_")
"""What an enumeration writes into its members, for itself."""
_OF_FORMS = frozenset({"bytearray", "class", "deque", "opaque", "set"})
"""Names that begin the text of something else than an instance, whatever stands behind them."""
_OF_VALUES = frozenset({"Decimal", "Fraction", "dict", "frozenset", "list", "range", "slice"})
"""Names that a builtin value has: an instance with values but no names of its own could be taken for one."""
_is_heap_type = 1 << 9
_is_type = 1 << 31


class Shape:
    """How objects of one type are read: the builtin base whose contents count, its name, its attributes."""

    __slots__ = ("base", "dict_of", "exact", "fields", "instance", "kind", "met", "name", "of_class", "opaque", "slots")

    def __init__(self, kind: type, program_module: str):
        mro = mro_of(kind)
        self.kind = kind
        self.exact = _is_among(kind, _BASES)
        self.base: type | None = next((b for b in _BASES if _is_among(b, mro)), None)
        if self.base is None and _is_among(BaseException, mro):
            self.base = BaseException
        own = [c for c in mro if is_programs(c, program_module)]
        self.instance = bool(own) or kind is SimpleNamespace
        self.dict_of = None
        self.slots: list[tuple[str, object]] = []
        self.fields: tuple[str, ...] | None = None
        if not self.exact and (self.instance or self.base is BaseException):
            self.dict_of = _dict_getter(mro)
            self.slots = _slots_of(own)
        if self.base is tuple and not self.exact:
            self.fields = _namedtuple_fields(mro)
        self.opaque = self.base is None and not (self.instance and (self.dict_of or self.slots or own))
        self.of_class = _is_among(type, mro)
        if self.of_class:
            self.opaque = True
        self.name = self._shown_name()
        # Whether the classes behind it have come into view: of a class, that is asked each time.
        self.met = not self.of_class and is_of_interpreter(kind)

    def _shown_name(self) -> str:
        name = str.__str__(type_name(self.kind))
        if self.exact or self.opaque:
            return name_text(name)
        is_taken = name in _OF_FORMS or (name in _OF_VALUES and self.base is not None and self.fields is None)
        return repr(name) if is_taken else name_text(name)

    def attributes(self, x: object) -> tuple[list[str], list[object]]:
        """Names and values of the attributes that an object holds: its own ``__dict__`` in order, then slots."""
        names: list[str] = []
        values: list[object] = []
        if self.dict_of is not None:
            held = self.dict_of(x)
            if type(held) is dict:
                hidden = [name for name, _ in self.slots]
                for key, value in held.items():
                    if type(key) is not str or (key[:2] == "__" and key[-2:] == "__") or key in _OF_MEMBERS:
                        continue
                    if key not in hidden:
                        names.append(key)
                        values.append(value)
        for name, getter in self.slots:
            try:
                value = getter(x)
            except AttributeError:
                continue
            names.append(name)
            values.append(value)
        return names, values


def name_text(name: str) -> str:
    """A name as it is written in value text and places: in quotes unless it is an identifier."""
    return name if name.isidentifier() else repr(name)


def _is_among(kind: type, kinds: tuple[type, ...]) -> bool:
    for each in kinds:  # noqa: SIM110 - asked very often
        if each is kind:
            return True
    return False


def is_programs(kind: type, program_module: str) -> bool:
    """Whether a class was made by the program whose module has this name."""
    return bool(_flags(kind) & _is_heap_type) and class_dict(kind).get("__module__") == program_module


def is_of_interpreter(kind: type) -> bool:
    """Whether a type was compiled into the interpreter, with all its bases: it is the same in every run."""
    return not any(_flags(base) & _is_heap_type for base in mro_of(kind))


def _dict_getter(mro: tuple[type, ...]):
    for c in mro:
        found = class_dict(c).get("__dict__")
        if type(found) is GetSetDescriptorType:
            return found.__get__
    # Exceptions keep theirs behind a base without a descriptor of that name on some versions.
    return None


def _slots_of(kinds: list[type]) -> list[tuple[str, object]]:
    """Slots of classes in the order of the MRO, those of the last first; each hides those behind it of its name."""
    found: list[tuple[str, object]] = []
    for kind in kinds:
        names = {name for name, _ in found}
        found = [slot for slot in _own_slots(kind) if slot[0] not in names] + found
    return found


def _own_slots(kind: type) -> list[tuple[str, object]]:
    held = class_dict(kind)
    members = {n: v.__get__ for n, v in held.items() if type(n) is str and type(v) is MemberDescriptorType}
    declared = held.get("__slots__")
    order = [n for n in declared if type(n) is str] if type(declared) is tuple or type(declared) is list else []
    names = [n for n in order if n in members]
    names += [n for n in members if n not in names]
    return [(n, members[n]) for n in names]


def _namedtuple_fields(mro: tuple[type, ...]) -> tuple[str, ...] | None:
    for c in mro:
        fields = class_dict(c).get("_fields")
        if type(fields) is tuple and all(type(f) is str for f in fields):
            return fields if len(set(fields)) == len(fields) else None
    return None


def is_atom(x: object) -> bool:
    """Whether a value is written inline as ``repr`` writes it and never changes."""
    kind = type(x)
    if kind is list or kind is dict:
        return False
    if kind is int or kind is str or id(kind) in PLAIN_ATOMS:
        return True
    if not _is_among(kind, OTHER_ATOMS):
        return False
    if kind is range or kind is slice:
        return all(type(part) is int or part is None for part in (x.start, x.stop, x.step))
    if kind is Fraction:
        return type(_numerator(x)) is int and type(_denominator(x)) is int
    if kind is datetime.datetime or kind is datetime.time:
        return x.tzinfo is None or type(x.tzinfo) is datetime.timezone
    return True


def atom_text(x: object) -> str | None:
    """Value text of an atom; None for an int too long to be written."""
    kind = type(x)
    if kind is Fraction:
        top, bottom = atom_text(_numerator(x)), atom_text(_denominator(x))
        return None if top is None or bottom is None else f"Fraction({top}, {bottom})"
    if kind is int and x.bit_length() > 13_000:
        return None
    try:
        return repr(x)
    except ValueError:
        # Only an int over the interpreter's limit on digits, inside a range or slice, or where the program lowered it.
        return None


def is_invisible(x: object) -> bool:
    """Whether a variable bound to this value is left out of the state: a function, module, or class without data.

    That a class has data is not seen here: see ``classes``.
    """
    kind = type(x)
    return kind is not list and kind is not dict and (_is_among(kind, _INVISIBLE) or is_class(x))


def is_class(x: object) -> bool:
    """Whether a value is a class."""
    return bool(_flags(type(x)) & _is_type)


def is_wrapped(x: object) -> bool:
    """Whether it is what CPython puts around what an asynchronous generator yields."""
    kind = type(x)
    return type_name(kind) == "async_generator_wrapped_value" and not _flags(kind) & _is_heap_type


def is_a(x: object, kind: type) -> bool:
    """Whether a value is of a type or derived from it. ``isinstance`` would ask its ``__class__``."""
    return _is_among(kind, mro_of(type(x)))


def inherited(x: object, name: str) -> object:
    """The attribute that a value's type has or inherits; None if it has none."""
    return next((class_dict(c)[name] for c in mro_of(type(x)) if name in class_dict(c)), None)


def exception_args(x: BaseException) -> tuple:
    """The ``args`` of an exception, read past anything its class defines."""
    return _args(x)


def maxlen_of(x: deque) -> int | None:
    """The bound of a deque."""
    return _deque_maxlen(x)


def read_mapping(x: dict) -> tuple[list, list]:
    """Keys and values of a dict in its own order."""
    if is_a(x, OrderedDict):
        if (found := ordered.read(x)) is not None:
            return found
        keys = list(OrderedDict.__iter__(x))
        # An OrderedDict finds a value by hashing its key, which must not run the program's code.
        if all(map(is_atom, keys)):
            return keys, [dict.__getitem__(x, key) for key in keys]
    return list(dict.keys(x)), list(dict.values(x))


BASE_VALUE = {
    int: int.__int__,
    float: float.__float__,
    complex: lambda x: complex(complex.real.__get__(x), complex.imag.__get__(x)),
    str: lambda x: str.__str__(x) if type(x) is str else str.__getitem__(x, slice(None)),
    bytes: lambda x: bytes.__getitem__(x, slice(None)),
}
"""How the plain value inside a subclass of an atom is read."""
