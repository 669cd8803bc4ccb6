"""What a run shows of itself, in the order in which a notation may say it.

Belongs here: taking that from the trace. Does not belong here: reading texts, and comparing them with it.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from tracepile_assets.trace_model.trace import Trace
from tracepile_assets.trace_model.value_parser import parse_value
from tracepile_assets.trace_model.views import View, known_text, views

_TESTS = ("If", "While")
_LOOPS = ("For", "AsyncFor")


@dataclass(frozen=True, slots=True)
class Fact:
    """One thing that a text says in its turn.

    Attributes:
        kind: as of ``said.Said``; ``end`` where the body of a class or of the program ends.
        event: the event that shows it.
        frame: its frame.
        level: how many calls of functions with statements it is inside.
        text: the statement's header, which function a call is of, how a test came out (``yes``, ``no``, ``done``), or
            the value of an ending.
        values: of a call what it binds, of an effect what changed (None: bound no more), name -> text.
        held: of a call or line all variables of the frame.
        statement: number of the statement.
    """

    kind: str
    event: int
    frame: int
    level: int
    text: str
    values: dict[str, str | None]
    held: dict[str, str]
    statement: int


def facts(trace: Trace) -> Iterator[Fact]:
    """All facts of a run."""
    recording = trace.recording
    open_statements: dict[int, int] = {}
    for view in views(trace):
        statement = recording.event_statement[view.event]
        if view.kind == "call":
            text = _name(trace, view.frame)
            yield Fact("call", view.event, view.frame, view.level, text, view.changed, dict(view.held), statement)
            continue
        if view.kind != "output" and view.frame in open_statements:
            begun = open_statements.pop(view.frame)
            out = _how_it_came_out(trace, begun)
            if out:
                done = recording.event_statement[begun]
                yield Fact("way", view.event, view.frame, view.level, out, {}, {}, done)
        if view.changed:
            yield Fact("effect", view.event, view.frame, view.level, "", view.changed, {}, statement)
        if view.kind == "line":
            open_statements[view.frame] = view.event
            header = trace.syntax.header_source(statement)
            yield Fact("line", view.event, view.frame, view.level, header, {}, dict(view.held), statement)
        else:
            kind, text = _ending(trace, view)
            yield Fact(kind, view.event, view.frame, view.level, text, {}, {}, statement)


def _how_it_came_out(trace: Trace, event: int) -> str:
    kind = trace.syntax.statements[trace.recording.event_statement[event]].kind
    branch = trace.branch(event) if kind in (*_TESTS, *_LOOPS) else None
    if kind in _TESTS:
        return {True: "yes", False: "no", None: ""}[branch]
    return "done" if branch is False else ""


def _ending(trace: Trace, view: View) -> tuple[str, str]:
    """The kind and the text of an output, an end, an exception, a yield or a resumption."""
    value = trace.recording.event_value[view.event]
    name = _name(trace, view.frame)
    if view.kind == "output":
        return "output", repr(value)
    if view.kind in ("unwind", "resume"):
        return view.kind, name
    if view.kind == "return" and (name == "the program" or name.startswith("class ")):
        return "end", name
    if value is None:
        return view.kind, ""
    if view.kind == "raise":
        return view.kind, "" if "opaque(" in value or "class " in value else value
    return view.kind, known_text(view.state, parse_value(value)) or ""


def _name(trace: Trace, frame: int) -> str:
    name = trace.recording.frame_function[frame].rpartition(".")[2]
    if name == "<module>":
        return "the program"
    call = trace.frames[frame].call_event
    is_class = call is not None and trace.syntax.statements[trace.recording.event_statement[call]].kind == "ClassDef"
    return f"class {name}" if is_class else name
