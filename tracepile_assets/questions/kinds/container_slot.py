"""What one slot of a container holds at a moment."""

from collections.abc import Iterator, Sequence
from typing import ClassVar

from tracepile_assets.trace_model.values import TRUNCATED, HeapObject, Ref, Value

from ..choice import draw
from ..difficulty import difficulty
from ..kind import Candidate, Kind, Refusal, Settled
from ..literals import NotLiteral, parse
from ..moments import Visit, before, visits
from ..prompt import pick, quoted
from ..run import ANSWER_LENGTH, Run
from ..variables import GRADED, hint
from ..wording import call as in_call
from ..wording import ordinal, question

_FEWEST = 2
_KEY_LENGTH = 40
_SHAPES = ("list", "dict", "deque", "defaultdict", "Counter", "OrderedDict")


class ContainerSlot(Kind):
    """Contents of a slot of a list, or under a key of a dict."""

    name = "container_slot"
    asks_for = (
        "What a slot of a list or a key of a dict holds immediately before the k-th execution of a statement in the "
        "c-th call of a function."
    )
    computed = "The part of the container in the state at that event."
    graded = GRADED
    applies = (
        "Containers of at least two parts that change in the course of the call; indices and keys that are plain "
        "literals."
    )
    weight: ClassVar[float | None] = 1.0

    def candidates(self, run: Run) -> Sequence[Candidate]:
        """Every execution of a simple statement or a test."""
        return [Candidate(visit.event, visit) for visit in visits(run)]

    def settle(self, run: Run, candidate: Candidate) -> Iterator[Settled | Refusal]:
        """A slot of each container at that moment."""
        visit: Visit = candidate.data
        state = run.trace.state_at(visit.event)
        found = False
        for name, value, updates in run.variables(visit.call, visit.event):
            contents = state.contents(value) if isinstance(value, Ref) else None
            if not isinstance(contents, HeapObject) or contents.type_name not in _SHAPES or contents.quoted:
                continue
            slot = _slot(contents, visit.event, name)
            if slot is None:
                continue
            found = True
            yield _settled(run, visit, name, *slot, updates)
        if not found:
            yield Refusal("not_applicable", "no container that changes, with two parts at least")


def _slot(contents: HeapObject, *seed: object) -> tuple[str, Value] | None:
    """A slot drawn from the parts of a container, as it is written behind its name, and what it holds."""
    items = contents.items
    if len(items) < _FEWEST:
        return None
    at = int(draw("slot", *seed) * len(items))
    if contents.kind != "dict":
        return f"[{at}]", items[at]
    key, value = list(items.items())[at]
    text = repr(key)
    try:
        parse(text)
    except NotLiteral:
        return None
    return None if len(text) > _KEY_LENGTH or "\n" in text else (f"[{text}]", value)


def _settled(run: Run, visit: Visit, name: str, slot: str, value: Value, updates: int) -> Settled | Refusal:
    if value is TRUNCATED:
        return Refusal("not_known", "values that were cut short")
    read = run.read(visit.event, value)
    if read is None:
        return Refusal("not_known", "values that were cut short, or are no literals of builtin types")
    if len(read.text) > ANSWER_LENGTH:
        return Refusal("too_long", f"values of more than {ANSWER_LENGTH} characters")
    hard = difficulty(steps=visit.event, updates=updates, length=len(read.text), depth=visit.call.frame.depth)
    target = before(visit) | {"variable": name, "slot": slot}
    return Settled(
        target,
        read.text,
        read.type_name,
        hard,
        lambda seed: _asks(run, visit, f"{name}{slot}", seed),
        (name, read.text),
    )


def _asks(run: Run, visit: Visit, slot: str, seed: str) -> str:
    what, k, by = quoted(slot), visit.visit, run.labels[visit.statement]
    where = in_call(run, visit.call, seed)
    forms = (
        f"What does {what} hold immediately before the {ordinal(k)} execution of {by}{where}?",
        f"Immediately before {by} is executed for the {ordinal(k)} time{where}: what stands in {what}?",
        f"Give the contents of {what} immediately before execution number {k} of {by}{where}.",
    )
    return question(run, visit.call, pick(forms, seed, "asks"), hint(seed))
