"""What the text of a program tells about its inputs: annotations, and the constants that it compares them with.

Belongs here: reading the syntax tree. Does not belong here: what the given inputs tell (``knowledge``).
"""

import ast
import warnings
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field

Path = tuple[str | int, ...]
"""Where a value stands: its parameter, then ``*`` (element), ``k`` (key), ``v`` (value of a key) or a tuple's index."""

_MOST_CONSTANTS = 60
_LONGEST_TEXT = 40
_LARGEST = 1_000_000
_ELEMENTS = {"list", "set", "frozenset", "sequence", "iterable", "iterator", "collection", "deque"}
_MAPPINGS = {"dict", "defaultdict", "mapping", "counter", "ordereddict"}
_NODES = {"listnode", "treenode"}
_PLAIN = {"int", "float", "str", "bool", "bytes", "None", "any"}


@dataclass(slots=True)
class Hints:
    """What is known from the text alone.

    ``parameters``: names of the entry function's parameters in order, without ``self``. ``types``: by place, the names
    of the types that its annotation admits, in lower case, ``None`` among them. ``constants``: by type, the constants
    of the program, in order of first standing. ``compared``: by parameter, the constants that it, or an element of it,
    is compared with. ``lengths``: by parameter, the numbers that its length is compared with.
    """

    parameters: list[str] = field(default_factory=list)
    types: dict[Path, set[str]] = field(default_factory=lambda: defaultdict(set))
    constants: dict[type, list] = field(default_factory=lambda: defaultdict(list))
    compared: dict[str, list] = field(default_factory=lambda: defaultdict(list))
    lengths: dict[str, list[int]] = field(default_factory=lambda: defaultdict(list))


def read(code: str, entry_point: str | None) -> Hints:
    """The hints of a program; none where it does not parse."""
    hints = Hints()
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            tree = ast.parse(code)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return hints
    _constants(tree, hints)
    signature = _entry(tree, entry_point)
    if signature is not None:
        given = signature.args
        for parameter in (*given.posonlyargs, *given.args, *given.kwonlyargs):
            if parameter.arg in ("self", "cls"):
                continue
            hints.parameters.append(parameter.arg)
            if parameter.annotation is not None:
                _types(parameter.annotation, (parameter.arg,), hints.types)
        _comparisons(signature, hints)
    return hints


def _entry(tree: ast.Module, entry_point: str | None) -> ast.FunctionDef | None:
    name = (entry_point or "").rpartition(".")[2]
    found = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef) and node.name == name]
    return found[-1] if found and name else None


def _constants(tree: ast.Module, hints: Hints) -> None:
    documentation = {
        id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and id(node) not in documentation:
            _note(hints.constants[type(node.value)], node.value)


def _note(known: list, value: object) -> None:
    if isinstance(value, str) and len(value) > _LONGEST_TEXT:
        return
    if isinstance(value, (int, float)) and not isinstance(value, bool) and not abs(value) <= _LARGEST:
        return
    if len(known) < _MOST_CONSTANTS and not any(type(each) is type(value) and each == value for each in known):
        known.append(value)


def _comparisons(function: ast.FunctionDef, hints: Hints) -> None:
    names = set(hints.parameters)
    # A loop over a parameter, or over pairs of its elements, names the elements.
    elements: dict[str, str] = {}
    for node in ast.walk(function):
        if isinstance(node, (ast.For, ast.comprehension)) and isinstance(node.target, ast.Name):
            owner = next((each.id for each in ast.walk(node.iter) if isinstance(each, ast.Name)), None)
            if owner in names:
                elements.setdefault(node.target.id, owner)
    for node in ast.walk(function):
        if not isinstance(node, ast.Compare):
            continue
        sides = [node.left, *node.comparators]
        constants = [value for side in sides for value in _values(side)]
        for side in sides:
            if isinstance(side, ast.Call) and isinstance(side.func, ast.Name) and side.func.id == "len" and side.args:
                owner = _owner(side.args[0], names, elements)
                if owner is not None:
                    for value in constants:
                        if type(value) is int and 0 <= value <= 1_000:
                            _note(hints.lengths[owner], value)
                continue
            owner = _owner(side, names, elements)
            if owner is not None:
                for value in constants:
                    _note(hints.compared[owner], value)


def _values(side: ast.expr) -> Iterator[object]:
    if isinstance(side, ast.UnaryOp) and isinstance(side.op, ast.USub) and isinstance(side.operand, ast.Constant):
        if isinstance(side.operand.value, (int, float)):
            yield -side.operand.value
    elif isinstance(side, ast.Constant):
        yield side.value
    elif isinstance(side, (ast.Tuple, ast.List, ast.Set)):
        for each in side.elts:
            yield from _values(each)


def _owner(side: ast.expr, names: set[str], elements: dict[str, str]) -> str | None:
    """The parameter whose value, or part of whose value, an expression is about."""
    for node in ast.walk(side):
        if isinstance(node, ast.Name):
            if node.id in names:
                return node.id
            if node.id in elements:
                return elements[node.id]
    return None


def _types(annotation: ast.expr, place: Path, types: dict[Path, set[str]]) -> None:
    if isinstance(annotation, ast.Constant):
        if annotation.value is None:
            types[place].add("None")
        elif isinstance(annotation.value, str):
            try:
                _types(ast.parse(annotation.value, mode="eval").body, place, types)
            except (SyntaxError, ValueError):
                return
    elif isinstance(annotation, (ast.Name, ast.Attribute)):
        name = getattr(annotation, "id", None) or getattr(annotation, "attr", "")
        types[place].add(name if name == "None" else name.lower())
    elif isinstance(annotation, ast.BinOp):
        _types(annotation.left, place, types)
        _types(annotation.right, place, types)
    elif isinstance(annotation, ast.Subscript):
        _generic(annotation, place, types)


def _generic(annotation: ast.Subscript, place: Path, types: dict[Path, set[str]]) -> None:
    owner = annotation.value
    name = (getattr(owner, "id", None) or getattr(owner, "attr", "")).lower()
    inner = annotation.slice.elts if isinstance(annotation.slice, ast.Tuple) else [annotation.slice]
    if name in ("optional", "union"):
        if name == "optional":
            types[place].add("None")
        for each in inner:
            _types(each, place, types)
        return
    types[place].add(name)
    if name in _ELEMENTS:
        _types(inner[0], (*place, "*"), types)
    elif name in _MAPPINGS:
        for part, each in zip(("k", "v"), inner, strict=False):
            _types(each, (*place, part), types)
    elif name == "tuple":
        endless = any(isinstance(each, ast.Constant) and each.value is ... for each in inner)
        for number, each in enumerate(inner[:1] if endless else inner):
            _types(each, (*place, "*" if endless else number), types)
