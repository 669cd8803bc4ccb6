"""How deep a recursion goes."""

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import ClassVar

from ..difficulty import difficulty
from ..kind import Candidate, Kind, Refusal, Settled
from ..prompt import pick, quoted
from ..run import Run, shown_name
from .function_calls import called_again


class RecursionDepth(Kind):
    """Most calls of a function that are open at once."""

    name = "recursion_depth"
    asks_for = "How many calls of a function are open at the same time, at most."
    computed = "The most frames of the function on the stack of calls at once."
    graded = "An int."
    applies = "Functions that call themselves in the run, directly or through others."
    weight: ClassVar[float | None] = 6.0

    def candidates(self, run: Run) -> Sequence[Candidate]:
        """Every function of which two calls are open at once."""
        return [Candidate(number, name) for number, name in enumerate(called_again(run)) if _depth(run, name) > 1]

    def settle(self, run: Run, candidate: Candidate) -> Iterator[Settled | Refusal]:
        """The greatest number of its open calls."""
        name: str = candidate.data
        depth = _depth(run, name)
        target: dict[str, object] = {"when": "run", "function": name, "counts": "open"}
        hard = difficulty(steps=len(run.trace), updates=depth, depth=run.trace.max_depth)
        yield Settled(target, str(depth), "int", hard, lambda seed: _asks(run, name, seed), (name,))


def _depth(run: Run, function: str) -> int:
    """The most frames of a function in a row of callers."""
    inside: Counter[int] = Counter()
    for frame in run.trace.frames:
        above = 0 if frame.parent is None else inside[frame.parent]
        inside[frame.id] = above + (frame.function == function)
    return max(inside.values(), default=0)


def _asks(run: Run, function: str, seed: str) -> str:
    name = quoted(shown_name(function))
    within = "this run" if run.trace.entry_point is None else "this call"
    forms = (
        f"How deep does the recursion of {name} go in {within}: how many of its calls are open at once, at most?",
        f"At most how many calls of {name} are active at the same time in {within}?",
        f"What is the greatest number of calls of {name} on the call stack at any moment of {within}?",
    )
    return f"{pick(forms, seed, 'asks')} Every call that has begun and not ended counts. Answer with a number."
