"""The values that pass out of this room: a question, a rejection, a grade; nothing else."""

from dataclasses import dataclass, field
from typing import Literal

Direction = Literal["forward", "backward", "none"]


@dataclass(frozen=True, slots=True)
class Question:
    """One question about one run.

    Attributes:
        kind: name of the kind, a module of ``kinds/``.
        direction: ``forward`` (from input to outcome) or ``backward`` (from outcome to input).
        question: the full prompt: the code, the input (backward: the outcome) and the question.
        answer: value text computed from the trace; the text itself for stdin and stdout; backward: an input that works.
        answer_type: type of the answer (``int``, ``list``, …, ``stdout``, ``exception``, ``type``, ``argument``,
            ``arguments``, ``stdin``); decides how it is graded.
        difficulty: 0 to 1, see ``difficulty``.
        target: the canonical moment or thing asked about, plain values only; with the trace it determines the answer.
    """

    kind: str
    direction: Direction
    question: str
    answer: str
    answer_type: str
    difficulty: float
    target: dict[str, object] = field(hash=False)


@dataclass(frozen=True, slots=True)
class Rejection:
    """A kind that was asked, and has no question about a trace.

    Attributes:
        unit: name of the kind.
        reason: one of a small set: ``status``, ``not_deterministic``, ``result_only``, ``not_applicable``, ``trivial``,
            ``not_known``, ``too_long``.
        detail: what a person needs to understand it; may be empty.
    """

    unit: str
    reason: str
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Asked:
    """What was asked about one trace: the questions, and one rejection for each kind that was asked in vain."""

    questions: tuple[Question, ...]
    rejected: tuple[Rejection, ...]


@dataclass(frozen=True, slots=True)
class Grade:
    """Whether an answer is right, and why a person should believe it."""

    correct: bool
    reason: str
