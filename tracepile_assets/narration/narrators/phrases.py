"""Clauses for single statements: what was bound, tested, changed, printed, worked out with the values of the moment.

Belongs here: one statement at a time. Does not belong here: the order of statements and calls (``frames``), and joining
clauses into sentences (``prose``).
"""

import ast
from collections.abc import Iterable
from functools import lru_cache
from typing import Any, NamedTuple

from tracepile_assets.narration.narrators.beats import Beat, Label
from tracepile_assets.narration.narrators.bindings import Bindings, pairs_of
from tracepile_assets.narration.narrators.scene import Scene, once
from tracepile_assets.narration.narrators.spelling import literal, shown, spelled
from tracepile_assets.narration.narrators.working import (
    LONG,
    SHORT,
    Working,
    is_literal,
)

_OUTPUT_SHORT = 400


class _Named(NamedTuple):
    """A test by the names that the code has for its operands, before it is told with their values."""

    working: Working
    test: ast.expr
    text: str
    ending: str
    said: str = ""

    def words(self) -> str | None:
        """The clause; None where there are no names in it that can be told."""
        named = self.working.with_slots(self.test).shown
        if named == self.text or named.startswith("`"):
            return None
        return f"{named} is {self.text}, {self.ending}{self.said}"


class Phrases:
    """Tells single statements of a run."""

    def __init__(self, scene: Scene, brief: bool = False) -> None:
        """Tell statements of this run; ``brief`` leaves out what can be read off the values."""
        self.scene = scene
        self.brief = brief
        self.bindings = Bindings(scene, brief)
        self.told: dict[tuple[object, ...], Any] = {}

    # Loops.

    @once
    def passing(self, event: int, frame: int) -> list[str]:
        """What a loop's variables are bound to as an iteration begins: `i = 3` each."""
        node = self.scene.statement(event)
        after = self.scene.after(event)
        if after is None or not isinstance(node, ast.For) or not self.scene.binds(event):
            return []
        found = []
        for target, _ in pairs_of(node):
            text = self.scene.text(target, after, frame)
            if text is None or len(text) > LONG or not isinstance(target, ast.Name):
                continue
            if target.id.startswith("_") and target.id not in self.scene.read:
                continue
            found.append(f"{target.id} = {text}")
        return found

    @once
    def labels(self, first: int, frame: int) -> list[Label]:
        """How the iterations of a run of a loop, known by its first header event, can be named, one by one; empty where
        they cannot. What the loop variables are bound to names a row of them only if it names each."""
        run = self.scene.runs[first]
        passing = [self.passing(iteration.start, frame) for iteration in run.iterations]
        told = [told[0] if told else "" for told in passing]
        if all(told) and len(set(told)) == len(told):
            return [Label(f"the pass with {each}", each, "the passes with {} to {}") for each in told]
        told = [" and ".join(parts[:2]) for parts in passing]
        header = self.scene.trace.syntax.header_source(run.statement).rstrip(": ")
        if "\n" in header or "`" in header:
            return []
        loop = f"of the {'inner ' if self.scene.is_inner(run.statement) else ''}loop `{header}`"
        return [
            Label(
                f"the pass with {each}" if each else f"iteration {number} {loop}",
                f"{number}",
                f"iterations {{}} to {{}} {loop}",
            )
            for number, each in enumerate(told, 1)
        ]

    # Tests.

    @once
    def tested(self, event: int, frame: int, test: ast.expr, truth: bool) -> list[Beat]:
        """How a test comes out, with the operands that decide it."""
        if isinstance(test, ast.UnaryOp) and isinstance(test.op, ast.Not):
            return self.tested(event, frame, test.operand, not truth)
        working = Working(self.scene, event, frame)
        if isinstance(test, ast.BoolOp):
            return self._tested_operands(event, frame, test, truth, working)
        outcome = self._outcome(working, test)
        if outcome is not None and outcome != truth:
            return []
        beat = self._test_beat(event, frame, test, truth, working)
        return [beat] if beat is not None else []

    def _outcome(self, working: Working, test: ast.expr) -> bool | None:
        text = working.value(test if isinstance(test, ast.Compare) else _as_bool(test))
        return {"True": True, "False": False}.get(text or "")

    def _tested_operands(self, event: int, frame: int, test: ast.BoolOp, truth: bool, working: Working) -> list[Beat]:
        beats: list[Beat] = []
        stops_at, outcome = isinstance(test.op, ast.Or), None
        for operand in test.values:
            outcome = self._outcome(working, operand)
            if outcome is None:
                # How the whole came out was seen, though not how its parts did.
                told = f"`{spelled(test)}` {'holds' if truth else 'fails'}"
                return [Beat("test", told, event, truth, key=("test", spelled(test)))]
            beats += self.tested(event, frame, operand, outcome)
            if outcome == stops_at:
                break
        # A call among the operands may change what a later one reads.
        return beats if outcome == truth else []

    def _test_beat(self, event: int, frame: int, test: ast.expr, truth: bool, working: Working) -> Beat | None:
        key = ("test", spelled(test))
        if isinstance(test, ast.Compare) and len(test.ops) == 1:
            special = self._worded(test, truth, working)
            if special is not None:
                return Beat("test", special, event, truth, key=key)
        if isinstance(test, (ast.Name, ast.Attribute, ast.Subscript)):
            return Beat("test", self._truthy(test, truth, working), event, truth, key=key)
        filled = working.filled(test)
        text = filled.shown
        if len(text) > LONG or filled.is_plain:
            text = f"`{spelled(test)}`"
        ending = "which holds" if truth else "which fails"
        plain = "holds" if truth else "fails"
        if text.startswith("`"):
            return Beat("test", f"{text} {plain}", event, truth, key=key)
        reduced = working.reduced_fully(filled)
        if reduced.text != filled.text:
            return Beat("test", f"{text} is {reduced.shown}, {ending}", event, truth, key=key)
        bare = first = None
        if isinstance(test, ast.Compare):
            bare = text if truth else None
            first = None if self.brief else _Named(working, test, text, ending)
        return Beat("test", f"{text} {plain}", event, truth, bare=bare, first=first, key=key)

    def _worded(self, test: ast.Compare, truth: bool, working: Working) -> str | None:
        operator, right = test.ops[0], test.comparators[0]
        if isinstance(operator, (ast.In, ast.NotIn)):
            inside = isinstance(operator, ast.In) == truth
            left, container = working.filled(test.left).shown, working.filled(right).shown
            return f"{left} is {'in' if inside else 'not in'} {container}"
        if isinstance(operator, (ast.Is, ast.IsNot)) and isinstance(right, ast.Constant) and right.value is None:
            is_none = isinstance(operator, ast.Is) == truth
            left = working.with_slots(test.left).shown
            return f"{left} is {'None' if is_none else 'not None'}"
        return None

    def _truthy(self, test: ast.expr, truth: bool, working: Working) -> str:
        told = working.with_slots(test).shown
        text = working.value(test)
        value = literal(text) if text is not None else None
        if text in ("True", "False"):
            return f"{told} is {text.lower()}"
        if isinstance(value, ast.Constant) and isinstance(value.value, (int, float)):
            return f"{told} is {'nonzero' if truth else 'zero'}"
        if value is not None and not (isinstance(value, ast.Constant) and value.value is None):
            return f"{told} is {'not empty' if truth else 'empty'}"
        return f"{told} {'holds' if truth else 'fails'}"

    # Effects on containers, output.

    def changed(self, event: int, frame: int, call: ast.Call) -> list[Beat]:
        """What a call that stands alone does to the containers it is made on or given."""
        working = Working(self.scene, event, frame)
        return self._left(event, frame, working.call_on_names(call).shown, _touched(call), ("call", spelled(call)))

    def deleted(self, event: int, frame: int, node: ast.Delete) -> list[Beat]:
        """What is left of the container of which slots are deleted."""
        owners = [target.value for target in node.targets if isinstance(target, ast.Subscript)]
        places = [owner for owner in owners if isinstance(owner, (ast.Name, ast.Attribute, ast.Subscript))]
        return self._left(event, frame, f"`{spelled(node)}`", places, ("delete", spelled(node)))

    def _left(self, event: int, frame: int, code: str, places: Iterable[ast.expr], key: object) -> list[Beat]:
        """The first of the places that a statement changed, and what is there afterwards."""
        after = self.scene.after(event)
        if after is None:
            return []
        working = Working(self.scene, event, frame)
        for place in places:
            before, became = working.value(place), self.scene.text(place, after, frame)
            if became is None or before == became:
                continue
            told = working.with_slots(place)
            if len(became) <= LONG:
                return [Beat("effect", f"{code} leaves {told.shown} = {became}", event, holds_state=True, key=key)]
            last = ast.Subscript(value=told.node, slice=ast.UnaryOp(ast.USub(), ast.Constant(1)), ctx=ast.Load())
            end = self.scene.text(last, after, frame)
            if end is not None and len(end) <= SHORT:
                return [Beat("effect", f"{code} leaves {shown(last)} = {end}", event, holds_state=True, key=key)]
        return []

    def printed(self, event: int, line: int) -> Beat | None:
        """What an output event wrote; None where it is too long to be told."""
        text = self.scene.trace.recording.event_value[event] or ""
        if len(text) > _OUTPUT_SHORT:
            return None
        shown_text = text[:-1] if text.endswith("\n") else text
        if shown_text == "":
            return Beat("output", "this prints an empty line", line, key="print")
        number = literal(shown_text)
        plain = number is not None and is_literal(number) and spelled(number) == shown_text
        numeric = (
            plain
            and isinstance(number, (ast.Constant, ast.UnaryOp))
            and shown_text.strip("-").replace(".", "").isdigit()
        )
        told = shown_text if numeric else repr(shown_text)
        return Beat("output", f"this prints {told}", line, key="print")


@lru_cache(maxsize=1_024)
def _as_bool(node: ast.expr) -> ast.Call:
    return ast.Call(func=ast.Name("bool", ast.Load()), args=[node], keywords=[])


@lru_cache(maxsize=1_024)
def _touched(call: ast.Call) -> tuple[ast.expr, ...]:
    """The places that a call may change, as far as they have a name."""
    given = [*([call.func.value] if isinstance(call.func, ast.Attribute) else []), *call.args]
    places = [place for place in given if isinstance(place, (ast.Name, ast.Attribute, ast.Subscript))]
    return (*places, *(ast.Name(part.id, ast.Load()) for part in ast.walk(call) if isinstance(part, ast.Name)))
