"""Drills on what a string variable holds at a moment: its characters, its length, its parts."""

from collections.abc import Iterator, Sequence
from typing import ClassVar

from ..choice import draw
from ..difficulty import difficulty
from ..kind import Candidate, Kind, Refusal, Settled
from ..moments import Visit, before, visits
from ..prompt import pick, quoted
from ..run import ANSWER_LENGTH, Run
from ..variables import GRADED, hint
from ..wording import call as in_call
from ..wording import ordinal, question

_FEWEST, _MOST = 3, 200


class StringState(Kind):
    """A part, the length or the reverse of a string variable."""

    name = "string_state"
    asks_for = (
        "An index, a slice, the reverse, the length or a count of characters of a string variable immediately before "
        "the k-th execution of a statement in the c-th call of a function."
    )
    computed = "The expression, of a closed list of forms, on the string in the state at that event."
    graded = GRADED
    applies = "String variables of 3 to 200 characters that change in the course of the call."
    weight: ClassVar[float | None] = 4.0

    def candidates(self, run: Run) -> Sequence[Candidate]:
        """Every execution of a statement in a call in which a variable is bound to a string."""
        bound = run.once("string places", lambda: _string_places(run))
        return [Candidate(visit.event, visit) for visit in visits(run) if bound.get(_scope(visit))]

    def settle(self, run: Run, candidate: Candidate) -> Iterator[Settled | Refusal]:
        """A drill on each string at that moment."""
        visit: Visit = candidate.data
        found = False
        for name, value, updates in run.variables(visit.call, visit.event):
            if type(value) is not str or not _FEWEST <= len(value) <= _MOST or not value.isprintable():
                continue
            if run.set_by_literal(visit.call, visit.event, name):
                continue
            expression, answer = _drill(name, value, visit.event)
            if len(answer) > ANSWER_LENGTH:
                continue
            found = True
            target = before(visit) | {"variable": name, "drill": expression}
            hard = difficulty(steps=visit.event, updates=updates, length=len(value), depth=visit.call.frame.depth)
            answer_type = "int" if answer.isdigit() else "str"
            yield Settled(
                target,
                answer,
                answer_type,
                hard,
                lambda seed, expression=expression: _asks(run, visit, expression, seed),
                (name, expression),
            )
        if not found:
            yield Refusal("not_applicable", f"no string of {_FEWEST} to {_MOST} characters that changes")


def _scope(visit: Visit) -> str:
    return "g" if visit.call.function == "<module>" else f"f{visit.call.frame.id}"


def _string_places(run: Run) -> dict[str, bool]:
    """The frames in which a variable is bound to a string."""
    recording = run.trace.recording
    return {
        place.partition(".")[0]: True
        for place, value in zip(recording.change_place, recording.change_value, strict=True)
        if value and value[0] in "'\"" and not place.startswith("#")
    }


def _drill(name: str, text: str, *seed: object) -> tuple[str, str]:
    """An expression over a string variable, drawn by seed, and the text of its value."""
    at = int(draw("at", name, *seed) * len(text))
    to = at + 2 + int(draw("to", name, *seed) * (len(text) - at))
    character = text[at]
    forms = [
        (f"{name}[{at}]", repr(text[at])),
        (f"{name}[-{at + 1}]", repr(text[-at - 1])),
        (f"{name}[::-1]", repr(text[::-1])),
        (f"{name}[{at}:{min(to, len(text))}]", repr(text[at : min(to, len(text))])),
        (f"len({name})", repr(len(text))),
        (f"{name}.count({character!r})", repr(text.count(character))),
    ]
    return forms[int(draw("form", name, *seed) * len(forms))]


def _asks(run: Run, visit: Visit, expression: str, seed: str) -> str:
    what, k, by = quoted(expression), visit.visit, run.labels[visit.statement]
    where = in_call(run, visit.call, seed)
    forms = (
        f"What would {what} give immediately before the {ordinal(k)} execution of {by}{where}?",
        f"Immediately before {by} is executed for the {ordinal(k)} time{where}: what is {what}?",
        f"Evaluate {what} as it would be immediately before execution number {k} of {by}{where}.",
    )
    return question(run, visit.call, pick(forms, seed, "asks"), hint(seed))
