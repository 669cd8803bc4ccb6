"""Checks of claims about calls, returns, output, input and exceptions.

Belongs here: arguments against the parameters of the frame entered, what a return carries, what was written and raised.
Does not belong here: values inside a frame (``values``) and control flow (``control``).
"""

import ast

from tracepile_assets.narration.verifier.cursor import Cursor
from tracepile_assets.narration.verifier.expressions import (
    MATCH,
    MISMATCH,
    UNKNOWN,
    instance,
    is_closed,
    is_value,
    parse,
    same,
    spelled,
    variable,
)
from tracepile_assets.narration.verifier.findings import Finding, contradicted, ungrounded, verified
from tracepile_assets.narration.verifier.spoken import is_place, occurs
from tracepile_assets.narration.verifier.statements import parameters
from tracepile_assets.trace_model.trace import Frame


def entry(cursor: Cursor, call: ast.expr) -> Finding:
    """The run begins with this call."""
    if cursor.trace.entry_point is None or not isinstance(call, ast.Call):
        return contradicted(0, "the run is not a call")
    frame = cursor.trace.frames[0]
    if not _is_named(cursor, frame, call):
        return contradicted(0, f"the run calls {frame.function}")
    given = parse(f"{spelled(call.func)}({cursor.trace.arguments or ''})")
    problem = None if given is not None and same(given, call) else _arguments(cursor, frame, call, None)
    cursor.position, cursor.floors[0] = 0, 0
    return verified(0) if problem is None else contradicted(0, problem)


def call(cursor: Cursor, told: ast.expr) -> Finding:
    """The next call that the frame makes is of this function with these arguments; the telling goes on inside."""
    if not isinstance(told, ast.Call):
        return ungrounded(f"{spelled(told)} is not a call")
    for frame in cursor.calls():
        if not _is_named(cursor, frame, told):
            continue
        pending = cursor.pending(frame.call_event or 0)
        problem = _receiver(cursor, told, pending) or _arguments(cursor, frame, told, pending)
        cursor.enter(frame)
        return verified(frame.call_event) if problem is None else contradicted(frame.call_event, problem)
    return ungrounded(f"{spelled(told.func)} is not called any more here")


def _is_named(cursor: Cursor, frame: Frame, told: ast.Call) -> bool:
    name = told.func.attr if isinstance(told.func, ast.Attribute) else getattr(told.func, "id", None)
    parts = frame.function.split(".")
    return parts[-1] == name or (parts[-1] == "__init__" and parts[-2:-1] == [name])


def _receiver(cursor: Cursor, told: ast.Call, pending: int) -> str | None:
    """What is wrong with the object that a method is said to be called on; None if nothing is."""
    if not isinstance(told.func, ast.Attribute):
        return None
    for part in ast.walk(cursor.node(pending)) if pending >= 0 else ():
        if not isinstance(part, ast.Call) or not isinstance(part.func, ast.Attribute):
            continue
        receiver = instance(part.func.value, told.func.value, cursor.texts_at(pending))
        if part.func.attr == told.func.attr and receiver == MATCH:
            return None
    return f"no {told.func.attr} of {spelled(told.func.value)} is called here"


def _arguments(cursor: Cursor, frame: Frame, told: ast.Call, pending: int | None) -> str | None:
    """What is wrong with the arguments told, held against the parameters of the frame; None if nothing is."""
    event = frame.call_event
    assert event is not None
    names, needed = parameters(cursor.node(event))
    bound_first = bool(names) and ("." in frame.function and names[0] in ("self", "cls"))
    if bound_first:
        names, needed = names[1:], needed - 1
    pairs: list[tuple[str, ast.expr]] = list(zip(names, told.args, strict=False))
    rest = cursor.node(event).args.vararg if hasattr(cursor.node(event), "args") else None  # type: ignore[attr-defined]
    if len(told.args) > len(names) and rest is None:
        return "too many arguments are told"
    pairs += [(keyword.arg or "", keyword.value) for keyword in told.keywords]
    given = [name for name, _ in pairs]
    if len(set(given)) < len(given) or not set(given) <= {*names, *_by_keyword(cursor.node(event))}:
        return "these are not its parameters"
    if not set(names[:needed]) <= set(given):
        return "an argument is left out"
    if rest is not None:
        rest_values = ast.Tuple(elts=told.args[len(names) :], ctx=ast.Load())
        pairs.append((rest.arg, rest_values))
    for name, value in pairs:
        actual = cursor.text(variable(name), event, frame.id)
        if actual is None:
            if pending is None or pending < 0 or not occurs(value, cursor.node(pending)):
                return f"the value of {name} is not known"
            continue
        stated: str | None = None
        if is_value(value):
            stated = spelled(value)
        elif pending is not None and pending >= 0 and (is_place(value) or occurs(value, cursor.node(pending))):
            stated = cursor.text(value, pending)
        if stated != actual:
            return f"{name} is {actual}"
    return None


