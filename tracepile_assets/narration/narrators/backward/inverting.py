"""Inverse rules: what a part of an expression can be for the whole to come to a certain value.

Belongs here: one rule per operator or function, and following them from what a function returns to one of its
parameters. A rule gives a value that is enough, not the only one. Does not belong here: values that are merely tried
(``guesses``); nothing is run, so that a rule that errs costs an attempt and no more.
"""

import ast
import math
import operator
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

_MOST_ITEMS = 30
"""Items of the longest list or string that is made up for a length."""


class NotInvertible(Exception):
    """No rule leads from the outcome to the parameter."""


@dataclass(frozen=True, slots=True)
class Need:
    """What a part of the code can be for the outcome to come about.

    Attributes:
        code: the part, an expression of the program.
        worked: how its value follows by arithmetic (``16 - 1``), None where it is read off.
        value: its value, as source text.
    """

    code: str
    worked: str | None
    value: str


def literal(text: str) -> Any:
    """The value of a literal. Raises ``NotInvertible`` for anything else."""
    try:
        return ast.literal_eval(text)
    except (ValueError, SyntaxError, TypeError, RecursionError, MemoryError):
        raise NotInvertible("no plain literal") from None


def needs(function: ast.FunctionDef, name: str, known: Mapping[str, Any], outcome: Any) -> tuple[Any, tuple[Need, ...]]:
    """A value of a parameter for which the function returns the outcome, and how it follows.

    Args:
        function: its body has to be assignments to new names and a return.
        name: the parameter that is sought.
        known: the values of the others.
        outcome: what is returned.

    Raises:
        NotInvertible: no rule leads there.
    """
    body = [each for each in function.body if not _is_text(each)]
    if not body or not isinstance(body[-1], ast.Return) or body[-1].value is None:
        raise NotInvertible("it does not end in a return")
    assigned: dict[str, ast.expr] = {}
    for each in body[:-1]:
        match each:
            case ast.Assign(targets=[ast.Name(id=target)], value=value) if target not in assigned:
                assigned[target] = value
            case _:
                raise NotInvertible("more than assignments")
    if assigned.keys() & {name, *known}:
        raise NotInvertible("a parameter is assigned to")
    search = _Search(name, dict(known), assigned)
    found = [Need(ast.unparse(body[-1].value), None, repr(outcome))]
    node, value = body[-1].value, outcome
    for _ in range(12):
        node = search.resolved(node)
        if isinstance(node, ast.Name) and node.id == name:
            return value, tuple(found)
        node, value, worked = search.step(node, value)
        if not _is_iterator(node):
            found.append(Need(ast.unparse(node), worked, repr(value)))
    raise NotInvertible("too many steps")


def _is_iterator(node: ast.expr) -> bool:
    """Whether an expression has no value that could be written down."""
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "reversed"


def _is_text(statement: ast.stmt) -> bool:
    return isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)


Step = tuple[ast.expr, Any, str | None]


