"""The statements of a function that a call never executes."""

from collections.abc import Iterator, Sequence
from typing import ClassVar

from ..choice import draw
from ..difficulty import difficulty
from ..kind import Candidate, Kind, Refusal, Settled
from ..prompt import pick, quoted
from ..run import MODULE, NamedCall, Run, shown_name
from ..wording import call as in_call
from ..wording import question

_NONE_SHARE = 0.15
"""Share of the calls without such a statement that are asked about."""


class UnreachedStatements(Kind):
    """Lines of the statements that are never executed in a call."""

    name = "unreached_statements"
    asks_for = "The lines of the statements of a function that its c-th call never executes."
    computed = "The statements of the function without an event in that call."
    graded = "A list of the numbers of the lines, in ascending order."
    applies = "Calls that return; functions with one statement to a line, and a branch or a loop among them."
    weight: ClassVar[float | None] = 1.0

    def candidates(self, run: Run) -> Sequence[Candidate]:
        """Every call that returns."""
        return [
            Candidate(call.frame.end_event, call)
            for call in run.calls
            if call.frame.end_event is not None and call.frame.end_kind == "return"
        ]

    def settle(self, run: Run, candidate: Candidate) -> Iterator[Settled | Refusal]:
        """The lines."""
        call: NamedCall = candidate.data
        own = [each for each in run.statements if each.function == call.function]
        counted = [each for each in own if each.number in run.countable]
        if any(run.lines[each.line] > 1 for each in counted):
            yield Refusal("not_applicable", "several statements on a line")
            return
        if not any(each.kind in ("If", "For", "While", "Try", "Match") for each in own):
            yield Refusal("trivial", "nothing that could be passed over")
            return
        reached = {run.trace.recording.event_statement[event] for event in call.frame.line_events}
        left = sorted(each.line for each in counted if each.number not in reached)
        if not left and draw(self.name, candidate.order, run.trace.code) > _NONE_SHARE:
            yield Refusal("trivial", "everything is executed")
            return
        target = {"when": "unreached", "function": call.function, "call": call.call}
        hard = difficulty(steps=candidate.order, updates=len(counted), length=4 * len(left), depth=call.frame.depth)
        yield Settled(
            target, repr(left), "list", hard, lambda seed: _asks(run, call, seed), (call.function, repr(left))
        )


def _asks(run: Run, call: NamedCall, seed: str) -> str:
    where = in_call(run, call, seed)
    of = "outside of all functions" if call.function == MODULE else f"of {quoted(shown_name(call.function))}"
    forms = (
        f"Which statements {of} are never executed{where or ' in this run'}?",
        f"Find the statements {of} that are not reached{where or ' in this run'}.",
        f"Which of the statements {of} does the execution never come to{where or ' in this run'}?",
    )
    counted = (
        "Definitions, imports, docstrings, declarations and the headers of `try` and `with` do not count; the header "
        "of a loop and the test of an `if` are statements of their own."
    )
    return question(
        run,
        call,
        pick(forms, seed, "asks"),
        counted,
        "Answer with a list of the numbers of the lines on which they begin, counted from 1, in ascending order.",
    )
