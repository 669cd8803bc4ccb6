"""The first iteration of a loop after which a condition on a variable holds."""

import ast
from collections.abc import Iterator, Sequence
from typing import Any, ClassVar

from ..choice import draw
from ..course import MOST, Step, follow
from ..difficulty import difficulty
from ..kind import Candidate, Kind, Refusal, Settled
from ..moments import NamedLoop, loops
from ..prompt import pick, quoted
from ..run import Run
from ..wording import call as in_call
from ..wording import question, running

_FEWEST = 3


class FirstMoment(Kind):
    """First iteration at whose end a condition holds."""

    name = "first_moment"
    asks_for = "After which iteration of a loop a condition on a variable, or on its length, holds for the first time."
    computed = "The first state at an iteration's end in which the condition holds."
    graded = "An int."
    applies = (
        "Loops with 3 to 150 iterations that run to their end; numbers, strings and containers that exceed, or fall "
        "below, all that they were at the end of an iteration after the first."
    )
    weight: ClassVar[float | None] = 1.5

    def candidates(self, run: Run) -> Sequence[Candidate]:
        """Every run of a loop with enough iterations."""
        found = []
        for named in loops(run):
            ends = _ends(named)
            if _FEWEST <= len(ends) <= MOST:
                found.append(Candidate(ends[-1], (named, ends)))
        return found

    def settle(self, run: Run, candidate: Candidate) -> Iterator[Settled | Refusal]:
        """A condition on each variable."""
        named, ends = candidate.data
        call = named.call
        found = False
        for name, _, _ in run.variables(call, ends[-1]):
            if run.counts(call, name) is not None or name in _own(run, named):
                continue
            course = follow(run, call, name, ends)
            if len(course) != len(ends):
                continue
            drawn = _condition(name, course, draw(self.name, ends[0], name))
            if drawn is None:
                continue
            found = True
            condition, number = drawn
            target = {
                "when": "first",
                "function": call.function,
                "call": call.call,
                "loop": named.loop.statement,
                "run": named.number,
                "variable": name,
                "condition": condition,
            }
            hard = difficulty(steps=ends[number - 1], updates=number, depth=call.frame.depth)
            yield Settled(
                target,
                str(number),
                "int",
                hard,
                lambda seed, condition=condition: _asks(run, named, condition, seed),
                (named.loop.statement, name, number),
            )
        if not found:
            yield Refusal("not_applicable", "no variable that can be followed and exceeds what it was")


def _own(run: Run, named: NamedLoop) -> set[str]:
    """The variables that the header of a loop binds: what it goes over is often there to be read."""
    target = getattr(run.statements[named.loop.statement].node, "target", None)
    return set() if target is None else {part.id for part in ast.walk(target) if isinstance(part, ast.Name)}


def _ends(named: NamedLoop) -> list[int]:
    """The events at which iterations of a run of a loop end, up to the first that is left early."""
    headers = set(named.loop.header_events)
    found = []
    for iteration in named.loop.iterations:
        if iteration.end not in headers:
            break
        found.append(iteration.end)
    return found


def _condition(name: str, course: Sequence[Step], drawn: float) -> tuple[str, int] | None:
    """A condition that holds at one step for the first time, drawn among those after the first step, and the number of
    that step from 1; None if there is none."""
    values = [_measure(step.value) for step in course]
    if any(value is None for value in values) or len({type(step.value) for step in course}) > 1:
        return None
    over = [at for at in range(1, len(values)) if values[at] > max(values[:at])]
    under = [at for at in range(1, len(values)) if values[at] < min(values[:at])]
    ups = [(at, ">", max(values[:at])) for at in over]
    downs = [(at, "<", min(values[:at])) for at in under]
    options = sorted(ups + downs)
    if not options:
        return None
    at, sign, bound = options[int(drawn * len(options))]
    subject = name if isinstance(course[0].value, int | float) else f"len({name})"
    return f"{subject} {sign} {bound!r}", at + 1


def _measure(value: Any) -> Any:
    """The number that conditions are about: a number itself, the length of a string or container; else None."""
    if isinstance(value, bool):
        return None
    if isinstance(value, int | float):
        return value if abs(value) < 10**15 else None
    return len(value) if isinstance(value, str | list | tuple | dict | set | frozenset) else None


def _asks(run: Run, named: NamedLoop, condition: str, seed: str) -> str:
    what, by = quoted(condition), run.labels[named.loop.statement]
    where = in_call(run, named.call, seed) + running(named.number, named.again, seed)
    forms = (
        f"At the end of which iteration of the loop at {by} does {what} hold for the first time{where}?",
        f"After which iteration of the loop at {by} is {what} true for the first time{where}?",
        f"Find the first iteration of the loop at {by} at whose end {what} holds{where}.",
    )
    return question(
        run, named.call, pick(forms, seed, "asks"), "Iterations are counted from 1.", "Answer with a number."
    )
