"""A run as a list of numbered steps, as a model is shown it: what ran and what that changed, without the answer.

Belongs here: the steps, and what is withheld of them. Does not belong here: the words around them (the prompts).
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from tracepile_assets.trace_model.replay import ReplayError, State
from tracepile_assets.trace_model.trace import Trace
from tracepile_assets.trace_model.values import Unknown

MOST_STEPS = 300
"""Steps of a run that a model is asked to tell; no prompt is to be longer than its reply is worth."""

_LONGEST_VALUE = 200
_LONGEST_LINE = 200
_WITHHELD = "?"


@dataclass(frozen=True)
class Step:
    """One executed statement.

    Attributes:
        event: its line event.
        function: the function that it runs in.
        call: which call of that function, from 1.
        line: its first line in the code.
        source: the first line of its text.
        effects: what it did: names with values, ``?`` in the place of a value that is withheld.
    """

    event: int
    function: str
    call: int
    line: int
    source: str
    effects: tuple[str, ...]


def steps_of(trace: Trace, until: int, answer: str | None) -> list[Step]:
    """The steps of a run up to an event, at most one more than ``MOST_STEPS``.

    Args:
        trace: the run.
        until: the event that ends the list.
        answer: what is nowhere shown as a value; None if nothing is asked.
    """
    recording = trace.recording
    events = [
        event
        for event in range(min(until, len(trace)))
        if recording.event_kind[event] == "line" and trace.runs_statements(recording.event_frame_id[event])
    ]
    events = events[: MOST_STEPS + 1]
    effects = _effects(trace, events[-1] if events else 0, min(until, len(trace) - 1), answer) if events else {}
    numbers = _calls(trace)
    found = []
    for event in events:
        said = trace.event(event)
        source = trace.syntax.header_source(said.statement).splitlines()[0]
        found.append(
            Step(
                event,
                trace.frames[said.frame].function,
                numbers[said.frame],
                said.line,
                _cut(source, _LONGEST_LINE),
                tuple(effects.get(event, ())),
            )
        )
    return found


def listed(steps: Sequence[Step]) -> str:
    """The steps as text, a line each."""
    calls = {(step.function, step.call) for step in steps}
    several = len(calls) > 1
    return "\n".join(
        f"{number}. "
        + (f"[{step.function}, call {step.call}] " if several else "")
        + f"line {step.line}: {step.source}"
        + (f"   -> {', '.join(step.effects)}" if step.effects else "")
        for number, step in enumerate(steps, start=1)
    )


def _effects(trace: Trace, last: int, until: int, answer: str | None) -> dict[int, list[str]]:
    """What each step changed in the variables of its frame, seen when the frame goes on."""
    recording = trace.recording
    known: dict[int, dict[str, str]] = {}
    current: dict[int, int] = {}
    found: dict[int, list[str]] = {}
    for event, state in trace.replay():
        if event > until:
            break
        frame, kind = recording.event_frame_id[event], recording.event_kind[event]
        if kind not in ("line", "return", "call", "resume", "yield"):
            continue
        now = dict(_texts(state, frame))
        before = known.get(frame)
        step = current.get(frame)
        if before is not None and step is not None and step <= last:
            changes = [f"{name} = {_shown(text, answer)}" for name, text in now.items() if before.get(name) != text]
            found.setdefault(step, []).extend(changes)
        known[frame] = now
        if kind == "line":
            current[frame] = event
    return found


def _texts(state: State, frame: int) -> Iterator[tuple[str, str]]:
    for name, value in state.variables(frame).items():
        try:
            yield name, state.text(value)
        except (Unknown, ReplayError, RecursionError):
            continue


def _shown(text: str, answer: str | None) -> str:
    return _WITHHELD if answer is not None and is_answer(text, answer) else _cut(text, _LONGEST_VALUE)


def is_answer(text: str, answer: str) -> bool:
    """Whether a value text is the answer's, or the text of the same string."""
    bare = answer.strip()
    return text.strip() == bare or text.strip() in (repr(answer), repr(bare))


def _cut(text: str, longest: int) -> str:
    return text if len(text) <= longest else text[:longest] + " ..."


def _calls(trace: Trace) -> dict[int, int]:
    """Frame -> which call of its function it is, from 1."""
    counts: dict[str, int] = {}
    found: dict[int, Any] = {}
    for frame in trace.frames:
        counts[frame.function] = counts.get(frame.function, 0) + 1
        found[frame.id] = counts[frame.function]
    return found
