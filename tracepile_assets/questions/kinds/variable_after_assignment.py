"""The value of a variable immediately after its k-th assignment in a call."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from tracepile_assets.trace_model.assignments import bindings

from ..kind import Candidate, Kind, Refusal, Settled
from ..prompt import pick, quoted
from ..run import MODULE, NamedCall, Run
from ..variables import GRADED, hint, settle_value
from ..wording import call as in_call
from ..wording import ordinal, question

_LISTED = 4
"""Assigning statements that are shown with their source; of more, only the lines."""


@dataclass(frozen=True, slots=True)
class _Moment:
    call: NamedCall
    name: str
    assignment: int
    statement: int
    visit: int
    event: int


class VariableAfterAssignment(Kind):
    """Value of a variable after its k-th assignment."""

    name = "variable_after_assignment"
    asks_for = "The value of a variable immediately after its k-th assignment in the c-th call of a function."
    computed = "The state at the next event of the call after the k-th statement that bound the variable there."
    graded = GRADED
    applies = (
        "Variables that only assignments and for loops bind, so that all of them can be counted; no literal assigned."
    )

    def candidates(self, run: Run) -> Sequence[Candidate]:
        """Every assignment that can be counted and whose value cannot be read off the statement."""
        found: list[_Moment] = []
        bindings_of = {function: _binding(run, function) for function in {call.function for call in run.calls}}
        for call in run.calls:
            found.extend(_assignments(run, call, bindings_of[call.function]))
        found.sort(key=lambda moment: moment.event)
        return [Candidate(moment.event, moment) for moment in found]

    def settle(self, run: Run, candidate: Candidate) -> Iterator[Settled | Refusal]:
        """The value then."""
        moment: _Moment = candidate.data
        scope = None if moment.call.function == MODULE else moment.call.frame.id
        values = run.trace.state_at(moment.event).locals(scope)
        if moment.name not in values:
            yield Refusal("not_known", "variables that are not visible")
            return
        target = {
            "when": "after",
            "function": moment.call.function,
            "call": moment.call.call,
            "variable": moment.name,
            "assignment": moment.assignment,
            "statement": moment.statement,
            "visit": moment.visit,
        }
        value = values[moment.name]
        yield settle_value(
            run, moment.call, moment.event, moment.name, value, target, lambda seed: _asks(run, moment, seed)
        )


def _assignments(run: Run, call: NamedCall, binding: dict[int, list[str]]) -> Iterator[_Moment]:
    trace = run.trace
    counters = {name for names in binding.values() for name in names if run.counts(call, name) is not None}
    counts: Counter[str] = Counter()
    visits: Counter[int] = Counter()
    lost: set[str] = set()
    for event in call.frame.line_events:
        statement = trace.recording.event_statement[event]
        visits[statement] += 1
        names = binding.get(statement)
        if not names:
            continue
        end = trace.end_of_statement(event)
        if end is None or trace.recording.event_kind[end] in ("raise", "unwind"):
            # What was bound before the statement raised cannot be told from here: count no further.
            lost.update(names)
            continue
        if run.statements[statement].kind == "For":
            into = trace.recording.event_kind[end] == "line" and trace.syntax.inside(
                trace.recording.event_statement[end], statement, "body"
            )
            if not into:
                continue
        for name in names:
            counts[name] += 1
            if name not in lost and not run.assigns_literal(statement, name) and name not in counters:
                yield _Moment(call, name, counts[name], statement, visits[statement], end)


def _binding(run: Run, function: str) -> dict[int, list[str]]:
    """Statement -> names that it binds and whose bindings in the function can all be counted."""
    found: dict[int, list[str]] = {}
    for (inside, name), numbers in run.bound_by.items():
        if inside == function:
            for number in numbers:
                found.setdefault(number, []).append(name)
    return {
        number: [bound.name for bound in bindings(run.statements[number]) if bound.name in names]
        for number, names in found.items()
    }


def _asks(run: Run, moment: _Moment, seed: str) -> str:
    name, k = quoted(moment.name), moment.assignment
    where = in_call(run, moment.call, seed)
    statements = run.bound_by[moment.call.function, moment.name]
    if len(statements) == 1:
        by = run.labels[statements[0]]
        forms = (
            f"What is the value of {name} immediately after {by} assigns it for the {ordinal(k)} time{where}?",
            f"Immediately after the {ordinal(k)} assignment of {name} by {by}{where}: which value does {name} hold?",
            f"Give the value of {name} immediately after assignment number {k} of it by {by}{where}.",
        )
        return question(run, moment.call, pick(forms, seed, "asks"), hint(seed))
    forms = (
        f"What is the value of {name} immediately after it is assigned for the {ordinal(k)} time{where}?",
        f"Immediately after the {ordinal(k)} assignment of {name}{where}: which value does {name} hold?",
        f"Give the value of {name} immediately after assignment number {k} of it{where}.",
    )
    return question(run, moment.call, pick(forms, seed, "asks"), _counted(run, statements, name), hint(seed))


def _counted(run: Run, statements: Sequence[int], name: str) -> str:
    if len(statements) <= _LISTED:
        shown = [run.labels[number] for number in statements]
    else:
        shown = [f"line {line}" for line in sorted({run.statements[number].line for number in statements})]
    listed = ", ".join(shown[:-1]) + " and " + shown[-1] if len(shown) > 1 else shown[0]
    return f"Every execution of {listed} that assigns {name} counts."
