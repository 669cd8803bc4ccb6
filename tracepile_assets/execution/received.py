"""Checks what came back from the jail, which is nothing but untrusted bytes, and makes a ``Recording`` of it.

Belongs here: types, lengths, ranges, and that the events do not contradict each other. Does not belong here: the
meaning of a recording (``trace_model``).
"""

import json
import re
from hashlib import sha256
from itertools import pairwise
from operator import gt

from tracepile_assets.trace_model.recording import Recording

from .jobs import Limits

STATUSES = frozenset({"ok", "exception", "timeout", "memory_limit", "event_limit", "output_limit", "crash", "rejected"})
"""What a child may say of itself. ``cpu_limit`` and ``tampered`` are the parent's to say."""
_WITH_VALUE = frozenset({"return", "yield", "raise", "output"})
_KINDS = frozenset({"call", "line", "unwind", "resume"}) | _WITH_VALUE
_OPS = frozenset({"set", "delta", "delete"})
_PLACE = re.compile(r"(?:f\d+\.|g\.|#\d+[\[{.]?)", re.ASCII)
_TEXTS = ("reason", "return_value", "exception", "arguments_after")
_INTEGERS = ("event_statement", "event_line", "event_depth", "event_frame_id", "change_event", "change_cause")
_STRINGS = ("event_kind", "change_place", "change_op", "frame_function")
_OPTIONAL = ("event_value", "change_value")
_COLUMNS = frozenset(
    {*_TEXTS, *_INTEGERS, *_STRINGS, *_OPTIONAL, "status", "stdout", "expected_agrees", "truncated", "python_version"}
    | {"recorder_version", "n_events", "beyond", "beyond_result"}
)


class Tampered(ValueError):
    """What came back contradicts itself."""


def received(data: bytes, code: str, limits: Limits) -> tuple[Recording, str, str]:
    """The recording in these bytes, and the digests of what it and its result leave out. Raises ``Tampered``."""
    try:
        row = json.loads(data)
    except (ValueError, RecursionError) as error:
        raise Tampered(f"no JSON: {error}") from None
    if type(row) is not dict or set(row) != _COLUMNS:
        raise Tampered("other columns than a recording has")
    _check_types(row)
    _check_ranges(row, code, limits)
    _check_changes(row)
    _check_frames(row)
    del row["n_events"]
    beyond, beyond_result = row.pop("beyond"), row.pop("beyond_result")
    return Recording(**row), beyond, beyond_result


def digest(recording: Recording, beyond: str = "") -> str:
    """Hash of everything that a second run of a deterministic program repeats, what was left out included."""
    row = recording.to_row()
    for name in ("python_version", "recorder_version", "expected_agrees", "reason"):
        del row[name]
    return _hash({**row, "beyond": beyond})


def result_digest(recording: Recording, beyond_result: str = "") -> str:
    """Hash of how a run ended: status, return value, stdout, exception and arguments, in full."""
    names = ("status", "return_value", "stdout", "exception", "arguments_after")
    return _hash({**{name: getattr(recording, name) for name in names}, "beyond": beyond_result})


def _hash(row: dict) -> str:
    return sha256(json.dumps(row, sort_keys=True, separators=(",", ":")).encode()).hexdigest()


def _require(holds: bool, says: str) -> None:
    if not holds:
        raise Tampered(says)


def _check_types(row: dict) -> None:
    for name in ("status", "stdout", "python_version", "recorder_version", "beyond", "beyond_result"):
        _require(type(row[name]) is str, f"{name} is no text")
    for name in _TEXTS:
        _require(row[name] is None or type(row[name]) is str, f"{name} is no text")
    _require(type(row["truncated"]) is bool, "truncated is no truth value")
    _require(row["expected_agrees"] in (None, True, False), "expected_agrees is no truth value")
    for names, kinds in ((_INTEGERS, {int}), (_STRINGS, {str}), (_OPTIONAL, {str, type(None)})):
        for name in names:
            _require(type(row[name]) is list and set(map(type, row[name])) <= kinds, f"{name} holds other types")
    for prefix in ("event_", "change_"):
        lengths = {len(held) for name, held in row.items() if name.startswith(prefix) and type(held) is list}
        _require(len(lengths) == 1, f"the {prefix}* lists differ in length")
    _require(row["n_events"] == len(row["event_kind"]), "n_events is not the number of events")


def _check_ranges(row: dict, code: str, limits: Limits) -> None:
    n_events = len(row["event_kind"])
    _require(row["status"] in STATUSES, f"there is no status {row['status']!r}")
    _require(set(row["event_kind"]) <= _KINDS, "an unknown kind of event")
    _require(set(row["change_op"]) <= _OPS, "an unknown kind of change")
    _require(n_events <= limits.events, "more events than allowed")
    _require(len(row["stdout"]) <= limits.output_bytes * 64, "more output than can be")
    ranges = {
        "event_statement": len(code) + 1,
        "event_line": len(code) + 2,
        "event_depth": n_events,
        "event_frame_id": len(row["frame_function"]),
        "change_event": n_events,
    }
    for name, end in ranges.items():
        held = row[name]
        _require(not held or (min(held) >= 0 and max(held) < end), f"{name} is out of range")
    pairs = set(zip(row["event_statement"], row["event_line"], strict=True))
    _require(len({s for s, _ in pairs}) == len(pairs), "one statement lies on two lines")


def _check_changes(row: dict) -> None:
    events, causes = row["change_event"], row["change_cause"]
    _require(not any(a > b for a, b in pairwise(events)), "changes are not in order of their events")
    _require(not causes or (min(causes) >= -1 and not any(map(gt, causes, events))), "a change comes before its cause")
    _require(all(map(_PLACE.match, row["change_place"])), "a change has no place")
    deleted = zip(row["change_op"], row["change_value"], strict=True)
    _require(all(value is None for op, value in deleted if op == "delete"), "a deletion has a value")


def _check_frames(row: dict) -> None:
    """Calls open frames in order, only the innermost frame acts, and an ended frame does not."""
    stack: list[int] = []
    suspended: set[int] = set()
    opened = 0
    events = zip(row["event_kind"], row["event_frame_id"], row["event_depth"], row["event_value"], strict=True)
    written = []
    for kind, frame, depth, value in events:
        if kind == "call":
            _require(frame == opened, "frames are not numbered in order of call")
            opened += 1
            stack.append(frame)
        elif kind == "resume":
            _require(frame in suspended, "a frame resumes that was not suspended")
            suspended.discard(frame)
            stack.append(frame)
        # A frame whose end was not reported (the abandoned one of a generator) makes way for the one below it.
        while stack and stack[-1] != frame:
            stack.pop()
        _require(bool(stack), "an event lies in a frame that is not open")
        _require(depth == len(stack) - 1, "the depth of an event is not that of its frame")
        if kind in ("return", "unwind", "yield"):
            stack.pop()
            if kind == "yield":
                suspended.add(frame)
        elif kind == "output":
            _require(value is not None, "an output holds no text")
            written.append(value)
    _require(opened == len(row["frame_function"]), "a frame was never called")
    _require(row["stdout"].endswith("".join(written)), "the outputs are not what was written")
