"""Deliberate mutants of a program: small changes that should alter what it computes, after the operators of mutation
testing.

A mutant is made to be refuted: an equivalence question needs programs that are shown to differ. It never becomes a
variant, whatever its runs show. Belongs here: finding the places and changing the text. Does not belong here: running
mutants (``refuting``), rewrites that keep the meaning (``transforms``).
"""

import ast
from collections.abc import Iterator
from random import Random
from typing import NamedTuple

from tracepile_assets.rewriting.proposing import normal_form

UNIT = "mutant"
"""Before the operator's name in ``rewrites`` and in the unit of a rejection: ``mutant:relational``."""

_ARITHMETIC = {
    ast.Add: ("+", "-"),
    ast.Sub: ("-", "+"),
    ast.Mult: ("*", "+"),
    ast.FloorDiv: ("//", "*"),
    ast.Mod: ("%", "//"),
    ast.Div: ("/", "*"),
}
_RELATIONAL = {
    ast.Lt: ("<", "<="),
    ast.LtE: ("<=", "<"),
    ast.Gt: (">", ">="),
    ast.GtE: (">=", ">"),
    ast.Eq: ("==", "!="),
    ast.NotEq: ("!=", "=="),
}
_LOGICAL = {ast.And: ("and", "or"), ast.Or: ("or", "and")}
_NO_NUMBER = (ast.JoinedStr, ast.List, ast.Tuple, ast.ListComp, ast.Dict)
_BETWEEN = " ()\\\t\r\n"
_LONGEST = 20_000


class Mutant(NamedTuple):
    """A changed program: the operator of mutation testing that changed it, and its text."""

    operator: str
    code: str


class _Edit(NamedTuple):
    operator: str
    start: int
    end: int
    text: str


def mutants(code: str, random: Random) -> Iterator[Mutant]:
    """Mutants of a program, one operator after the other in an order drawn by lot, each at a place drawn by lot.

    Every mutant compiles and has another syntax tree than the program and the mutants before it. There is none of a
    program that does not parse or is very long.

    Args:
        code: the program.
        random: decides the order and the places.
    """
    if len(code) > _LONGEST:
        return
    try:
        tree = ast.parse(code)
        seen = {normal_form(code)}
    except (SyntaxError, ValueError, RecursionError):
        return
    places: dict[str, list[_Edit]] = {}
    for edit in _Places(code).of(tree):
        places.setdefault(edit.operator, []).append(edit)
    for edits in places.values():
        random.shuffle(edits)
    while places:
        order = sorted(places)
        random.shuffle(order)
        for operator in order:
            edit = places[operator].pop()
            if not places[operator]:
                del places[operator]
            source = code.encode()
            changed = (source[: edit.start] + edit.text.encode() + source[edit.end :]).decode()
            try:
                form = normal_form(changed)
            except (SyntaxError, ValueError, RecursionError):
                continue
            if form not in seen:
                seen.add(form)
                yield Mutant(operator, changed)


