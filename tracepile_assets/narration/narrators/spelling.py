"""Expressions as text, as ``ast.unparse`` writes them, and faster for those that tellings are full of.

Belongs here: writing, and the reverse for value texts. Does not belong here: which expressions are told (``working``).
"""

import ast
import math
import re
from collections.abc import Callable
from functools import lru_cache

_TEST, _OR, _AND, _NOT, _COMPARED, _FACTOR, _POWER, _ATOM = 3, 4, 5, 6, 7, 14, 15, 17
"""How closely parts belong together, in the order of the standard library's table."""

_BINARY: dict[type, tuple[str, int]] = {
    ast.BitOr: ("|", 8),
    ast.BitXor: ("^", 9),
    ast.BitAnd: ("&", 10),
    ast.LShift: ("<<", 11),
    ast.RShift: (">>", 11),
    ast.Add: ("+", 12),
    ast.Sub: ("-", 12),
    ast.Mult: ("*", 13),
    ast.Div: ("/", 13),
    ast.FloorDiv: ("//", 13),
    ast.Mod: ("%", 13),
    ast.MatMult: ("@", 13),
    ast.Pow: ("**", _POWER),
}
_UNARY: dict[type, tuple[str, int]] = {
    ast.Not: ("not ", _NOT),
    ast.UAdd: ("+", _FACTOR),
    ast.USub: ("-", _FACTOR),
    ast.Invert: ("~", _FACTOR),
}
_COMPARISONS: dict[type, str] = {
    ast.Eq: "==",
    ast.NotEq: "!=",
    ast.Lt: "<",
    ast.LtE: "<=",
    ast.Gt: ">",
    ast.GtE: ">=",
    ast.Is: "is",
    ast.IsNot: "is not",
    ast.In: "in",
    ast.NotIn: "not in",
}

_SIMPLE_STRING = re.compile(r"'[^'\\\x00-\x1f\x7f\ud800-\udfff]*'")
_INTEGER = re.compile(r"-?(?:0|[1-9][0-9]{0,3000})")
_INTEGERS = re.compile(r"\[-?(?:0|[1-9][0-9]{0,17})(?:, -?(?:0|[1-9][0-9]{0,17}))*\]")
_CONSTANTS = {"True": True, "False": False, "None": None}


_NUMBERS = re.compile(r"\[[-\d, .\[\]()]*\]")


def is_row_of_numbers(text: str) -> bool:
    """Whether a value text is a list of nothing but numbers, and of lists and tuples of them; some are missed."""
    return _NUMBERS.fullmatch(text) is not None


class _Unusual(Exception):
    """The expression has a part that is left to the standard library."""


@lru_cache(maxsize=8_192)
def spelled(node: ast.AST) -> str:
    """An expression as text; it must not change afterwards."""
    if type(node) is ast.Name:
        return node.id
    try:
        return _written(node, _TEST)
    except _Unusual:
        return ast.unparse(node)


@lru_cache(maxsize=4_096)
def literal(text: str) -> ast.expr | None:
    """The expression that a value text is; None where it is none. It must not be changed."""
    if _INTEGER.fullmatch(text):
        return _integer(text)
    if text in _CONSTANTS:
        return ast.Constant(_CONSTANTS[text])
    if _SIMPLE_STRING.fullmatch(text):
        return ast.Constant(text[1:-1])
    if _INTEGERS.fullmatch(text):
        return ast.List(elts=[_integer(part) for part in text[1:-1].split(", ")], ctx=ast.Load())
    try:
        return ast.parse(text, mode="eval").body
    except (SyntaxError, ValueError, MemoryError, RecursionError):
        return None


def _integer(text: str) -> ast.expr:
    number = ast.Constant(abs(int(text)))
    return ast.UnaryOp(ast.USub(), number) if text[0] == "-" else number


def _written(node: ast.AST, around: int) -> str:
    """An expression as a part of another that holds it this closely."""
    write = _WRITERS.get(type(node))
    if write is None:
        raise _Unusual
    return write(node, around)


def _enclosed(text: str, level: int, around: int) -> str:
    return f"({text})" if around > level else text


def _name(node: ast.Name, around: int) -> str:
    return node.id


