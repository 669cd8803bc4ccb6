"""Where in the run a telling has got to.

Belongs here: the event told last, the frame being told, what has been told already, and values of expressions at
events.
Does not belong here: what a claim must show (``checks``).
"""

import ast
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator
from functools import lru_cache

from tracepile_assets.narration.verifier.expressions import (
    called_in,
    called_name,
    canonical,
    parse,
    spelled,
    substituted,
)
from tracepile_assets.trace_model.evaluator import Abstain, EvaluatedToError, Recorded, evaluate
from tracepile_assets.trace_model.flow import LoopRun
from tracepile_assets.trace_model.replay import ReplayError, State
from tracepile_assets.trace_model.text_of_objects import text_of
from tracepile_assets.trace_model.trace import Frame, Trace
from tracepile_assets.trace_model.value_parser import parse_value
from tracepile_assets.trace_model.values import Unknown


class _Known:
    """What is known of a run whatever is told of it, and the values in it that were worked out."""

    def __init__(self, trace: Trace) -> None:
        self.texts: dict[tuple[int, int, object], str | None] = {}
        self.ends: dict[int, list[tuple[int, int, LoopRun]]] = {}
        self.functions = frozenset(
            node.name
            for node in ast.walk(trace.syntax.tree)
            if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef))
        )
        self.children: dict[int | None, list[Frame]] = {}
        for frame in trace.frames:
            self.children.setdefault(frame.parent, []).append(frame)
        self.loops: dict[int, list[LoopRun]] = {}
        for run in trace.loops:
            self.loops.setdefault(run.frame, []).append(run)


@lru_cache(maxsize=2)
def _known(trace: Trace) -> _Known:
    """One for each run: the texts about it come one after the other."""
    return _Known(trace)