class _Search:
    """The rules, with what is known of the other variables."""

    def __init__(self, name: str, known: dict[str, Any], assigned: dict[str, ast.expr]) -> None:
        self._name = name
        self._known = known
        self._assigned = assigned

    def resolved(self, node: ast.expr) -> ast.expr:
        """The expression that a new name stands for, if it is one."""
        seen: set[str] = set()
        while isinstance(node, ast.Name) and node.id in self._assigned and node.id not in seen:
            seen.add(node.id)
            node = self._assigned[node.id]
        return node

    def _depends(self, node: ast.AST) -> int:
        """How often the parameter stands in an expression, through new names too."""
        total = 0
        for each in ast.walk(node):
            if isinstance(each, ast.Name):
                if each.id == self._name:
                    total += 1
                elif each.id in self._assigned and each.id not in self._known:
                    total += self._depends(self._assigned[each.id])
        return total

    def _value(self, node: ast.expr) -> Any:
        """The value of an expression without the parameter: a literal, or a variable that is known."""
        if isinstance(node, ast.Name):
            if node.id in self._known:
                return self._known[node.id]
            if node.id in self._assigned:
                return self._value(self._assigned[node.id])
            raise NotInvertible(f"{node.id} is not known")
        if isinstance(node, ast.BinOp) and type(node.op) in _ARITHMETIC:
            left, right = self._value(node.left), self._value(node.right)
            if all(type(each) in (int, float) for each in (left, right)):
                return _computed(_ARITHMETIC[type(node.op)], left, right)
        return literal(ast.unparse(node))

    def _text(self, node: ast.expr) -> str:
        """An expression without the parameter, values in place of its variables: an operand that can be read."""
        if isinstance(node, ast.BinOp):
            sign = next(sign for sign, each in _SIGNS.items() if isinstance(node.op, each))
            return f"({self._text(node.left)} {sign} {self._text(node.right)})"
        value = self._value(node)
        return f"({value!r})" if _is_number(value) and value < 0 else repr(value)

    def step(self, node: ast.expr, value: Any) -> Step:
        """A part of an expression that holds the parameter, and what it can be for the whole to be the value."""
        if self._depends(node) != 1:
            return self._square(node, value)
        match node:
            case ast.BinOp(left=left, op=op, right=right):
                if self._depends(left):
                    return left, *_left(op, value, self._value(right), self._text(right))
                return right, *_right(op, value, self._value(left), self._text(left))
            case ast.UnaryOp(op=ast.USub(), operand=part) if _is_number(value):
                return part, -value, None
            case ast.UnaryOp(op=ast.Not(), operand=part) if isinstance(value, bool):
                return part, not value, None
            case ast.Compare(left=part, ops=[op], comparators=[other]) if isinstance(value, bool):
                if self._depends(part):
                    return part, _compared(op, self._value(other), value), None
            case ast.Call(func=ast.Name(id=called), args=[part], keywords=[]) if called in _CALLED:
                return part, _checked(_CALLED[called], value), None
            case ast.Call(func=ast.Attribute(value=part, attr=called), args=args, keywords=[]):
                if self._depends(part) and called in _METHODS:
                    return part, _checked(_METHODS[called], value, *map(self._value, args)), None
                if called == "join" and len(args) == 1 and isinstance(value, str) and self._depends(args[0]):
                    separator = self._value(part)
                    return args[0], value.split(separator) if separator else list(value), None
            case ast.Subscript(value=part, slice=ast.Slice(lower=None, upper=None, step=step)) if step is not None:
                if self._value(step) == -1 and isinstance(value, str | list | tuple):
                    return part, value[::-1], None
        raise NotInvertible(f"no rule for {type(node).__name__}")

    def _square(self, node: ast.expr, value: Any) -> Step:
        match node:
            case ast.BinOp(left=ast.Name(id=one) as part, op=op, right=ast.Name(id=two)) if one == two:
                if isinstance(op, ast.Mult) and type(value) is int and value >= 0 and math.isqrt(value) ** 2 == value:
                    return part, math.isqrt(value), None
                if isinstance(op, ast.Add) and type(value) is int and value % 2 == 0:
                    return part, value // 2, f"{value!r} // 2"
        raise NotInvertible("the parameter stands in several places")


_ARITHMETIC: dict[type, Callable[[Any, Any], Any]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.FloorDiv: operator.floordiv,
    ast.Mod: operator.mod,
}


def _computed(operation: Callable[[Any, Any], Any], one: Any, two: Any) -> Any:
    try:
        return operation(one, two)
    except (ArithmeticError, TypeError, ValueError):
        raise NotInvertible("it cannot be computed") from None


def _is_number(value: Any) -> bool:
    return type(value) in (int, float)


def _left(op: ast.operator, value: Any, other: Any, text: str) -> tuple[Any, str | None]:
    """The left operand for an operation with a known right one to give a value."""
    if isinstance(op, ast.Add) and type(value) is type(other) and type(value) in (str, list, tuple):
        if len(other) <= len(value) and value[len(value) - len(other) :] == other:
            return value[: len(value) - len(other)], None
    elif _is_number(value) and _is_number(other):
        match op:
            case ast.Add():
                return _worked(value, "-", other, text)
            case ast.Sub():
                return _worked(value, "+", other, text)
            case ast.Mult():
                return _divided(value, other, text)
            case ast.Div() | ast.FloorDiv():
                return _worked(value, "*", other, text)
            case ast.Mod() if 0 <= value < other:
                return value, None
            case ast.Pow() if type(value) is type(other) is int and value >= 0 and 0 < other < 20:
                root = round(value ** (1 / other))
                if root**other == value:
                    return root, None
    raise NotInvertible("no rule for these operands")


