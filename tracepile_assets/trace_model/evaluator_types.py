"""The types that the pure evaluator computes with, and what of their values is the same in every run.

Belongs here: the closed lists of types, and refusing values of others, or results that depend on the order of a set.
Does not belong here: what may be applied to the values (``evaluator_builtins``).
"""

import itertools
from collections import OrderedDict, deque
from collections.abc import Iterator
from typing import Any

from tracepile_assets.trace_model.evaluator_objects import MAPPINGS, Abstain, Recorded

ERRORS = (ArithmeticError, LookupError, TypeError, ValueError, AttributeError, StopIteration)
"""What evaluating an expression may raise as the program's own error."""

NUMBERS = (int, float, complex, bool)
SIZED = (str, bytes, bytearray, list, tuple, dict, set, frozenset, range, deque, *MAPPINGS.values())
ATOMS = (*NUMBERS, str, bytes, type(None), type(Ellipsis))
PLAIN = (*ATOMS, *SIZED, slice)
VIEWS = tuple(type(view) for d in ({}, OrderedDict()) for view in (d.keys(), d.values(), d.items()))
_ITERATED = ([], (), "", {}, range(0), b"", deque(), set(), {}.items(), {}.values())
_REVERSED = ([], {}, range(0), deque(), {}.items(), {}.values())
_LAZY = """accumulate chain combinations combinations_with_replacement pairwise permutations product zip_longest"""
ITERATORS = (
    *(zip, map, filter, enumerate, reversed, type(x for x in ())),
    *(type(iter(value)) for value in _ITERATED),
    *(type(reversed(value)) for value in _REVERSED),
    *(getattr(itertools, name) for name in _LAZY.split()),
)
UNORDERED = (set, frozenset)
TYPES = (int, float, complex, bool, str, bytes, bytearray, list, tuple, dict, set, frozenset, range)


def require(value: Any, types: tuple[type, ...] = PLAIN) -> Any:
    """The value, if it is of one of the exact types; else ``Abstain``."""
    if type(value) not in types:
        raise Abstain(f"a value of type {type(value).__name__}")
    return value


def ordered(value: Any) -> Any:
    """The iterable, unless its order depends on hashing: then ``Abstain``."""
    if type(value) in UNORDERED and len(value) > 1:
        raise Abstain("the order of a set")
    return value


def writable(value: Any, depth: int = 0) -> Any:
    """The value, if its ``repr`` is the same in every run: no sets of several elements, no recorded objects inside."""
    if depth > 100:
        raise Abstain("nested too deeply to write out")
    if type(value) in ATOMS or type(value) in (range, bytearray):
        if type(value) is int and value.bit_length() > 14_000:
            raise Abstain("an integer beyond the limit of digits")
        return value
    require(value, (list, tuple, dict, set, frozenset, deque))
    ordered(value)
    for part in [*value.keys(), *value.values()] if type(value) is dict else value:
        writable(part, depth + 1)
    return value


def iterate(value: Any) -> Iterator[Any]:
    """An iterator over an exact builtin iterable. Raises ``Abstain`` for others, ``TypeError`` as Python would."""
    if isinstance(value, Recorded):
        raise Abstain(f"iteration over {value.ref}")
    return iter(value)


def order_free(function: str, values: list[Any]) -> list[Any]:
    """Values that a set gave, if ``function`` makes the same of them in any order; else ``Abstain``."""
    if function in ("any", "all"):
        return values
    kinds = set(map(type, values))
    # Equal values of different types (1, 1.0, True) would leave the one that came first.
    free = kinds <= {int} or (function != "sum" and (kinds <= {str} or kinds <= {bytes} or kinds <= {bool}))
    if not free and len(values) > 1:
        raise Abstain("the order of a set")
    return values
