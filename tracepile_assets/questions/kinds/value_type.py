"""The type of a variable's value at a moment."""

from collections.abc import Iterator, Sequence
from typing import ClassVar

from tracepile_assets.trace_model.replay import State
from tracepile_assets.trace_model.values import Ref, Value

from ..difficulty import difficulty
from ..kind import Candidate, Kind, Refusal, Settled
from ..moments import Visit, before, visits
from ..prompt import pick, quoted
from ..run import MODULE, Run
from ..wording import call as in_call
from ..wording import ordinal, question

_PLAIN = ("int", "float", "complex", "str", "bytes", "bool", "NoneType", "tuple", "frozenset", "range")
_COMMON = ("int", "str", "list")
_NAME = (
    "Answer with the name of the type, such as `int`.",
    "Give only the name of the type.",
    "Answer with what `type(...).__name__` would give.",
)


class ValueType(Kind):
    """Type of a variable's value at the k-th visit of a statement."""

    name = "value_type"
    asks_for = (
        "The type of the value of a variable immediately before the k-th execution of a statement in the c-th call of "
        "a function."
    )
    computed = "The type recorded for the value in the state at that event."
    graded = "The name of the type, with or without `<class '...'>` and its module."
    applies = (
        "Variables that change in the course of the call; int, str and list only where the variable had another type "
        "before or has it later."
    )
    weight: ClassVar[float | None] = 2.5

    def candidates(self, run: Run) -> Sequence[Candidate]:
        """Every execution of a simple statement or a test."""
        return [Candidate(visit.event, visit) for visit in visits(run)]

    def settle(self, run: Run, candidate: Candidate) -> Iterator[Settled | Refusal]:
        """The variables whose type is worth asking for."""
        visit: Visit = candidate.data
        state = run.trace.state_at(visit.event)
        found = False
        for name, value, updates in run.variables(visit.call, visit.event):
            kind = type_name(state, value)
            if kind is None or run.set_by_literal(visit.call, visit.event, name):
                continue
            if kind in _COMMON and not _varies(run, visit, name):
                continue
            found = True
            target = before(visit) | {"variable": name, "asks": "type"}
            hard = difficulty(steps=visit.event, updates=updates, depth=visit.call.frame.depth)
            yield Settled(
                target,
                kind,
                "type",
                hard,
                lambda seed, name=name: _asks(run, visit, name, seed),
                (kind, name),
            )
        if not found:
            yield Refusal("trivial", "no variable whose type is not plain to see")


def type_name(state: State, value: Value) -> str | None:
    """Name of the type of a value; None where it may not be asked for."""
    if not state.is_known(value):
        return None
    if isinstance(value, Ref):
        return state.contents(value).type_name
    name = type(value).__name__
    return name if name in _PLAIN else None


def _varies(run: Run, visit: Visit, name: str) -> bool:
    """Whether a variable is bound to values of two types in the course of its call."""
    place = f"g.{name}" if visit.call.function == MODULE else f"f{visit.call.frame.id}.{name}"
    return len(run.once("bound types", lambda: _bound_types(run)).get(place, ())) > 1


def _bound_types(run: Run) -> dict[str, set[str]]:
    """Variable -> kinds of value that it is bound to in the run, as far as their texts tell."""
    recording = run.trace.recording
    found: dict[str, set[str]] = {}
    for place, value in zip(recording.change_place, recording.change_value, strict=True):
        if value and not place.startswith("#"):
            found.setdefault(place, set()).add(_kind_of_text(value))
    return found


def _kind_of_text(text: str) -> str:
    if text[0] in "#'\"(":
        return "'" if text[0] == '"' else text[0]
    if text in ("None", "True", "False"):
        return "None" if text == "None" else "bool"
    return "float" if any(sign in text for sign in ".einf") else "int"


def _asks(run: Run, visit: Visit, variable: str, seed: str) -> str:
    name, k, by = quoted(variable), visit.visit, run.labels[visit.statement]
    where = in_call(run, visit.call, seed)
    forms = (
        f"What is the type of {name} immediately before the {ordinal(k)} execution of {by}{where}?",
        f"Immediately before {by} is executed for the {ordinal(k)} time{where}: of which type is the value of {name}?",
        f"Name the type of the value that {name} holds immediately before execution number {k} of {by}{where}.",
    )
    return question(run, visit.call, pick(forms, seed, "asks"), pick(_NAME, seed, "hint"))
