"""Where control went: branches taken, runs of loops and their iterations.

Belongs here: what follows from the line events and the nesting of statements. Does not belong here: the values of
conditions (``evaluator``).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tracepile_assets.trace_model.trace import Trace

_LOOPS = ("For", "AsyncFor", "While")


@dataclass(frozen=True, slots=True)
class Iteration:
    """One pass through a loop's body.

    ``number`` counts from 1. ``start``: the header event that led into it; ``body``: the first event of the body (the
    loop variable is bound there). ``end``: the event whose state holds at its end: the next header event, or the first
    event of the frame outside the loop; None if the recording ended within.
    """

    number: int
    start: int
    body: int
    end: int | None


@dataclass(frozen=True, slots=True)
class LoopRun:
    """One run of a loop statement in a frame, from its first header event on.

    ``header_events``: the line events at the loop statement. ``exit``: ``exhausted`` (for), ``condition`` (while),
    ``break``, ``return``, ``raise``, or ``open`` (the recording ended within). ``exit_event``: the first event of the
    frame outside the loop, None where open.
    """

    statement: int
    frame: int
    header_events: tuple[int, ...]
    iterations: tuple[Iteration, ...]
    exit: str
    exit_event: int | None


def branch(trace: Trace, i: int) -> bool | None:
    """Which way the ``if``, ``while`` or ``for`` entered at line event i went.

    True: into its body. None: its test raised, the recording ended, or it is not one of the three.
    """
    recording = trace.recording
    statement = recording.event_statement[i]
    if not trace.runs_statements(recording.event_frame_id[i]):
        return None
    if recording.event_kind[i] != "line" or trace.syntax.statements[statement].kind not in ("If", *_LOOPS):
        return None
    end = trace.end_of_statement(i)
    if end is None or recording.event_kind[end] in ("raise", "unwind"):
        return None
    if recording.event_kind[end] == "return":
        return False
    return trace.syntax.inside(recording.event_statement[end], statement, "body")


class _Run:
    """A run being collected."""

    def __init__(self, statement: int, frame: int) -> None:
        self.statement, self.frame = statement, frame
        self.headers: list[int] = []
        self.bodies: list[tuple[int, int]] = []
        self.ends: list[int] = []
        self.in_body: list[int] = []  # line events inside the current iteration
        self.breaks = False  # whether one of them is a break out of this loop

    def close(self, trace: Trace, exit_event: int | None) -> LoopRun:
        last_end = exit_event if len(self.ends) < len(self.bodies) else None
        ends: list[int | None] = [*self.ends, last_end][: len(self.bodies)]
        iterations = tuple(
            Iteration(number, start, body, end)
            for number, ((start, body), end) in enumerate(zip(self.bodies, ends, strict=True), 1)
        )
        reason = "open" if exit_event is None else self._exit(trace, exit_event)
        return LoopRun(self.statement, self.frame, tuple(self.headers), iterations, reason, exit_event)

    def _exit(self, trace: Trace, exit_event: int) -> str:
        recording, statements = trace.recording, trace.syntax.statements
        if not self.in_body:
            if recording.event_kind[exit_event] in ("raise", "unwind"):
                return "raise"
            return "condition" if statements[self.statement].kind == "While" else "exhausted"
        raised = recording.event_kind[exit_event] in ("raise", "unwind")
        if not raised and self.breaks:
            return "break"
        visited = [statements[recording.event_statement[i]] for i in self.in_body]
        function = statements[self.statement].function
        if not raised and any(s.kind == "Return" and s.function == function for s in visited):
            return "return"
        return "raise"


def loop_runs(trace: Trace) -> list[LoopRun]:
    """Every run of a loop statement in a frame, in order of its first header event."""
    syntax = trace.syntax
    if not any(s.kind in _LOOPS for s in syntax.statements):
        return []
    found: list[LoopRun] = []
    for frame, events in trace.frame_events.items():
        if not trace.runs_statements(frame):
            continue
        _runs_of_frame(trace, frame, events, found)
    found.sort(key=lambda run: run.header_events[0])
    return found


def _runs_of_frame(trace: Trace, frame: int, events: list[int], found: list[LoopRun]) -> None:
    recording, syntax = trace.recording, trace.syntax
    running: list[_Run] = []
    raised: int | None = None
    for i in events:
        kind, statement = recording.event_kind[i], recording.event_statement[i]
        if kind == "raise":
            raised = i if raised is None else raised
            continue
        if kind in ("return", "unwind"):
            while running:
                found.append(running.pop().close(trace, raised if kind == "unwind" and raised is not None else i))
            return
        if kind != "line":
            continue
        while running and not _goes_on(trace, running[-1], statement):
            found.append(running.pop().close(trace, i if raised is None else raised))
        raised = None
        if running and running[-1].statement == statement:
            run = running[-1]
            if run.in_body:
                run.ends.append(i)
            run.in_body, run.breaks = [], False
            run.headers.append(i)
            continue
        entered = syntax.statements[statement]
        for run in running:
            if not run.in_body:
                run.bodies.append((run.headers[-1], i))
            run.in_body.append(i)
            run.breaks = run.breaks or (entered.kind == "Break" and entered.loop == run.statement)
        if entered.kind in _LOOPS:
            run = _Run(statement, frame)
            run.headers.append(i)
            running.append(run)
    while running:
        found.append(running.pop().close(trace, None))


def _goes_on(trace: Trace, run: _Run, statement: int) -> bool:
    """Whether a line event at ``statement`` still belongs to the run."""
    if statement == run.statement:
        # Where it is not in its body, the test failed, or the iterator was empty, and the loop is entered afresh.
        return bool(run.in_body) and not run.breaks
    return trace.syntax.inside(statement, run.statement, "body")