class _Places:
    """The places of one text that can be changed; positions are in its UTF-8 bytes."""

    def __init__(self, code: str) -> None:
        self._source = code.encode()
        self._lines = [0]
        for line in self._source.splitlines(keepends=True):
            self._lines.append(self._lines[-1] + len(line))

    def of(self, tree: ast.AST) -> Iterator[_Edit]:
        """Every change of what a tree holds."""
        for node in ast.iter_child_nodes(tree):
            # Positions inside of f-strings are wrong before Python 3.12; annotations compute nothing.
            if isinstance(node, (ast.JoinedStr, ast.arg)):
                continue
            yield from self._at(node)
            if isinstance(node, ast.AnnAssign):
                yield from [] if node.value is None else self._and_below(node.value)
            else:
                yield from self.of(node)

    def _and_below(self, node: ast.expr) -> Iterator[_Edit]:
        if not isinstance(node, ast.JoinedStr):
            yield from self._at(node)
            yield from self.of(node)

    def _at(self, node: ast.AST) -> Iterator[_Edit | None]:
        found: list[_Edit | None] = []
        match node:
            case ast.BinOp(left=left, op=op, right=right) if type(op) in _ARITHMETIC:
                if not any(_is_no_number(side) for side in (left, right)):
                    found.append(self._between("arithmetic", left, right, *_ARITHMETIC[type(op)]))
            case ast.AugAssign(target=target, op=op, value=value) if type(op) in _ARITHMETIC:
                if not _is_no_number(value):
                    old, new = _ARITHMETIC[type(op)]
                    found.append(self._between("arithmetic", target, value, f"{old}=", f"{new}="))
            case ast.Compare(left=left, ops=[op], comparators=[right]) if type(op) in _RELATIONAL:
                found.append(self._between("relational", left, right, *_RELATIONAL[type(op)]))
            case ast.BoolOp(op=op, values=[left, right]):
                found.append(self._between("logical", left, right, *_LOGICAL[type(op)]))
            case ast.Call(func=ast.Name(id="range"), args=[*arguments], keywords=[]) if arguments:
                found.append(self._nudged(arguments[-1 if len(arguments) == 1 else 1], "- 1"))
                if len(arguments) > 1:
                    found.append(self._nudged(arguments[0], "+ 1"))
            case ast.Slice(lower=lower, upper=upper):
                found += [self._nudged(bound, way) for bound, way in ((lower, "+ 1"), (upper, "- 1")) if bound]
            case ast.Subscript(slice=ast.Name() | ast.BinOp() as index, ctx=ast.Load()):
                found.append(self._nudged(index, "- 1"))
            case ast.Constant(value=bool() as value):
                found.append(_Edit("constant", *self._span(node), str(not value)))
            case ast.Constant(value=int() as value):
                found.append(_Edit("constant", *self._span(node), str(value + 1)))
            case ast.If(test=test):
                found.append(self._swapped(test))
        yield from (edit for edit in found if edit is not None)

    def _between(self, operator: str, left: ast.expr, right: ast.expr, old: str, new: str) -> _Edit | None:
        """The operator sign between two operands, if nothing else stands there but parentheses."""
        start, end = self._span(left)[1], self._span(right)[0]
        gap = self._source[start:end].decode()
        if gap.strip(_BETWEEN) != old:
            return None
        at = start + gap.index(old)
        return _Edit(operator, at, at + len(old), new)

    def _nudged(self, node: ast.expr, way: str) -> _Edit | None:
        if not isinstance(node, (ast.Name, ast.Attribute, ast.Call, ast.BinOp)):
            return None
        start, end = self._span(node)
        text = self._source[start:end].decode()
        return _Edit("off_by_one", start, end, f"{text} {way}")

    def _swapped(self, test: ast.expr) -> _Edit | None:
        """The test of an ``if`` turned round, so that the branches change places."""
        start, end = self._span(test)
        text = self._source[start:end].decode()
        if isinstance(test, ast.UnaryOp) and isinstance(test.op, ast.Not):
            inner = self._span(test.operand)
            return _Edit("branch", start, end, self._source[inner[0] : inner[1]].decode())
        plain = isinstance(test, (ast.Name, ast.Attribute, ast.Call, ast.Subscript))
        return _Edit("branch", start, end, f"not {text}" if plain else f"not ({text})")

    def _span(self, node: ast.expr) -> tuple[int, int]:
        assert node.end_lineno is not None and node.end_col_offset is not None
        return (
            self._lines[node.lineno - 1] + node.col_offset,
            self._lines[node.end_lineno - 1] + node.end_col_offset,
        )


def _is_no_number(node: ast.expr) -> bool:
    """Whether an operand is plainly no number: with another operator the program would only fail."""
    return isinstance(node, _NO_NUMBER) or (isinstance(node, ast.Constant) and isinstance(node.value, (str, bytes)))
