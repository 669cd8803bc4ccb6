"""The statement at which the exception starts that ends a run."""

import ast
from collections.abc import Iterator, Sequence
from typing import ClassVar

from ..difficulty import difficulty
from ..kind import Candidate, Kind, Refusal, Settled
from ..prompt import pick
from ..run import Run

_ASKS = (
    "This run ends with an exception that is not caught. On which line does the statement begin that raises it?",
    "An uncaught exception ends this run. At which line does it start?",
    "In which line is the exception raised that stops this run?",
)


class ExceptionStatement(Kind):
    """Line of the statement that raises the uncaught exception."""

    name = "exception_statement"
    asks_for = "The line of the statement that raises the exception that ends the run."
    computed = "The statement of the first raise event of those that run through all frames up to the end."
    graded = "The number of the line."
    applies = "Runs that end with an uncaught exception that a statement raises, not one that is raised again."
    statuses: ClassVar[tuple[str, ...]] = ("exception",)
    weight: ClassVar[float | None] = 6.0

    def candidates(self, run: Run) -> Sequence[Candidate]:
        """The end of the run: one."""
        return [Candidate(0, None)]

    def settle(self, run: Run, candidate: Candidate) -> Iterator[Settled | Refusal]:
        """The line."""
        event = _start(run)
        if event is None:
            yield Refusal("not_known", "where the exception starts cannot be told")
            return
        statement = run.statements[run.trace.recording.event_statement[event]]
        if run.lines[statement.line] != 1:
            yield Refusal("not_applicable", "several statements on the line")
            return
        hard = difficulty(steps=len(run.trace), depth=run.trace.recording.event_depth[event])
        yield Settled(
            {"outcome": "exception", "asks": "line"},
            str(statement.line),
            "int",
            hard,
            lambda seed: f"{pick(_ASKS, seed, 'asks')} Lines are counted from 1. Answer with the number of the line.",
        )


def _start(run: Run) -> int | None:
    """The event at which the uncaught exception starts; None where it was raised again or comes out of no statement."""
    recording = run.trace.recording
    kinds = recording.event_kind
    at = len(kinds) - 1
    start = None
    while at > 0 and kinds[at] == "unwind" and kinds[at - 1] == "raise":
        start = at - 1
        at -= 2
    if start is None:
        return None
    frame = run.trace.frames[recording.event_frame_id[start]]
    entered = [event for event in frame.line_events if event < start]
    statement = recording.event_statement[start]
    if not entered or recording.event_statement[entered[-1]] != statement:
        return None
    node = run.statements[statement].node
    again = isinstance(node, ast.Raise) and node.exc is None
    inside = statement
    while inside is not None:
        if run.statements[inside].kind == "ExceptHandler" or run.statements[inside].block == "finalbody":
            again = True
        inside = run.statements[inside].parent
    return None if again else start
