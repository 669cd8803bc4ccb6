"""Whether two names are one object at a moment."""

from collections.abc import Iterator, Sequence
from itertools import combinations
from typing import ClassVar

from tracepile_assets.trace_model.replay import State
from tracepile_assets.trace_model.values import TRUNCATED, Ref

from ..choice import draw
from ..difficulty import difficulty
from ..kind import Candidate, Kind, Refusal, Settled
from ..moments import Visit, before, visits
from ..prompt import pick, quoted
from ..run import MODULE, NamedCall, Run
from ..wording import call as in_call
from ..wording import ordinal, question

_EQUAL_SHARE = 0.25
"""Share of the pairs that are asked about though they are never one object, and only begin with equal contents."""


class Alias(Kind):
    """Whether two variables refer to the same object."""

    name = "alias"
    asks_for = (
        "Whether two variables refer to the same mutable object immediately before the k-th execution of a statement "
        "in the c-th call of a function."
    )
    computed = "Whether both are bound to the same object of the heap in the state at that event."
    graded = "True or False."
    applies = (
        "Pairs of variables of the call bound to containers or instances of one type; where they are two objects, only "
        "if they are one at another moment, and a quarter of those with equal contents at first."
    )
    weight: ClassVar[float | None] = 6.0

    def candidates(self, run: Run) -> Sequence[Candidate]:
        """Every execution of a statement in a call in which two variables may be one object."""
        return [Candidate(visit.event, visit) for visit in visits(run) if _pairs(run, visit.call)]

    def settle(self, run: Run, candidate: Candidate) -> Iterator[Settled | Refusal]:
        """The pairs at that moment."""
        visit: Visit = candidate.data
        state = run.trace.state_at(visit.event)
        values = state.locals(None if visit.call.function == MODULE else visit.call.frame.id)
        found = False
        for one, two in _pairs(run, visit.call):
            first, second = values.get(one), values.get(two)
            if not isinstance(first, Ref) or not isinstance(second, Ref) or not _alike(run, state, first, second):
                continue
            found = True
            target = before(visit) | {"variables": [one, two]}
            hard = difficulty(
                steps=visit.event,
                updates=run.updates(visit.call, one, first, visit.event)
                + run.updates(visit.call, two, second, visit.event),
                depth=visit.call.frame.depth,
            )
            yield Settled(
                target,
                str(first == second),
                "bool",
                hard,
                lambda seed, names=(one, two): _asks(run, visit, names, seed),
                (first == second, one, two),
            )
        if not found:
            yield Refusal("not_applicable", "no two variables of one type that could be one object")


def _alike(run: Run, state: State, first: Ref, second: Ref) -> bool:
    """Whether the type alone does not tell two objects apart, and nothing about them is hidden."""
    contents = [state.contents(each) for each in (first, second)]
    if any(each is TRUNCATED or each.kind in ("opaque", "class") for each in contents):
        return False
    return contents[0].type_name == contents[1].type_name


def _pairs(run: Run, call: NamedCall) -> list[tuple[str, str]]:
    """Pairs of variables of a call that are one object at some moment of it, or begin with equal contents."""
    return run.once(("alias", call.frame.id), lambda: _found_pairs(run, call))


def _found_pairs(run: Run, call: NamedCall) -> list[tuple[str, str]]:
    bound = run.once("references", lambda: _references(run))
    prefix = "g." if call.function == MODULE else f"f{call.frame.id}."
    names = sorted(place.removeprefix(prefix) for place in bound if place.startswith(prefix))
    names = [name for name in names if name.isidentifier() and not run.is_hidden(call.function, name)]
    found = []
    for one, two in combinations(names, 2):
        first, second = bound[prefix + one], bound[prefix + two]
        equal = any(text in second.values() for text in first.values())
        if any(ref in second for ref in first) or (equal and draw("alias", run.trace.code, one, two) < _EQUAL_SHARE):
            found.append((one, two))
    return found


def _references(run: Run) -> dict[str, dict[str, str | None]]:
    """Variable -> the objects that it is bound to in the run, each with the text of its first contents."""
    recording = run.trace.recording
    contents: dict[str, str | None] = {}
    for place, value in zip(recording.change_place, recording.change_value, strict=True):
        if place.startswith("#") and place[1:].isdigit():
            contents.setdefault(place, value)
    found: dict[str, dict[str, str | None]] = {}
    for place, value in zip(recording.change_place, recording.change_value, strict=True):
        if not place.startswith("#") and value is not None and value.startswith("#"):
            found.setdefault(place, {})[value] = contents.get(value)
    return found


def _asks(run: Run, visit: Visit, names: tuple[str, str], seed: str) -> str:
    one, two = map(quoted, names)
    by, k = run.labels[visit.statement], visit.visit
    where = in_call(run, visit.call, seed)
    forms = (
        f"Do {one} and {two} refer to the same object immediately before the {ordinal(k)} execution of {by}{where}?",
        f"Immediately before {by} is executed for the {ordinal(k)} time{where}: are {one} and {two} one and the same "
        f"object?",
        f"Would a change made to the object of {one} be seen through {two} immediately before execution number {k} of "
        f"{by}{where}, because both are the same object?",
    )
    return question(run, visit.call, pick(forms, seed, "asks"), "Answer True or False.")
