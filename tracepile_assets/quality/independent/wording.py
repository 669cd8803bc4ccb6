"""Takes the words of one claim apart: the pieces of a chain of equations, the verdict of a test, numbers, code.

Belongs here: reading. Does not belong here: what is true (`claims`).
"""

import ast
import re
from collections.abc import Iterator

from .arithmetic import spelled
from .heap import CannotTell

_STRING = r"""'(?:[^'\\\n]|\\.)*'|"(?:[^"\\\n]|\\.)*\""""
_QUOTED = re.compile(rf"""`(?:[^`'"]|{_STRING})*`|{_STRING}""")
_HIDDEN = re.compile("\ue000(\\d+)\ue001")
_OPEN, _CLOSE = "([{", ")]}"


class Words:
    """The text of a claim with what stands in quotes or between backticks put out of sight of patterns."""

    def __init__(self, text: str) -> None:
        """Hide the quoted parts."""
        self._quoted: list[str] = []

        def hide(match: re.Match[str]) -> str:
            self._quoted.append(match.group())
            return f"\ue000{len(self._quoted) - 1}\ue001"

        self.text = _QUOTED.sub(hide, text)

    def match(self, pattern: str) -> re.Match[str] | None:
        """The pattern against the whole text, whatever its case."""
        return re.fullmatch(pattern, self.text, re.IGNORECASE | re.DOTALL)

    def shown(self, part: str) -> str:
        """A part with its quotes again."""
        return _HIDDEN.sub(lambda match: self._quoted[int(match[1])], part)

    def code(self, part: str) -> str:
        """A part that is code between backticks, or plain, without them."""
        shown = self.shown(part.strip())
        return shown[1:-1] if shown.startswith("`") and shown.endswith("`") else shown

    def expression(self, part: str) -> ast.expr:
        """A part as an expression.

        Raises:
            CannotTell: it is none.
        """
        return parsed(self.code(part))

    def last_expression(self, part: str) -> ast.expr:
        """The longest expression at the end of a part, after words that lead to it."""
        words = [match.start() for match in re.finditer(r"(?<!\S)\S", part)]
        for start in words:
            try:
                return self.expression(part[start:])
            except CannotTell:
                continue
        raise CannotTell("there is no expression")

    def chain(self, part: str) -> list[str]:
        """The parts of `a = b = c`."""
        found, depth, start = [], 0, 0
        for at, character in enumerate(part):
            depth += (character in _OPEN) - (character in _CLOSE)
            if depth == 0 and part[at : at + 3] == " = ":
                found.append(part[start:at])
                start = at + 3
        return [*found, part[start:]]


def parsed(text: str) -> ast.expr:
    """The expression that a text is.

    Raises:
        CannotTell: it is none.
    """
    try:
        return ast.parse(text.strip(), mode="eval").body
    except (SyntaxError, ValueError, MemoryError, RecursionError) as error:
        raise CannotTell("that is no expression") from error


def is_value(node: ast.AST) -> bool:
    """Whether an expression is the text of a value, with nothing in it to be worked out."""
    match node:
        case ast.Constant():
            return True
        case ast.Name():
            return node.id in ("inf", "nan")
        case ast.UnaryOp(op=ast.USub()):
            return isinstance(node.operand, ast.Constant | ast.Name) and is_value(node.operand)
        case ast.BinOp(op=ast.Add() | ast.Sub(), right=ast.Constant(value=complex())):
            return is_value(node.left)
        case ast.List() | ast.Tuple() | ast.Set():
            return all(map(is_value, node.elts))
        case ast.Dict():
            return all(key is not None and is_value(key) for key in node.keys) and all(map(is_value, node.values))
        case ast.Call(func=ast.Name()):
            return all(map(is_value, [*node.args, *(keyword.value for keyword in node.keywords)]))
    return False


def same(one: ast.AST, other: ast.AST) -> bool:
    """Whether two expressions are written alike."""
    return type(one) is type(other) and spelled(one) == spelled(other)


def bound(node: ast.AST) -> Iterator[tuple[ast.expr, ast.expr | None]]:
    """What a statement binds, and the expression that it binds it to where there is one."""
    if isinstance(node, ast.Assign):
        for target in node.targets:
            yield from _parts(target, node.value)
    elif isinstance(node, ast.AugAssign):
        yield node.target, ast.BinOp(node.target, node.op, node.value)
    elif isinstance(node, ast.AnnAssign):
        yield node.target, node.value
    elif isinstance(node, ast.For | ast.AsyncFor):
        yield from _parts(node.target, None)
    elif isinstance(node, ast.With | ast.AsyncWith):
        for item in node.items:
            if item.optional_vars is not None:
                yield from _parts(item.optional_vars, None)
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.expr):
            for inner in ast.walk(child):
                if isinstance(inner, ast.NamedExpr):
                    yield inner.target, inner.value


def _parts(target: ast.expr, value: ast.expr | None) -> Iterator[tuple[ast.expr, ast.expr | None]]:
    yield target, value
    if isinstance(target, ast.Starred):
        yield from _parts(target.value, None)
    elif isinstance(target, ast.Tuple | ast.List):
        parts = value.elts if isinstance(value, ast.Tuple | ast.List) else []
        plain = len(parts) == len(target.elts) and not any(isinstance(e, ast.Starred) for e in [*parts, *target.elts])
        for at, each in enumerate(target.elts):
            yield from _parts(each, parts[at] if plain else None)
