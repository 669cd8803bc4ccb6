"""Values that are tried for a parameter, the likeliest first: what the outcome suggests, then small ones.

Belongs here: which type a parameter has, as far as annotations and its use tell, and the values of each. Does not
belong here: working a value out (``inverting``).
"""

import ast
from typing import Any

_TEXT_METHODS = frozenset(
    [
        "split",
        "lower",
        "upper",
        "strip",
        "lstrip",
        "rstrip",
        "replace",
        "startswith",
        "endswith",
        "isdigit",
        "isalpha",
        "isupper",
        "islower",
        "join",
        "title",
        "capitalize",
        "swapcase",
        "splitlines",
        "zfill",
        "find",
        "rfind",
    ]
)
_LIST_METHODS = frozenset(["append", "extend", "sort", "insert", "reverse", "pop"])
_MAP_METHODS = frozenset(["keys", "values", "items", "get"])
_TYPES = ("int", "float", "str", "list", "tuple", "dict", "set", "bool")

_INTS = (1, 2, 3, 0, 4, 5, 6, 7, 8, 9, 10, 12, 15, 16, 20, -1)


def guesses(function: ast.FunctionDef, name: str, outcome: Any) -> list[Any]:
    """Values to try for a parameter of the function that is called, no two alike."""
    kinds = _kinds(function, name)
    found: list[Any] = []
    for kind in kinds:
        found += _OF_KIND[kind](outcome)
    unlike: dict[str, Any] = {}
    for value in found:
        unlike.setdefault(repr(value), value)
    return list(unlike.values())


def _kinds(function: ast.FunctionDef, name: str) -> list[str]:
    arguments = (*function.args.posonlyargs, *function.args.args, *function.args.kwonlyargs)
    annotation = next((each.annotation for each in arguments if each.arg == name), None)
    if annotation is not None:
        said = ast.unparse(annotation).lower()
        for kind in _TYPES:
            if said.startswith((kind, f"optional[{kind}", f"typing.{kind}")):
                return ["list" if kind == "set" else kind]
    used = {kind for node in ast.walk(function) if (kind := _use(node, name)) is not None}
    if "map" in used:
        return ["dict"]
    if "str" in used:
        return ["str"]
    if "list" in used:
        return ["list", "str"]
    if "int" in used:
        return ["int"]
    return ["list", "str", "int"] if "sequence" in used else ["int", "list", "str"]


def _use(node: ast.AST, name: str) -> str | None:
    """What a piece of code says of the type of a variable."""

    def is_it(each: ast.AST) -> bool:
        return isinstance(each, ast.Name) and each.id == name

    match node:
        case ast.Attribute(value=value, attr=attr) if is_it(value):
            if attr in _TEXT_METHODS:
                return "str"
            return "list" if attr in _LIST_METHODS else "map" if attr in _MAP_METHODS else None
        case ast.For(iter=over) | ast.comprehension(iter=over) if is_it(over):
            return "sequence"
        case ast.Subscript(value=value) if is_it(value):
            return "sequence"
        case ast.Call(func=ast.Name(id="len" | "enumerate" | "sorted" | "set"), args=[over]) if is_it(over):
            return "sequence"
        case ast.Call(func=ast.Name(id="sum" | "max" | "min"), args=[over]) if is_it(over):
            return "list"
        case ast.Call(func=ast.Name(id="range"), args=over) if any(map(is_it, over)):
            return "int"
        case ast.BinOp(left=left, right=right, op=op) if is_it(left) or is_it(right):
            return "int" if isinstance(op, ast.Mod | ast.FloorDiv | ast.Sub | ast.Pow | ast.Div) else None
        case ast.Compare(left=left, ops=[ast.Lt() | ast.Gt() | ast.LtE() | ast.GtE(), *_]) if is_it(left):
            return "int"
    return None


def _ints(outcome: Any) -> list[Any]:
    near = [outcome, outcome - 1, outcome + 1] if isinstance(outcome, int) and not isinstance(outcome, bool) else []
    if isinstance(outcome, list | tuple | str):
        near.append(len(outcome))
    return [*near, *_INTS]


def _floats(outcome: Any) -> list[Any]:
    near = [outcome] if isinstance(outcome, float) else []
    return [*near, *(float(each) for each in _INTS), 0.5, 2.5]


def _texts(outcome: Any) -> list[Any]:
    near: list[Any] = []
    if isinstance(outcome, str):
        near = [outcome, outcome[::-1], outcome.lower(), outcome.upper()]
    elif isinstance(outcome, list | tuple) and all(isinstance(each, str) for each in outcome):
        near = [" ".join(outcome), "".join(outcome), ",".join(outcome)]
    elif isinstance(outcome, int) and 0 <= outcome <= 12:
        near = ["a" * outcome, "abcdefghijkl"[:outcome], str(outcome), " ".join("a" * outcome)]
    return [*near, "a", "", "ab", "aa", "aba", "abc", "(", "()", "1", "12", "a b", "101"]


def _lists(outcome: Any) -> list[Any]:
    near: list[Any] = []
    if isinstance(outcome, list | tuple):
        near = [list(outcome), list(outcome)[::-1]]
        if all(isinstance(each, int | float) for each in outcome):
            near.append(sorted(outcome))
    elif isinstance(outcome, int | float) and not isinstance(outcome, bool):
        near = [[outcome], [outcome, outcome], [0, outcome]]
        if isinstance(outcome, int) and 0 < outcome <= 8:
            near += [list(range(outcome)), list(range(1, outcome + 1)), [1] * outcome]
    elif isinstance(outcome, str):
        near = [[outcome], list(outcome), outcome.split()]
    small = [[1], [], [1, 2], [2, 1], [1, 1], [1, 2, 3], [3, 1, 2], [0], [1, 2, 2], [-1], [[1]], [[1, 2], [3, 4]]]
    return [*near, *small, ["a"], ["a", "b"]]


def _maps(outcome: Any) -> list[Any]:
    near = [dict(outcome)] if isinstance(outcome, dict) else []
    return [*near, {"a": 1}, {}, {"a": 1, "b": 2}, {1: 2}, {1: [2], 2: []}, {"a": [1]}]


_OF_KIND = {
    "int": _ints,
    "float": _floats,
    "str": _texts,
    "list": _lists,
    "tuple": lambda outcome: [tuple(each) for each in _lists(outcome)],
    "dict": _maps,
    "bool": lambda outcome: [True, False],
}
