"""What expressions of a program come to at one moment of its run, as text.

Belongs here: one event seen from one frame. Does not belong here: which moments there are (``scene``), and what is told
of them (``working``, ``phrases``).
"""

from __future__ import annotations

import ast
import re
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from tracepile_assets.narration.narrators.spelling import Written, written
from tracepile_assets.trace_model.evaluator import Abstain, EvaluatedToError, Evaluator, Recorded
from tracepile_assets.trace_model.replay import ReplayError, State
from tracepile_assets.trace_model.text_of_objects import text_of
from tracepile_assets.trace_model.value_text import int_to_text
from tracepile_assets.trace_model.values import TRUNCATED, Ref, Unknown, Value

if TYPE_CHECKING:
    from tracepile_assets.narration.narrators.scene import Scene


class Standpoint:
    """A moment just before an event, seen from a frame.

    ``texts``: the value texts that are known of it already, None where there is none; more are added.
    """

    __slots__ = ("_evaluator", "_event", "_frame", "_globals", "_own", "_scene", "_state", "_texts")

    def __init__(self, scene: Scene, event: int, frame: int, texts: dict[object, str | None]) -> None:
        """Stand there; nothing is looked at yet."""
        self._scene, self._event, self._frame, self._texts = scene, event, frame, texts
        self._state: State | None = None
        self._evaluator: Evaluator | None = None

    def _look(self) -> State:
        """See what holds."""
        state = self._state = self._scene.trace.state_at(self._event)
        self._own, self._globals = state.locals(self._frame), state.globals
        return state

    def text(self, node: ast.expr) -> str | None:
        """Value text of an expression; None where it cannot be worked out or told."""
        return self.variable(node.id) if type(node) is ast.Name else self.text_of(written(node))

    def text_of(self, told: Written) -> str | None:
        """The same of an expression of which parts may have been worked out."""
        scene, key, calls = self._scene, told.text, ()
        if "(" in key and scene.may_call_own(told):
            calls = scene.own_calls(told.node)
            key = told.node if calls else key
        found = self._texts.get(key, _UNSEEN)
        if found is _UNSEEN:
            found = self._texts[key] = self._evaluated(told.node, calls)
        return found

    def variable(self, name: str) -> str | None:
        """Value text of a variable."""
        found = self._texts.get(name, _UNSEEN)
        if found is _UNSEEN:
            if self._state is None:
                self._look()
            own = self._own
            value = own[name] if name in own else self._globals.get(name, _UNSEEN)
            found = self._texts[name] = None if value is _UNSEEN else self._held(value)
        return found

    def _held(self, value: Value) -> str | None:
        kind = type(value)
        if kind is int:
            return int_to_text(value)
        if kind in _TELLABLE:
            return repr(value)
        try:
            if kind is Ref:
                contents = self._state.contents(value)
                if contents is not TRUNCATED and contents.kind == "class":
                    return None
            found = self._state.text(value)
        except (KeyError, Unknown, RecursionError):
            return None
        return found if is_tellable(found) else None

    def _evaluated(self, node: ast.expr, calls: tuple[ast.Call, ...]) -> str | None:
        scene, event = self._scene, self._event
        if calls and len(calls) != len(scene.statement_calls(event)):
            given = scene.given_back(event, self._frame)
            if given is None or any(id(call) not in given for call in calls):
                return None
            node = with_given(node, given)
        if self._evaluator is None:
            self._evaluator = Evaluator(self._state or self._look(), self._frame, scene.trace, event)
        try:
            value = self._evaluator.value(node)
            kind = type(value)
            if kind is int:
                return int_to_text(value)
            if kind in _TELLABLE:
                return repr(value)
            found = text_of(value, lambda recorded: _recorded_text(self._state, recorded))
            return found if is_tellable(found) else None
        except (Abstain, EvaluatedToError, Unknown, RecursionError):
            return None


_UNSEEN: Any = object()
_TELLABLE = frozenset({int, float, bool, type(None)})
"""Types whose values are told as they are written."""
_DOUBTFUL = re.compile(r"[#<]|\.\.\.|opaque\(|class ")


@lru_cache(maxsize=256)
def is_tellable(text: str) -> bool:
    """Whether a value text says all of a value: nothing opaque, no class, no cycle, no reference."""
    if _DOUBTFUL.search(text) is None:
        return True
    try:
        node = ast.parse(text, mode="eval").body
    except (SyntaxError, ValueError, MemoryError, RecursionError):
        return False
    return not any(
        (isinstance(part, ast.Name) and part.id == "opaque") or (isinstance(part, ast.Constant) and part.value is ...)
        for part in ast.walk(node)
    )


def with_given(node: ast.AST, given: dict[int, str]) -> ast.AST:
    """A copy of an expression in which calls (by identity) are replaced by the values they gave."""
    if id(node) in given:
        return ast.parse(given[id(node)], mode="eval").body
    fields = {}
    for name, value in ast.iter_fields(node):
        if isinstance(value, ast.AST):
            fields[name] = with_given(value, given)
        elif isinstance(value, list):
            fields[name] = [with_given(part, given) if isinstance(part, ast.AST) else part for part in value]
        else:
            fields[name] = value
    return type(node)(**fields)


def _recorded_text(state: State, value: object) -> str:
    """Text of an object that the evaluator gave back as recorded; raises ``Unknown`` for what it made itself."""
    if not isinstance(value, Recorded):
        raise Unknown(f"a value of type {type(value).__name__}")
    try:
        return state.text(value.ref)
    except ReplayError as error:
        raise Unknown("an object that a call is still to make") from error
