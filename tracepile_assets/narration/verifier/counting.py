"""Checks of claims about how often the statement that a question counts has been executed: as it goes, and in the end.

Belongs here: counting executions of one statement in one call. Does not belong here: iterations (``iterations``,
``control``) and the answer (``framing``).
"""

from bisect import bisect_left
from typing import Any

from tracepile_assets.narration.verifier.cursor import Cursor
from tracepile_assets.narration.verifier.findings import Finding, contradicted, ungrounded, verified
from tracepile_assets.narration.verifier.moment import frame_of


def nth(cursor: Cursor, question: Any, told: int) -> Finding:
    """The step told last is this execution of the statement that is counted."""
    visits = _visits(cursor, question)
    if visits is None:
        return ungrounded("no statement is counted here")
    event = cursor.floors[cursor.frame]
    number = bisect_left(visits, event) + 1
    if number > len(visits) or visits[number - 1] != event:
        return contradicted(event, "what is told here is not the statement that is counted")
    return _numbered(cursor, event, number, told)


def runs(cursor: Cursor, question: Any, header: str, told: int) -> Finding:
    """The next execution of the statement that is counted is this one; its inside may be told after it."""
    visits = _visits(cursor, question)
    if visits is None:
        return ungrounded("no statement is counted here")
    counted = cursor.trace.syntax.header_source(question.target["statement"])
    if counted.rstrip(": ") != header.rstrip(": "):
        return contradicted(cursor.now(), f"{counted} is the statement that is counted")
    for number, event in enumerate(visits, 1):
        if event >= cursor.floors[cursor.frame] and not cursor.is_done(event, "tally"):
            cursor.told(event)
            return _numbered(cursor, event, number, told)
    return ungrounded(f"{header} is not executed any more")


def _numbered(cursor: Cursor, event: int, number: int, told: int) -> Finding:
    if cursor.is_done(event, "tally"):
        return contradicted(event, "this execution was counted before")
    cursor.done.add((event, "tally"))
    return verified(event) if number == told else contradicted(event, f"it is number {number}")


def so_far(cursor: Cursor, question: Any, told: int) -> Finding:
    """By the end of the iteration told last the statement that is counted has been executed so often."""
    visits = _visits(cursor, question)
    if visits is None:
        return ungrounded("no statement is counted here")
    event = cursor.floors[cursor.frame]
    number = bisect_left(visits, event)
    return verified(event) if number == told else contradicted(event, f"it has run {number} times")


def total(cursor: Cursor, question: Any, header: str, told: int) -> Finding:
    """How often a statement was entered in the call that the question is about, or in the whole run."""
    target = getattr(question, "target", None) or {}
    frame = frame_of(cursor.trace, question)
    syntax = cursor.trace.syntax
    meant = [s.number for s in syntax.statements if syntax.header_source(s.number) == header]
    if target.get("statement") in meant:
        meant = [target["statement"]]
    if not meant:
        return ungrounded("there is no such statement")
    visits = [event for number in meant for event in cursor.trace.visits(number, frame)]
    if len(visits) != told:
        return contradicted(visits[-1] if visits else None, f"it ran {len(visits)} times")
    if visits and visits[-1] > max(cursor.position, cursor.floors[cursor.frame]):
        return ungrounded("it has not run so often yet")
    return verified(visits[-1] if visits else cursor.now())


def _visits(cursor: Cursor, question: Any) -> list[int] | None:
    """The executions that the question counts, where the frame told now is the one that it is about."""
    target = getattr(question, "target", None) or {}
    frame = frame_of(cursor.trace, question)
    if target.get("when") != "call" or frame is None or frame != cursor.frame:
        return None
    return list(cursor.trace.visits(target["statement"], frame))
