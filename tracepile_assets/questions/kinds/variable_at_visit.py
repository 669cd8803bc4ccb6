"""The value of a variable immediately before the k-th execution of a statement in a call."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ..kind import Candidate, Kind, Refusal, Settled
from ..prompt import pick, quoted
from ..run import NamedCall, Run
from ..variables import GRADED, hint, settle_value
from ..wording import call as in_call
from ..wording import ordinal, question

STATEMENTS = frozenset(
    (
        "Assign",
        "AugAssign",
        "AnnAssign",
        "Expr",
        "If",
        "Return",
        "Raise",
        "Assert",
        "Delete",
        "Break",
        "Continue",
        "Pass",
    )
)
"""Kinds of statement whose executions a reader counts as the recording does."""


@dataclass(frozen=True, slots=True)
class Visit:
    """The k-th execution of a statement in a call, at the event that enters it."""

    call: NamedCall
    statement: int
    visit: int
    event: int


def visits(run: Run, kinds: frozenset[str] = STATEMENTS) -> list[Visit]:
    """All executions of statements of some kinds in calls that can be named, in order of event."""
    found = []
    for call in run.calls:
        counts: Counter[int] = Counter()
        for event in call.frame.line_events:
            statement = run.trace.recording.event_statement[event]
            counts[statement] += 1
            if run.statements[statement].kind in kinds:
                found.append(Visit(call, statement, counts[statement], event))
    found.sort(key=lambda visit: visit.event)
    return found


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
            target = {
                "when": "before",
                "function": visit.call.function,
                "call": visit.call.call,
                "variable": name,
                "statement": visit.statement,
                "visit": visit.visit,
            }
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
