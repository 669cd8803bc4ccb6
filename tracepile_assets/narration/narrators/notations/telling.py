"""From a trace to a text in one of the notations, within the budget.

Belongs here: which notations there are, the budget, and why there is no text. Does not belong here: the notations.
"""

from collections import Counter
from collections.abc import Callable, Iterator
from functools import lru_cache

from tracepile_assets.narration.narrators.notations import cwm, inline, scratchpad
from tracepile_assets.narration.narrators.notations.steps import Step, steps
from tracepile_assets.narration.narrators.telling import Narration, Rejection, estimated_tokens
from tracepile_assets.trace_model.trace import Trace

NOTATIONS: dict[str, Callable[[Trace, Iterator[Step]], Iterator[str]]] = {
    "scratchpad": scratchpad.lines,
    "inline": inline.lines,
    "cwm": cwm.lines,
}
"""Style -> what writes it."""

_FEWEST = 3
"""Characters that a step takes at least in any notation besides its statement."""


def notate(trace: Trace, style: str, *, budget: int) -> Narration | Rejection:
    """Tell a whole run in a notation.

    Args:
        trace: the run.
        style: one of ``NOTATIONS``.
        budget: most tokens that the text may have, by the byte-level estimate.

    Returns:
        The telling, or why there is none: ``no_events``, ``truncated``, ``over_budget``, ``not_narrated``.
    """
    unit = f"deterministic:{style}"
    recording = trace.recording
    if len(trace) == 0 or recording.truncated:
        return Rejection(unit=unit, reason="truncated" if len(trace) else "no_events")
    least = _least(trace)
    if least > 4 * budget:
        return Rejection(unit=unit, reason="over_budget", detail=f"at least {least // 4} tokens, at most {budget}")
    written: list[str] = []
    size = 0
    try:
        for piece in NOTATIONS[style](trace, iter(_steps(trace))):
            written.append(piece)
            size += len(piece)
            if size > 4 * budget:
                return Rejection(unit=unit, reason="over_budget", detail=f"more than {budget} tokens")
    except cwm.Untellable as error:
        return Rejection(unit=unit, reason="not_narrated", detail=str(error))
    text = "".join(written).rstrip("\n")
    tokens = estimated_tokens(text)
    if tokens > budget:
        return Rejection(unit=unit, reason="over_budget", detail=f"{tokens} tokens, at most {budget}")
    return Narration(
        text=text,
        style=style,
        narrator="deterministic",
        direction="forward",
        n_steps=sum(step.kind == "line" for step in _steps(trace)),
        n_tokens=tokens,
        opaque_fold=False,
    )


@lru_cache(maxsize=2)
def _least(trace: Trace) -> int:
    """Characters of the statements executed, which every notation writes down: what is too long is not begun."""
    recording, syntax = trace.recording, trace.syntax
    visits = Counter(
        statement
        for kind, statement, frame in zip(
            recording.event_kind, recording.event_statement, recording.event_frame_id, strict=True
        )
        if kind == "line" and trace.runs_statements(frame)
    )
    return sum(count * (len(syntax.header_source(number)) + _FEWEST) for number, count in visits.items())


@lru_cache(maxsize=2)
def _steps(trace: Trace) -> tuple[Step, ...]:
    """The steps of a run, which the notations share."""
    return tuple(steps(trace))
