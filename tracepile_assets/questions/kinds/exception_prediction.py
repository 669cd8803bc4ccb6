"""The type of the exception that ends a run."""

from collections.abc import Iterator, Sequence
from typing import ClassVar

from ..difficulty import difficulty
from ..kind import Candidate, Kind, Refusal, Settled
from ..prompt import pick
from ..run import Run

_ASKS = (
    "This run ends with an exception that is not caught. What is its type?",
    "An uncaught exception ends this run. Name its class.",
    "Which type of exception stops this run?",
)


class ExceptionPrediction(Kind):
    """Type of the uncaught exception."""

    name = "exception_prediction"
    asks_for = "The type of the exception that ends the run."
    computed = "The type in the recorded exception."
    graded = "The name of the type, with or without its module and message."
    applies = "Runs that end with an uncaught exception."
    from_events: ClassVar[bool] = False
    weight: ClassVar[float | None] = None
    statuses: ClassVar[tuple[str, ...]] = ("exception",)

    def candidates(self, run: Run) -> Sequence[Candidate]:
        """The end of the run: one."""
        return [Candidate(0, None)]

    def settle(self, run: Run, candidate: Candidate) -> Iterator[Settled | Refusal]:
        """The name of the type."""
        name = (run.trace.recording.exception or "").partition(":")[0].strip().rpartition(".")[2]
        if not name.isidentifier():
            yield Refusal("not_known", "the exception has no type that can be named")
            return
        hard = difficulty(steps=len(run.trace) or len(run.statements), depth=run.trace.max_depth)
        yield Settled({"outcome": "exception"}, name, "exception", hard, lambda seed: pick(_ASKS, seed, "asks"))
