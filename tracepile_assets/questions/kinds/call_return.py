"""The value that the k-th call of a function returns."""

import ast
from collections.abc import Iterator, Sequence
from typing import ClassVar

from tracepile_assets.trace_model.value_parser import parse_value

from ..difficulty import difficulty
from ..kind import Candidate, Kind, Refusal, Settled
from ..prompt import pick, quoted
from ..run import ANSWER_LENGTH, MODULE, NamedCall, Run, is_literal, shown_name
from ..variables import GRADED, hint
from ..wording import ordinal, question


class CallReturn(Kind):
    """Return value of the k-th call."""

    name = "call_return"
    asks_for = "The value that the c-th call of a function returns."
    computed = "What the return event of the call carries, in full."
    graded = GRADED
    applies = "Calls that the program makes and that return; functions that do not always return one constant."
    weight: ClassVar[float | None] = 3.0

    def candidates(self, run: Run) -> Sequence[Candidate]:
        """Every call that the program itself makes and that returns."""
        return [
            Candidate(call.frame.end_event, call)
            for call in run.calls
            if call.frame.id and call.frame.end_kind == "return" and call.function != MODULE
        ]

    def settle(self, run: Run, candidate: Candidate) -> Iterator[Settled | Refusal]:
        """What it returns."""
        call: NamedCall = candidate.data
        said = run.trace.recording.event_value[candidate.order]
        if _constant(run, call.function) or said == "None":
            yield Refusal("trivial", "functions that return one constant, calls that return None")
            return
        read = None if said is None else run.read(candidate.order, parse_value(said))
        if read is None:
            yield Refusal("not_known", "values that were cut short, or are no literals of builtin types")
            return
        if len(read.text) > ANSWER_LENGTH:
            yield Refusal("too_long", f"values of more than {ANSWER_LENGTH} characters")
            return
        target = {"when": "returns", "function": call.function, "call": call.call}
        hard = difficulty(steps=candidate.order, length=len(read.text), depth=call.frame.depth)
        yield Settled(
            target,
            read.text,
            read.type_name,
            hard,
            lambda seed: _asks(run, call, seed),
            (call.function, read.text),
        )


def _constant(run: Run, function: str) -> bool:
    """Whether all that the code of a function can return is one constant."""
    returned = [
        each.node.value for each in run.statements if isinstance(each.node, ast.Return) and each.function == function
    ]
    return len(returned) == 1 and (returned[0] is None or is_literal(returned[0]))


def _asks(run: Run, call: NamedCall, seed: str) -> str:
    function, k = quoted(shown_name(call.function)), call.call
    forms = (
        f"What does the {ordinal(k)} call of {function} return?",
        f"Which value is returned by the {ordinal(k)} call of {function}?",
        f"Give the return value of call number {k} of {function}.",
    )
    return question(run, call, pick(forms, seed, "asks"), hint(seed))