def _by_keyword(node: ast.AST) -> list[str]:
    """Names of the parameters of a definition that only a keyword gives."""
    return [each.arg for each in node.args.kwonlyargs] if hasattr(node, "args") else []


def returned(cursor: Cursor, told: ast.expr | None, chain: list[ast.expr] | None) -> Finding:
    """The frame told, or the next call that it makes, returns this value, worked out as the code says."""
    frame = cursor.trace.frames[cursor.frame]
    if told is not None:
        if not isinstance(told, ast.Call):
            return ungrounded(f"{spelled(told)} is not a call")
        mine = _is_named(cursor, frame, told) and _arguments(cursor, frame, told, None) is None
        if not mine:
            return _passed_over(cursor, told, chain)
    event = frame.end_event
    if event is None or frame.end_kind != "return":
        return contradicted(event, "the call does not return")
    finding = _return_value(cursor, frame, chain)
    cursor.leave()
    return finding


def returned_from(cursor: Cursor) -> Finding:
    """The frame told returns, whatever it gives back."""
    frame = cursor.trace.frames[cursor.frame]
    if frame.end_event is None or frame.end_kind != "return":
        return contradicted(frame.end_event, "the call does not return")
    if frame.parent is None:
        return ungrounded("what the run gives back is not told")
    cursor.leave()
    return verified(frame.end_event)


def _passed_over(cursor: Cursor, told: ast.Call, chain: list[ast.expr] | None) -> Finding:
    for frame in cursor.calls():
        if frame.end_kind != "return" or not _is_named(cursor, frame, told):
            continue
        pending = cursor.pending(frame.call_event or 0)
        problem = _receiver(cursor, told, pending) or _arguments(cursor, frame, told, pending)
        finding = _return_value(cursor, frame, chain)
        cursor.pass_over(frame)
        if problem is not None:
            return contradicted(frame.call_event, problem)
        return Finding(finding.verdict, finding.event, finding.detail, observed=True)
    return ungrounded(f"{spelled(told.func)} is not called any more here")


def _return_value(cursor: Cursor, frame: Frame, chain: list[ast.expr] | None) -> Finding:
    event = frame.end_event
    assert event is not None
    carried = cursor.carried(event)
    if chain is None:
        return verified(event) if carried == "None" else contradicted(event, f"it returns {carried}")
    if carried is None:
        return ungrounded("what is returned is not known")
    if not is_value(chain[-1]) or spelled(chain[-1]) != carried:
        return contradicted(event, f"it returns {carried}")
    lines = frame.line_events
    node = cursor.node(lines[-1]) if lines else None
    code = node.value if isinstance(node, ast.Return) else None
    if code is None:
        plain = len(chain) == 1
        return verified(event) if plain else contradicted(event, "nothing is worked out for this return in the code")
    observed = False
    for part in chain:
        verdict = instance(code, part, cursor.texts_at(lines[-1], frame.id))
        if verdict == MISMATCH and (len(chain) > 1 or cursor.text(code, lines[-1], frame.id) is not None):
            return contradicted(event, f"the code says {spelled(code)}, the text says {spelled(part)}")
        if verdict == UNKNOWN and not is_value(part):
            return ungrounded(f"what {spelled(part)} is made of is not known here")
        observed = observed or verdict == UNKNOWN
        if is_closed(part) and cursor.text(part, lines[-1], frame.id) not in (None, carried):
            return contradicted(event, f"{spelled(part)} is not {carried}")
    return verified(event, observed=observed)


