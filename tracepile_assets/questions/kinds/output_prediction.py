"""What a call returns."""

import ast
from collections.abc import Iterator, Sequence
from typing import ClassVar

from ..difficulty import difficulty
from ..kind import Candidate, Kind, Refusal, Settled
from ..prompt import pick
from ..run import Run, is_literal, reading

LENGTH = 1_500
"""Characters of the longest outcome that is asked for."""

_RETURNS = (
    "What does this call return? Give the value as a Python literal.",
    "Which value does the call return? Write it as Python's `repr` would.",
    "Work out the return value of this call and give it as a Python literal.",
)


class OutputPrediction(Kind):
    """Return value of the entry call."""

    name = "output_prediction"
    asks_for = "The return value of the call."
    computed = "The recorded return value."
    graded = "A literal equal to the value (floats within a relative 1e-9)."
    applies = "Calls that return a literal of builtin types other than None, and not a fixed constant."
    from_events: ClassVar[bool] = False
    weight: ClassVar[float | None] = None

    def candidates(self, run: Run) -> Sequence[Candidate]:
        """The outcome of the run: one."""
        return [Candidate(0, None)]

    def settle(self, run: Run, candidate: Candidate) -> Iterator[Settled | Refusal]:
        """The return value."""
        value = run.trace.recording.return_value
        if run.trace.entry_point is None:
            yield Refusal("not_applicable", "a program that is not called")
        elif value is None:
            yield Refusal("not_known", "the return value was cut short")
        elif value == "None":
            yield Refusal("not_applicable", "returns None")
        else:
            yield self._returned(run, value)

    def _returned(self, run: Run, text: str) -> Settled | Refusal:
        if len(text) > LENGTH:
            return Refusal("too_long", f"value of more than {LENGTH} characters")
        value = reading(text)
        if value is None:
            return Refusal("not_known", "no literal of builtin types")
        if always_same(run):
            return Refusal("trivial", "always returns the same constant")
        return Settled(
            {"outcome": "return"},
            value.text,
            value.type_name,
            hard(run, text),
            lambda seed: pick(_RETURNS, seed, "asks"),
        )


def hard(run: Run, text: str) -> float:
    """The difficulty of telling the outcome of a run."""
    # Without events the length of the program has to do.
    steps = len(run.trace) or len(run.statements)
    return difficulty(steps=steps, length=len(text), depth=run.trace.max_depth)


def always_same(run: Run) -> bool:
    """Whether the only thing that the entry function ever returns is one constant."""
    entry = (run.trace.entry_point or "").replace("()", "")
    returned = [s.node.value for s in run.statements if isinstance(s.node, ast.Return) and s.function == entry]
    return len(returned) == 1 and returned[0] is not None and is_literal(returned[0])
