"""The value that a parameter of a function has at the beginning of the k-th call."""

import ast
from collections.abc import Iterator, Sequence
from typing import ClassVar

from ..arguments import split
from ..kind import Candidate, Kind, Refusal, Settled
from ..literals import NotLiteral
from ..prompt import pick, quoted
from ..run import MODULE, NamedCall, Run, shown_name
from ..variables import GRADED, hint, settle_value
from ..wording import ordinal, question


class CallArgument(Kind):
    """Argument of the k-th call."""

    name = "call_argument"
    asks_for = "The value of a parameter as the c-th call of a function begins."
    computed = "The state at the call event, where the arguments are bound."
    graded = GRADED
    applies = "Calls other than the one stated in the prompt; values that are not simply handed on from there."
    weight: ClassVar[float | None] = 3.0

    def candidates(self, run: Run) -> Sequence[Candidate]:
        """Every call that the program itself makes."""
        return [
            Candidate(call.frame.call_event, call)
            for call in run.calls
            if call.frame.id and call.frame.call_event is not None and call.function != MODULE
        ]

    def settle(self, run: Run, candidate: Candidate) -> Iterator[Settled | Refusal]:
        """Its parameters."""
        call: NamedCall = candidate.data
        given = run.once("given", lambda: _given(run))
        node = run.functions[call.function]
        assert isinstance(node, ast.FunctionDef)
        names = [each.arg for each in (*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs)]
        values = run.trace.state_at(candidate.order).locals(call.frame.id)
        told = False
        for name in names:
            if name not in values or name in ("self", "cls"):
                continue
            read = run.read(candidate.order, values[name])
            if read is not None and read.text in given:
                continue
            told = True
            target = {"when": "begins", "function": call.function, "call": call.call, "variable": name}
            yield settle_value(
                run,
                call,
                candidate.order,
                name,
                values[name],
                target,
                lambda seed, name=name: _asks(run, call, name, seed),
            )
        if not told:
            yield Refusal("trivial", "no parameter, or none that is not an argument of the call stated")


def _given(run: Run) -> set[str]:
    """The arguments in the prompt."""
    try:
        return {argument.text for argument in split(run.trace.arguments or "")}
    except NotLiteral:
        return set()


def _asks(run: Run, call: NamedCall, parameter: str, seed: str) -> str:
    name, function, k = quoted(parameter), quoted(shown_name(call.function)), call.call
    forms = (
        f"Which value does the parameter {name} have as the {ordinal(k)} call of {function} begins?",
        f"What is passed for {name} in the {ordinal(k)} call of {function}?",
        f"Give the argument {name} of call number {k} of {function}.",
    )
    return question(run, call, pick(forms, seed, "asks"), hint(seed))
