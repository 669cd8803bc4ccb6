"""A trace as JSON, as ``tracepile trace --format json`` prints it, read back into a ``Trace``.

Belongs here: reading the document and refusing what contradicts itself. Does not belong here: writing it
(``cli.trace``), and running anything: whether the program does what the document says, only a run can tell.
"""

import ast
import json
from collections.abc import Mapping
from typing import Any

from tracepile_assets.trace_model.recording import Recording
from tracepile_assets.trace_model.replay import ReplayError
from tracepile_assets.trace_model.trace import Trace
from tracepile_assets.trace_model.value_parser import parse_value
from tracepile_assets.trace_model.values import Unknown

SCHEMA = "tracepile/trace/1"
"""Version of the document."""

CUT = "<cut short>"
"""Stands for a value that was over a cap; no value text looks like it."""

_KINDS = ("call", "line", "return", "raise", "unwind", "yield", "resume", "output")
_OPS = ("set", "delta", "delete")
_TEXTS = (str,)
_HEAD: dict[str, tuple[type, ...]] = {
    "code": _TEXTS,
    "entry_point": (str, type(None)),
    "status": _TEXTS,
    "reason": (str, type(None)),
    "return_value": (str, type(None)),
    "stdout": _TEXTS,
    "exception": (str, type(None)),
    "truncated": (bool,),
    "events": (list,),
}
_EVENT: dict[str, tuple[type, ...]] = {
    "kind": _TEXTS,
    "line": (int,),
    "statement": (int,),
    "depth": (int,),
    "function": _TEXTS,
    "frame_id": (int,),
    "value": (str, type(None)),
    "changes": (list,),
}
_CHANGE: dict[str, tuple[type, ...]] = {"cause": (int,), "place": _TEXTS, "op": _TEXTS, "value": (str, type(None))}


class DocumentError(ValueError):
    """What was given is no trace as JSON, or one that contradicts itself; the message says where."""


def read_trace(text: str) -> Trace:
    """The trace that a JSON text holds.

    Raises:
        DocumentError: it is not JSON, not of this schema, lacks a part, or contradicts itself: statements that the
            code does not have, changes that do not fit the state, a state or a result that is not what the changes
            lead to.
    """
    try:
        document = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise DocumentError(f"is not JSON: {error}") from error
    if not isinstance(document, dict) or document.get("schema") != SCHEMA:
        found = document.get("schema") if isinstance(document, dict) else type(document).__name__
        raise DocumentError(f"is no trace: its schema is {found!r}, not {SCHEMA!r}; print it with --format json")
    _typed(document, _HEAD, "the trace")
    trace = _trace(document)
    _check_statements(trace, document["events"])
    _check_frames(trace)
    _check_states(trace, document["events"])
    _check_result(trace)
    return trace


def split_call(call: str) -> tuple[str, str]:
    """Entry point and the text between the parentheses of a call such as ``f(3, [1, 2])``.

    Raises:
        ValueError: the text is not a call; the message says what is wrong with it.
    """
    stripped = call.strip()
    try:
        node = ast.parse(stripped, mode="eval").body
    except (SyntaxError, ValueError, MemoryError, RecursionError) as error:
        raise ValueError(f"{call!r} does not parse: {error}") from error
    function = ast.get_source_segment(stripped, node.func) if isinstance(node, ast.Call) else None
    if function is None:
        raise ValueError(f'{call!r} is not a call; write it like "f(3, [1, 2])"')
    between = stripped[len(function) :].strip()
    if not (between.startswith("(") and between.endswith(")")):
        raise ValueError(f'{call!r}: write it like "f(3, [1, 2])"')
    return function, between[1:-1].strip()


def _typed(item: Any, wanted: Mapping[str, tuple[type, ...]], where: str) -> None:
    if not isinstance(item, dict):
        raise DocumentError(f"{where} is {type(item).__name__}, not an object")
    for name, types in wanted.items():
        if name not in item:
            raise DocumentError(f"{where} has no {name!r}")
        if not isinstance(item[name], types) or (isinstance(item[name], bool) and bool not in types):
            raise DocumentError(f"{name!r} of {where} is {type(item[name]).__name__}")


