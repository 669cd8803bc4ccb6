"""What a kind of question is: the interface that the modules of `kinds/` fill in.

Not here: any single kind, and the choice among what a kind finds (`asking`).
"""

from abc import ABC, abstractmethod
from collections.abc import Callable, Hashable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from . import prompt
from .question import Direction
from .run import Run


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why nothing is asked; the reasons are those of ``Rejection``."""

    reason: str
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Candidate:
    """Something that could be asked about, found without reading any value.

    Attributes:
        order: event at which it lies; candidates are given in this order and chosen evenly along it.
        data: what the kind needs to settle it.
    """

    order: int
    data: Any


@dataclass(frozen=True, slots=True)
class Settled:
    """A question whose answer is known.

    Attributes:
        target: the canonical moment or thing asked about.
        answer: answer text.
        answer_type: type of the answer.
        difficulty: 0 to 1.
        asks: gives the question's wording for a seed; for two targets of a run it never gives the same.
        alike: traits that two questions about one run should not share, the most telling first.
    """

    target: dict[str, object]
    answer: str
    answer_type: str
    difficulty: float
    asks: Callable[[str], str]
    alike: tuple[Hashable, ...] = ()


class Kind(ABC):
    """One kind of question. A subclass has no state.

    Attributes:
        name: name of the kind and of its module.
        asks_for: what it asks, in one sentence.
        computed: how the answer is computed from the trace.
        graded: how an answer is graded.
        applies: when it is asked.
        direction: ``forward``, ``backward`` or ``none``.
        from_events: whether the answer is read from events, not from the result alone.
        statuses: statuses of runs that it may ask about.
        weight: how much more likely than others it is drawn where not all kinds may ask; greater for those that seldom
            apply, so that they have their share of a corpus. None: it is always asked first.
    """

    name: ClassVar[str]
    asks_for: ClassVar[str]
    computed: ClassVar[str]
    graded: ClassVar[str]
    applies: ClassVar[str]
    direction: ClassVar[Direction] = "forward"
    from_events: ClassVar[bool] = True
    statuses: ClassVar[tuple[str, ...]] = ("ok",)
    weight: ClassVar[float | None] = 1.0

    def unfit(self, run: Run) -> Refusal | None:
        """Why this kind may ask nothing at all about a run; None if it may."""
        status = run.trace.recording.status
        if status not in self.statuses:
            return Refusal("status", status)
        if run.deterministic == "no":
            return Refusal("not_deterministic")
        if self.from_events and run.deterministic != "full":
            return Refusal("result_only")
        return None

    @abstractmethod
    def candidates(self, run: Run) -> Sequence[Candidate]:
        """All that could be asked about a run, in order; empty if the kind does not apply."""

    @abstractmethod
    def settle(self, run: Run, candidate: Candidate) -> Iterator[Settled | Refusal]:
        """The questions that a candidate gives, or why it gives none."""

    def prompt(self, run: Run, settled: Settled, seed: str) -> str:
        """The full prompt."""
        trace = run.trace
        return prompt.forward(trace.code, trace.entry_point, trace.arguments, trace.stdin, settled.asks(seed), seed)
