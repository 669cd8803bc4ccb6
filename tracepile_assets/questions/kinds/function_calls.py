"""How many times a function is called."""

from collections.abc import Iterator, Sequence
from typing import ClassVar

from ..difficulty import difficulty
from ..kind import Candidate, Kind, Refusal, Settled
from ..prompt import pick, quoted
from ..run import Run, shown_name


class FunctionCalls(Kind):
    """Number of calls of a function in the course of a run."""

    name = "function_calls"
    asks_for = "How many calls of a function there are in the course of the run."
    computed = "The number of frames of the function."
    graded = "An int."
    applies = (
        "Functions called at least twice whose calls can be counted: no generators, no decorators, no methods that "
        "Python calls by itself."
    )
    weight: ClassVar[float | None] = 3.0

    def candidates(self, run: Run) -> Sequence[Candidate]:
        """Every function that is called again."""
        return [Candidate(number, name) for number, name in enumerate(called_again(run))]

    def settle(self, run: Run, candidate: Candidate) -> Iterator[Settled | Refusal]:
        """The number of its calls."""
        name: str = candidate.data
        number = called_again(run)[name]
        target: dict[str, object] = {"when": "run", "function": name}
        hard = difficulty(steps=len(run.trace), updates=number, depth=run.trace.max_depth)
        yield Settled(target, str(number), "int", hard, lambda seed: _asks(run, name, seed), (name,))


def called_again(run: Run) -> dict[str, int]:
    """Functions called at least twice whose calls can be counted, with their number, in order of first call."""
    return {
        call.function: call.of
        for call in run.calls
        if call.of > 1 and not call.function.rpartition(".")[2].startswith("__") and call.frame.end_kind is not None
    }


def _asks(run: Run, function: str, seed: str) -> str:
    name = quoted(shown_name(function))
    within = "this run" if run.trace.entry_point is None else "this call"
    first = run.trace.frames[0].function == function
    forms = (
        f"How many calls of {name} are there in the course of {within}?",
        f"Count the calls of {name} in {within}. How many are there?",
        f"How often is {name} called in {within}, from its beginning to its end?",
    )
    counted = "The call itself is one of them." if first else "Calls made from within other calls count too."
    return f"{pick(forms, seed, 'asks')} {counted} Answer with a number."