class Cursor:
    """A place in the run that only moves forward, frame by frame as calls nest.

    Attributes:
        trace: the run.
        position: the event told last; -1 before the first.
        frame: the frame being told.
        floors: per frame, the line event from which on its statements may be told.
        done: what was told already and cannot be told again.
        finished: whether the entry frame has ended in the telling.
        loop: first event of the run of a loop of which an iteration was told last.
    """

    def __init__(self, trace: Trace) -> None:
        """Stand before the first event."""
        self.trace = trace
        self.position = -1
        self.frame = 0
        self.floors: dict[int, int] = {0: -1}
        self.done: set[object] = set()
        self.finished = False
        self.loop: int | None = None
        self._known = _known(trace)
        self._begun: set[int] = set()

    @classmethod
    def at(cls, trace: Trace, event: int, frame: int) -> "Cursor":
        """A cursor in a frame that has told everything before an event, as a text does that leaves nothing out."""
        cursor = cls(trace)
        for each in trace.frames:
            began = -1 if each.call_event is None else each.call_event
            if began >= event and each.id != frame:
                continue
            lines = [line for line in each.line_events if line < event]
            cursor.floors[each.id] = lines[-1] if lines else began
            cursor._begun.update(lines)
        ends = [(run.header_events[0], run.exit_event) for run in trace.loops]
        cursor.done.update((first, "loop") for first, end in ends if end is not None and end <= event)
        cursor.frame, cursor.position = frame, cursor.floors[frame]
        while not cursor.finished and (end := trace.frames[cursor.frame].end_event) is not None and end < event:
            cursor.leave()
        cursor.finished = cursor.finished or event >= len(trace)
        return cursor

    def copy(self) -> "Cursor":
        """A cursor at the same place that moves on its own."""
        other = Cursor(self.trace)
        other.position, other.frame, other.finished = self.position, self.frame, self.finished
        other.loop = self.loop
        other.floors, other.done, other._begun = self.floors.copy(), self.done.copy(), self._begun.copy()
        return other

    # Values.

    def text(self, node: ast.AST, event: int, frame: int | None = None) -> str | None:
        """Canonical text of an expression's value just before an event; None where it cannot be worked out."""
        frame = self.frame if frame is None else frame
        calls = called_in(node, self._known.functions)
        texts = self._known.texts
        key = (event, frame, node if calls else spelled(node))
        if key not in texts:
            texts[key] = self._evaluated(node, calls, event, frame)
        return texts[key]

    def _evaluated(self, node: ast.AST, calls: tuple[ast.Call, ...], event: int, frame: int) -> str | None:
        state = self.trace.state_at(event)
        if isinstance(node, ast.Name):
            try:
                value = state.lookup(frame, node.id)
                return None if state.is_class(value) else canonical(state.text(value))
            except (KeyError, Unknown, RecursionError):
                return canonical(node.id) if node.id in ("inf", "nan") else None
        if calls:
            replaced = self._with_outcomes(node, calls, event, frame)
            if replaced is None:
                return None
            node = replaced
        try:
            value = evaluate(node, state, frame, self.trace, event)  # type: ignore[arg-type]
            return canonical(text_of(value, lambda recorded: _recorded_text(state, recorded)))
        except (Abstain, EvaluatedToError, Unknown, RecursionError):
            return None

    def _with_outcomes(self, node: ast.AST, calls: tuple[ast.Call, ...], event: int, frame: int) -> ast.AST | None:
        """The expression ready to be evaluated: calls of the program's functions in a part of a statement are
        replaced by
        what the recorded calls gave. None where nodes and recorded calls cannot be matched one to one."""
        statement = [
            call
            for child in ast.iter_child_nodes(self.node(event))
            if isinstance(child, ast.expr)
            for call in called_in(child, self._known.functions)
        ]
        if {id(call) for call in statement} <= {id(call) for call in calls}:
            return node
        until = self.trace.end_of_statement(event) or len(self.trace)
        frames = [
            called
            for called in self._known.children.get(frame, ())
            if called.call_event is not None
            and event < called.call_event < until
            and not called.function.endswith((".<lambda>", ".<genexpr>"))
            and called.function not in ("<lambda>", "<genexpr>")
        ]
        if len(frames) != len(statement):
            return None
        outcomes: dict[int, ast.expr] = {}
        for call, called in zip(statement, frames, strict=True):
            text = self.carried(called.end_event) if called.end_kind == "return" and called.end_event else None
            value = parse(text) if text is not None else None
            if value is None or called.function.rpartition(".")[2] != called_name(call):
                return None
            outcomes[id(call)] = value
        return substituted(node, outcomes) if all(id(call) in outcomes for call in calls) else None

    def texts_at(self, event: int, frame: int | None = None) -> Callable[[ast.AST], str | None]:
        """Gives the texts of expressions just before an event."""
        return lambda node: self.text(node, event, frame)

    def carried(self, event: int) -> str | None:
        """Deep text of what a return, yield or raise event carries."""
        value = self.trace.recording.event_value[event]
        if value is None:
            return None
        if self.trace.recording.event_kind[event] == "raise" and "#" not in value:
            return canonical(value)
        try:
            return canonical(self.trace.state_at(event).text(parse_value(value)))
        except (Unknown, ValueError, RecursionError):
            return None

    # Places in the run.

    def lines(self) -> Iterator[int]:
        """Line events of the current frame that may be told, in order."""
        events = self.trace.frames[self.frame].line_events
        for position in range(bisect_left(events, self.floors[self.frame]), len(events)):
            yield events[position]

    def node(self, event: int) -> ast.AST:
        """The statement of an event."""
        return self.trace.syntax.statements[self.trace.recording.event_statement[event]].node

    def after(self, event: int) -> int | None:
        """The event at which what a statement did can be seen."""
        return self.trace.end_of_statement(event)

    def is_broken_off(self, event: int) -> bool:
        """Whether an exception ended the statement, so that it did not bind what it assigns."""
        after = self.after(event)
        return after is not None and self.trace.recording.event_kind[after] == "raise"

    def now(self) -> int | None:
        """The event whose state holds after what was told last."""
        if self.position < 0:
            return 0
        recording = self.trace.recording
        if recording.event_frame_id[self.position] != self.frame:
            events = self.trace.frame_events[self.frame]
            following = bisect_right(events, self.position)
            return events[following] if following < len(events) else None
        if recording.event_kind[self.position] in ("call", "return"):
            return self.position
        if recording.event_kind[self.position] == "line" and self.position not in self._begun:
            return self.position
        if self.floors[self.frame] > self.position:
            return self.floors[self.frame]
        return self.after(self.position)

    def told(self, event: int, what: object = None) -> None:
        """Move to a line event of the current frame."""
        self.position = max(self.position, event)
        self.floors[self.frame] = max(self.floors[self.frame], event)
        if what is not None:
            self.done.add((event, what))
            self._begun.add(event)

    def is_done(self, event: int, what: object) -> bool:
        """Whether something was told of an event already."""
        return (event, what) in self.done

    def is_begun(self, event: int) -> bool:
        """Whether anything was told of an event."""
        return event in self._begun

    def pending(self, event: int) -> int:
        """The statement of the current frame that is being executed at an event of a callee."""
        events = self.trace.frames[self.frame].line_events
        position = bisect_right(events, event) - 1
        return events[position] if position >= 0 else -1

    def loops(self) -> list[LoopRun]:
        """Runs of loops in the current frame, in order of their beginning."""
        return self._known.loops.get(self.frame, [])

    def ending_loops(self) -> list[tuple[int, LoopRun]]:
        """Runs of loops in the current frame whose end may still be told: the line event with which each ends (its
        header's last, or the statement that leaves it) and the run, in order."""
        known = self._known.ends
        if self.frame not in known:
            ends = [(self._last_event(run), run) for run in self.loops()]
            known[self.frame] = sorted((end, run.header_events[0], run) for end, run in ends if end is not None)
        return [
            (end, run)
            for end, first, run in known[self.frame]
            if end >= self.floors[self.frame] and (first, "loop") not in self.done
        ]

    def _last_event(self, run: LoopRun) -> int | None:
        if run.exit in ("exhausted", "condition"):
            return run.header_events[-1]
        if run.exit_event is None:
            return None
        events = self.trace.frames[run.frame].line_events
        position = bisect_left(events, run.exit_event) - 1
        return events[position] if position >= 0 else None

    def calls(self) -> Iterator[Frame]:
        """Calls made by the current frame that may still be told, in order."""
        for frame in self._known.children.get(self.frame, ()):
            if (
                frame.call_event is not None
                and frame.call_event > self.position
                and ("call", frame.id) not in self.done
            ):
                yield frame

    def enter(self, frame: Frame) -> None:
        """Go on in a callee."""
        assert frame.call_event is not None
        self.floors[self.frame] = max(self.floors[self.frame], self.pending(frame.call_event))
        self.done.add(("call", frame.id))
        self.frame, self.position = frame.id, frame.call_event
        self.floors[frame.id] = frame.call_event

    def pass_over(self, frame: Frame) -> None:
        """Take a call of the current frame as told without what happened inside."""
        assert frame.call_event is not None and frame.end_event is not None
        self.floors[self.frame] = max(self.floors[self.frame], self.pending(frame.call_event))
        self.done.add(("call", frame.id))
        self.position = frame.end_event

    def leave(self) -> None:
        """Go back to the caller of the current frame, which has ended."""
        frame = self.trace.frames[self.frame]
        assert frame.end_event is not None
        self.position = frame.end_event
        if frame.parent is None:
            self.finished = True
        else:
            self.frame = frame.parent
            self.floors.setdefault(self.frame, self.pending(frame.call_event or 0))


def _recorded_text(state: State, value: object) -> str:
    """Text of an object that the evaluator gave back as recorded; raises ``Unknown`` for what it made itself."""
    if not isinstance(value, Recorded):
        raise Unknown(f"a value of type {type(value).__name__}")
    try:
        return state.text(value.ref)
    except ReplayError as error:
        raise Unknown("an object that a call is still to make") from error
