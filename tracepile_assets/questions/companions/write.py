"""Write the program for a problem."""

from ..difficulty import difficulty
from ..kind import Refusal
from ..literals import NotLiteral, parse
from ..prompt import fenced, pick, quoted
from ..question import Question
from ..run import Run
from .companion import Companion, stated
from .problem import Problem, ProblemRun, shortest

_SHOWN = 2
"""Examples in the prompt."""

_RUN = 8
"""Inputs that an answer is run on, those of the examples among them."""

_LENGTH = 1_000
"""Characters of the longest example, and of the longest outcome that is run for."""

_CALLED = (
    "Write it in Python, to be called as {call}.",
    "Write a Python program for this; {call} is what will be called.",
    "Give Python code that solves it when {call} is called.",
)
_READ = (
    "Write it as a Python program that reads standard input and prints the result.",
    "Write a Python program for this. It reads standard input and prints its output.",
    "Give a Python program that reads the input from standard input and prints the answer.",
)


class Write(Companion):
    """The program itself."""

    name = "write"
    asks_for = "A program for the problem, from its statement and examples."
    computed = "The program as it stands in the source; others are right too."
    graded = "By running it, and the source's program beside it, on inputs of the source: right if all results agree."
    applies = (
        "Programs with a statement that holds for any input, all of whose runs end and give what the source states."
    )

    def ask(self, problem: Problem, run: Run, seed: object) -> Question | Refusal:
        """The question."""
        statement = stated(problem)
        if isinstance(statement, Refusal):
            return statement
        if problem.holds_input:
            return Refusal("not_applicable", "the statement does not say what the program is given")
        trace = run.trace
        tested = shortest([one for one in problem.runs if _is_plain(one)], _RUN)
        if not tested:
            return Refusal("not_known", "no run with a short result that can be read")
        if trace.entry_point is None:
            asks = pick(_READ, seed, self.name)
        else:
            asks = pick(_CALLED, seed, self.name).format(call=quoted(f"{trace.entry_point}(...)"))
        examples = [_example(trace.entry_point, one) for one in shortest(tested, _SHOWN)]
        prompt = "\n\n".join([statement, asks, "For example:", *examples])
        target: dict[str, object] = {
            "asks": "program",
            "entry_point": trace.entry_point,
            "inputs": [[one.codec, one.arguments, one.stdin] for one in tested],
        }
        return self.question(
            prompt,
            fenced(trace.code, "python"),
            "program",
            difficulty(steps=len(trace), length=len(trace.code), depth=trace.max_depth),
            target,
        )


def _is_plain(run: ProblemRun) -> bool:
    """Whether a run's input and outcome are short, and the outcome a literal or printed text."""
    if run.outcome is None or len(run.outcome) > _LENGTH or len(run.arguments or run.stdin or "") > _LENGTH:
        return False
    if run.arguments is None:
        return bool(run.outcome.strip()) and "\ufffd" not in run.outcome
    try:
        parse(run.outcome)
    except NotLiteral:
        return False
    return True


def _example(entry_point: str | None, run: ProblemRun) -> str:
    if entry_point is None:
        shown = fenced(run.stdin, "text") if run.stdin else "(empty)"
        return f"Input:\n\n{shown}\n\nOutput:\n\n{fenced(run.outcome or '', 'text')}"
    return f"{quoted(f'{entry_point}({run.arguments})')} returns {quoted(run.outcome or '')}."
