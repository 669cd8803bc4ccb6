"""The answer at the end of a text in a notation.

Belongs here: finding it in the text, and checking it against the run. Does not belong here: the steps before it
(``checking``).
"""

import ast
from typing import Any

from tracepile_assets.narration.verifier.cursor import Cursor
from tracepile_assets.narration.verifier.expressions import canonical, parse, spelled
from tracepile_assets.narration.verifier.findings import Finding, contradicted, ungrounded, verified
from tracepile_assets.narration.verifier.moment import event_of, frame_of
from tracepile_assets.narration.verifier.reach import settled
from tracepile_assets.trace_model.trace import Trace

_MARK = "\nanswer:"
_WHOLE_CALLS = ("call", "returns", "unreached", "changes", "longest")
_KNOWN = (*_WHOLE_CALLS, "next", "first", "loop", "test")


def begin(text: str, question: Any) -> int:
    """Where the answer begins, with the line break before it; the length of the text if there is none."""
    block = f"{_MARK}\n{question.answer}"
    if question.answer_type == "stdout" and text.endswith(block):
        return len(text) - len(block)
    found = text.rfind(_MARK)
    return len(text) if found < 0 else found


def until(trace: Trace, question: Any) -> int:
    """The event that the text must have got to: that of the moment asked about, behind the beginning or the end of the
    call asked about, or the end of the run."""
    event = event_of(trace, question)
    if event is None:
        return len(trace)
    of_a_call = question.target.get("when") in _WHOLE_CALLS and "visit" not in question.target
    return event + 1 if of_a_call or question.target.get("when") == "begins" else event


def answered(trace: Trace, question: Any, told: str) -> Finding:
    """Whether the answer is that of the question, and true of the run."""
    recording, last = trace.recording, len(trace) - 1
    outcome = question.target.get("outcome")
    if question.answer_type == "stdout":
        said = told.removeprefix("\n").rstrip("\n")
        same = said == question.answer.rstrip("\n") == recording.stdout.rstrip("\n")
        return verified(last) if same else contradicted(last, f"the output is {recording.stdout!r}")
    told = told.strip()
    if told != question.answer:
        return contradicted(None, f"the answer to the question is {question.answer}")
    if question.answer_type == "exception":
        name = (recording.exception or "").partition(":")[0].rpartition(".")[2]
        return verified(last) if told == name else contradicted(last, f"it is {name}")
    node = parse(told)
    if node is None:
        return ungrounded(f"{told} is not a value")
    if outcome == "return":
        given = None if recording.return_value is None else canonical(recording.return_value)
        return verified(last) if spelled(node) == given else contradicted(last, f"the run gives {given}")
    return _of_a_moment(trace, question, node)


def _of_a_moment(trace: Trace, question: Any, told: ast.expr) -> Finding:
    target = question.target
    frame = frame_of(trace, question)
    whole = target.get("when") == "run" or target.get("asks") == "line"
    known = whole or "variable" in target or target.get("when") in _KNOWN
    if not known or (frame is None and not whole):
        return ungrounded("it is not known what is asked")
    event = until(trace, question)
    problem = settled(Cursor.at(trace, event, 0 if frame is None else frame), question, told)
    return verified(min(event, len(trace) - 1)) if problem is None else problem
