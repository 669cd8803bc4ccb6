"""Which way a test goes at its k-th execution."""

import ast
from collections import defaultdict
from collections.abc import Iterator, Sequence

from ..difficulty import difficulty
from ..kind import Candidate, Kind, Refusal, Settled
from ..moments import Visit, visits
from ..prompt import pick
from ..run import Run
from ..wording import call as in_call
from ..wording import ordinal, question


class BranchTaken(Kind):
    """Whether a condition is true at its k-th execution."""

    name = "branch_taken"
    asks_for = "Whether the condition of an `if` is true at its k-th execution in the c-th call of a function."
    computed = "Whether the next event of the call lies in the branch's body."
    graded = "True or False."
    applies = "Tests that go both ways in the course of the run."

    def candidates(self, run: Run) -> Sequence[Candidate]:
        """Every execution of an `if` that goes both ways."""
        went: dict[int, set[bool]] = defaultdict(set)
        found = []
        for visit in visits(run, frozenset(("If",))):
            if _tells(run.statements[visit.statement].node):
                branch = run.trace.branch(visit.event)
                if branch is not None:
                    went[visit.statement].add(branch)
                    found.append((visit, branch))
        return [Candidate(visit.event, (visit, branch)) for visit, branch in found if len(went[visit.statement]) == 2]

    def settle(self, run: Run, candidate: Candidate) -> Iterator[Settled | Refusal]:
        """The branch that was taken."""
        visit, branch = candidate.data
        target = {
            "when": "test",
            "function": visit.call.function,
            "call": visit.call.call,
            "statement": visit.statement,
            "visit": visit.visit,
        }
        hard = difficulty(steps=visit.event, updates=visit.visit, depth=visit.call.frame.depth)
        traits = (branch, visit.statement)
        yield Settled(target, str(branch), "bool", hard, lambda seed: _asks(run, visit, seed), traits)


def _tells(node: ast.If) -> bool:
    """Whether the body begins with a statement that leaves an event, so that the branch shows."""
    first = node.body[0]
    return not (
        isinstance(first, ast.Global | ast.Nonlocal)
        or (isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant))
    )


def _asks(run: Run, visit: Visit, seed: str) -> str:
    by, k = run.labels[visit.statement], visit.visit
    where = in_call(run, visit.call, seed)
    forms = (
        f"Is the condition of {by} true at its {ordinal(k)} execution{where}?",
        f"The test at {by} is executed for the {ordinal(k)} time{where}. Does it hold?",
        f"At execution number {k} of {by}{where}: is the condition true?",
    )
    return question(run, visit.call, pick(forms, seed, "asks"), "Answer True or False.")
