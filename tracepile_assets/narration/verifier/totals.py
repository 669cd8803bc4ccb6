"""Checks of what a question asks about a call, a loop or a run as a whole, and of the sentences that say so.

Belongs here: calls counted, changes counted, the longest value, lines never reached, the first time that a condition
holds, the line where an exception starts, each worked out from the run, and whether the telling holds all it takes.
Does not belong here: values at a moment, iterations and executions counted (``reach``, ``counting``).
"""

import ast
from collections.abc import Iterator
from itertools import pairwise
from typing import Any

from tracepile_assets.narration.verifier.cursor import Cursor
from tracepile_assets.narration.verifier.expressions import canonical, parse, spelled, variable
from tracepile_assets.narration.verifier.findings import Finding, contradicted, ungrounded, verified
from tracepile_assets.narration.verifier.moment import event_of, frame_of

KINDS = {"goes_on", "first", "calls_total", "open_total", "changes_total", "longest", "raised_at"}
"""The claims that are checked here."""

_BELONGS = {
    "goes_on": "next",
    "first": "first",
    "calls_total": "run",
    "open_total": "run",
    "changes_total": "changes",
    "longest": "longest",
}


def claim(cursor: Cursor, question: Any, kind: str, slots: dict[str, Any]) -> Finding:
    """A sentence that says what was asked for; it must be true and be about what the question is about."""
    target = getattr(question, "target", None) or {}
    if kind == "raised_at":
        if target.get("asks") != "line":
            return ungrounded("no exception is asked about")
    elif target.get("when") != _BELONGS[kind] or (target.get("counts") == "open") != (kind == "open_total"):
        return ungrounded("the question is about something else")
    if "name" in slots and slots["name"] != str(target.get("variable", target.get("function"))).rpartition(".")[2]:
        return ungrounded(f"the question is not about {slots['name']}")
    if "code" in slots and spelled(slots["code"]) != canonical(str(target.get("condition"))):
        return ungrounded(f"{spelled(slots['code'])} is not the condition asked about")
    told = spelled(slots["value"]) if "value" in slots else str(slots["count"])
    problem = settled(cursor, question, told)
    return verified(None) if problem is None else problem


def settled(cursor: Cursor, question: Any, told: str) -> Finding | None:
    """What is wrong with an answer told now; None if nothing is, or the question is not about a whole."""
    target = getattr(question, "target", None) or {}
    if target.get("asks") == "line":
        return _compared(told, _raised_at(cursor), None if cursor.finished else "the telling does not go to the end")
    if target.get("when") == "run":
        return _calls(cursor, target, told)
    frame = frame_of(cursor.trace, question)
    if frame is None or target.get("when") not in ("next", "first", "changes", "longest", "unreached", "returns"):
        return None
    match target["when"]:
        case "next":
            return _next(cursor, question, frame, told)
        case "first":
            return _first(cursor, question, frame, told)
        case "returns":
            end = cursor.trace.frames[frame].end_event
            return _compared(told, None if end is None else cursor.carried(end), _unfinished(cursor, frame))
        case "unreached":
            return _compared(told, _unreached(cursor, frame), _unfinished(cursor, frame) or _untested(cursor, frame))
    course = list(_course(cursor, frame, target["variable"]))
    texts = [text for _, text in course]
    if None in texts:
        return ungrounded(f"{target['variable']} cannot be followed")
    missing = _unfinished(cursor, frame) or _untold(cursor, course)
    if target["when"] == "changes":
        return _compared(told, str(sum(a != b for a, b in pairwise(texts))), missing)
    return _compared(told, max(texts, key=_length), missing)


def _compared(told: str, true: str | None, missing: str | None) -> Finding | None:
    if true is None:
        return ungrounded("the run does not say")
    if canonical(told) != canonical(true):
        return contradicted(None, f"it is {true}")
    return None if missing is None else ungrounded(missing)


def _unfinished(cursor: Cursor, frame: int) -> str | None:
    """Why a call cannot be spoken of as a whole; None if its end was told."""
    ended = frame in cursor.floors and (cursor.finished or not _is_within(cursor, frame))
    module = cursor.trace.frames[frame].function == "<module>" and cursor.frame == frame
    last = cursor.trace.frames[frame].line_events[-1:]
    at_end = module and all(cursor.floors[frame] >= event for event in last)
    return None if ended or at_end else "the telling does not go to the end of the call"


def _is_within(cursor: Cursor, frame: int) -> bool:
    told: int | None = cursor.frame
    while told is not None and told != frame:
        told = cursor.trace.frames[told].parent
    return told is not None


def _calls(cursor: Cursor, target: dict[str, Any], told: str) -> Finding | None:
    frames = cursor.trace.frame_calls(str(target.get("function")))
    ids = {frame.id for frame in frames}
    if target.get("counts") == "open":
        above: dict[int | None, int] = {None: 0}
        for frame in cursor.trace.frames:
            above[frame.id] = above.get(frame.parent, 0) + (frame.id in ids)
        number = max(above.values())
    else:
        number = len(ids)
    silent = any(frame.id and frame.id not in cursor.floors for frame in frames)
    missing = "not every call is told" if silent else _unfinished(cursor, 0)
    return _compared(told, str(number), missing)