def _constant(node: ast.Constant, around: int) -> str:
    kind = type(node.value)
    if kind is float and math.isfinite(node.value):
        return repr(node.value)
    if kind not in (int, str, bool, type(None)) or node.kind:
        raise _Unusual
    return repr(node.value)


def _binary(node: ast.BinOp, around: int) -> str:
    sign, level = _BINARY[type(node.op)]
    left, right = (level + 1, level) if sign == "**" else (level, level + 1)
    return _enclosed(f"{_written(node.left, left)} {sign} {_written(node.right, right)}", level, around)


def _unary(node: ast.UnaryOp, around: int) -> str:
    sign, level = _UNARY[type(node.op)]
    return _enclosed(sign + _written(node.operand, level), level, around)


def _boolean(node: ast.BoolOp, around: int) -> str:
    word, level = (" and ", _AND) if type(node.op) is ast.And else (" or ", _OR)
    parts = [_written(part, min(level + number, _ATOM)) for number, part in enumerate(node.values, 1)]
    return _enclosed(word.join(parts), level, around)


def _compare(node: ast.Compare, around: int) -> str:
    text = _written(node.left, _COMPARED + 1)
    for op, right in zip(node.ops, node.comparators, strict=True):
        text += f" {_COMPARISONS[type(op)]} {_written(right, _COMPARED + 1)}"
    return _enclosed(text, _COMPARED, around)


def _conditional(node: ast.IfExp, around: int) -> str:
    body, test = _written(node.body, _TEST + 1), _written(node.test, _TEST + 1)
    return _enclosed(f"{body} if {test} else {_written(node.orelse, _TEST)}", _TEST, around)


def _attribute(node: ast.Attribute, around: int) -> str:
    if type(node.value) is ast.Constant:
        return f"{_written(node.value, _ATOM)}{' ' if isinstance(node.value.value, int) else ''}.{node.attr}"
    return f"{_written(node.value, _ATOM)}.{node.attr}"


def _subscript(node: ast.Subscript, around: int) -> str:
    if type(node.slice) is ast.Tuple:
        raise _Unusual
    return f"{_written(node.value, _ATOM)}[{_written(node.slice, _TEST)}]"


def _slice(node: ast.Slice, around: int) -> str:
    lower = _written(node.lower, _TEST) if node.lower else ""
    upper = _written(node.upper, _TEST) if node.upper else ""
    return f"{lower}:{upper}:{_written(node.step, _TEST)}" if node.step else f"{lower}:{upper}"


def _call(node: ast.Call, around: int) -> str:
    if any(keyword.arg is None for keyword in node.keywords):
        raise _Unusual
    given = [_written(argument, _TEST) for argument in node.args]
    given += [f"{keyword.arg}={_written(keyword.value, _TEST)}" for keyword in node.keywords]
    return f"{_written(node.func, _ATOM)}({', '.join(given)})"


def _items(nodes: list[ast.expr]) -> str:
    return ", ".join([_written(node, _TEST) for node in nodes])


def _list(node: ast.List, around: int) -> str:
    return f"[{_items(node.elts)}]"


def _tuple(node: ast.Tuple, around: int) -> str:
    return f"({_items(node.elts)},)" if len(node.elts) == 1 else f"({_items(node.elts)})"


def _set(node: ast.Set, around: int) -> str:
    if not node.elts:
        raise _Unusual
    return f"{{{_items(node.elts)}}}"


def _dict(node: ast.Dict, around: int) -> str:
    if None in node.keys:
        raise _Unusual
    pairs = zip(node.keys, node.values, strict=True)
    return "{" + ", ".join([f"{_written(key, _TEST)}: {_written(value, _TEST)}" for key, value in pairs]) + "}"


_WRITERS: dict[type, Callable] = {
    ast.Name: _name,
    ast.Constant: _constant,
    ast.BinOp: _binary,
    ast.UnaryOp: _unary,
    ast.BoolOp: _boolean,
    ast.Compare: _compare,
    ast.IfExp: _conditional,
    ast.Attribute: _attribute,
    ast.Subscript: _subscript,
    ast.Slice: _slice,
    ast.Call: _call,
    ast.List: _list,
    ast.Tuple: _tuple,
    ast.Set: _set,
    ast.Dict: _dict,
}
