"""Answers about a variable over a whole call or loop: how often it changes, its longest value, when a condition holds.

Not here: values at single moments (`parts`).
"""

import ast
from itertools import pairwise

from .document import Document
from .heap import CannotTell, read
from .moments import Target
from .text import split


def _course(document: Document, target: Target) -> list[str]:
    """The values of a variable at each statement of a call, and as it ends."""
    events = document.call(target["function"], target["call"])
    if document.events[events[-1]]["kind"] != "return":
        raise CannotTell("the call does not return")
    at = [event for event, _, _ in document.steps(events)]
    return document.values([*at, events[-1]], target["variable"])


def changes(document: Document, target: Target) -> str:
    """How often a variable has another value than one statement before."""
    return str(sum(before != after for before, after in pairwise(_course(document, target))))


def longest(document: Document, target: Target) -> str:
    """The first of the longest values of a variable."""
    best: str | None = None
    for text in _course(document, target):
        if best is None or length(text) > length(best):
            best = text
    if best is None:
        raise CannotTell("the variable has no value")
    return best


def length(text: str) -> int:
    """Length of a string or container, from its text."""
    if text[0] in "'\"b":
        return len(ast.literal_eval(text))
    if text[0] == "(":
        return sum(part != "" for part in split(text[1:-1]))
    contents = read(text)
    if not contents.shape:
        raise CannotTell("it has no length")
    return len(contents.items)


def holds(condition: str, name: str, text: str) -> bool:
    """Whether a condition ``name < bound`` or ``len(name) > bound`` holds for a value."""
    match ast.parse(condition, mode="eval").body:
        case ast.Compare(left=left, ops=[ast.Lt() | ast.Gt() as sign], comparators=[bound]):
            limit = _number(ast.unparse(bound))
            if isinstance(left, ast.Name) and left.id == name:
                measured: float = _number(text)
            elif ast.unparse(left) == f"len({name})":
                measured = length(text)
            else:
                raise CannotTell(f"{condition} is about something else")
            return measured < limit if isinstance(sign, ast.Lt) else measured > limit
    raise CannotTell(f"{condition} is of no form that is known here")


def _number(text: str) -> float:
    value = ast.literal_eval(text)
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise CannotTell("it is no number")
    return value
