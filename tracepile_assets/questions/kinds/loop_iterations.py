"""How many iterations a loop makes."""

import ast
from collections.abc import Iterator, Sequence

from ..difficulty import difficulty
from ..kind import Candidate, Kind, Refusal, Settled
from ..moments import NamedLoop, loops
from ..prompt import pick
from ..run import Run, is_literal
from ..wording import call as in_call
from ..wording import question, running


class LoopIterations(Kind):
    """Number of iterations that a run of a loop begins."""

    name = "loop_iterations"
    asks_for = "How many iterations a run of a loop begins, in the c-th call of a function."
    computed = "The number of times that the loop's header leads into its body in that run."
    graded = "An int."
    applies = "Loops that end, and do not run over as many values as the header shows."

    def candidates(self, run: Run) -> Sequence[Candidate]:
        """Every run of a loop that ends."""
        return [Candidate(named.loop.header_events[-1], named) for named in loops(run) if named.loop.exit != "open"]

    def settle(self, run: Run, candidate: Candidate) -> Iterator[Settled | Refusal]:
        """The number of its iterations."""
        named: NamedLoop = candidate.data
        if _fixed(run, named):
            yield Refusal("trivial", "loops over what the header shows")
            return
        number = len(named.loop.iterations)
        target = {
            "when": "loop",
            "function": named.call.function,
            "call": named.call.call,
            "loop": named.loop.statement,
            "run": named.number,
        }
        hard = difficulty(steps=candidate.order, updates=number, depth=named.call.frame.depth)
        traits = (named.loop.statement, number)
        yield Settled(target, str(number), "int", hard, lambda seed: _asks(run, named, seed), traits)


def _fixed(run: Run, named: NamedLoop) -> bool:
    """Whether the number of iterations can be read off the header."""
    node = run.statements[named.loop.statement].node
    if not isinstance(node, ast.For) or named.loop.exit != "exhausted":
        return False
    over = node.iter
    if isinstance(over, ast.Call) and isinstance(over.func, ast.Name) and over.func.id == "range":
        return all(is_literal(bound) for bound in over.args)
    shown = isinstance(over, ast.Tuple | ast.List) and not any(isinstance(part, ast.Starred) for part in over.elts)
    return shown or is_literal(over)


def _asks(run: Run, named: NamedLoop, seed: str) -> str:
    by = run.labels[named.loop.statement]
    where = in_call(run, named.call, seed) + running(named.number, named.again, seed)
    forms = (
        f"How many iterations does the loop at {by} begin{where}?",
        f"Count the iterations of the loop at {by}{where}, one that is left early included. How many are there?",
        f"How often is the body of the loop at {by} entered{where}?",
    )
    return question(run, named.call, pick(forms, seed, "asks"), "Answer with a number.")
