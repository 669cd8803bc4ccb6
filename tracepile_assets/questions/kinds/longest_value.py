"""The longest value that a variable takes in a call."""

from collections.abc import Iterator, Sequence
from typing import ClassVar

from ..course import courses
from ..difficulty import difficulty
from ..kind import Candidate, Kind, Refusal, Settled
from ..moments import states
from ..prompt import pick, quoted
from ..run import ANSWER_LENGTH, NamedCall, Run
from ..variables import GRADED, hint
from ..wording import call as in_call
from ..wording import question

_SIZED = (str, list, tuple, dict, set, frozenset, bytes)
_LAST = 0.5
"""What the difficulty of a value that the variable still has at the end is multiplied by."""


class LongestValue(Kind):
    """Longest value of a variable."""

    name = "longest_value"
    asks_for = "The longest value that a variable has between the statements of the c-th call of a function."
    computed = "The first value of the greatest length in the states at the events of the call."
    graded = GRADED
    applies = (
        "Variables bound to strings or containers throughout, in calls of at most 150 events, that are not longest at "
        "first."
    )
    weight: ClassVar[float | None] = 2.0

    def candidates(self, run: Run) -> Sequence[Candidate]:
        """Every call that returns."""
        return [Candidate(states(call)[-1], call) for call in run.calls if call.frame.end_kind == "return"]

    def settle(self, run: Run, candidate: Candidate) -> Iterator[Settled | Refusal]:
        """The longest value of each of its variables."""
        call: NamedCall = candidate.data
        found = False
        for name, course in courses(run, call).items():
            if not all(isinstance(step.value, _SIZED) for step in course):
                continue
            longest = max(course, key=lambda step: len(step.value))
            if len(longest.value) == len(course[0].value) or len(longest.text) > ANSWER_LENGTH:
                continue
            found = True
            target = {"when": "longest", "function": call.function, "call": call.call, "variable": name}
            hard = difficulty(
                steps=candidate.order, updates=len(course), length=len(longest.text), depth=call.frame.depth
            )
            if longest.text == course[-1].text:
                hard = round(hard * _LAST, 4)
            yield Settled(
                target,
                longest.text,
                type(longest.value).__name__,
                hard,
                lambda seed, name=name: _asks(run, call, name, seed),
                (name, longest.text),
            )
        if not found:
            yield Refusal("not_applicable", "no string or container that grows and can be followed")


def _asks(run: Run, call: NamedCall, variable: str, seed: str) -> str:
    name, where = quoted(variable), in_call(run, call, seed)
    forms = (
        f"What is the longest value that {name} takes{where}?",
        f"Of all values that {name} has{where}, which is the longest?",
        f"Find the value of {name} whose `len` is the greatest{where}.",
    )
    counted = (
        "Values between two statements of the call and at its end count, not those in the middle of a statement; of "
        "several of the greatest length it is the first."
    )
    return question(run, call, pick(forms, seed, "asks"), counted, hint(seed))
