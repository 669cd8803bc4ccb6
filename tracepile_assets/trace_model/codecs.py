"""Codecs of inputs: from the stored text of a call's arguments to Python values and back.

Belongs here: the registry and the codec ``literal``. Does not belong here: decoding inside the jail, where arguments
may be any expression (``execution``).
"""

import ast
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any

from tracepile_assets.trace_model.text_of_objects import source_of


class CodecError(ValueError):
    """A text cannot be decoded, a value cannot be encoded, or a codec is not known."""


@dataclass(frozen=True, slots=True)
class Codec:
    """One way of storing arguments.

    ``decode``: text between the call's parentheses -> positional values, named values. ``encode``: the way back, for
    values that ``decode`` can give; the text is also what the jail evaluates.
    """

    name: str
    decode: Callable[[str], tuple[tuple[Any, ...], dict[str, Any]]]
    encode: Callable[[tuple[Any, ...], dict[str, Any]], str]


_CODECS: dict[str, Codec] = {}


def register(codec: Codec) -> None:
    """Make a codec known by its name. Raises ``CodecError`` if the name is taken by another."""
    if _CODECS.setdefault(codec.name, codec) is not codec:
        raise CodecError(f"a codec named {codec.name!r} is registered already")


def codec(name: str) -> Codec:
    """The codec of that name. Raises ``CodecError`` that lists those known."""
    try:
        return _CODECS[name]
    except KeyError:
        raise CodecError(f"no codec named {name!r}; there are: {', '.join(sorted(_CODECS))}") from None


_CALLS: dict[str, Callable[..., Any]] = {
    "set": set,
    "frozenset": frozenset,
    "range": range,
    "slice": slice,
    "bytearray": bytearray,
    "deque": deque,
    "Decimal": Decimal,
    "Fraction": Fraction,
    "complex": complex,
}
_NAMED = {"inf": float("inf"), "nan": float("nan"), "Ellipsis": ...}


def parse_literal(text: str) -> Any:
    """The value that a text of builtin values denotes, read without evaluating anything.

    Beyond ``ast.literal_eval``: ``inf``, ``nan``, ``float('inf')``, range, slice, frozenset, bytearray, deque, Decimal,
    Fraction. Raises ``CodecError`` for other text.
    """
    try:
        return _read(ast.parse(text.strip(), mode="eval").body)
    except (SyntaxError, ValueError, TypeError, ArithmeticError, RecursionError, MemoryError) as error:
        if isinstance(error, CodecError):
            raise
        raise CodecError(f"not the text of a builtin value: {text[:200]!r}") from error


def _read(node: ast.expr) -> Any:
    if isinstance(node, ast.Constant):
        return node.value
    if isinstance(node, ast.Tuple):
        return tuple(map(_read, node.elts))
    if isinstance(node, ast.List):
        return list(map(_read, node.elts))
    if isinstance(node, ast.Set):
        return set(map(_read, node.elts))
    if isinstance(node, ast.Dict):
        if None in node.keys:
            raise CodecError("a mapping unpacked inside a literal")
        return {_read(k): _read(v) for k, v in zip(node.keys, node.values, strict=True) if k is not None}
    if isinstance(node, ast.Name) and node.id in _NAMED:
        return _NAMED[node.id]
    if isinstance(node, (ast.UnaryOp, ast.BinOp)):
        return _read_number(node)
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
        return _read_call(node.func.id, node)
    raise CodecError(f"not a literal: {ast.unparse(node)[:200]}")


def _read_number(node: ast.UnaryOp | ast.BinOp) -> Any:
    """A signed number, or the sum that writes a complex one."""
    if isinstance(node, ast.UnaryOp):
        value = _read(node.operand)
        if type(value) in (int, float, complex) and isinstance(node.op, (ast.USub, ast.UAdd)):
            return -value if isinstance(node.op, ast.USub) else +value
    elif isinstance(node.op, (ast.Add, ast.Sub)):
        left, right = _read(node.left), _read(node.right)
        if type(left) in (int, float) and type(right) is complex:
            return left + right if isinstance(node.op, ast.Add) else left - right
    raise CodecError(f"not a literal: {ast.unparse(node)[:200]}")


def _read_call(name: str, node: ast.Call) -> Any:
    args = [_read(argument) for argument in node.args]
    keywords = {keyword.arg: _read(keyword.value) for keyword in node.keywords if keyword.arg is not None}
    if name == "float" and len(args) == 1 and not keywords:
        return float(args[0])
    if name not in _CALLS or len(keywords) != len(node.keywords):
        raise CodecError(f"not a literal: {ast.unparse(node)[:200]}")
    if name == "bytearray" and any(isinstance(a, int) for a in args):
        raise CodecError("a bytearray given by its length")
    return _CALLS[name](*args, **keywords)


def _decode_literal(text: str) -> tuple[tuple[Any, ...], dict[str, Any]]:
    try:
        call = ast.parse(f"f({text.strip()}\n)", mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        raise CodecError(f"not the text of arguments: {text[:200]!r}") from error
    if not isinstance(call, ast.Call) or not isinstance(call.func, ast.Name):
        raise CodecError(f"not the text of arguments: {text[:200]!r}")
    try:
        args = tuple(map(_read, call.args))
        named = {keyword.arg: _read(keyword.value) for keyword in call.keywords if keyword.arg is not None}
    except (ValueError, TypeError, ArithmeticError, RecursionError) as error:
        if isinstance(error, CodecError):
            raise
        raise CodecError(f"not the text of arguments: {text[:200]!r}") from error
    if len(named) != len(call.keywords):
        raise CodecError("a mapping unpacked inside arguments")
    return args, named


def _encode_literal(args: tuple[Any, ...], named: dict[str, Any]) -> str:
    return ", ".join([*map(source_of, args), *(f"{name}={source_of(value)}" for name, value in named.items())])


register(Codec("literal", _decode_literal, _encode_literal))
