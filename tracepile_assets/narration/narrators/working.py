"""Working out an expression: from what the code says, by putting in values, to what it gives.

Belongs here: the steps from `(lo + hi) // 2` over `(0 + 6) // 2` to `3`. Does not belong here: sentences (``phrases``).
"""

import ast
import operator
from collections.abc import Callable
from functools import lru_cache

from tracepile_assets.narration.narrators.scene import Scene
from tracepile_assets.narration.narrators.spelling import is_row_of_numbers, literal, spelled

SHORT = 40
"""Longest value text that is put in place of a name."""

LONG = 400
"""Longest value text that is told at all as the outcome of a statement."""

_STEP = 100
_CLOSED = (ast.Lambda, ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)
"""Expressions with names of their own, whose slots have no one value."""
_KEYWORDED = frozenset(
    {ast.BoolOp, ast.IfExp, ast.Lambda, ast.NamedExpr, ast.Starred, ast.Await, ast.Yield, ast.YieldFrom}
)
_WORDED = frozenset({ast.In, ast.NotIn, ast.Is, ast.IsNot})
"""Comparisons whose signs are English words."""


def shown(node: ast.AST) -> str:
    """An expression as it stands in a sentence: bare, or in backticks where its words would be taken for English."""
    text = spelled(node)
    return f"`{text}`" if _needs_ticks(node, text) else text


def _needs_ticks(node: ast.AST, text: str) -> bool:
    """Whether an expression, spelled so, holds operators that are English words, or strings with a prefix."""
    kind = type(node)
    if kind in _KEYWORDED or (kind is ast.UnaryOp and type(node.op) is ast.Not):
        return True
    if kind is ast.Compare and any(type(op) in _WORDED for op in node.ops):
        return True
    if "lambda" not in text and "f'" not in text and 'f"' not in text:
        return False
    return any(isinstance(part, (ast.JoinedStr, ast.Lambda)) for part in ast.walk(node))


@lru_cache(maxsize=4_096)
def _looks_up(node: ast.AST) -> bool:
    """Whether an expression holds a subscript."""
    return type(node) is ast.Subscript or any(map(_looks_up, _children(node)))


def is_literal(node: ast.AST) -> bool:
    """Whether an expression is a plain value with nothing left to compute."""
    if type(node) is ast.Constant:
        return True
    if type(node) is ast.Name:
        return False
    if isinstance(node, ast.UnaryOp):
        return isinstance(node.op, ast.USub) and isinstance(node.operand, ast.Constant)
    if isinstance(node, (ast.List, ast.Tuple, ast.Set)):
        return all(map(is_literal, node.elts))
    if isinstance(node, ast.Dict):
        return all(key is not None and is_literal(key) for key in node.keys) and all(map(is_literal, node.values))
    return False


def is_container(text: str) -> bool:
    """Whether a value text is that of a list, set or dict of plain values."""
    if is_row_of_numbers(text):
        return True
    value = literal(text)
    return isinstance(value, (ast.List, ast.Set, ast.Dict)) and is_literal(value)


