"""A run as a sequence of steps to be written down: what every notation is made from.

Belongs here: which events are told, in which order, with which values. Does not belong here: how they are written
(``scratchpad``, ``inline``, ``cwm``).
"""

from collections.abc import Iterator
from dataclasses import dataclass

from tracepile_assets.trace_model.trace import Trace
from tracepile_assets.trace_model.value_parser import parse_value
from tracepile_assets.trace_model.views import View, known_text, views


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that is told.

    Attributes:
        kind: ``call``, ``line``, ``effect``, ``return``, ``raise``, ``unwind``, ``yield``, ``resume``, ``output``. An
            ``effect`` is what a statement has done, told where its frame goes on.
        event: the event at which it can be told.
        frame: the frame.
        level: how many calls it is inside.
        statement: number of the statement; of an effect the one that had it.
        changed: name -> text, or None where the name is bound no more: of a call its arguments, of an effect what it
            changed.
        held: of a call or line all variables of the frame, name -> text.
        value: what is returned, raised, yielded or written; None if it cannot be told.
        way: of the effect of a test which way it went; of that of a ``for`` False where nothing is left.
    """

    kind: str
    event: int
    frame: int
    level: int
    statement: int
    changed: dict[str, str | None]
    held: dict[str, str]
    value: str | None = None
    way: bool | None = None


def steps(trace: Trace) -> Iterator[Step]:
    """The steps of a run, in the order in which they can be known."""
    recording = trace.recording
    waiting: dict[int, int] = {}
    for view in views(trace):
        event, kind, frame = view.event, view.kind, view.frame
        statement = recording.event_statement[event]
        if kind == "call":
            yield Step(kind, event, frame, view.level, statement, view.changed, dict(view.held))
            continue
        # What a statement writes is told while it is still under way.
        told = None if kind == "output" else waiting.pop(frame, None)
        way = None if told is None else _way(trace, told)
        if view.changed or way is not None:
            done = statement if told is None else recording.event_statement[told]
            yield Step("effect", event, frame, view.level, done, view.changed, {}, way=way)
        if kind == "line":
            waiting[frame] = event
            yield Step(kind, event, frame, view.level, statement, {}, dict(view.held))
        else:
            value = _value(view, recording.event_value[event])
            yield Step(kind, event, frame, view.level, statement, {}, {}, value=value)


def _way(trace: Trace, event: int) -> bool | None:
    kind = trace.syntax.statements[trace.recording.event_statement[event]].kind
    if kind in ("If", "While"):
        return trace.branch(event)
    return False if kind in ("For", "AsyncFor") and trace.branch(event) is False else None


def _value(view: View, text: str | None) -> str | None:
    """What an event carries, as text in full; None if that cannot be told."""
    if text is None or view.kind == "output":
        return text
    if view.kind == "raise":
        return None if "opaque(" in text or "class " in text else text
    return known_text(view.state, parse_value(text))


def title(trace: Trace, frame: int) -> str:
    """What a frame runs: the name of a function, ``class`` and the name of a class, or ``the program``."""
    name = trace.recording.frame_function[frame].rpartition(".")[2]
    if name == "<module>":
        return "the program"
    return f"class {name}" if _is_body(trace, frame) else name


def _is_body(trace: Trace, frame: int) -> bool:
    """Whether a frame runs the body of a class or of the module, which is not called and returns nothing."""
    call = trace.frames[frame].call_event
    kind = None if call is None else trace.syntax.statements[trace.recording.event_statement[call]].kind
    return trace.recording.frame_function[frame] == "<module>" or kind == "ClassDef"


def opening(trace: Trace, step: Step) -> str:
    """How a frame begins: its function with what the call binds."""
    if _is_body(trace, step.frame):
        return title(trace, step.frame)
    bound = ", ".join(f"{name} = {text}" for name, text in step.changed.items() if text is not None)
    return f"{title(trace, step.frame)}({bound})"


def turn(trace: Trace, step: Step) -> str:
    """How a frame ends, raises, is left, yields or goes on."""
    if step.kind == "resume":
        return f"{title(trace, step.frame)} goes on"
    if step.kind == "unwind":
        return f"leaves {title(trace, step.frame)}"
    if step.kind == "return" and _is_body(trace, step.frame):
        return f"ends {title(trace, step.frame)}"
    verb = {"return": "returns", "raise": "raises", "yield": "yields"}[step.kind]
    return verb if step.value is None else f"{verb} {step.value}"


def one_line(source: str) -> str:
    """Source text on one line, if it stands on several."""
    return source if "\n" not in source else " ".join(line.strip() for line in source.split("\n"))


def cells(changed: dict[str, str | None]) -> str:
    """What changed, as ``a = 1, b = 2, c is gone``."""
    return ", ".join(f"{name} is gone" if text is None else f"{name} = {text}" for name, text in changed.items())