def resumed(cursor: Cursor, place: ast.expr) -> Finding:
    """The frame told now is one of this function, or this very call."""
    frame = cursor.trace.frames[cursor.frame]
    if isinstance(place, ast.Call):
        problem = None if _is_named(cursor, frame, place) else f"this is {frame.function}"
        problem = problem or _arguments(cursor, frame, place, None)
        return verified(cursor.now()) if problem is None else contradicted(cursor.now(), problem)
    if isinstance(place, ast.Name) and frame.function.split(".")[-1] == place.id:
        return verified(cursor.now())
    return contradicted(cursor.now(), f"this is {frame.function}")


def output(cursor: Cursor, text: ast.expr | None) -> Finding:
    """The next thing written is this text, the line end apart."""
    recording = cursor.trace.recording
    for event in range(max(cursor.floors[cursor.frame], 0), len(cursor.trace)):
        if recording.event_kind[event] != "output" or ("output", event) in cursor.done:
            continue
        written = recording.event_value[event] or ""
        shown = written[:-1] if written.endswith("\n") else written
        cursor.done.add(("output", event))
        if recording.event_frame_id[event] != cursor.frame:
            return contradicted(event, "it is written by another call")
        cursor.told(cursor.pending(event), "output")
        cursor.position = max(cursor.position, event)
        return verified(event) if _is_text(text, shown) else contradicted(event, f"{shown!r} is written")
    return ungrounded("nothing more is written")


def _is_text(told: ast.expr | None, shown: str) -> bool:
    if told is None:
        return shown == ""
    if isinstance(told, ast.Constant) and isinstance(told.value, str):
        return told.value == shown
    return is_value(told) and spelled(told) == shown


def raised(cursor: Cursor, code: ast.AST | None, exception: ast.expr) -> Finding:
    """The next exception that starts in the frame is this one, raised by this expression or statement."""
    recording = cursor.trace.recording
    for event in cursor.trace.frame_events[cursor.frame]:
        if recording.event_kind[event] != "raise" or event < cursor.position or ("raise", event) in cursor.done:
            continue
        cursor.done.add(("raise", event))
        pending = cursor.pending(event)
        cursor.told(pending, "raise")
        cursor.position = max(cursor.position, event)
        carried = cursor.carried(event)
        if carried != spelled(exception):
            return contradicted(event, f"{carried} is raised")
        if code is not None and not _occurs(cursor, pending, code):
            return contradicted(event, f"{spelled(code)} is not what is executed here")
        return verified(event, observed=True)
    return ungrounded("nothing more is raised here")


def _occurs(cursor: Cursor, event: int, told: ast.AST) -> bool:
    node = cursor.node(event)
    if isinstance(told, ast.stmt):
        return spelled(node) == spelled(told)
    return any(
        isinstance(part, ast.expr) and instance(part, told, cursor.texts_at(event)) == MATCH for part in ast.walk(node)
    )


def caught(cursor: Cursor, header: str | None) -> Finding:
    """The exception told last is handled in this frame, by the clause named."""
    event = _handling(cursor)
    if event is None:
        return contradicted(None, "no except clause catches it here")
    cursor.told(event, "caught")
    if header is not None:
        source = cursor.trace.syntax.header_source(cursor.trace.recording.event_statement[event])
        if source.rstrip(": ") != header.rstrip(": "):
            return contradicted(event, f"the clause is {source}")
    return verified(event)


def _handling(cursor: Cursor) -> int | None:
    """The event at the except clause whose body is entered next in the frame; None if another statement goes before
    it."""
    recording, syntax = cursor.trace.recording, cursor.trace.syntax
    handler = None
    for event in cursor.trace.frame_events[cursor.frame]:
        if event <= cursor.position or recording.event_kind[event] == "raise":
            continue
        if recording.event_kind[event] != "line":
            return None
        if handler is not None and syntax.inside(
            recording.event_statement[event], recording.event_statement[handler], "body"
        ):
            return handler
        if not isinstance(cursor.node(event), ast.ExceptHandler):
            return None
        handler = event
    return None


def escapes(cursor: Cursor, name: str | None) -> Finding:
    """The exception leaves the frame told."""
    frame = cursor.trace.frames[cursor.frame]
    if frame.end_kind != "unwind":
        return contradicted(frame.end_event, "the call does not end by an exception")
    if name is not None and frame.function.split(".")[-1] != name:
        return contradicted(frame.end_event, f"this is {frame.function}")
    if name is None and cursor.trace.frames[0].end_kind != "unwind":
        return contradicted(frame.end_event, "it is caught further out")
    cursor.leave()
    return verified(frame.end_event)
