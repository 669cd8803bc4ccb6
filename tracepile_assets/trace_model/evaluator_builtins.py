"""The closed list of what the pure evaluator may apply: operators, builtins, methods.

Belongs here: the lists, and the guards that keep a result from being huge. Does not belong here: walking the syntax
tree (``evaluator``), copies of recorded objects (``evaluator_objects``).
"""

import ast
import functools
import inspect
import math
import operator
import re
from collections import Counter, OrderedDict, deque
from collections.abc import Callable, Iterator
from typing import Any

from tracepile_assets.trace_model.evaluator_objects import MAPPINGS, Abstain, Budget, Recorded
from tracepile_assets.trace_model.evaluator_types import (
    ATOMS,
    ITERATORS,
    NUMBERS,
    PLAIN,
    SIZED,
    TYPES,
    UNORDERED,
    VIEWS,
    iterate,
    ordered,
    require,
    writable,
)

_STR = """capitalize casefold center count encode endswith find format index isalnum isalpha isascii isdecimal isdigit
isidentifier islower isnumeric isprintable isspace istitle isupper join ljust lower lstrip partition removeprefix
removesuffix replace rfind rindex rjust rpartition rsplit rstrip split splitlines startswith strip swapcase title
translate upper zfill"""
_BYTES = "count decode endswith find hex index join lower replace rfind split startswith strip upper"
_DICT = "copy get items keys values"
_SET = "copy difference intersection isdisjoint issubset issuperset symmetric_difference union"
METHODS: dict[type, frozenset[str]] = {
    str: frozenset(_STR.split()),
    bytes: frozenset(_BYTES.split()),
    bytearray: frozenset(["count", "find", "index"]),
    list: frozenset(["copy", "count", "index"]),
    tuple: frozenset(["count", "index"]),
    range: frozenset(["count", "index"]),
    deque: frozenset(["copy", "count", "index"]),
    dict: frozenset(_DICT.split()),
    Counter: frozenset((*_DICT.split(), "elements", "most_common", "total")),
    OrderedDict: frozenset(_DICT.split()),
    MAPPINGS["defaultdict"]: frozenset(_DICT.split()),
    set: frozenset(_SET.split()),
    frozenset: frozenset(_SET.split()),
    int: frozenset(["as_integer_ratio", "bit_count", "bit_length", "conjugate"]),
    bool: frozenset(["bit_length"]),
    float: frozenset(["as_integer_ratio", "hex", "is_integer"]),
    complex: frozenset(["conjugate"]),
}
"""Methods without effects, by exact type."""

BINARY: dict[type, Callable[[Any, Any], Any]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.FloorDiv: operator.floordiv,
    ast.Mod: operator.mod,
    ast.Pow: operator.pow,
    ast.LShift: operator.lshift,
    ast.RShift: operator.rshift,
    ast.BitOr: operator.or_,
    ast.BitXor: operator.xor,
    ast.BitAnd: operator.and_,
}
UNARY: dict[type, Callable[[Any], Any]] = {
    ast.UAdd: operator.pos,
    ast.USub: operator.neg,
    ast.Invert: operator.invert,
    ast.Not: operator.not_,
}
COMPARE: dict[type, Callable[[Any, Any], Any]] = {
    ast.Eq: operator.eq,
    ast.NotEq: operator.ne,
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
}


