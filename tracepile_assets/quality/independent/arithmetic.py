"""Values of expressions on the texts of a state.

Belongs here: building plain values from value text, operators, comparisons and a few functions without effects. Does
not belong here: what a text claims (`claims`).
"""

import ast
import math
import operator
from collections import Counter, defaultdict, deque
from collections.abc import Callable, Mapping
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any

from .heap import CannotTell


class Nonsense(CannotTell):
    """An expression of a text means nothing where it stands: an index of a number, a sum of a text and a number."""


_MOST = 10**400
_LONGEST = 100_000

_BINARY: dict[type, Callable[[Any, Any], Any]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.FloorDiv: operator.floordiv,
    ast.Mod: operator.mod,
    ast.Pow: operator.pow,
    ast.BitAnd: operator.and_,
    ast.BitOr: operator.or_,
    ast.BitXor: operator.xor,
    ast.LShift: operator.lshift,
    ast.RShift: operator.rshift,
}
_UNARY: dict[type, Callable[[Any], Any]] = {
    ast.USub: operator.neg,
    ast.UAdd: operator.pos,
    ast.Invert: operator.invert,
    ast.Not: operator.not_,
}
_COMPARE: dict[type, Callable[[Any, Any], Any]] = {
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
    ast.Eq: operator.eq,
    ast.NotEq: operator.ne,
    ast.In: lambda one, other: one in other,
    ast.NotIn: lambda one, other: one not in other,
    ast.Is: lambda one, other: one is other,
    ast.IsNot: lambda one, other: one is not other,
}
FUNCTIONS: dict[str, Callable[..., Any]] = {
    each.__name__: each
    for each in (abs, bool, chr, dict, divmod, float, frozenset, int, len, list, max, min, ord, repr, reversed, round)
}
FUNCTIONS |= {each.__name__: each for each in (set, sorted, str, sum, tuple, enumerate, zip, any, all, bin)}
"""Functions that are worked out, by name."""

_VALUES: dict[str, Callable[..., Any]] = {
    "deque": deque,
    "Counter": Counter,
    "Fraction": Fraction,
    "Decimal": Decimal,
    "bytearray": bytearray,
    "defaultdict": lambda held: defaultdict(None, held),
    "date": date,
    "datetime": datetime,
    "time": time,
    "timedelta": timedelta,
}
_OF_STRINGS = {
    "upper",
    "lower",
    "isdigit",
    "isalpha",
    "isupper",
    "islower",
    "isalnum",
    "isspace",
    "startswith",
    "endswith",
    "find",
    "count",
    "index",
    "strip",
    "lstrip",
    "rstrip",
    "split",
    "join",
    "replace",
    "swapcase",
    "title",
}
_METHODS = {
    str: _OF_STRINGS,
    list: ("count", "index", "copy"),
    tuple: ("count", "index"),
    dict: ("get", "keys", "values", "items"),
    set: ("union", "intersection", "difference", "issubset", "issuperset"),
}
_NAMES = {"inf": math.inf, "nan": math.nan}


def spelled(text: str | ast.AST) -> str:
    """The one spelling of a value or expression.

    Raises:
        CannotTell: the text is no expression.
    """
    try:
        return ast.unparse(ast.parse(text.strip(), mode="eval").body if isinstance(text, str) else text)
    except (SyntaxError, ValueError, MemoryError, RecursionError) as error:
        raise CannotTell("that is no expression") from error


def value_of(node: ast.AST, texts: Mapping[str, str]) -> Any:
    """The value of an expression where its names hold what these texts say.

    Raises:
        Nonsense: working it out fails.
        CannotTell: it cannot be worked out here.
    """
    try:
        value = _value(node, texts, 0)
    except CannotTell:
        raise
    except (ArithmeticError, TypeError, LookupError, AttributeError) as error:
        raise Nonsense(f"{type(error).__name__}: {error}") from error
    except (ValueError, RecursionError, MemoryError) as error:
        raise CannotTell(f"{type(error).__name__}: {error}") from error
    return value


def equal(one: Any, other: Any) -> bool:
    """Whether two values are the same, types included."""
    return type(one) is type(other) and (one == other or repr(one) == repr(other)) and _types(one) == _types(other)


