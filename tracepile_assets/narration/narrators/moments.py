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
        what: ``run``, ``stdout``, ``exception``, ``raised`` (where), ``value``, ``drill``, ``type``, ``branch``,
            ``iterations``, ``visits``, ``next``, ``first``, ``returned``, and of a whole call or run ``calls``,
            ``open``, ``unreached``, ``changes`` or ``longest``.
        frame: the frame that the question is about.
        variable: the variable asked for, or the function, of ``calls`` and ``open``.
        part: the expression over the variable whose value is asked for; the condition, of ``first``.
        statement: the statement counted, of ``visits``, or whose test is asked about, of ``branch``.
        at: the event that no folded iteration may hold: that test, or the beginning of the loop, of ``iterations``.
    """

    until: int
    what: str
    frame: int = 0
    variable: str | None = None
    statement: int | None = None
    at: int | None = None
    part: str | None = None

    @property
    def whole(self) -> bool:
        """Whether every step up to the end has a say in the answer, so that none may be folded away."""
        return self.what in ("calls", "open", "unreached", "changes", "longest")


def ending(trace: Trace, target: Mapping[str, Any], answer: str) -> Ending | None:
    """The end that a question's target and answer ask for; None if no moment of this run is meant, or none that can be
    told."""
    outcome = target.get("outcome")
    if outcome == "exception" and target.get("asks") == "line":
        return Ending(len(trace), "raised")
    if outcome in ("return", "stdout", "exception"):
        return Ending(len(trace), {"return": "run"}.get(outcome, outcome))
    if target.get("when") == "run":
        what = "open" if target.get("counts") == "open" else "calls"
        return Ending(len(trace), what, variable=str(target["function"]))
    calls = trace.frame_calls(str(target.get("function")))
    number = target.get("call")
    if not isinstance(number, int) or not 1 <= number <= len(calls):
        return None
    frame = calls[number - 1]
    try:
        return _moment(trace, target, frame, answer)
    except (IndexError, KeyError, TypeError, ValueError):
        return None


def _moment(trace: Trace, target: Mapping[str, Any], frame: Frame, answer: str) -> Ending | None:
    when = target.get("when")
    variable = target.get("variable")
    if "variables" in target:
        return None
    if when == "begins" and frame.call_event is not None:
        return Ending(frame.call_event + 1, "value", frame.id, variable)
    if when in ("returns", "unreached", "changes", "longest"):
        if frame.end_event is None:
            return None
        return Ending(frame.end_event, "returned" if when == "returns" else when, frame.id, variable)
    if "loop" in target:
        runs = [run for run in trace.loops if run.frame == frame.id and run.statement == target["loop"]]
        run = runs[target["run"] - 1]
        if when == "first":
            until = run.iterations[int(answer) - 1].end
            return None if until is None else Ending(until, "first", frame.id, variable, part=target["condition"])
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
        if "drill" in target:
            return Ending(event, "drill", frame.id, variable, part=target["drill"])
        part = f"{variable}{target['slot']}" if "slot" in target else None
        return Ending(event, "type" if target.get("asks") == "type" else "value", frame.id, variable, part=part)
    until = trace.end_of_statement(event)
    if until is None:
        return None
    if when == "next":
        return Ending(until, "next", frame.id, statement=target["statement"], at=event)
    if when == "test":
        return Ending(until, "branch", frame.id, statement=target["statement"], at=event)
    return Ending(until, "value", frame.id, variable)
