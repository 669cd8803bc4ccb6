"""Whether a telling has got to what its question asks, so that the answer stands where it can be derived.

Belongs here: how far the telling must go, and the answer worked out from the run at that point. Does not belong here:
the words of the answer (``framing``), and the canonical moments themselves (``moment``).
"""

import ast
from typing import Any

from tracepile_assets.narration.verifier import totals
from tracepile_assets.narration.verifier.cursor import Cursor
from tracepile_assets.narration.verifier.expressions import parse, spelled, variable
from tracepile_assets.narration.verifier.findings import Finding, contradicted, ungrounded
from tracepile_assets.narration.verifier.moment import event_of, frame_of
from tracepile_assets.narration.verifier.statements import bindings
from tracepile_assets.narration.verifier.verdict import Claim
from tracepile_assets.trace_model.flow import LoopRun
from tracepile_assets.trace_model.values import Ref

_WHOLES = ("run", "next", "first", "changes", "longest", "unreached", "returns")


def settled(cursor: Cursor, question: Any, told: ast.expr) -> Finding | None:
    """What is wrong with an answer told now to a question about a moment, a loop or a call; None if nothing is."""
    target = getattr(question, "target", None) or {}
    if target.get("asks") == "line" or target.get("when") in _WHOLES:
        return totals.settled(cursor, question, spelled(told))
    frame = frame_of(cursor.trace, question)
    if frame is None:
        return None
    if target.get("asks") == "type":
        return _type(cursor, question, target["variable"], frame, told)
    if "variable" in target:
        return _variable(cursor, question, target["variable"], frame, told)
    match target.get("when"):
        case "loop":
            return _loop(cursor, target, frame, told)
        case "call":
            return _call(cursor, target, frame, told)
        case "test":
            return _test(cursor, target, frame, told)
    return None


def _variable(cursor: Cursor, question: Any, name: str, frame: int, told: ast.expr) -> Finding | None:
    moment = event_of(cursor.trace, question)
    if moment is None:
        return ungrounded("the moment asked about is not in this run")
    target = question.target
    asked = target.get("drill") or f"{name}{target.get('slot', '')}"
    given = cursor.text(variable(name) if asked == name else parse(asked) or variable(name), moment, frame)
    if given != spelled(told):
        return contradicted(moment, f"{asked} is {given} then")
    return _has_come(cursor, name, frame, moment)


def _type(cursor: Cursor, question: Any, name: str, frame: int, told: ast.expr) -> Finding | None:
    moment = event_of(cursor.trace, question)
    if moment is None:
        return ungrounded("the moment asked about is not in this run")
    try:
        state = cursor.trace.state_at(moment)
        value = state.lookup(frame, name)
        kind = state.contents(value).type_name if isinstance(value, Ref) else type(value).__name__
    except (KeyError, AttributeError):
        return ungrounded(f"{name} has no type that is known then")
    if spelled(told) != kind:
        return contradicted(moment, f"{name} is of type {kind} then")
    return _has_come(cursor, name, frame, moment)


def _has_come(cursor: Cursor, name: str, frame: int, moment: int) -> Finding | None:
    """What is missing in the telling for what a variable holds at the moment; None if nothing is."""
    held = cursor.text(variable(name), moment, frame)
    if cursor.frame != frame:
        return None if _has_left(cursor, frame) else ungrounded("the telling is not in the call asked about")
    now = cursor.now()
    if now is not None and cursor.text(variable(name), now, frame) != held:
        return ungrounded(f"the telling stops before {name} is {held}")
    if any(_binds(cursor, event, name) for event in cursor.lines() if event < moment and not cursor.is_begun(event)):
        return ungrounded(f"the telling stops before {name} is assigned for the last time")
    return None


def _binds(cursor: Cursor, event: int, name: str) -> bool:
    node = cursor.node(event)
    if isinstance(node, ast.For) and not cursor.trace.branch(event):
        return False
    if not isinstance(node, (ast.Assign, ast.AugAssign, ast.AnnAssign, ast.For)):
        return False
    return any(isinstance(bound, ast.Name) and bound.id == name for bound, _ in bindings(node))


def _loop(cursor: Cursor, target: dict[str, Any], frame: int, told: ast.expr) -> Finding | None:
    run = _run(cursor, target, frame)
    if run is None:
        return ungrounded("the loop asked about is not run so often")
    if spelled(told) != str(len(run.iterations)):
        return contradicted(run.exit_event, f"the loop makes {len(run.iterations)} iterations")
    first = run.header_events[0]
    over = (first, "loop") in cursor.done or _has_left(cursor, frame)
    last = run.iterations[-1].body if run.iterations else first
    # An exception leaves a loop without a word on the loop.
    over = over or (run.exit == "raise" and cursor.position >= last)
    return None if over else ungrounded("the telling does not go to the end of the loop")


def _run(cursor: Cursor, target: dict[str, Any], frame: int) -> LoopRun | None:
    runs = [run for run in cursor.trace.loops if run.frame == frame and run.statement == target["loop"]]
    return runs[target["run"] - 1] if 1 <= target.get("run", 0) <= len(runs) else None


def _call(cursor: Cursor, target: dict[str, Any], frame: int, told: ast.expr) -> Finding | None:
    visits = cursor.trace.visits(target["statement"], frame)
    if spelled(told) != str(len(visits)):
        return contradicted(visits[-1] if visits else None, f"it is executed {len(visits)} times")
    over = _has_left(cursor, frame) or (cursor.trace.frames[frame].function == "<module>" and at_the_end(cursor))
    return None if over else ungrounded("the telling does not go to the end of the call")


def _test(cursor: Cursor, target: dict[str, Any], frame: int, told: ast.expr) -> Finding | None:
    visits = cursor.trace.visits(target["statement"], frame)
    if not 1 <= target.get("visit", 0) <= len(visits):
        return ungrounded("the test asked about is not executed so often")
    event = visits[target["visit"] - 1]
    if spelled(told) != str(cursor.trace.branch(event)):
        return contradicted(event, f"the test comes out as {cursor.trace.branch(event)}")
    if cursor.frame != frame or cursor.floors[frame] != event:
        return ungrounded("the test asked about is not told last")
    return None


def _has_left(cursor: Cursor, frame: int) -> bool:
    """Whether a frame was told and has ended in the telling."""
    if frame not in cursor.floors:
        return False
    told: int | None = cursor.frame
    while told is not None and told != frame:
        told = cursor.trace.frames[told].parent
    return told is None or cursor.finished


def ending(cursor: Cursor, question: Any, claims: tuple[Claim, ...]) -> str | None:
    """Why the text does not end where it should; None if it does."""
    last = claims[-1]
    whole = cursor.finished or at_the_end(cursor)
    if any(claim.kind == "answer" for claim in claims[:-1]):
        return "the answer stands before the end of the text"
    if question is None:
        return None if whole else "the text does not go to the end of the run"
    if last.kind != "answer":
        return "the text does not end on the answer"
    outcome = (getattr(question, "target", None) or {}).get("outcome")
    return None if whole or outcome is None else "the text does not go to the end of the run"


def at_the_end(cursor: Cursor) -> bool:
    """Whether the last statement of a module body was told."""
    frame = cursor.trace.frames[0]
    if frame.function != "<module>" or cursor.frame != 0 or not frame.line_events:
        return False
    written = [e for e, kind in enumerate(cursor.trace.recording.event_kind) if kind == "output"]
    return all(("output", event) in cursor.done for event in written) or cursor.floors[0] >= frame.line_events[-1]
