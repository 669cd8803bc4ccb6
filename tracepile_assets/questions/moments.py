"""The moments of a run that several kinds ask about: executions of statements, runs of loops, all of a call.

Not here: which of them a kind asks about (`kinds/`), and their wording (`wording`).
"""

from collections import Counter
from dataclasses import dataclass

from tracepile_assets.trace_model.flow import LoopRun

from .run import NamedCall, Run

STATEMENTS = frozenset(
    (
        "Assign",
        "AugAssign",
        "AnnAssign",
        "Expr",
        "If",
        "Return",
        "Raise",
        "Assert",
        "Delete",
        "Break",
        "Continue",
        "Pass",
    )
)
"""Kinds of statement whose executions a reader counts as the recording does."""


@dataclass(frozen=True, slots=True)
class Visit:
    """The k-th execution of a statement in a call, at the event that enters it."""

    call: NamedCall
    statement: int
    visit: int
    event: int


def visits(run: Run, kinds: frozenset[str] = STATEMENTS) -> list[Visit]:
    """All executions of statements of some kinds in calls that can be named, in order of event."""
    return run.once(("visits", kinds), lambda: _visits(run, kinds))


def _visits(run: Run, kinds: frozenset[str]) -> list[Visit]:
    found = []
    for call in run.calls:
        counts: Counter[int] = Counter()
        for event in call.frame.line_events:
            statement = run.trace.recording.event_statement[event]
            counts[statement] += 1
            if run.statements[statement].kind in kinds:
                found.append(Visit(call, statement, counts[statement], event))
    found.sort(key=lambda visit: visit.event)
    return found


def before(visit: Visit) -> dict[str, object]:
    """The canonical form of the moment immediately before an execution, as the target of a question."""
    return {
        "when": "before",
        "function": visit.call.function,
        "call": visit.call.call,
        "statement": visit.statement,
        "visit": visit.visit,
    }


def states(call: NamedCall) -> list[int]:
    """The events of a call at which a statement begins, and that at which the call ends."""
    return [*call.frame.line_events, *([] if call.frame.end_event is None else [call.frame.end_event])]


@dataclass(frozen=True, slots=True)
class NamedLoop:
    """A run of a loop that a question can name.

    Attributes:
        call: the call in which it runs.
        loop: the run.
        number: its number among the runs of that loop in that call, from 1.
        again: whether the loop may run more than once in a call, which the code says: it stands in another loop.
    """

    call: NamedCall
    loop: LoopRun
    number: int
    again: bool


def loops(run: Run) -> list[NamedLoop]:
    """The runs of loops in calls that can be named, in order of their first event."""
    return run.once("loops", lambda: _loops(run))


def _loops(run: Run) -> list[NamedLoop]:
    calls = {call.frame.id: call for call in run.calls}
    named = [
        loop for loop in run.trace.loops if loop.frame in calls and run.statements[loop.statement].kind != "AsyncFor"
    ]
    seen: Counter[tuple[int, int]] = Counter()
    found = []
    for loop in named:
        key = (loop.frame, loop.statement)
        seen[key] += 1
        found.append(NamedLoop(calls[loop.frame], loop, seen[key], run.statements[loop.statement].loop is not None))
    return found
