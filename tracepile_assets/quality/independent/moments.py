"""The canonical moment that a target names: the k-th execution of a statement in the c-th call of a function.

Not here: what is read at a moment (`kinds`, `parts`, `courses`).
"""

from collections.abc import Mapping
from typing import Any

from .document import Document
from .heap import CannotTell

Target = Mapping[str, Any]


def visit(document: Document, target: Target) -> tuple[int, int | None]:
    """The event of an execution of a statement, and the event that ends it.

    Raises:
        CannotTell: there is no such execution.
    """
    events = document.call(target["function"], target["call"])
    visits = [(at, after) for at, statement, after in document.steps(events) if statement == target["statement"]]
    if not 1 <= target["visit"] <= len(visits):
        raise CannotTell("there is no such execution")
    return visits[target["visit"] - 1]