def _types(value: Any) -> Any:
    if isinstance(value, list | tuple):
        return [_types(each) for each in value]
    return type(value)


def _value(node: ast.AST, texts: Mapping[str, str], deep: int) -> Any:
    match node:
        case ast.Constant():
            return node.value
        case ast.Name():
            return _named(node.id, texts, deep)
        case ast.Tuple():
            return tuple(_value(each, texts, deep) for each in node.elts)
        case ast.List():
            return [_value(each, texts, deep) for each in node.elts]
        case ast.Set():
            return {_value(each, texts, deep) for each in node.elts}
        case ast.Dict() if None not in node.keys:
            pairs = zip(node.keys, node.values, strict=True)
            return {_value(key, texts, deep): _value(value, texts, deep) for key, value in pairs if key is not None}
        case ast.UnaryOp():
            return _UNARY[type(node.op)](_value(node.operand, texts, deep))
        case ast.BinOp() if type(node.op) in _BINARY:
            return _binary(node, _value(node.left, texts, deep), _value(node.right, texts, deep))
        case ast.BoolOp():
            value = None
            for each in node.values:
                value = _value(each, texts, deep)
                if bool(value) == isinstance(node.op, ast.Or):
                    break
            return value
        case ast.Compare():
            left = _value(node.left, texts, deep)
            for op, each in zip(node.ops, node.comparators, strict=True):
                right = _value(each, texts, deep)
                if not _COMPARE[type(op)](left, right):
                    return False
                left = right
            return True
        case ast.IfExp():
            return _value(node.body if _value(node.test, texts, deep) else node.orelse, texts, deep)
        case ast.Subscript():
            held = _value(node.value, texts, deep)
            at = _value(node.slice, texts, deep)
            if isinstance(held, defaultdict) and at not in held:
                raise CannotTell("a default would be made")
            return held[at]
        case ast.Slice():
            parts = (node.lower, node.upper, node.step)
            return slice(*(None if part is None else _value(part, texts, deep) for part in parts))
        case ast.Call():
            return _called(node, texts, deep)
    raise CannotTell(f"{type(node).__name__} is not worked out here")


def _named(name: str, texts: Mapping[str, str], deep: int) -> Any:
    if name in texts:
        if deep:
            raise CannotTell(f"{name} stands in a value")
        if len(texts[name]) > _LONGEST:
            raise CannotTell(f"{name} is too long")
        return _value(ast.parse(texts[name], mode="eval").body, {}, deep + 1)
    if name in _NAMES:
        return _NAMES[name]
    raise CannotTell(f"{name} has no value then")


def _binary(node: ast.BinOp, left: Any, right: Any) -> Any:
    if isinstance(node.op, ast.Pow | ast.LShift) and not (abs(right) < 2_000 and abs(left) < _MOST):
        raise CannotTell("the number is too large")
    if isinstance(node.op, ast.Mult) and any(isinstance(each, str | list | tuple) for each in (left, right)):
        times, held = (left, right) if isinstance(left, int) else (right, left)
        if times * len(held) > _LONGEST:
            raise CannotTell("the value is too long")
    return _BINARY[type(node.op)](left, right)


def _called(node: ast.Call, texts: Mapping[str, str], deep: int) -> Any:
    given = [_value(each, texts, deep) for each in node.args]
    named = {str(each.arg): _value(each.value, texts, deep) for each in node.keywords if each.arg}
    if isinstance(node.func, ast.Name):
        if node.func.id == "range" and node.func.id not in texts:
            if len(range(*given)) > _LONGEST:
                raise CannotTell("the range is too long")
            return range(*given)
        known = _VALUES.get(node.func.id) or (None if deep else FUNCTIONS.get(node.func.id))
        if node.func.id == "set" and not given:
            return set()
        if known is not None and node.func.id not in texts:
            return known(*given, **named)
    elif isinstance(node.func, ast.Attribute):
        held = _value(node.func.value, texts, deep)
        if node.func.attr in _METHODS.get(type(held), ()):
            return getattr(held, node.func.attr)(*given, **named)
    raise CannotTell("that call is not worked out here")
