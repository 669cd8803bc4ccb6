"""Reads value text, ours or a stranger's, without ever running anything.

Belongs here: the closed set of literals that an answer may be made of. Does not belong here: comparing (trace_model)
and deciding what is right (`grading`).
"""

import ast
import math
import re
import warnings
from collections.abc import Callable
from typing import Any

DEPTH = 60
"""Brackets that may be open at once."""

LENGTH = 100_000
"""Characters that are read at most."""

_BRACKETS = re.compile(r"[\[\](){}]")
_NUMBERS = {"nan": math.nan, "inf": math.inf}


class NotLiteral(ValueError):
    """The text is not a value that can be read; the message says why, to the person who wrote it."""


def parse(text: str) -> Any:
    """Read a value of exact builtin types.

    Numbers (also ``nan``, ``inf``, complex), strings, bytes, bool, None, and lists, tuples, dicts, sets and frozensets
    of them; ``set()``, ``frozenset({...})`` and ``float('inf')`` are the only calls.

    Raises:
        NotLiteral: it is anything else, too long, or nested too deeply.
    """
    return _guarded(lambda: _value(parse_expression(text)))


def parse_expression(text: str) -> ast.expr:
    """Parse text as one expression, within the caps on length and nesting.

    Raises:
        NotLiteral: it is not one.
    """
    if len(text) > LENGTH:
        raise NotLiteral(f"longer than {LENGTH} characters")
    depth = deepest = 0
    for bracket in _BRACKETS.findall(text):
        depth += 1 if bracket in "([{" else -1
        deepest = max(deepest, depth)
    if deepest > DEPTH:
        raise NotLiteral(f"brackets nested deeper than {DEPTH}")

    def parsed() -> ast.expr:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return ast.parse(text.strip(), mode="eval").body

    return _guarded(parsed)


def value_of(node: ast.expr) -> Any:
    """The value of a parsed literal.

    Raises:
        NotLiteral: it is not one.
    """
    return _guarded(lambda: _value(node))


def _guarded(read: Callable[[], Any]) -> Any:
    try:
        return read()
    except NotLiteral:
        raise
    except SyntaxError:
        raise NotLiteral("not a Python literal") from None
    except (ValueError, TypeError, RecursionError, MemoryError, OverflowError) as error:
        raise NotLiteral(f"cannot be read ({type(error).__name__})") from None


def _value(node: ast.expr) -> Any:
    match node:
        case ast.Constant(value=value) if value is not Ellipsis:
            return value
        case ast.Name(id=name) if name in _NUMBERS:
            return _NUMBERS[name]
        case ast.UnaryOp(op=ast.USub() | ast.UAdd(), operand=ast.Constant() | ast.Name()):
            number = _number(node.operand)
            return -number if isinstance(node.op, ast.USub) else number
        case ast.BinOp(left=left, op=ast.Add() | ast.Sub(), right=ast.Constant(value=complex() as imaginary)):
            real = _value(left)
            if isinstance(real, int | float) and not isinstance(real, bool):
                return real + imaginary if isinstance(node.op, ast.Add) else real - imaginary
        case ast.List(elts=parts):
            return [_value(part) for part in parts]
        case ast.Tuple(elts=parts):
            return tuple(_value(part) for part in parts)
        case ast.Set(elts=parts):
            return {_value(part) for part in parts}
        case ast.Dict(keys=keys, values=values) if None not in keys:
            return {_value(key): _value(value) for key, value in zip(keys, values, strict=True)}
        case ast.Call(func=ast.Name(id="set" | "frozenset" | "float" as name), args=args, keywords=[]):
            return _call(name, args)
    raise NotLiteral("not a Python literal")


def _number(node: ast.expr) -> Any:
    value = _value(node)
    if isinstance(value, bool) or not isinstance(value, int | float | complex):
        raise NotLiteral("a sign stands before something that is no number")
    return value


def _call(name: str, args: list[ast.expr]) -> Any:
    if name == "float":
        if len(args) == 1 and isinstance(args[0], ast.Constant) and isinstance(args[0].value, str):
            return float(args[0].value)
    elif not args:
        return set() if name == "set" else frozenset()
    elif len(args) == 1 and isinstance(args[0], ast.Set | ast.List | ast.Tuple):
        return (set if name == "set" else frozenset)(_value(args[0]))
    raise NotLiteral("not a Python literal")
