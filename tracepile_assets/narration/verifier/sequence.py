"""Whether claims follow from one another as they are told: what "so" joins, and which iteration a step belongs to.

Belongs here: relations between a claim and the one told before it. Does not belong here: whether a claim is true by
itself (``values``, ``control``, ``calls``).
"""

import ast

from tracepile_assets.narration.verifier.cursor import Cursor
from tracepile_assets.narration.verifier.findings import Finding, contradicted

_TESTS = {"test", "membership", "emptiness", "zero", "noneness", "condition", "branch"}
_FROM_NOTHING = _TESTS - {"branch", "condition"} | {"iteration"}
"""What follows from no test told before: another test has its own outcome, and the loop goes on by itself."""

_REASONS = {"so", "therefore"}
_ASIDE = {"tally"}
_FOLLOWS = {"reading": {"reading"}}
"""What may follow from a claim that is no test; an answer may follow from any."""


class Told:
    """The claim told last, as far as the next one may follow from it."""

    def __init__(self) -> None:
        """None yet."""
        self.kind, self.event = "", -1

    def note(self, kind: str, finding: Finding) -> None:
        """Keep a claim; how often its statement ran so far is said beside it."""
        if kind not in _ASIDE:
            self.kind, self.event = kind, -1 if finding.event is None else finding.event


def follows(cursor: Cursor, told: Told, link: str, kind: str, finding: Finding) -> Finding:
    """A finding, unless its claim is said to follow from what was told last and does not: after "so" stands what the
    outcome of a test leads to."""
    if finding.detail is not None or finding.event is None or kind == "answer" or not _REASONS & set(link.split()):
        return finding
    if kind in _FROM_NOTHING:
        return contradicted(finding.event, "it comes out by itself")
    if told.kind not in _TESTS:
        return finding if kind in _FOLLOWS.get(told.kind, ()) else contradicted(finding.event, "nothing leads to it")
    if _is_led_to(cursor, told.event, _place(cursor, kind, finding.event)):
        return finding
    return contradicted(finding.event, "it does not follow from the test told before")


def _place(cursor: Cursor, kind: str, event: int) -> int:
    """The statement that a claim is about, where its event is the one at which what it did is seen."""
    return cursor.floors[cursor.frame] if kind == "contents" else event


def _is_led_to(cursor: Cursor, test: int, event: int) -> bool:
    """Whether what happens at an event lies in the arm that a test led into, or comes next after it."""
    trace = cursor.trace
    frame = trace.recording.event_frame_id[test]
    lines = [line for line in trace.frames[frame].line_events if line >= test and line <= event]
    if len(lines) <= 2:
        return True
    statement = trace.recording.event_statement
    return trace.syntax.inside(statement[lines[-1]], statement[test])


def in_its_iteration(cursor: Cursor, floor: int, kind: str, finding: Finding) -> Finding:
    """A finding, unless its event belongs to a later iteration of a ``for`` loop than the one told, whose beginning was
    passed over.

    Args:
        cursor: the place after the claim.
        floor: the event from which on statements of its frame could be told before it.
        kind: the kind of the claim.
        finding: what became of the claim.
    """
    if finding.detail is not None or finding.event is None:
        return finding
    event = _place(cursor, kind, finding.event)
    if event <= floor:
        return finding
    frame = cursor.trace.recording.event_frame_id[event]
    for run in cursor.trace.loops:
        if run.frame != frame or run.header_events[0] >= event or run.header_events[-1] <= floor:
            continue
        node = cursor.trace.syntax.statements[run.statement].node
        if not isinstance(node, ast.For) or getattr(node.target, "id", None) == "_":
            continue
        for iteration in run.iterations[1:]:
            within = floor < iteration.start < event and (iteration.end is None or event < iteration.end)
            if within and not cursor.is_begun(iteration.start):
                return contradicted(event, f"it happens in iteration {iteration.number}, which is not told")
    return finding
