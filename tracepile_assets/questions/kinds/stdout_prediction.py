"""What a program prints."""

from collections.abc import Iterator, Sequence
from typing import ClassVar

from ..kind import Candidate, Kind, Refusal, Settled
from ..prompt import pick
from ..run import Run
from .output_prediction import LENGTH, hard

_PRINTS = (
    "What does the program print? Give its complete output.",
    "Give the complete output of the program on this input, line by line.",
    "What is written to standard output by the time the program ends?",
)


class StdoutPrediction(Kind):
    """Standard output of the run."""

    name = "stdout_prediction"
    asks_for = "What the program prints: a stdin program on its input, or a call."
    computed = "The recorded stdout."
    graded = "As text, blanks at the ends of lines and of the output aside."
    applies = "Runs that end well and print something that is not the same whatever the input."
    from_events: ClassVar[bool] = False
    weight: ClassVar[float | None] = None

    def candidates(self, run: Run) -> Sequence[Candidate]:
        """The output of the run: one."""
        return [Candidate(0, None)]

    def settle(self, run: Run, candidate: Candidate) -> Iterator[Settled | Refusal]:
        """The output."""
        text = run.trace.recording.stdout
        if not text.strip():
            yield Refusal("not_applicable", "prints nothing")
        elif len(text) > LENGTH:
            yield Refusal("too_long", f"output of more than {LENGTH} characters")
        elif " object at 0x" in text:
            yield Refusal("not_known", "the output holds an address")
        else:
            yield Settled(
                {"outcome": "stdout"}, text, "stdout", hard(run, text), lambda seed: pick(_PRINTS, seed, "asks")
            )
