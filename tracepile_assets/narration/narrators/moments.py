"""How far a telling goes, and on what it ends.

Belongs here: finding the event that a question's canonical moment means. Does not belong here: telling (``frames``)
and what
kinds of question there are; a moment is read from the plain values of its target.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from tracepile_assets.trace_model.trace import Frame, Trace


@dataclass(frozen=True, slots=True)
class Ending:
    """The end of a telling.

    Attributes:
        until: the event before which it stops.
        what: ``run``, ``stdout``, ``exception``, ``value``, ``branch``, ``iterations`` or ``visits``.
        frame: the frame that the question is about.
        variable: the variable asked for, of a ``value``.
        statement: the statement counted, of ``visits``, or whose test is asked about, of ``branch``.
        at: the event that no folded iteration may hold: that test, or the beginning of the loop, of ``iterations``.
    """

    until: int
    what: str
    frame: int = 0
    variable: str | None = None
    statement: int | None = None
    at: int | None = None


def ending(trace: Trace, target: Mapping[str, Any]) -> Ending | None:
    """The end that a question's target asks for; None if no moment of this run is meant."""
    outcome = target.get("outcome")
    if outcome in ("return", "stdout", "exception"):
        return Ending(len(trace), {"return": "run"}.get(outcome, outcome))
    calls = trace.frame_calls(str(target.get("function")))
    number = target.get("call")
    if not isinstance(number, int) or not 1 <= number <= len(calls):
        return None
    frame = calls[number - 1]
    try:
        return _moment(trace, target, frame)
    except (IndexError, KeyError, TypeError):
        return None


def _moment(trace: Trace, target: Mapping[str, Any], frame: Frame) -> Ending | None:
    when = target.get("when")
    variable = target.get("variable")
    if "loop" in target:
        runs = [run for run in trace.loops if run.frame == frame.id and run.statement == target["loop"]]
        run = runs[target["run"] - 1]
        if when == "iteration_end":
            until = run.iterations[target["iteration"] - 1].end
            return None if until is None else Ending(until, "value", frame.id, variable)
        if run.exit_event is None:
            return None
        return Ending(run.exit_event, "iterations", frame.id, at=run.header_events[0])
    if when == "call":
        until = frame.end_event if frame.end_event is not None else len(trace)
        return Ending(until, "visits", frame.id, statement=target["statement"])
    event = trace.visits(target["statement"], frame.id)[target["visit"] - 1]
    if when == "before":
        return Ending(event, "value", frame.id, variable)
    until = trace.end_of_statement(event)
    if until is None:
        return None
    if when == "test":
        return Ending(until, "branch", frame.id, statement=target["statement"], at=event)
    return Ending(until, "value", frame.id, variable)