def _right(op: ast.operator, value: Any, other: Any, text: str) -> tuple[Any, str | None]:
    """The right operand for an operation with a known left one to give a value."""
    if isinstance(op, ast.Add) and type(value) is type(other) and type(value) in (str, list, tuple):
        if value[: len(other)] == other:
            return value[len(other) :], None
    elif _is_number(value) and _is_number(other):
        match op:
            case ast.Add():
                return _worked(value, "-", other, text)
            case ast.Sub():
                return _worked(other, "-", value, first=text)
            case ast.Mult():
                return _divided(value, other, text)
            case ast.Div() if value:
                return _worked(other, "/", value, first=text)
    raise NotInvertible("no rule for these operands")


_SIGNS: dict[str, type] = {
    "+": ast.Add,
    "-": ast.Sub,
    "*": ast.Mult,
    "/": ast.Div,
    "//": ast.FloorDiv,
    "%": ast.Mod,
}


def _worked(one: Any, sign: str, two: Any, second: str | None = None, first: str | None = None) -> tuple[Any, str]:
    """What an operation gives, and how it is written."""
    found = _computed(_ARITHMETIC[_SIGNS[sign]], one, two)
    if second is None:
        second = f"({two!r})" if two < 0 else f"{two!r}"
    return found, f"{first or repr(one)} {sign} {second}"


def _divided(value: Any, other: Any, text: str) -> tuple[Any, str]:
    if type(value) is type(other) is int:
        if not other or value % other:
            raise NotInvertible("it does not divide")
        return _worked(value, "//", other, text)
    return _worked(value, "/", other, text)


def _compared(op: ast.cmpop, other: Any, truth: bool) -> Any:
    """What stands left of a comparison for it to come out so."""
    if isinstance(op, ast.Eq | ast.NotEq) and truth == isinstance(op, ast.Eq):
        return other
    if _is_number(other):
        greater, less, equal = other + 1, other - 1, other
        match op:
            case ast.Eq() | ast.NotEq():
                return greater
            case ast.Gt():
                return greater if truth else equal
            case ast.GtE():
                return equal if truth else less
            case ast.Lt():
                return less if truth else equal
            case ast.LtE():
                return equal if truth else greater
    if isinstance(op, ast.In) and truth and isinstance(other, str | list | tuple) and other:
        return other[0]
    raise NotInvertible("no rule for this comparison")


def _checked(rule: Callable[..., Any], *values: Any) -> Any:
    try:
        found = rule(*values)
    except (TypeError, ValueError, AttributeError, IndexError):
        raise NotInvertible("no rule for these values") from None
    if found is None:
        raise NotInvertible("no rule for these values")
    return found


_CALLED: dict[str, Callable[[Any], Any]] = {
    "len": lambda value: [0] * value if type(value) is int and 0 <= value <= _MOST_ITEMS else None,
    "abs": lambda value: value if _is_number(value) and value >= 0 else None,
    "int": lambda value: value if type(value) is int else None,
    "float": lambda value: value if type(value) is float else None,
    "str": lambda value: int(value) if isinstance(value, str) and str(int(value)) == value else None,
    "list": lambda value: value if isinstance(value, list) else None,
    "tuple": lambda value: list(value) if isinstance(value, tuple) else None,
    "sorted": lambda value: value if isinstance(value, list) else None,
    "set": lambda value: sorted(value) if isinstance(value, set) else None,
    "reversed": lambda value: value[::-1] if isinstance(value, list) else None,
    "sum": lambda value: [value] if _is_number(value) else None,
    "max": lambda value: [value],
    "min": lambda value: [value],
    "bool": lambda value: int(value) if isinstance(value, bool) else None,
}

_METHODS: dict[str, Callable[..., Any]] = {
    **dict.fromkeys(
        ("upper", "lower", "strip", "lstrip", "rstrip", "title", "capitalize"),
        lambda value: value if isinstance(value, str) else None,
    ),
    "swapcase": lambda value: value.swapcase(),
    "split": lambda value, separator=" ": separator.join(value) if isinstance(value, list) else None,
    "copy": lambda value: value,
}
