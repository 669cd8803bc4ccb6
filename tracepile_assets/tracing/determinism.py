"""Says what two traced runs of one input agree on.

Belongs here: the verdict, and what of a recording is kept under it. Does not belong here: making the runs.
"""

from dataclasses import dataclass, replace

from tracepile_assets.execution import Outcome
from tracepile_assets.trace_model.recording import Recording

LIMIT_STATUSES = frozenset(
    {"timeout", "cpu_limit", "memory_limit", "event_limit", "output_limit", "crash", "tampered", "rejected"}
)
"""Statuses that say more than that two runs differ, and stand before ``nondeterministic``."""
_RESULT = ("status", "return_value", "stdout", "exception", "arguments_after")
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
    compared with its twin as far as both got.
    """
    one, two = first.recording, second.recording
    if first.digest == second.digest:
        return Verdict("full", one)
    for ended, which in ((one, "run"), (two, "second run")):
        if ended.status in LIMIT_STATUSES:
            reason = ended.reason if ended is one else f"in the {which}: {ended.reason}"
            if ended is one and one.status == two.status and _agree_so_far(one, two):
                return Verdict("full", one)
            return Verdict("no", replace(_bare(one), status=ended.status, reason=reason))
    if first.result_digest == second.result_digest:
        return Verdict("result_only", _without_events(one))
    # Where both are too long to be kept it is the values that differ.
    differing = next((name for name in _RESULT if getattr(one, name) != getattr(two, name)), "return_value")
    reason = f"a second run gave another {differing.replace('_', ' ')}"
    return Verdict("no", replace(_bare(one), status="nondeterministic", reason=reason))


def _agree_so_far(one: Recording, two: Recording) -> bool:
    common = min(one.n_events, two.n_events)
    if any(getattr(one, name)[:common] != getattr(two, name)[:common] for name in _PER_EVENT):
        return False
    ends = [next((i for i, e in enumerate(r.change_event) if e >= common), len(r.change_event)) for r in (one, two)]
    if ends[0] != ends[1]:
        return False
    return all(getattr(one, name)[: ends[0]] == getattr(two, name)[: ends[0]] for name in _PER_CHANGE)


def _without_events(recording: Recording) -> Recording:
    nothing = {name: [] for name in (*_PER_EVENT, *_PER_CHANGE, "frame_function")}
    return replace(recording, **nothing)


def _bare(recording: Recording) -> Recording:
    return Recording(python_version=recording.python_version, recorder_version=recording.recorder_version)
