"""Finds, in a running frame, the objects that a statement may have changed.

Belongs here: following the paths of ``effects`` through plain containers and instances. Does not belong here:
comparing the objects (``heap``). No code of the program runs: only exact builtin containers and instances' own
attributes are looked into.
"""

import ast
from collections import Counter, OrderedDict, defaultdict, deque

from .effects import Path
from .kinds import is_atom, is_class, is_invisible
from .serialise import Shapes

_MISSING = object()
_SEQUENCES = (list, tuple, deque)
_MAPPINGS = (dict, defaultdict, Counter, OrderedDict)


class Lost(Exception):
    """A path cannot be followed: anything may have changed."""


def touched(paths: tuple[Path, ...], environments: tuple[tuple, ...], shapes: Shapes) -> list[object]:
    """Objects on the paths, as the variables were before and are after the statement.

    Each environment is a tuple of mappings, searched in order. Raises ``Lost``.
    """
    found: list[object] = []
    for path in paths:
        for environment in environments:
            value = _lookup(path[0], environment)
            if value is _MISSING:
                continue
            if is_invisible(value):
                raise Lost
            found.append(value)
            for kind, step in path[1:]:
                if is_atom(value):
                    break
                if kind == "[":
                    index = _evaluate(step, environment)
                    if index is _MISSING:
                        raise Lost
                    value = _item(value, index, shapes)
                else:
                    value = _attribute(value, step, shapes)
                if value is _MISSING:
                    break
                if is_class(value):
                    raise Lost
                found.append(value)
    return found


def _lookup(name: str, environment: tuple) -> object:
    for held in environment:
        value = held.get(name, _MISSING)
        if value is not _MISSING:
            return value
    return _MISSING


def _item(value: object, index: object, shapes: Shapes) -> object:
    kind = type(value)
    if kind in _SEQUENCES:
        if type(index) is int or type(index) is bool:
            return value[index] if -len(value) <= index < len(value) else _MISSING
        if index is None or is_atom(index):
            return _MISSING
        raise Lost
    if kind in _MAPPINGS:
        if not _plain_key(index):
            raise Lost
        return dict.get(value, index, _MISSING)
    # Subscripting an instance of the program runs its own code, which has statements of its own.
    raise Lost


def _plain_key(key: object) -> bool:
    if type(key) is tuple:
        return all(map(_plain_key, key))
    return is_atom(key) and type(key) is not slice


def _attribute(value: object, name: str, shapes: Shapes) -> object:
    shape = shapes.of(value)
    if shape.opaque or shape.exact:
        raise Lost
    names, values = shape.attributes(value)
    if name in names:
        return values[names.index(name)]
    raise Lost


def _evaluate(node: ast.expr, environment: tuple) -> object:
    """Value of a simple index over plain values, else ``_MISSING``."""
    if isinstance(node, ast.Constant):
        return node.value
    if isinstance(node, ast.Name):
        value = _lookup(node.id, environment)
        return value if value is _MISSING or _plain_key(value) else _MISSING
    if isinstance(node, ast.Tuple):
        parts = tuple(_evaluate(part, environment) for part in node.elts)
        return _MISSING if any(part is _MISSING for part in parts) else parts
    operands = [node.operand] if isinstance(node, ast.UnaryOp) else [node.left, node.right]
    numbers = [_evaluate(operand, environment) for operand in operands]
    if any(type(number) is not int or number.bit_length() > 64 for number in numbers):
        return _MISSING
    if isinstance(node, ast.UnaryOp):
        return -numbers[0]
    left, right = numbers
    if isinstance(node.op, ast.Add):
        return left + right
    if isinstance(node.op, ast.Sub):
        return left - right
    if isinstance(node.op, ast.Mult):
        return left * right
    if right == 0:
        return _MISSING
    return left // right if isinstance(node.op, ast.FloorDiv) else left % right
