"""How often a statement is executed in a call."""

from collections import Counter
from collections.abc import Iterator, Sequence

from ..difficulty import difficulty
from ..kind import Candidate, Kind, Refusal, Settled
from ..moments import STATEMENTS
from ..prompt import pick
from ..run import NamedCall, Run
from ..wording import call as in_call
from ..wording import question


class StatementCount(Kind):
    """Number of executions of a statement."""

    name = "statement_count"
    asks_for = "How often a statement is executed in the c-th call of a function."
    computed = "The number of events that enter the statement in that call."
    graded = "An int."
    applies = "Statements executed at least twice in the call."

    def candidates(self, run: Run) -> Sequence[Candidate]:
        """Every statement of every call that is executed again."""
        found = []
        for call in run.calls:
            if call.frame.end_kind is None:
                continue
            statements = run.trace.recording.event_statement
            counts = Counter(statements[event] for event in call.frame.line_events)
            last = {statements[event]: event for event in call.frame.line_events}
            for statement, count in counts.items():
                if count > 1 and run.statements[statement].kind in STATEMENTS:
                    found.append(Candidate(last[statement], (call, statement, count)))
        found.sort(key=lambda candidate: candidate.order)
        return found

    def settle(self, run: Run, candidate: Candidate) -> Iterator[Settled | Refusal]:
        """The number of its executions."""
        call, statement, count = candidate.data
        target = {"when": "call", "function": call.function, "call": call.call, "statement": statement}
        hard = difficulty(steps=candidate.order, updates=count, depth=call.frame.depth)
        yield Settled(
            target, str(count), "int", hard, lambda seed: _asks(run, call, statement, seed), (statement, count)
        )


def _asks(run: Run, call: NamedCall, statement: int, seed: str) -> str:
    by, where = run.labels[statement], in_call(run, call, seed)
    forms = (
        f"How many times is {by} executed{where}?",
        f"Count the executions of {by}{where}. How many are there?",
        f"How often does {by} run{where}?",
    )
    return question(run, call, pick(forms, seed, "asks"), "Answer with a number.")
