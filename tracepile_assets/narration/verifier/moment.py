"""The moment that a question is about, as the verifier understands it.

Belongs here: the event that a canonical moment (immediately before or after the k-th execution of a statement in the
c-th call of a function, the end of the k-th iteration of a loop, or of the loop or the call) means, and what holds
there. Does not belong here: the kinds of question and how they are worded.
"""

from typing import Any

from tracepile_assets.trace_model.trace import Trace

_OF_A_CALL = ("call", "returns", "unreached", "changes", "longest")
"""What is asked about a call as a whole."""


def frame_of(trace: Trace, question: Any) -> int | None:
    """The frame that a question is about; None where it is about the whole run or names no call of it."""
    target = getattr(question, "target", None) or {}
    calls = trace.frame_calls(str(target.get("function")))
    number = target.get("call")
    if not isinstance(number, int) or not 1 <= number <= len(calls):
        return None
    return calls[number - 1].id


def event_of(trace: Trace, question: Any) -> int | None:
    """The event whose state a question asks about, or at which the loop or call that it counts in is over; None for one
    about the whole run, or where there is no such event."""
    frame = frame_of(trace, question)
    if frame is None:
        return None
    target = question.target
    if target.get("when") == "begins":
        return trace.frames[frame].call_event
    try:
        if target.get("when") == "first":
            runs = [run for run in trace.loops if run.frame == frame and run.statement == target["loop"]]
            return runs[target["run"] - 1].iterations[int(question.answer) - 1].end
        if "loop" in target:
            runs = [run for run in trace.loops if run.frame == frame and run.statement == target["loop"]]
            run = runs[target["run"] - 1]
            return run.iterations[target["iteration"] - 1].end if "iteration" in target else run.exit_event
        if "visit" not in target:
            return trace.frames[frame].end_event if target.get("when") in _OF_A_CALL else None
        visits = [e for e in trace.frames[frame].line_events if trace.event(e).statement == target["statement"]]
        event = visits[target["visit"] - 1]
    except (IndexError, KeyError, TypeError, ValueError):
        return None
    return event if target.get("when") == "before" else trace.end_of_statement(event)