def _next(cursor: Cursor, question: Any, frame: int, told: str) -> Finding | None:
    moment = event_of(cursor.trace, question)
    if moment is None or cursor.trace.event(moment).kind != "line":
        return ungrounded("nothing is executed next")
    line = cursor.trace.syntax.statements[cursor.trace.event(moment).statement].line
    late = cursor.frame != frame or any(
        event < moment and not cursor.is_begun(event) and _decides(cursor, event) for event in cursor.lines()
    )
    return _compared(told, str(line), "the telling stops before that statement" if late else None)


def _decides(cursor: Cursor, event: int) -> bool:
    """Whether it depends on the outcome of a statement which one comes next."""
    node = cursor.node(event)
    if isinstance(node, (ast.If, ast.While)):
        return not isinstance(node.test, ast.Constant)
    return isinstance(node, (ast.Assign, ast.AugAssign))


def _first(cursor: Cursor, question: Any, frame: int, told: str) -> Finding | None:
    target = question.target
    test = parse(str(target["condition"]))
    runs = [run for run in cursor.trace.loops if run.frame == frame and run.statement == target["loop"]]
    if test is None or not 1 <= target["run"] <= len(runs):
        return ungrounded("the loop asked about is not run so often")
    number = moment = None
    for iteration in runs[target["run"] - 1].iterations:
        if iteration.end is None:
            break
        if cursor.text(test, iteration.end, frame) == "True":
            number, moment = iteration.number, iteration.end
            break
    if moment is None:
        return ungrounded("the condition never holds")
    name = variable(str(target["variable"]))
    now = cursor.now() if cursor.frame == frame else None
    there = now is not None and cursor.text(name, now, frame) == cursor.text(name, moment, frame)
    begun = cursor.floors.get(frame, -1) >= runs[target["run"] - 1].iterations[number - 1].start  # type: ignore[operator]
    return _compared(told, str(number), None if there and begun else "the telling stops before that iteration ends")


def _unreached(cursor: Cursor, frame: int) -> str:
    trace = cursor.trace
    entered = {trace.recording.event_statement[event] for event in trace.frames[frame].line_events}
    return str(
        sorted(
            each.line
            for each in trace.syntax.statements
            if each.function == trace.frames[frame].function and each.number not in entered and _counts(each.node)
        )
    )


def _counts(node: ast.AST) -> bool:
    """Whether a statement is one that is executed or not, and no declaration or definition."""
    if isinstance(node, (ast.If, ast.While)):
        return not isinstance(node.test, ast.Constant)
    if isinstance(node, ast.Expr):
        return not isinstance(node.value, ast.Constant)
    if isinstance(node, ast.AnnAssign):
        return node.value is not None
    simple = (
        ast.Assign,
        ast.AugAssign,
        ast.Return,
        ast.Raise,
        ast.Assert,
        ast.Delete,
        ast.Break,
        ast.Continue,
        ast.Pass,
    )
    return isinstance(node, (*simple, ast.For))


def _untested(cursor: Cursor, frame: int) -> str | None:
    """Why it cannot be seen which way a call went: a test that was not told."""
    for event in cursor.trace.frames[frame].line_events:
        node = cursor.node(event)
        open_test = isinstance(node, (ast.If, ast.While)) and not isinstance(node.test, ast.Constant)
        if open_test and not cursor.is_begun(event):
            return "a test of the call is not told"
    return None


def _course(cursor: Cursor, frame: int, name: str) -> Iterator[tuple[int, str | None]]:
    """The values of a variable at the statements of a call and at its end, each with its event; None for one that
    cannot be told."""
    trace = cursor.trace
    end = trace.frames[frame].end_event
    scope = None if trace.frames[frame].function == "<module>" else frame
    for event in (*trace.frames[frame].line_events, *(() if end is None else (end,))):
        if name in trace.state_at(event).locals(scope):
            yield event, cursor.text(variable(name), event, frame)


def _untold(cursor: Cursor, course: list[tuple[int, str | None]]) -> str | None:
    """Why the changes of a variable cannot be counted in the telling: a statement that changes it is not told."""
    for (event, before), (_, after) in pairwise(course):
        if before != after and not cursor.is_begun(event) and cursor.trace.event(event).kind == "line":
            return "a change is not told"
    return None


def _length(text: str | None) -> int:
    node = parse(text or "")
    if isinstance(node, ast.Constant) and isinstance(node.value, str | bytes):
        return len(node.value)
    if isinstance(node, ast.Dict):
        return len(node.keys)
    if isinstance(node, ast.Call):
        return _length(ast.unparse(node.args[0])) if node.args else 0
    return len(getattr(node, "elts", ()))


def _raised_at(cursor: Cursor) -> str | None:
    """The line at which the exception starts that ends the run."""
    trace = cursor.trace
    frame, at = 0, len(trace)
    if trace.frames[0].end_kind != "unwind":
        return None
    while True:
        raised = [e for e in trace.frame_events[frame] if e < at and trace.recording.event_kind[e] == "raise"]
        if not raised:
            return None
        at = raised[-1]
        if trace.recording.event_kind[at - 1] != "unwind":
            return str(trace.syntax.statements[trace.recording.event_statement[at]].line)
        frame = trace.recording.event_frame_id[at - 1]
