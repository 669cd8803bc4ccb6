"""The pure evaluator: what an expression gives at a recorded moment, without running the program's code.

Belongs here: walking an expression over a state. It computes with exact builtin types only (and reads deques and the
mappings of ``collections``), applies a closed list of operators, builtins and methods without effects
(``evaluator_builtins``), reads attributes of recorded objects from the state, and takes calls of the program's own
functions from their recorded returns (``evaluator_calls``). Everything else makes it abstain. Does not belong here: the
independent evaluator that checks samples (``quality``).
"""

from __future__ import annotations

import ast
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from tracepile_assets.trace_model.evaluator_objects import Abstain, EvaluatedToError, Recorded
from tracepile_assets.trace_model.evaluator_plain import Plain, Unclear
from tracepile_assets.trace_model.evaluator_types import ERRORS
from tracepile_assets.trace_model.evaluator_walk import Evaluation
from tracepile_assets.trace_model.replay import State
from tracepile_assets.trace_model.text_of_objects import text_of
from tracepile_assets.trace_model.values import Ref, Unknown, Value

if TYPE_CHECKING:
    from tracepile_assets.trace_model.trace import Trace

__all__ = ["Abstain", "EvaluatedToError", "Evaluator", "Recorded", "agrees", "evaluate", "evaluate_augmented"]


class Evaluator:
    """Evaluates expressions in one frame at one moment.

    ``state``, ``frame``, ``trace`` and ``event`` are those of ``evaluate``; all are known.
    """

    __slots__ = ("_event", "_frame", "_plain", "_state", "_trace")

    def __init__(self, state: State, frame: int | None, trace: Trace, event: int | None = None) -> None:
        """Look at a state."""
        self._state, self._frame, self._trace, self._event = state, frame, trace, event
        self._plain = Plain(state, frame, trace)

    def value(self, expression: ast.expr) -> Any:
        """What an expression gives, as ``evaluate`` does."""
        try:
            return self._plain.value(expression)
        except Unclear:
            pass
        return _guarded(lambda e: e.result(expression), self._state, self._frame, self._trace, self._event)


def evaluate(
    expression: ast.expr, state: State | None, frame: int | None, trace: Trace | None = None, event: int | None = None
) -> Any:
    """What ``expression`` gives in ``frame`` at ``state``, as a Python value of exact builtin types.

    Objects of other types appear as ``Recorded`` (identity and attributes only). With ``trace`` the program's own names
    are known; with ``event`` (the line event of the statement that holds the expression, which is evaluated from its
    start) calls of the program's functions take their recorded return values; ``state`` None then means the state at
    that event. The value is a copy. Note that a ``for`` evaluates its iterable only when the loop is entered, not at
    every visit of its header.

    Raises ``Abstain`` where it does not say, and ``EvaluatedToError`` if the expression itself raises.
    """
    if trace is not None and state is not None:
        return Evaluator(state, frame, trace, event).value(expression)
    return _guarded(lambda evaluation: evaluation.result(expression), state, frame, trace, event)


def evaluate_augmented(
    statement: ast.AugAssign,
    state: State | None,
    frame: int | None,
    trace: Trace | None = None,
    event: int | None = None,
) -> Any:
    """What the target of ``x += y`` holds afterwards, as a copy; otherwise as ``evaluate``.

    A list or deque is extended by any iterable, as Python does in place.
    """
    target = _as_read(statement.target)
    return _guarded(lambda e: e.augmented(target, statement.op, statement.value), state, frame, trace, event)


def _as_read(target: ast.expr) -> ast.expr:
    """The target of an augmented assignment as the expression that reads it."""
    if isinstance(target, ast.Attribute):
        return ast.Attribute(target.value, target.attr, ast.Load())
    if isinstance(target, ast.Subscript):
        return ast.Subscript(target.value, target.slice, ast.Load())
    return target


def _guarded(
    compute: Callable[[Evaluation], Any], state: State | None, frame: int | None, trace: Trace | None, event: int | None
) -> Any:
    if state is None:
        if trace is None or event is None:
            raise ValueError("evaluate needs a state, or a trace and an event")
        state = trace.state_at(event)
    try:
        return compute(Evaluation(state, frame, trace, event))
    except ERRORS as error:
        raise EvaluatedToError(type(error).__name__, str(error)) from error
    except (RecursionError, MemoryError, Unknown) as error:
        raise Abstain(f"{type(error).__name__}: {error}") from error


def agrees(result: Any, state: State, value: Value) -> bool:
    """Whether what ``evaluate`` gave is the recorded ``value`` at ``state``, with types, floats bit by bit.

    False also where the recorded value was cut short.
    """
    if isinstance(result, Recorded):
        return isinstance(value, Ref) and value == result.ref

    def other(part: Any) -> str:
        if isinstance(part, Recorded):
            return state.text(part.ref)
        return f"defaultdict({text_of(dict(part), other)})"

    try:
        return text_of(result, other) == state.text(value)
    except (Unknown, RecursionError):
        return False
