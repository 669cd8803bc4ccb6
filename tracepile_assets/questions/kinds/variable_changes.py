"""How many times the value of a variable changes in a call."""

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import ClassVar

from ..course import courses
from ..difficulty import difficulty
from ..kind import Candidate, Kind, Refusal, Settled
from ..moments import states
from ..prompt import pick, quoted
from ..run import NamedCall, Run
from ..wording import call as in_call
from ..wording import question


class VariableChanges(Kind):
    """Number of changes of a variable."""

    name = "variable_changes"
    asks_for = "How many times the value of a variable changes in the c-th call of a function."
    computed = "The number of statements of the call that leave it with another value than they found."
    graded = "An int."
    applies = "Variables that change at least twice, in calls of at most 150 events; not those that run over a range."
    weight: ClassVar[float | None] = 1.0

    def candidates(self, run: Run) -> Sequence[Candidate]:
        """Every call that returns."""
        return [Candidate(states(call)[-1], call) for call in run.calls if call.frame.end_kind == "return"]

    def settle(self, run: Run, candidate: Candidate) -> Iterator[Settled | Refusal]:
        """The changes of each of its variables."""
        call: NamedCall = candidate.data
        found = False
        for name, course in courses(run, call).items():
            number = sum(before.text != after.text for before, after in pairwise(course))
            if number < 2:
                continue
            found = True
            target = {"when": "changes", "function": call.function, "call": call.call, "variable": name}
            hard = difficulty(steps=candidate.order, updates=number, depth=call.frame.depth)
            yield Settled(
                target,
                str(number),
                "int",
                hard,
                lambda seed, name=name: _asks(run, call, name, seed),
                (name, number),
            )
        if not found:
            yield Refusal("not_applicable", "no variable that can be followed and changes twice")


def _asks(run: Run, call: NamedCall, variable: str, seed: str) -> str:
    name, where = quoted(variable), in_call(run, call, seed)
    forms = (
        f"How many times does the value of {name} change{where}?",
        f"Count the changes of the value of {name}{where}. How many are there?",
        f"How often does {name} get another value than it had{where}?",
    )
    counted = (
        "Each execution of a statement that leaves it with another value than it found counts once, be it bound anew "
        "or changed in place; its first value is no change."
    )
    return question(run, call, pick(forms, seed, "asks"), counted, "Answer with a number.")