def _trace(document: dict[str, Any]) -> Trace:
    columns: dict[str, list[Any]] = {name: [] for name in ("kind", "statement", "line", "depth", "frame_id", "value")}
    changes: dict[str, list[Any]] = {name: [] for name in ("event", "cause", "place", "op", "value")}
    functions: list[str] = []
    for index, event in enumerate(document["events"]):
        where = f"event {index}"
        _typed(event, _EVENT, where)
        if event["kind"] not in _KINDS:
            raise DocumentError(f"{where} is of the unknown kind {event['kind']!r}")
        if not 0 <= event["frame_id"] <= len(functions):
            raise DocumentError(f"{where} is in frame {event['frame_id']}, which no call has made")
        if event["frame_id"] == len(functions):
            functions.append(event["function"])
        elif functions[event["frame_id"]] != event["function"]:
            raise DocumentError(f"{where} says that frame {event['frame_id']} is one of {event['function']!r}")
        for name, column in columns.items():
            column.append(event[name])
        for change in event["changes"]:
            _typed(change, _CHANGE, f"a change at {where}")
            if change["op"] not in _OPS or not -1 <= change["cause"] < max(index, 1):
                raise DocumentError(f"a change at {where} has the op {change['op']!r} and the cause {change['cause']}")
            changes["event"].append(index)
            for name in ("cause", "place", "op", "value"):
                changes[name].append(change[name])
    call, stdin, entry_point = document.get("call"), document.get("stdin"), document["entry_point"]
    if not isinstance(stdin if call is None else call, str) or (call is None) == (stdin is None):
        raise DocumentError("the trace has neither a 'call' nor a 'stdin', or both")
    try:
        function, arguments = (None, None) if call is None else split_call(call)
    except ValueError as error:
        raise DocumentError(f"the call {error}") from error
    if function != entry_point:
        raise DocumentError(f"the call is one of {function}, the entry point is {entry_point}")
    head = {name: document.get(name) for name in ("status", "reason", "return_value", "stdout", "exception")}
    recording = Recording(
        **head,
        truncated=document["truncated"],
        python_version=str(document.get("python_version", "")),
        recorder_version=str(document.get("recorder_version", "")),
        frame_function=functions,
        **{f"event_{name}": column for name, column in columns.items()},
        **{f"change_{name}": column for name, column in changes.items()},
    )
    return Trace(document["code"], entry_point, recording, arguments=arguments, stdin=stdin)


def _check_statements(trace: Trace, events: list[dict[str, Any]]) -> None:
    try:
        statements = trace.syntax.statements
    except (SyntaxError, ValueError, MemoryError, RecursionError) as error:
        if trace.recording.status == "rejected" and not events:
            return
        raise DocumentError(f"the code does not parse: {error}") from error
    for index, event in enumerate(events):
        number = event["statement"]
        if not 0 <= number < len(statements):
            raise DocumentError(f"event {index} is at statement {number}, and the code has {len(statements)}")
        if event["line"] != statements[number].line:
            raise DocumentError(f"event {index} is on line {event['line']}, its statement is not")


def _check_frames(trace: Trace) -> None:
    open_frames: list[int] = []
    ended: set[int] = set()
    recording = trace.recording
    for index, (kind, frame) in enumerate(zip(recording.event_kind, recording.event_frame_id, strict=True)):
        if frame in ended:
            raise DocumentError(f"event {index} is in frame {frame}, which has ended")
        if kind in ("call", "resume") or index == 0:
            open_frames.append(frame)
        if not open_frames or open_frames[-1] != frame:
            raise DocumentError(f"event {index} is in frame {frame}, which is not the one that runs")
        if kind in ("return", "unwind", "yield"):
            open_frames.pop()
            if kind != "yield":
                ended.add(frame)


def _check_states(trace: Trace, events: list[dict[str, Any]]) -> None:
    index = 0
    try:
        for index, state in trace.replay():
            told = events[index].get("state")
            if told is None:
                continue
            visible = state.variables(trace.recording.event_frame_id[index])
            if told != {name: state.text(value, CUT) for name, value in visible.items()}:
                raise DocumentError(f"the state at event {index} is not what the changes before it lead to")
    except (ReplayError, KeyError, IndexError, TypeError, AttributeError) as error:
        raise DocumentError(f"a change at event {index} does not fit the state: {error}") from error
    except (ValueError, RecursionError) as error:
        if isinstance(error, DocumentError):
            raise
        raise DocumentError(f"event {index} cannot be read: {error}") from error


def _check_result(trace: Trace) -> None:
    recording = trace.recording
    written = "".join(
        value or "" for kind, value in zip(recording.event_kind, recording.event_value, strict=True) if kind == "output"
    )
    if written and not recording.stdout.startswith(written) and recording.status == "ok":
        raise DocumentError("'stdout' is not what the output events wrote")
    last = len(trace) - 1
    if recording.return_value is None or last < 0 or recording.event_frame_id[last] != 0 or trace.entry_point is None:
        return
    if recording.event_kind[last] != "return":
        raise DocumentError("there is a 'return_value', and the run does not end with a return")
    try:
        carried = trace.state_at(last).text(parse_value(recording.event_value[last] or "None"))
    except (Unknown, ValueError, RecursionError, KeyError):
        return
    if carried != recording.return_value:
        raise DocumentError(f"'return_value' is {recording.return_value!r}, and the last event returns {carried!r}")
