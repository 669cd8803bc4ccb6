"""The course of a variable: the values that it has at the events of a call, or at the ends of a loop's iterations.

Belongs here: reading one variable at many events, and knowing when that cannot be done for all of them. Does not belong
here: what is asked about a course (`kinds/`).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from .literals import NotLiteral, parse
from .moments import states
from .run import MODULE, NamedCall, Run

MOST = 150
"""Events of the longest call or loop whose variables are followed."""


@dataclass(frozen=True, slots=True)
class Step:
    """What a variable holds at an event: the text and the value read from it."""

    event: int
    text: str
    value: Any


def courses(run: Run, call: NamedCall) -> dict[str, list[Step]]:
    """The course of each variable that moves in a call, from its first value to the end of the call.

    Variables are left out that cannot be read at one of the events, or are unbound again, and those that are told by
    the statement that binds them: of a loop over a range. Empty for calls that are too long, or end in no return.
    """
    events = states(call)
    if call.frame.end_kind != "return" or not 3 < len(events) <= MOST:
        return {}
    return run.once(("courses", call.frame.id), lambda: _courses(run, call, events))


def _courses(run: Run, call: NamedCall, events: Sequence[int]) -> dict[str, list[Step]]:
    names = [name for name, _, _ in run.variables(call, events[-1]) if run.counts(call, name) is None]
    return {name: course for name in names if (course := follow(run, call, name, events))}


def follow(run: Run, call: NamedCall, name: str, events: Sequence[int]) -> list[Step]:
    """The values of a variable at events from the first at which it is bound; empty where one of them cannot be read,
    or two that are equal are written differently, so that whether it has changed is open to doubt."""
    scope = None if call.function == MODULE else call.frame.id
    found: list[Step] = []
    for event in events:
        values = run.trace.state_at(event).locals(scope)
        if name not in values:
            if found:
                return []
            continue
        read = run.read(event, values[name])
        if read is None:
            return []
        if found and found[-1].text == read.text:
            found.append(Step(event, read.text, found[-1].value))
        else:
            try:
                found.append(Step(event, read.text, parse(read.text)))
            except NotLiteral:
                return []
    doubtful = any(a.text != b.text and (a.value == b.value or b.value != b.value) for a, b in pairwise(found))
    return [] if doubtful else found
