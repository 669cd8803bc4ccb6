"""The value of a variable immediately before the k-th execution of a statement in a call."""

from collections.abc import Iterator, Sequence

from ..kind import Candidate, Kind, Refusal, Settled
from ..moments import Visit, before, visits
from ..prompt import pick, quoted
from ..run import Run
from ..variables import GRADED, hint, settle_value
from ..wording import call as in_call
from ..wording import ordinal, question


class VariableAtVisit(Kind):
    """Value of a variable at the k-th visit of a statement."""

    name = "variable_at_visit"
    asks_for = (
        "The value of a variable immediately before the k-th execution of a statement in the c-th call of a function."
    )
    computed = "The state at the event that enters the statement for the k-th time in that call."
    graded = GRADED
    applies = (
        "Variables that change in the course of the call, and were not set to a literal by the statement just before."
    )

    def candidates(self, run: Run) -> Sequence[Candidate]:
        """Every execution of a simple statement or a test."""
        return [Candidate(visit.event, visit) for visit in visits(run)]

    def settle(self, run: Run, candidate: Candidate) -> Iterator[Settled | Refusal]:
        """The variables that are worth asking about at that moment."""
        visit: Visit = candidate.data
        none = True
        for name, value, _ in run.variables(visit.call, visit.event):
            if run.set_by_literal(visit.call, visit.event, name):
                continue
            none = False
            target = before(visit) | {"variable": name}
            yield settle_value(
                run, visit.call, visit.event, name, value, target, lambda seed, name=name: _asks(run, visit, name, seed)
            )
        if none:
            yield Refusal("trivial", "no variable changes in the course of its call")


def _asks(run: Run, visit: Visit, variable: str, seed: str) -> str:
    name, k, by = quoted(variable), visit.visit, run.labels[visit.statement]
    where = in_call(run, visit.call, seed)
    forms = (
        f"What is the value of {name} immediately before the {ordinal(k)} execution of {by}{where}?",
        f"Immediately before {by} is executed for the {ordinal(k)} time{where}: which value does {name} hold?",
        f"Give the value of {name} immediately before execution number {k} of {by}{where}.",
    )
    return question(run, visit.call, pick(forms, seed, "asks"), hint(seed))
