"""What a call returns, or what a program prints."""

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
_PRINTS = (
    "What does the program print? Give its complete output.",
    "Give the complete output of the program on this input, line by line.",
    "What is written to standard output by the time the program ends?",
)


class OutputPrediction(Kind):
    """Return value of the entry call; stdout of a stdin program, or of a call that returns None."""

    name = "output_prediction"
    asks_for = "The return value of the call, or what the program prints."
    computed = "The recorded return value or stdout."
    graded = "A literal equal to the value (floats within a relative 1e-9); output as text, blanks at line ends aside."
    applies = (
        "Runs that end well, with an outcome that is a literal of builtin types or not empty, and not a fixed constant."
    )
    from_events: ClassVar[bool] = False

    def candidates(self, run: Run) -> Sequence[Candidate]:
        """The outcome of the run: one."""
        return [Candidate(0, None)]

    def settle(self, run: Run, candidate: Candidate) -> Iterator[Settled | Refusal]:
        """The return value, else the output."""
        recording = run.trace.recording
        if run.trace.entry_point is None or (recording.return_value == "None" and recording.stdout):
            yield self._printed(run)
        elif recording.return_value is None:
            yield Refusal("not_known", "the return value was cut short")
        elif recording.return_value == "None":
            yield Refusal("not_applicable", "returns None and prints nothing")
        else:
            yield self._returned(run, recording.return_value)

    def _printed(self, run: Run) -> Settled | Refusal:
        text = run.trace.recording.stdout
        if not text.strip():
            return Refusal("not_applicable", "prints nothing")
        if len(text) > LENGTH:
            return Refusal("too_long", f"output of more than {LENGTH} characters")
        if " object at 0x" in text:
            return Refusal("not_known", "the output holds an address")
        return Settled(
            {"outcome": "stdout"}, text, "stdout", _hard(run, text), lambda seed: pick(_PRINTS, seed, "asks")
        )

    def _returned(self, run: Run, text: str) -> Settled | Refusal:
        if len(text) > LENGTH:
            return Refusal("too_long", f"value of more than {LENGTH} characters")
        value = reading(text)
        if value is None:
            return Refusal("not_known", "no literal of builtin types")
        if _always_same(run):
            return Refusal("trivial", "always returns the same constant")
        return Settled(
            {"outcome": "return"},
            value.text,
            value.type_name,
            _hard(run, text),
            lambda seed: pick(_RETURNS, seed, "asks"),
        )


def _hard(run: Run, text: str) -> float:
    # Without events the length of the program has to do.
    steps = len(run.trace) or len(run.statements)
    return difficulty(steps=steps, length=len(text), depth=run.trace.max_depth)


def _always_same(run: Run) -> bool:
    """Whether the only thing that the entry function ever returns is one constant."""
    entry = (run.trace.entry_point or "").replace("()", "")
    returned = [s.node.value for s in run.statements if isinstance(s.node, ast.Return) and s.function == entry]
    return len(returned) == 1 and returned[0] is not None and is_literal(returned[0])