class Working:
    """Works out expressions of one statement of a run: the state is that before ``event``, seen from ``frame``."""

    def __init__(self, scene: Scene, event: int, frame: int) -> None:
        """Stand before an event."""
        self.scene, self.event, self.frame = scene, event, frame

    def value(self, node: ast.expr) -> str | None:
        """Value text of an expression; None where it cannot be worked out."""
        return self.scene.text(node, self.event, self.frame)

    def steps(self, node: ast.expr, *, slots: bool = False) -> list[ast.expr]:
        """The expression worked out step by step, without the value it gives at the end.

        Args:
            node: an expression of the program.
            slots: begin with the slots that are looked up (`nums[3]` for `nums[mid]`).
        """
        found: list[ast.expr] = []
        if slots and _looks_up(node) and not self.scene.own_calls(node):
            found.append(self.with_slots(node))
        filled = self.filled(node, top=True)
        found.append(filled)
        for _ in range(3):
            if _depth(filled) < 3:
                break
            filled = self.reduced(filled, node)
            found.append(filled)
        kept: list[ast.expr] = []
        for step in found:
            text = spelled(step)
            if len(text) <= _STEP and not is_literal(step) and (not kept or spelled(kept[-1]) != text):
                kept.append(step)
        if self.scene.own_calls(node):
            # A call may change what stands beside it: put in as they were before, values would come to something else.
            given = self.value(node)
            kept = [step for step in kept if self.value(step) in (None, given)]
        return kept

    def with_slots(self, node: ast.expr) -> ast.expr:
        """The expression with every index worked out and everything else as the code has it."""
        if not _looks_up(node) or isinstance(node, _CLOSED):
            return node
        if not isinstance(node, ast.Subscript):
            return _rebuilt(node, self.with_slots)
        part = node.slice
        if isinstance(part, ast.Slice):
            part = ast.Slice(*(bound and self._settled(bound) for bound in (part.lower, part.upper, part.step)))
        else:
            part = self._settled(part)
        return ast.Subscript(value=self.with_slots(node.value), slice=part, ctx=node.ctx)

    def filled(self, node: ast.expr, *, top: bool = False) -> ast.expr:
        """The expression with every name and slot replaced by its value, where that is short enough to be read."""
        if top and isinstance(node, (ast.Name, ast.Subscript, ast.Attribute)):
            return self.with_slots(node)
        return self._fill(node)

    def _short(self, node: ast.expr) -> ast.expr | None:
        text = self.value(node)
        return literal(text) if text is not None and len(text) <= SHORT else None

    def _settled(self, node: ast.expr) -> ast.expr:
        """A part that was put somewhere else as its value: a call in it is not taken for the one that the code makes
        there, among others of the statement."""
        return self._short(_copy(node) if self.scene.may_call_own(node) else node) or node

    def _fill(self, node: ast.expr) -> ast.expr:
        kind = type(node)
        if kind is ast.Name or kind is ast.Attribute:
            return self._short(node) or node
        if kind is ast.Subscript:
            return self._short(node) or self.with_slots(node)
        if kind is ast.Call:
            return self._fill_call(node)
        return _rebuilt(node, self._fill) if kind in _FILLED else node

    def _fill_call(self, node: ast.Call) -> ast.expr:
        name = node.func.id if isinstance(node.func, ast.Name) else None
        if name == "len" or self._is_own(node):
            return self._short(node) or node
        if any(isinstance(argument, (ast.Starred, ast.GeneratorExp, ast.Lambda)) for argument in node.args):
            return node
        func = node.func
        if isinstance(func, ast.Attribute):
            base = self._short(func.value) if self._is_atom(func.value) else None
            if isinstance(base, ast.Constant) and type(base.value) is int:
                base = None  # `3 .bit_length()` is how Python writes it, and nobody else.
            func = ast.Attribute(value=base or self.with_slots(func.value), attr=func.attr, ctx=ast.Load())
        keywords = [ast.keyword(arg=k.arg, value=self._fill(k.value) if k.arg else k.value) for k in node.keywords]
        return ast.Call(func=func, args=[self._fill(argument) for argument in node.args], keywords=keywords)

    def _is_own(self, node: ast.Call) -> bool:
        name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", None)
        return name in self.scene.functions

    def _is_atom(self, node: ast.expr) -> bool:
        text = self.value(node)
        value = literal(text) if text is not None else None
        return isinstance(value, (ast.Constant, ast.UnaryOp))

    def own_call(self, node: ast.Call) -> ast.expr:
        """A call of the program's own function with its arguments worked out."""
        return ast.Call(
            func=node.func,
            args=[a if isinstance(a, ast.Starred) else self._fill(a) for a in node.args],
            keywords=[ast.keyword(arg=k.arg, value=self._fill(k.value)) for k in node.keywords],
        )

    def call_on_names(self, node: ast.Call) -> ast.expr:
        """A call made for its effect: its plain arguments worked out, containers by the names that the code has."""
        told = self._fill_call(node)
        if not isinstance(told, ast.Call):
            return told
        pairs = zip(node.args, told.args, strict=True)
        told.args = [code if isinstance(code, ast.Name) and not self._is_atom(code) else new for code, new in pairs]
        return told

    def settled(self, node: ast.expr) -> ast.expr:
        """A call with its arguments worked out to the end."""
        told = self._fill(node)
        while (again := self.reduced(told, node)) is not told and spelled(again) != spelled(told):
            told = again
        return told

    def reduced(self, told: ast.expr, code: ast.expr) -> ast.expr:
        """One step on: every part whose operands are plain values becomes the value it gives."""
        if type(told) in _LEAVES:
            return told
        if isinstance(told, ast.BinOp):
            plain = is_literal(told.left) and is_literal(told.right)
        elif isinstance(told, ast.UnaryOp):
            plain = is_literal(told.operand) and not is_literal(told)
        elif isinstance(told, ast.Call):
            plain = isinstance(told.func, ast.Name) and all(map(is_literal, told.args)) and not told.keywords
        else:
            plain = False
        if plain:
            return self._settled(told)
        return _rebuilt(told, lambda part: self.reduced(part, code))


