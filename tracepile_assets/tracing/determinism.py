"""Says what two traced runs of one input agree on.

Belongs here: the verdict, and what of a recording is kept under it. Does not belong here: making the runs.
"""

from bisect import bisect_left
from dataclasses import dataclass, replace

from tracepile_assets.execution import Outcome
from tracepile_assets.trace_model.recording import Recording

LIMIT_STATUSES = frozenset(
    {"timeout", "cpu_limit", "memory_limit", "event_limit", "output_limit", "crash", "tampered", "rejected"}
)
"""Statuses that say more than that two runs differ, and stand before ``nondeterministic``."""
_RESULT = ("status", "return_value", "stdout", "exception", "arguments_after")
_NO_ROOM, _RAN_OUT = "out of memory", "MemoryError()"
_PER_EVENT = ("event_kind", "event_statement", "event_line", "event_depth", "event_frame_id", "event_value")
_PER_CHANGE = ("change_event", "change_cause", "change_place", "change_op", "change_value")


@dataclass(frozen=True, slots=True)
class Verdict:
    """``deterministic`` is ``full``, ``result_only`` or ``no``; ``recording`` holds what is kept of the first run."""

    deterministic: str
    recording: Recording


def judge(first: Outcome, second: Outcome) -> Verdict:
    """Compare a run with its twin.

    Equal digests: ``full``. Equal result, stdout and exception but other events: ``result_only``, no events kept.
    Otherwise ``no``: status ``nondeterministic``, nothing kept. A run that a limit ended keeps its status, and is
    compared with its twin as far as both got: that much of it is kept, as ``full``, if the twin ended in the same way.
    A run in which memory ran out ends there, even if it went on: how much there was is no matter of its input.
    """
    one = _until_memory_ran_out(first.recording)
    if first.digest == second.digest:
        # The second recording is the first one, and need not be read.
        return Verdict("full", one)
    two = _until_memory_ran_out(second.recording)
    if one is not first.recording or two is not second.recording:
        common = _common(one, two) if one.status == two.status else None
        return Verdict("no", _ended(first, _NO_ROOM, "memory_limit")) if common is None else Verdict("full", common)
    if first.status in LIMIT_STATUSES:
        common = _common(first.recording, second.recording) if first.status == second.status else None
        return Verdict("full", common) if common is not None else Verdict("no", _ended(first, first.recording.reason))
    if second.status in LIMIT_STATUSES:
        return Verdict("no", _ended(first, f"in the second run: {second.recording.reason}", second.status))
    if first.result_digest == second.result_digest:
        return Verdict("result_only", _without_events(one))
    # Where none differs they are too long to be kept, or what was drawn at random decides on them.
    differing = next((name for name in _RESULT if getattr(one, name) != getattr(two, name)), "result")
    reason = f"another run gave another {differing.replace('_', ' ')}"
    return Verdict("no", _ended(first, reason, "nondeterministic"))


def _until_memory_ran_out(recording: Recording) -> Recording:
    """A recording, ended before the first ``MemoryError`` that its program caught; the same if there was none."""
    if recording.status in LIMIT_STATUSES or _RAN_OUT not in recording.event_value:
        return recording
    raised = zip(recording.event_kind, recording.event_value, strict=True)
    at = next((i for i, (kind, value) in enumerate(raised) if kind == "raise" and value == _RAN_OUT), None)
    if at is None:
        return recording
    kept = {**dict.fromkeys(_RESULT), **_cut(recording, at), "stdout": recording.stdout}
    return replace(recording, **{**kept, "status": "memory_limit", "reason": _NO_ROOM})


def _common(one: Recording, two: Recording) -> Recording | None:
    """What both of two runs recorded that a limit ended; None if they differ, or if one recorded nothing.

    Where the limit is time or memory one of them got further: what only that one recorded no second run has shown.
    """
    events = min(one.n_events, two.n_events)
    first, second = _cut(one, events), _cut(two, events)
    if first != second or (events == 0 and one.n_events != two.n_events):
        return None
    stdout, longer = sorted((one.stdout, two.stdout), key=len)
    if not longer.startswith(stdout):
        return None
    same = {name: getattr(one, name) for name in _RESULT if getattr(one, name) == getattr(two, name)}
    kept = {**dict.fromkeys(_RESULT), **same, **first, "stdout": stdout}
    return replace(one, **kept, truncated=one.truncated or two.truncated)


def _cut(recording: Recording, events: int) -> dict[str, list]:
    """The columns of the first events and of the changes and frames that belong to them."""
    changes = bisect_left(recording.change_event, events)
    frames = recording.event_kind[:events].count("call")
    ends = {**dict.fromkeys(_PER_EVENT, events), **dict.fromkeys(_PER_CHANGE, changes), "frame_function": frames}
    return {name: getattr(recording, name)[:end] for name, end in ends.items()}


def _without_events(recording: Recording) -> Recording:
    nothing = {name: [] for name in (*_PER_EVENT, *_PER_CHANGE, "frame_function")}
    return replace(recording, **nothing)


def _ended(first: Outcome, reason: str | None, status: str | None = None) -> Recording:
    """A recording that holds no more than how the run ended."""
    one = first.recording
    versions = {"python_version": one.python_version, "recorder_version": one.recorder_version}
    return Recording(status=status or one.status, reason=reason, **versions)
