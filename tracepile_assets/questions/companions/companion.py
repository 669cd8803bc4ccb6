"""What a companion question is: the interface that the other modules here fill in; nothing else."""

from abc import ABC, abstractmethod
from typing import ClassVar

from ..kind import Refusal
from ..question import Direction, Question
from ..run import Run
from .problem import Problem

STATEMENT_LENGTH = 8_000
"""Characters of the longest statement that a prompt may hold."""


class Companion(ABC):
    """One kind of question about a program and its problem. A subclass has no state.

    Attributes:
        name: name of the kind and of its module.
        asks_for: what it asks, in one sentence.
        computed: where the answer comes from.
        graded: how an answer is graded.
        applies: when it is asked.
        direction: ``forward`` where the answer is the outcome of the run, else ``none``.
        only_first: whether it is asked beside the run on the first input only.
    """

    name: ClassVar[str]
    asks_for: ClassVar[str]
    computed: ClassVar[str]
    graded: ClassVar[str]
    applies: ClassVar[str]
    direction: ClassVar[Direction] = "none"
    only_first: ClassVar[bool] = True

    @abstractmethod
    def ask(self, problem: Problem, run: Run, seed: object) -> Question | Refusal:
        """The question, or why there is none."""

    def question(
        self, prompt: str, answer: str, answer_type: str, difficulty: float, target: dict[str, object]
    ) -> Question:
        """A question of this kind."""
        return Question(self.name, self.direction, prompt, answer, answer_type, difficulty, target)


def stated(problem: Problem) -> str | Refusal:
    """The statement of a problem that its program solves, or why none can be shown."""
    statement = (problem.statement or "").strip()
    if not statement:
        return Refusal("not_applicable", "no statement")
    if not problem.is_sound:
        return Refusal("not_known", "a run of the program failed, or did not give what its source states")
    if len(statement) > STATEMENT_LENGTH:
        return Refusal("too_long", f"statement of more than {STATEMENT_LENGTH} characters")
    return statement
