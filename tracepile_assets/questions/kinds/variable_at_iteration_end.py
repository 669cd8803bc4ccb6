"""The value of a variable at the end of the k-th iteration of a loop."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ..kind import Candidate, Kind, Refusal, Settled
from ..moments import NamedLoop, loops
from ..prompt import pick, quoted
from ..run import Run
from ..variables import GRADED, hint, settle_value
from ..wording import call as in_call
from ..wording import ordinal, question, running


@dataclass(frozen=True, slots=True)
class _End:
    named: NamedLoop
    iteration: int
    event: int


class VariableAtIterationEnd(Kind):
    """Value of a variable at the end of the k-th iteration."""

    name = "variable_at_iteration_end"
    asks_for = "The value of a variable at the end of the k-th iteration of a loop, in the c-th call of a function."
    computed = "The state at the event that executes the loop's header next."
    graded = GRADED
    applies = "Iterations after which the header is executed again; variables that change in the course of the call."

    def candidates(self, run: Run) -> Sequence[Candidate]:
        """Every iteration that runs to its end."""
        found = []
        for named in loops(run):
            headers = set(named.loop.header_events)
            for iteration in named.loop.iterations:
                if iteration.end in headers:
                    found.append(Candidate(iteration.end, _End(named, iteration.number, iteration.end)))
        found.sort(key=lambda candidate: candidate.order)
        return found

    def settle(self, run: Run, candidate: Candidate) -> Iterator[Settled | Refusal]:
        """The variables that are worth asking about at that moment."""
        end: _End = candidate.data
        call = end.named.call
        none = True
        for name, value, _ in run.variables(call, end.event):
            if run.set_by_literal(call, end.event, name) or run.counts(call, name) == end.named.loop.statement:
                continue
            none = False
            target = {
                "when": "iteration_end",
                "function": call.function,
                "call": call.call,
                "variable": name,
                "loop": end.named.loop.statement,
                "run": end.named.number,
                "iteration": end.iteration,
            }
            yield settle_value(
                run, call, end.event, name, value, target, lambda seed, name=name: _asks(run, end, name, seed)
            )
        if none:
            yield Refusal("trivial", "no variable changes in the course of its call")


def _asks(run: Run, end: _End, variable: str, seed: str) -> str:
    name, k, by = quoted(variable), end.iteration, run.labels[end.named.loop.statement]
    where = in_call(run, end.named.call, seed) + running(end.named.number, end.named.again, seed)
    forms = (
        f"What is the value of {name} at the end of the {ordinal(k)} iteration of the loop at {by}{where}?",
        f"When the {ordinal(k)} iteration of the loop at {by} has ended{where}: which value does {name} hold?",
        f"Give the value of {name} after iteration number {k} of the loop at {by}{where}, just before the header is "
        f"executed again.",
    )
    return question(run, end.named.call, pick(forms, seed, "asks"), hint(seed))