def _depth(node: ast.AST) -> int:
    """How many operations are nested in one another."""
    kind = type(node)
    if kind in _LEAVES:
        return 0
    if kind is ast.BinOp:
        return 1 + max(_depth(node.left), _depth(node.right))
    inner = max([_depth(child) for child in _children(node)], default=0)
    return inner + (kind is ast.Call or (kind is ast.UnaryOp and not is_literal(node)))


def _children(node: ast.AST) -> list[ast.AST]:
    """The parts of an expression that are more than a name, a value or a sign."""
    found: list[ast.AST] = []
    for name in node._fields:
        value = getattr(node, name, None)
        if isinstance(value, list):
            found += [part for part in value if isinstance(part, ast.AST) and type(part) not in _LEAVES]
        elif isinstance(value, ast.AST) and type(value) not in _LEAVES:
            found.append(value)
    return found


def _copy(node: ast.AST) -> ast.AST:
    fields = {}
    for name in node._fields:
        value = fields[name] = getattr(node, name, None)
        if isinstance(value, ast.AST):
            fields[name] = _copy(value)
        elif isinstance(value, list):
            fields[name] = [_copy(part) if isinstance(part, ast.AST) else part for part in value]
    return type(node)(**fields)


def _rebuilt(node: ast.AST, change: Callable) -> ast.AST:
    """An expression with each of its parts changed; itself where none is."""
    fields, same = {}, True
    for name in node._fields:
        value = fields[name] = getattr(node, name, None)
        kind = type(value)
        if kind is list:
            fields[name] = new = [change(part) if type(part) in _CHANGED else part for part in value]
            same = same and all(map(operator.is_, value, new))
        elif kind in _CHANGED:
            fields[name] = new = change(value)
            same = same and new is value
    return node if same else type(node)(**fields)


_FILLED = frozenset({ast.BinOp, ast.BoolOp, ast.UnaryOp, ast.Compare, ast.IfExp, ast.Tuple, ast.List, ast.Set})
"""What is filled by filling its parts."""
_SIGNS = frozenset(
    {ast.Load, ast.Store, ast.Del, ast.And, ast.Or}
    | {kind for base in (ast.operator, ast.unaryop, ast.cmpop) for kind in base.__subclasses__()}
)
_LEAVES = _SIGNS | {ast.Name, ast.Constant}
"""What has no parts: names, values and signs."""
_CHANGED = frozenset(
    {kind for kind in vars(ast).values() if isinstance(kind, type) and issubclass(kind, ast.AST)} - _SIGNS
)
"""Parts that can be changed: all but signs."""