def guard_binary(op: ast.operator, a: Any, b: Any, budget: Budget) -> None:
    """Refuse an operation on other than exact builtin types, or one whose result could be huge."""
    require(a, (*PLAIN, *VIEWS))
    require(b, (*PLAIN, *VIEWS))
    both_ints = isinstance(a, int) and isinstance(b, int)
    if isinstance(op, ast.Pow) and both_ints and b > 0:
        budget.bits(a.bit_length() * b if a not in (0, 1, -1) else 1)
    elif isinstance(op, ast.LShift) and both_ints:
        budget.bits(a.bit_length() + max(b, 0))
    elif isinstance(op, ast.Mult):
        if both_ints:
            budget.bits(a.bit_length() + b.bit_length())
        for sequence, times in ((a, b), (b, a)):
            if isinstance(sequence, SIZED) and isinstance(times, int):
                budget.size(len(sequence) * max(times, 0))
    elif isinstance(op, ast.Add) and isinstance(a, SIZED) and isinstance(b, SIZED):
        budget.size(len(a) + len(b))
        budget.spend((len(a) + len(b)) // 100)
    elif isinstance(op, ast.Mod) and isinstance(a, (str, bytes)):
        if re.search(r"\d{5}|\*", a if isinstance(a, str) else a.decode("latin-1")):
            raise Abstain("a wide format")
        writable(b)


def guard_format(spec: str) -> str:
    """The format specification, unless its width could be huge."""
    if re.search(r"\d{5}", spec):
        raise Abstain("a wide format")
    return spec


def items_of(value: Any, budget: Budget, any_order: bool = False) -> list[Any]:
    """Everything that iterating over the value gives, as a list; spends one step for each."""
    if not any_order:
        ordered(value)
    found = []
    for item in iterate(value):
        budget.spend()
        found.append(item)
    return found


def check_signature(function: Callable, *args: Any, **keywords: Any) -> None:
    """Abstain where our function does not take the arguments: Python's own might, or might raise otherwise."""
    least, most = _positional(function)
    if not keywords and least <= len(args) <= most:
        return
    try:
        inspect.signature(function).bind(*args, **keywords)
    except TypeError as error:
        raise Abstain(str(error)) from error


@functools.lru_cache(maxsize=512)
def _positional(function: Callable) -> tuple[int, float]:
    """Fewest and most arguments that a function takes where all are positional; none at all if it has to have
    keywords."""
    parameters = inspect.signature(function).parameters.values()
    open_ended = any(p.kind is p.VAR_POSITIONAL for p in parameters)
    positional = [p for p in parameters if p.kind in (p.POSITIONAL_ONLY, p.POSITIONAL_OR_KEYWORD)]
    if any(p.kind is p.KEYWORD_ONLY and p.default is p.empty for p in parameters):
        return 1, 0
    return sum(p.default is p.empty for p in positional), math.inf if open_ended else len(positional)


class Applier:
    """Applies builtins and methods to values of exact builtin types."""

    def __init__(self, budget: Budget) -> None:
        """Guarded by ``budget``."""
        self.budget = budget

    def list_of(self, value: Any, any_order: bool = False) -> list[Any]:
        """See ``items_of``."""
        return items_of(value, self.budget, any_order)

    def method(self, owner: Any, name: str, args: list[Any], keywords: dict[str, Any]) -> Any:
        """Call a method from the closed list. Raises ``Abstain`` for others, and what Python raises."""
        kind = type(owner)
        if name not in METHODS.get(kind, ()):
            if kind in PLAIN and not hasattr(owner, name):
                return getattr(owner, name)
            raise Abstain(f"method {name} of {kind.__name__}")
        args = [self.list_of(a) if type(a) in (*ITERATORS, *VIEWS) else a for a in args]
        for value in (*args, *keywords.values()):
            require(value)
        self._guard_method(owner, name, [*args, *keywords.values()])
        return getattr(owner, name)(*args, **keywords)

    def _guard_method(self, owner: Any, name: str, args: list[Any]) -> None:
        if isinstance(owner, (str, bytes)):
            if name in ("center", "ljust", "rjust", "zfill") and args and isinstance(args[0], int):
                self.budget.size(args[0])
            elif name == "replace" and len(args) >= 2 and isinstance(args[1], (str, bytes)):
                self.budget.size((len(owner) + 1) * (len(args[1]) + 1))
            elif name == "join" and args:
                ordered(args[0])
                self.budget.size(sum(len(a) + len(owner) for a in args[0] if isinstance(a, (str, bytes))))
            elif name == "format":
                guard_format(owner)
                if re.search(r"\{[^{}:!]*[.\[]", owner):
                    raise Abstain("attributes in a format")
                for value in args:
                    writable(value)
            elif name == "translate" and args:
                require(args[0], (dict,))
        elif name in ("union", "intersection", "difference", "issubset", "issuperset") or name in ("count", "index"):
            self.budget.spend(len(owner) if isinstance(owner, SIZED) else 1)
        elif name in ("elements", "total"):
            self.budget.size(sum(v for v in owner.values() if isinstance(v, int)))

    # Builtins: one method for each that needs a guard; the rest is called as it is.

    def builtin(self, name: str, args: list[Any], keywords: dict[str, Any]) -> Any:
        """Call a builtin from the closed list. Raises ``Abstain`` for others, and what Python raises."""
        guarded = getattr(Applier, f"_call_{name}", None)
        if guarded is not None:
            if name != "dict" and not keywords.keys() <= _KEYWORDS.get(name, frozenset()):
                raise Abstain(f"keywords {sorted(keywords)} of {name}")
            check_signature(guarded, self, *args, **keywords)
            return guarded(self, *args, **keywords)
        if name not in _DIRECT:
            raise Abstain(f"builtin {name}")
        for value in (*args, *keywords.values()):
            require(value)
        return _DIRECT[name](*args, **keywords)

    def _call_len(self, value: Any) -> int:
        if type(value) in (*ITERATORS, *ATOMS):
            return len(value)
        return len(require(value, (*SIZED, *VIEWS)))

    def _call_bool(self, *args: Any) -> bool:
        return bool(*args)

    def _call_any(self, values: Any) -> bool:
        return any(self._stepping(values))

    def _call_all(self, values: Any) -> bool:
        return all(self._stepping(values))

    def _stepping(self, values: Any) -> Iterator[Any]:
        for value in iterate(values):
            self.budget.spend()
            yield value

    def _call_sum(self, values: Any, start: Any = 0) -> Any:
        listed = self.list_of(values, any_order=True)
        if type(values) in UNORDERED and not all(isinstance(v, int) for v in listed):
            raise Abstain("a sum of floats in the order of a set")
        if not isinstance(start, NUMBERS):
            self.budget.spend(sum(len(v) for v in listed if isinstance(v, SIZED)) * len(listed))
        return sum(map(require, listed), require(start))

    def _call_min(self, *args: Any, **keywords: Any) -> Any:
        return self._extreme(min, args, keywords)

    def _call_max(self, *args: Any, **keywords: Any) -> Any:
        return self._extreme(max, args, keywords)

    def _extreme(self, function: Callable, args: tuple, keywords: dict[str, Any]) -> Any:
        if len(args) != 1:
            return function(*map(require, args), **keywords)
        if type(args[0]) in UNORDERED and (keywords.get("key") or any(v != v for v in args[0])):
            raise Abstain("the order of a set")
        return function(map(require, self.list_of(args[0], any_order=True)), **keywords)

    def _call_sorted(self, values: Any, **keywords: Any) -> list[Any]:
        any_order = keywords.get("key") is None
        listed = self.list_of(values, any_order=any_order)
        if type(values) in UNORDERED and any(v != v or isinstance(v, frozenset) for v in listed):
            raise Abstain("the order of a set")
        return sorted(listed, **keywords)

    def _only(self, values: tuple, any_order: bool = False) -> list[Any]:
        """The items of the one iterable given, if one is given."""
        if len(values) > 1:
            raise TypeError("expected at most 1 argument")
        return self.list_of(values[0], any_order) if values else []

    def _call_list(self, *values: Any) -> list[Any]:
        return self._only(values)

    def _call_tuple(self, *values: Any) -> tuple:
        return tuple(self._only(values))

    def _call_set(self, *values: Any) -> set:
        return set(self._only(values, any_order=True))

    def _call_frozenset(self, *values: Any) -> frozenset:
        return frozenset(self._only(values, any_order=True))

    def _call_dict(self, *values: Any, **keywords: Any) -> dict:
        if len(values) == 1 and type(values[0]) in (dict, *MAPPINGS.values()):
            return dict(values[0], **keywords)
        return dict(self._only(values), **keywords)

    def _call_enumerate(self, values: Any, start: Any = 0) -> Iterator[Any]:
        return enumerate(iterate(ordered(values)), start)

    def _call_zip(self, *values: Any, strict: bool = False) -> Iterator[Any]:
        return zip(*(iterate(ordered(v)) for v in values), strict=strict)

    def _call_map(self, function: Callable, *values: Any) -> Iterator[Any]:
        if not callable(function) or isinstance(function, Recorded):
            raise Abstain("map of a function that is not known")
        return map(function, *(iterate(ordered(v)) for v in values))

    def _call_filter(self, function: Callable | None, values: Any) -> Iterator[Any]:
        if function is not None and (not callable(function) or isinstance(function, Recorded)):
            raise Abstain("filter by a function that is not known")
        return filter(function, iterate(ordered(values)))

    def _call_reversed(self, values: Any) -> Iterator[Any]:
        require(values, (str, bytes, bytearray, list, tuple, dict, range, deque, set, frozenset, *VIEWS))
        return reversed(values)

    def _call_iter(self, values: Any) -> Iterator[Any]:
        return iterate(ordered(values))

    def _call_next(self, values: Any, *default: Any) -> Any:
        return next(require(values, ITERATORS), *default)

    def _call_str(self, *args: Any) -> str:
        if len(args) > 1:
            raise Abstain("str with an encoding")
        return str(*map(writable, args))

    def _call_repr(self, value: Any) -> str:
        return repr(writable(value))

    def _call_format(self, value: Any, spec: str = "") -> str:
        return format(writable(value), guard_format(require(spec, (str,))))

    def _call_int(self, *args: Any) -> int:
        if args and isinstance(args[0], str) and len(args[0]) > 4000:
            raise Abstain("an integer beyond the limit of digits")
        return int(*map(require, args))

    def _call_pow(self, base: Any, exponent: Any, modulus: Any = None) -> Any:
        if modulus is None:
            guard_binary(ast.Pow(), base, exponent, self.budget)
        return pow(require(base), require(exponent), require(modulus))

    def _call_round(self, number: Any, digits: Any = None) -> Any:
        if isinstance(digits, int) and abs(digits) > 10_000:
            raise Abstain("rounding far out")
        return round(require(number, NUMBERS), require(digits))

    def _call_bytes(self, *args: Any) -> bytes:
        if len(args) != 1 or isinstance(args[0], str):
            return bytes(*map(require, args))
        if isinstance(args[0], int):
            self.budget.size(args[0])
            return bytes(args[0])
        return bytes(self.list_of(args[0]))

    def _call_type(self, value: Any) -> type:
        return type(require(value, TYPES))

    def _call_isinstance(self, value: Any, kinds: Any) -> bool:
        for kind in kinds if isinstance(kinds, tuple) else (kinds,):
            if kind not in TYPES and kind is not type(None):
                raise Abstain("isinstance of a type that is not builtin")
        return isinstance(require(value), kinds)


_KEYWORDS = {
    "sorted": {"key", "reverse"},
    "min": {"key", "default"},
    "max": {"key", "default"},
    "sum": {"start"},
    "enumerate": {"start"},
    "zip": {"strict"},
}
_DIRECT: dict[str, Callable] = {
    function.__name__: function for function in (abs, bin, chr, complex, divmod, float, hex, oct, ord, range)
}
BUILTINS = frozenset(_DIRECT) | {name[len("_call_") :] for name in vars(Applier) if name.startswith("_call_")}
"""Names of the builtins that may be called."""
