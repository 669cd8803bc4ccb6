"""What the code of a frame sees, event by event: the names whose values changed since it last looked.

Belongs here: visible variables as text over the length of a run. Does not belong here: how changes are applied
(``replay``), and what anybody says of them.

A variable whose value is cut short or opaque is not shown: nothing may be said of it. Module globals are compared over
all frames: a frame is shown one when it has changed since any frame was shown it.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from tracepile_assets.trace_model.replay import State
from tracepile_assets.trace_model.trace import Trace
from tracepile_assets.trace_model.value_text import int_to_text
from tracepile_assets.trace_model.values import ATOM_TYPES, TRUNCATED, Value


@dataclass(frozen=True, slots=True)
class View:
    """What one event of a frame that runs statements shows.

    Attributes:
        event: the event.
        kind: its kind.
        frame: its frame.
        level: how many calls of functions with statements it is inside.
        changed: name -> deep text, or None where it is bound no more, for what changed since this frame's event before.
        held: name -> deep text of all variables of the frame that can be shown, in the order in which they were bound;
            of the module's, for a frame that runs its body.
        state: what holds at the event. It changes as the walk goes on.
    """

    event: int
    kind: str
    frame: int
    level: int
    changed: dict[str, str | None]
    held: dict[str, str]
    state: State


def views(trace: Trace) -> Iterator[View]:
    """The events of all frames that run statements, in order; lambdas and generator expressions are passed over.

    Raises:
        ReplayError: the recording contradicts itself.
    """
    recording = trace.recording
    levels = _levels(trace)
    marks = [0] * (len(trace) + 1)
    for event in recording.change_event:
        marks[event + 1] += 1
    changes = 0
    seen: dict[int, int] = {}
    shown: dict[int | None, dict[str, str]] = {None: {}}
    for event, state in trace.replay():
        changes += marks[event + 1]
        frame = recording.event_frame_id[event]
        if frame not in levels:
            continue
        own = shown.setdefault(frame, {})
        changed: dict[str, str | None] = {}
        if seen.get(frame) != changes:
            seen[frame] = changes
            is_module = recording.frame_function[frame] == "<module>"
            if not is_module:
                changed = _renewed(own, state, state.locals(frame))
            hidden = state.locals(frame)
            visible = {name: value for name, value in state.globals.items() if is_module or name not in hidden}
            changed.update(_renewed(shown[None], state, visible, hidden))
        kind = recording.event_kind[event]
        held = shown[None] if recording.frame_function[frame] == "<module>" else own
        yield View(event, kind, frame, levels[frame], changed, held, state)


def known_text(state: State, value: Value) -> str | None:
    """Deep text of a value; None if something in it is cut short or opaque."""
    if value is TRUNCATED:
        return None
    if type(value) in ATOM_TYPES:
        return int_to_text(value) if type(value) is int else repr(value)
    return state.text(value) if state.is_known(value) else None


def _renewed(
    shown: dict[str, str], state: State, variables: dict[str, Value], hidden: dict[str, Value] | None = None
) -> dict[str, str | None]:
    """Bring what was shown up to date; return what is different now. What ``hidden`` names is left as it is."""
    changed: dict[str, str | None] = {}
    for name, value in variables.items():
        text = known_text(state, value)
        if text is None:
            shown.pop(name, None)
        elif shown.get(name) != text:
            shown[name] = changed[name] = text
    for name in [name for name in shown if name not in variables and name not in (hidden or ())]:
        del shown[name]
        changed[name] = None
    return changed


def _levels(trace: Trace) -> dict[int, int]:
    """Frame that runs statements -> how many such frames are around it."""
    found: dict[int, int] = {}
    below: dict[int | None, int] = {None: 0}
    for frame in trace.frames:
        level = below.get(frame.parent, 0)
        if trace.runs_statements(frame.id):
            found[frame.id] = level
            below[frame.id] = level + 1
        else:
            below[frame.id] = level
    return found
