"""From a trace to a text in one of the notations, within the budget.

Belongs here: which notations there are, the budget, and why there is no text. Does not belong here: the notations.
"""

from collections import Counter
from collections.abc import Callable, Iterator
from functools import lru_cache
from itertools import takewhile
from typing import Any

from tracepile_assets.narration.narrators.moments import ending
from tracepile_assets.narration.narrators.notations import cwm, inline, scratchpad
from tracepile_assets.narration.narrators.notations.steps import Step, steps
from tracepile_assets.narration.narrators.solving import STATEMENT
from tracepile_assets.narration.narrators.telling import Narration, Rejection
from tracepile_assets.narration.narrators.tokens import Count, estimated_tokens, most_characters
from tracepile_assets.trace_model.trace import Trace

NOTATIONS: dict[str, Callable[[Trace, Iterator[Step]], Iterator[str]]] = {
    "scratchpad": scratchpad.lines,
    "inline": inline.lines,
    "cwm": cwm.lines,
}
"""Style -> what writes it."""

_CALLS = ("returned", "visits", "unreached", "changes", "longest")

_FEWEST = 3
"""Characters that a step takes at least in any notation besides its statement."""


def notate(
    trace: Trace, style: str, question: Any = None, *, budget: int, count: Count = estimated_tokens
) -> Narration | Rejection:
    """Tell a run in a notation: as far as a question asks, and then its answer, or to its end.

    Args:
        trace: the run.
        style: one of ``NOTATIONS``.
        question: what the text answers: anything with ``kind``, ``direction``, ``answer``, ``answer_type`` and
            ``target``; None to tell the whole run.
        budget: most tokens that the text may have.
        count: gives the number of tokens of a text.

    Returns:
        The telling, or why there is none: ``no_events``, ``truncated``, ``over_budget``, ``not_narrated``.
    """
    unit = f"deterministic:{style}"
    recording = trace.recording
    if len(trace) == 0 or recording.truncated:
        return Rejection(unit=unit, reason="truncated" if len(trace) else "no_events")
    until = len(trace)
    if question is not None:
        end = ending(trace, question.target, question.answer) if question.direction == "forward" else None
        if end is None or question.kind == STATEMENT or (style == "cwm" and end.what != "run"):
            return Rejection(unit=unit, reason="not_narrated", detail=f"{question.kind}, {question.direction}")
        # A call asked about as a whole is told with its end.
        until = min(end.until + (end.what in _CALLS), len(trace))
    least = _least(trace, until)
    most = most_characters(budget, count)
    if least > most:
        return Rejection(unit=unit, reason="over_budget", detail=f"more than {budget} tokens")
    told = [*takewhile(lambda step: step.event < until + (step.kind == "effect"), _steps(trace))]
    written: list[str] = []
    size = 0
    try:
        for piece in NOTATIONS[style](trace, iter(told)):
            written.append(piece)
            size += len(piece)
            if size > most:
                return Rejection(unit=unit, reason="over_budget", detail=f"more than {budget} tokens")
    except cwm.Untellable as error:
        return Rejection(unit=unit, reason="not_narrated", detail=str(error))
    text = "".join(written).rstrip("\n")
    if question is not None:
        text += _answer(question)
    tokens = count(text)
    if tokens > budget:
        return Rejection(unit=unit, reason="over_budget", detail=f"{tokens} tokens, at most {budget}")
    return Narration(
        text=text,
        style=style,
        narrator="deterministic",
        direction="forward",
        n_steps=sum(step.kind == "line" for step in told),
        n_tokens=tokens,
        opaque_fold=False,
    )


def _answer(question: Any) -> str:
    """The last line; output is given word for word, on lines of its own."""
    return f"\nanswer:\n{question.answer}" if question.answer_type == "stdout" else f"\nanswer: {question.answer}"


@lru_cache(maxsize=2)
def _least(trace: Trace, until: int) -> int:
    """Characters of the statements executed before an event, which every notation writes down: what is too long is not
    begun."""
    recording, syntax = trace.recording, trace.syntax
    visits = Counter(
        statement
        for _, kind, statement, frame in zip(
            range(until), recording.event_kind, recording.event_statement, recording.event_frame_id, strict=False
        )
        if kind == "line" and trace.runs_statements(frame)
    )
    return sum(count * (len(syntax.header_source(number)) + _FEWEST) for number, count in visits.items())


@lru_cache(maxsize=2)
def _steps(trace: Trace) -> tuple[Step, ...]:
    """The steps of a run, which the notations share."""
    return tuple(steps(trace))
