"""When two values are equal: three meanings for three uses.

Belongs here: exact equality (equivalence of rewrites), stated equality (a source's expected output) and graded equality
(answers). Does not belong here: reading text (``codecs``) and grading a question (``questions``).
"""

import math
import struct
from collections import deque
from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction
from itertools import repeat
from typing import Any

from tracepile_assets.trace_model.text_of_objects import text_of
from tracepile_assets.trace_model.values import Unknown

RELATIVE = 1e-9
"""Relative difference up to which floats count as equal, where floats are not compared bit by bit."""


def equal_exact(a: Any, b: Any) -> bool:
    """Equal with types, floats bit by bit, NaN equal to NaN; dicts in order. For values of builtin types."""
    return _exact(a, b, set())


def _exact(a: Any, b: Any, open_: set[tuple[int, int]]) -> bool:
    if type(a) is not type(b):
        return False
    if isinstance(a, float):
        return (a != a and b != b) or struct.pack("d", a) == struct.pack("d", b)
    if isinstance(a, complex):
        return _exact(a.real, b.real, open_) and _exact(a.imag, b.imag, open_)
    if isinstance(a, Decimal):
        return a.as_tuple() == b.as_tuple()
    if isinstance(a, (list, tuple, deque, dict)):
        if len(a) != len(b) or getattr(a, "maxlen", None) != getattr(b, "maxlen", None):
            return False
        if (id(a), id(b)) in open_:
            return True
        open_.add((id(a), id(b)))
        same = all(_exact(x, y, open_) for x, y in zip(a, b, strict=True))
        return same and (not isinstance(a, dict) or all(map(_exact, a.values(), b.values(), repeat(open_))))
    if isinstance(a, (set, frozenset)):
        return len(a) == len(b) and _exact_sets(a, b)
    return bool(a == b)


def _exact_sets(a: Any, b: Any) -> bool:
    try:
        return sorted(map(text_of, a)) == sorted(map(text_of, b))
    except Unknown:
        return _paired(list(a), list(b), equal_exact)


def _paired(a: list[Any], b: list[Any], equal: Callable[[Any, Any], bool]) -> bool:
    """Whether each element of one list has an equal of its own in the other."""
    if len(a) != len(b):
        return False
    rest = list(b)
    for x in a:
        for k, y in enumerate(rest):
            if equal(x, y):
                del rest[k]
                break
        else:
            return False
    return True


def _close(a: Any, b: Any) -> bool:
    if a == b or (a != a and b != b):
        return True
    if isinstance(a, complex) or isinstance(b, complex):
        a, b = complex(a), complex(b)
        return _close(a.real, b.real) and _close(a.imag, b.imag)
    try:
        return math.isclose(a, b, rel_tol=RELATIVE)
    except (OverflowError, TypeError, ValueError):
        return False


_NUMBERS = (int, float, complex)


def equal_stated(got: Any, stated: Any) -> bool:
    """Equal as ``==`` is (1 == 1.0, True == 1, mappings with equal items), floats within ``RELATIVE``, inside too."""
    return _alike(got, stated, strict=False)


def equal_graded(answer: Any, truth: Any) -> bool:
    """Equal for a grader: as ``equal_stated``, but bool equals only bool, str only str, and containers only their kind.

    An int stands for an equal float and the other way round.
    """
    return _alike(answer, truth, strict=True)


def _alike(a: Any, b: Any, strict: bool) -> bool:
    if strict and (isinstance(a, bool) or isinstance(b, bool)):
        return isinstance(a, bool) and isinstance(b, bool) and a == b
    if isinstance(a, _NUMBERS) and isinstance(b, _NUMBERS):
        if isinstance(a, (float, complex)) or isinstance(b, (float, complex)):
            return _close(a, b)
        return a == b
    if isinstance(a, dict) and isinstance(b, dict):
        return _alike_dicts(a, b, strict)
    for kind in (list, tuple, deque):
        if isinstance(a, kind) and isinstance(b, kind):
            return len(a) == len(b) and all(_alike(x, y, strict) for x, y in zip(a, b, strict=True))
    if isinstance(a, (set, frozenset)) and isinstance(b, (set, frozenset)):
        if strict and isinstance(a, frozenset) != isinstance(b, frozenset):
            return False
        return _alike_sets(a, b, strict)
    if isinstance(a, (Decimal, Fraction)) or isinstance(b, (Decimal, Fraction)):
        return bool(a == b)
    return (not strict or type(a) is type(b)) and bool(a == b)


def _alike_dicts(a: dict, b: dict, strict: bool) -> bool:
    """Alike keys with alike values; the order of keys does not count."""
    if len(a) != len(b):
        return False
    keys = {key: key for key in b}
    rest_a = []
    for key, value in a.items():
        if key in keys and _alike(key, keys[key], strict) and _alike(value, b[key], strict):
            del keys[key]
        else:
            rest_a.append((key, value))
    rest_b = [(key, b[key]) for key in keys]
    return _paired(rest_a, rest_b, lambda x, y: _alike(x[0], y[0], strict) and _alike(x[1], y[1], strict))


def _alike_sets(a: Any, b: Any, strict: bool) -> bool:
    if len(a) != len(b):
        return False
    elements = {element: element for element in b}
    rest = []
    for element in a:
        if element in elements and _alike(element, elements[element], strict):
            del elements[element]
        else:
            rest.append(element)
    return _paired(rest, list(elements), lambda x, y: _alike(x, y, strict))
