"""What the pure evaluator may take from the standard library: a closed list of functions without effects.

Belongs here: functions and constants of ``math``, ``bisect``, ``itertools``, ``functools``, ``heapq``, ``string``, and
the container types of ``collections``; and which of a program's names stand for them. Does not belong here: builtins
and methods (``evaluator_builtins``).
"""

import bisect
import functools
import heapq
import itertools
import math
import string
from collections import Counter, OrderedDict, deque
from collections.abc import Callable, Iterator
from typing import Any

from tracepile_assets.trace_model.evaluator_builtins import Applier, check_signature
from tracepile_assets.trace_model.evaluator_objects import MAPPINGS, Abstain
from tracepile_assets.trace_model.evaluator_types import (
    ITERATORS,
    PLAIN,
    TYPES,
    VIEWS,
    iterate,
    ordered,
    require,
)

_MATH = """acos asin atan atan2 ceil comb copysign cos cosh degrees dist exp fabs factorial floor fmod frexp fsum gcd
hypot isclose isfinite isinf isnan isqrt lcm ldexp log log10 log1p log2 modf perm pow prod radians remainder sin sinh
sqrt tan tanh trunc"""
_LETTERS = "ascii_letters ascii_lowercase ascii_uppercase digits hexdigits octdigits punctuation whitespace"

CONSTANTS: dict[tuple[str, str], Any] = {
    **{("math", name): getattr(math, name) for name in ("e", "inf", "nan", "pi", "tau")},
    **{("string", name): getattr(string, name) for name in _LETTERS.split()},
}

_STARS = """bisect collections copy dataclasses datetime decimal enum fractions functools heapq itertools queue random
re statistics string time typing"""
_STAR_MODULES: dict[str, set[str]] = {
    "math": {"pow"},
    # Its `abs` gives what the builtin gives.
    "operator": {"pow"},
    **{name: set() for name in _STARS.split()},
}
"""Modules whose star import is understood, with the builtins that it hides behind others."""


def origin(name: str, imported: dict[str, tuple[str, str]], stars: set[str]) -> tuple[str, str] | None:
    """The standard library's (module, name) that a name of the program was imported from; None: not imported.

    Raises ``Abstain`` where star imports leave it open.
    """
    if name in imported:
        return imported[name]
    for module in stars:
        if module not in _STAR_MODULES or name in _STAR_MODULES[module]:
            raise Abstain(f"{name} may come from {module}")
    found = [module for module in stars if (module, name) in CONSTANTS or (module, name) in LIBRARY]
    return (found[0], name) if found else None


def member(module: str, name: str, applier: Applier) -> Any:
    """A constant or a function of a module. Raises ``Abstain`` for what is not on the list."""
    if (module, name) in CONSTANTS:
        return CONSTANTS[module, name]
    function = LIBRARY.get((module, name))
    if function is None:
        raise Abstain(f"{module}.{name}")
    return functools.partial(_call, function, applier)


def _call(function: Callable, applier: Applier, *args: Any, **keywords: Any) -> Any:
    check_signature(function, applier, *args, **keywords)
    return function(applier, *args, **keywords)


def _math(name: str) -> Callable:
    function = getattr(math, name)

    def call(applier: Applier, *args: Any, **keywords: Any) -> Any:
        args = tuple(applier.list_of(a) if type(a) in (*ITERATORS, *VIEWS) else require(a) for a in args)
        if name in ("factorial", "comb", "perm") and any(isinstance(a, int) and a > 5000 for a in args):
            raise Abstain("the number would be too large")
        if name in ("lcm", "ldexp", "pow") and any(isinstance(a, int) and a.bit_length() > 1000 for a in args):
            raise Abstain("the number would be too large")
        if name in ("prod", "fsum", "dist"):
            for sequence in args:
                ordered(sequence)
        if name == "prod":
            applier.budget.bits(sum(v.bit_length() for v in args[0] if isinstance(v, int)))
        return function(*args, **{key: require(value) for key, value in keywords.items()})

    return call


def _bisect(name: str) -> Callable:
    function = getattr(bisect, name)

    def call(applier: Applier, a: Any, x: Any, lo: Any = 0, hi: Any = None) -> int:
        return function(require(a, (list, tuple, range, deque)), require(x), require(lo), require(hi))

    return call


def _deque(applier: Applier, values: Any = (), maxlen: Any = None) -> deque:
    return deque(applier.list_of(values), require(maxlen))


def _counter(applier: Applier, *values: Any) -> Counter:
    if values and type(values[0]) in (dict, *MAPPINGS.values()):
        return Counter(dict(values[0]))
    return Counter(*map(applier.list_of, values))


def _default_dict(applier: Applier, *factory: Any) -> dict:
    if len(factory) > 1 or any(f not in TYPES and f is not None and not callable(f) for f in factory):
        raise Abstain("a defaultdict with contents")
    return MAPPINGS["defaultdict"]()


def _ordered_dict(applier: Applier, *values: Any) -> OrderedDict:
    if values and type(values[0]) in (dict, *MAPPINGS.values()):
        return OrderedDict(dict(values[0]))
    return OrderedDict(*map(applier.list_of, values))


def _known(function: Any) -> Callable:
    if not callable(function) or type(function) in PLAIN:
        raise Abstain("a function that is not known")
    return function


def _accumulate(applier: Applier, values: Any, function: Any = None, *, initial: Any = None) -> Iterator[Any]:
    if function is not None:
        return itertools.accumulate(applier.list_of(values), _known(function), initial=initial)
    listed = applier.list_of(values)
    if not all(type(v) in (int, float, bool) for v in listed):
        raise Abstain("accumulating other than numbers")
    return itertools.accumulate(listed, initial=require(initial))


def _over_lists(function: Callable) -> Callable:
    """Over iterables that are listed first; the results are counted as they are taken."""

    def call(applier: Applier, *args: Any, **keywords: Any) -> Iterator[Any]:
        listed = [a if type(a) is int else applier.list_of(a) for a in args]
        return function(*listed, **{key: require(value) for key, value in keywords.items()})

    return call


def _chain_of(applier: Applier, *values: Any) -> Iterator[Any]:
    return itertools.chain(*(iterate(ordered(v)) for v in values))


def _reduce(applier: Applier, function: Any, values: Any, *start: Any) -> Any:
    return functools.reduce(_known(function), applier.list_of(values), *map(require, start))


def _extremes(function: Callable) -> Callable:
    def call(applier: Applier, n: Any, values: Any, key: Any = None) -> list[Any]:
        return function(require(n), applier.list_of(values), key=None if key is None else _known(key))

    return call


LIBRARY: dict[tuple[str, str], Callable] = {
    **{("math", name): _math(name) for name in _MATH.split()},
    **{("bisect", name): _bisect(name) for name in ("bisect", "bisect_left", "bisect_right")},
    ("collections", "deque"): _deque,
    ("collections", "Counter"): _counter,
    ("collections", "defaultdict"): _default_dict,
    ("collections", "OrderedDict"): _ordered_dict,
    ("itertools", "accumulate"): _accumulate,
    ("itertools", "chain"): _chain_of,
    **{
        ("itertools", name): _over_lists(getattr(itertools, name))
        for name in ("combinations", "combinations_with_replacement", "permutations", "product", "zip_longest")
    },
    ("itertools", "pairwise"): _over_lists(itertools.pairwise),
    ("functools", "reduce"): _reduce,
    ("heapq", "nlargest"): _extremes(heapq.nlargest),
    ("heapq", "nsmallest"): _extremes(heapq.nsmallest),
}
"""(module, name) -> function of an ``Applier`` and the call's arguments."""
