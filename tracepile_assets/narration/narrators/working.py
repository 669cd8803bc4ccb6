"""Working out an expression: from what the code says, by putting in values, to what it gives.

Belongs here: the steps from `(lo + hi) // 2` over `(0 + 6) // 2` to `3`. Does not belong here: how they are written
(``spelling``), and sentences (``phrases``).
"""

import ast

from tracepile_assets.narration.narrators.scene import Scene
from tracepile_assets.narration.narrators.spelling import Written, is_row_of_numbers, literal, value_of, written

SHORT = 40
"""Longest value text that is put in place of a name."""

LONG = 400
"""Longest value text that is told at all as the outcome of a statement."""

_STEP = 100
_CLOSED = frozenset({ast.Lambda, ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp})
"""Expressions with names of their own, whose slots have no one value."""
_FILLED = frozenset({ast.BinOp, ast.BoolOp, ast.UnaryOp, ast.Compare, ast.IfExp, ast.Tuple, ast.List, ast.Set})
"""What is filled by filling its parts."""
_NAMED = frozenset({ast.Name, ast.Subscript, ast.Attribute})
"""What is told by the name that the code has for it where it is the whole."""
_UNFILLED = frozenset({ast.Starred, ast.GeneratorExp, ast.Lambda})
"""Arguments with which a call is told as the code has it."""


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

    __slots__ = ("_here", "event", "frame", "scene")

    def __init__(self, scene: Scene, event: int, frame: int) -> None:
        """Stand before an event."""
        self.scene, self.event, self.frame = scene, event, frame
        self._here = scene.at(event, frame)

    def value(self, node: ast.expr) -> str | None:
        """Value text of an expression; None where it cannot be worked out."""
        return self._here.text(node)

    def steps(self, node: ast.expr, *, slots: bool = False) -> list[Written]:
        """The expression worked out step by step, without the value it gives at the end.

        Args:
            node: an expression of the program.
            slots: begin with the slots that are looked up (`nums[3]` for `nums[mid]`).
        """
        code = written(node)
        calls = self.scene.own_calls(node)
        found = [self._with_slots(code)] if slots and code.looks_up and not calls else []
        told = self._with_slots(code) if code.kind in _NAMED else self._filled(code)
        found.append(told)
        for _ in range(3):
            if told.depth < 3:
                break
            told = self.reduced(told)
            found.append(told)
        kept: list[Written] = []
        for step in found:
            if len(step.text) <= _STEP and not step.is_plain and (not kept or kept[-1].text != step.text):
                kept.append(step)
        if calls:
            # A call may change what stands beside it: put in as they were before, values would come to something else.
            given = self.value(node)
            kept = [step for step in kept if self._here.text_of(step) in (None, given)]
        return kept

    def with_slots(self, node: ast.expr) -> Written:
        """The expression with every index worked out and everything else as the code has it."""
        return self._with_slots(written(node))

    def _with_slots(self, code: Written) -> Written:
        if not code.looks_up or code.kind in _CLOSED:
            return code
        if code.kind is ast.Subscript:
            owner, index = code.parts
            if index.kind is ast.Slice:
                settled = index.with_parts([self._settled(bound) for bound in index.parts])
            else:
                settled = self._settled(index)
            return code.with_parts([self._with_slots(owner), settled])
        if not code.parts:
            return self._with_slots_inside(code)
        return code.with_parts([self._with_slots(part) for part in code.parts])

    def _with_slots_inside(self, code: Written) -> Written:
        """Of an expression that the standard library writes: a string with a prefix, or an assignment in brackets."""
        tree = ast.parse(code.text, mode="eval").body
        told = ast.unparse(_Slots(self).visit(tree))
        return code if told == code.text else written(ast.parse(told, mode="eval").body)

    def filled(self, node: ast.expr) -> Written:
        """The expression with every name and slot replaced by its value, where that is short enough to be read."""
        return self._filled(written(node))

    def _short(self, code: Written) -> Written | None:
        text = self.value(code.form.node)
        return value_of(text) if text is not None and len(text) <= SHORT else None

    def _settled(self, told: Written) -> Written:
        """A part that was put somewhere else as its value: a call in it is not taken for the one that the code makes
        there, among others of the statement."""
        code = written(told.form.node)
        node: ast.expr | None = literal(told.text) if self.scene.may_call_own(code) else told.form.node
        text = self.value(node) if node is not None else None
        return (value_of(text) if text is not None and len(text) <= SHORT else None) or told

    def _filled(self, code: Written) -> Written:
        kind = code.kind
        if kind is ast.Name:
            text = self._here.variable(code.text)
            return (value_of(text) if text is not None and len(text) <= SHORT else None) or code
        if kind is ast.Attribute:
            return self._short(code) or code
        if kind is ast.Subscript:
            return self._short(code) or self._with_slots(code)
        if kind is ast.Call:
            return self._filled_call(code)
        return code.with_parts([self._filled(part) for part in code.parts]) if kind in _FILLED else code

    def _filled_call(self, code: Written) -> Written:
        node = code.form.node
        name = node.func.id if isinstance(node.func, ast.Name) else None
        if name == "len" or self._is_own(node):
            return self._short(code) or code
        if any(type(argument) in _UNFILLED for argument in node.args):
            return code
        given = code.parts[len(code.parts) - len(node.args) - len(node.keywords) :]
        parts = [part if named == "**" else self._filled(part) for part, named in zip(given, _names(node), strict=True)]
        if name is None:
            parts.insert(0, self._with_base(code.parts[0]))
        return code.with_parts(parts)

    def _with_base(self, func: Written) -> Written:
        """The function that is called, where it is a method with what it is called on worked out."""
        if func.kind is not ast.Attribute:
            return func
        owner = func.parts[0]
        base = self._short(owner) if self.is_atom(owner.form.node) else None
        if base is not None and base.kind is ast.Constant and type(base.form.node.value) is int:
            base = None  # `3 .bit_length()` is how Python writes it, and nobody else.
        return func.with_parts([base or self._with_slots(owner)])

    def _is_own(self, node: ast.Call) -> bool:
        name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", None)
        return name in self.scene.functions

    def is_atom(self, node: ast.expr) -> bool:
        """Whether an expression gives a number, a string or the like."""
        text = self.value(node)
        value = literal(text) if text is not None else None
        return isinstance(value, (ast.Constant, ast.UnaryOp))

    def call_on_names(self, node: ast.Call) -> Written:
        """A call made for its effect: its plain arguments worked out, containers by the names that the code has."""
        code = written(node)
        told = self._filled_call(code)
        if told.kind is not ast.Call:
            return told
        first = len(code.parts) - len(node.args) - len(node.keywords)
        parts = list(told.parts)
        for place, argument in enumerate(node.args, first):
            if isinstance(argument, ast.Name) and not self.is_atom(argument):
                parts[place] = code.parts[place]
        return told.with_parts(parts)

    def settled(self, node: ast.expr) -> Written:
        """A call with its arguments worked out to the end."""
        return self.reduced_fully(self.filled(node))

    def reduced_fully(self, told: Written) -> Written:
        """As far as it goes."""
        while (again := self.reduced(told)).text != told.text:
            told = again
        return told

    def reduced(self, told: Written) -> Written:
        """One step on: every part whose operands are plain values becomes the value it gives."""
        if not told.depth:
            return told
        if told.kind is ast.Call:
            plain = isinstance(told.form.node.func, ast.Name) and not told.form.node.keywords
        else:
            plain = told.kind is ast.BinOp or (told.kind is ast.UnaryOp and not told.is_plain)
        if plain and all(part.is_plain for part in told.parts):
            return self._settled(told)
        return told.with_parts([self.reduced(part) for part in told.parts])


class _Slots(ast.NodeTransformer):
    """Puts the values of indices into an expression."""

    def __init__(self, working: Working) -> None:
        """At this moment."""
        self._working = working

    def visit_Subscript(self, node: ast.Subscript) -> ast.expr:
        """A slot that is looked up."""
        return ast.parse(self._working.with_slots(node).text, mode="eval").body


def _names(node: ast.Call) -> list[str]:
    """Of each argument the name that it is given by; empty without one, `**` of many at once."""
    return [*("" for _ in node.args), *(keyword.arg or "**" for keyword in node.keywords)]
