"""What a problem comes to for an input, asked without any code."""

import ast
from typing import ClassVar

from ..arguments import split
from ..kind import Refusal, Settled
from ..kinds.output_prediction import OutputPrediction
from ..kinds.stdout_prediction import StdoutPrediction
from ..literals import NotLiteral
from ..prompt import fenced, pick, quoted
from ..question import Direction, Question
from ..run import Run
from .companion import Companion, stated
from .problem import Problem

_OUTCOME = (OutputPrediction(), StdoutPrediction())

_POSED = (
    "Work it out step by step and give the answer.",
    "Work through it and state the result.",
    "Find the answer, one step after the other.",
)
_CALLED = (
    "Work out the result for {given}. Give it as a Python literal.",
    "What is the result for {given}? Write it as a Python literal.",
    "Take {given}. Work through it and give the result as a Python literal.",
)
_READ = (
    "What has to be printed for this input? Give the complete output.",
    "Work out the complete output for this input.",
    "Here is an input. Give all that has to be printed for it.",
)


class StatementPrediction(Companion):
    """The outcome of the run, from the problem's statement."""

    name = "statement_prediction"
    asks_for = "What a problem comes to for an input; the prompt shows its statement and no code."
    computed = "The recorded return value, or the recorded stdout."
    graded = "As `output_prediction` and `stdout_prediction` are."
    applies = "Runs of originals with a statement, all of whose runs end and give what the source states."
    direction: ClassVar[Direction] = "forward"
    only_first: ClassVar[bool] = False

    def ask(self, problem: Problem, run: Run, seed: object) -> Question | Refusal:
        """The question, if the outcome is one that may be asked for."""
        statement = stated(problem)
        if isinstance(statement, Refusal):
            return statement
        if problem.holds_input and not problem.is_first:
            return Refusal("not_applicable", "the statement gives other numbers")
        kind = _OUTCOME[run.trace.entry_point is None]
        refused = kind.unfit(run)
        if refused is not None:
            return refused
        (outcome,) = kind.settle(run, kind.candidates(run)[0])
        if isinstance(outcome, Refusal):
            return outcome
        asks = pick(_POSED, seed, self.name) if problem.holds_input else _given(run, statement, outcome, seed)
        if isinstance(asks, Refusal):
            return asks
        return self.question(
            f"{statement}\n\n{asks}", outcome.answer, outcome.answer_type, outcome.difficulty, outcome.target
        )


def _given(run: Run, statement: str, outcome: Settled, seed: object) -> str | Refusal:
    """The input and what is asked of it."""
    trace = run.trace
    if trace.entry_point is None:
        if trace.stdin and _flat(trace.stdin) in _flat(statement):
            return Refusal("trivial", "the statement shows this input")
        shown = fenced(trace.stdin, "text") if trace.stdin else "The input is empty."
        return f"{pick(_READ, seed, StatementPrediction.name)}\n\n{shown}"
    try:
        arguments = split(trace.arguments or "")
    except NotLiteral:
        return Refusal("not_applicable", "arguments that are no literals")
    flat = _flat(statement)
    if arguments and all(_flat(each.text) in flat for each in arguments) and _flat(outcome.answer) in flat:
        return Refusal("trivial", "the statement may show this input and its result")
    names = _parameters(run)
    if not arguments or len(arguments) > len(names):
        return Refusal("not_applicable", "no arguments that can be named")
    named = [f"{each.keyword or name} = {each.text}" for each, name in zip(arguments, names, strict=False)]
    listed = [quoted(each) for each in named]
    given = listed[0] if len(listed) == 1 else f"{', '.join(listed[:-1])} and {listed[-1]}"
    return pick(_CALLED, seed, StatementPrediction.name).format(given=given)


def _flat(text: str) -> str:
    return "".join(text.split()).replace('"', "'")


def _parameters(run: Run) -> list[str]:
    """Names of the positional parameters of the entry function, without a method's own object."""
    entry = (run.trace.entry_point or "").replace("()", "")
    node = run.functions.get(entry)
    if not isinstance(node, ast.FunctionDef):
        return []
    names = [each.arg for each in (*node.args.posonlyargs, *node.args.args)]
    static = any(isinstance(each, ast.Name) and each.id == "staticmethod" for each in node.decorator_list)
    return names[1:] if "." in entry and not static else names
