"""A recorded run together with its code: the front door to everything that may be asked of it.

Belongs here: ``Trace``, its events, frames, visits and states. Does not belong here: how changes are applied
(``replay``), loops, branches and assignments (``flow``, ``assignments``), values of expressions (``evaluator``).
"""

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import accumulate
from typing import NamedTuple

from tracepile_assets.trace_model import assignments, flow
from tracepile_assets.trace_model.evaluator_objects import ProgramFacts
from tracepile_assets.trace_model.places import Place, Variable, parse_place
from tracepile_assets.trace_model.recording import Recording
from tracepile_assets.trace_model.replay import State
from tracepile_assets.trace_model.statements import Syntax
from tracepile_assets.trace_model.states import States

INLINE_FUNCTIONS = ("<lambda>", "<genexpr>")
"""Functions without statements: the events of their frames stand at the statement that holds their text."""

_ENDS = frozenset({"line", "raise", "return", "unwind"})
"""Kinds of events at which what the statement before them did can be seen."""


class Change(NamedTuple):
    """One change: made by event ``cause`` (-1: the input), first visible at ``event``; ``value`` is its text."""

    event: int
    cause: int
    place: Place
    op: str
    value: str | None


class Event(NamedTuple):
    """One event; ``function`` is the qualified name of its frame's code, ``changes`` those since the event before."""

    index: int
    kind: str
    statement: int
    line: int
    depth: int
    frame: int
    function: str
    value: str | None
    changes: tuple[Change, ...]


@dataclass(frozen=True, slots=True)
class Frame:
    """One call.

    ``call_event``: its call event (None if the recording holds none); ``end_event`` and ``end_kind``: its return or
    unwind (None for both if it was still open when the recording ended, or is a generator never finished). ``parent``:
    id of the frame that called it, None for the entry. ``line_events``: its line events, in order.
    """

    id: int
    function: str
    call_event: int | None
    end_event: int | None
    end_kind: str | None
    parent: int | None
    depth: int
    line_events: tuple[int, ...]


def _call_of(frame: Frame) -> int:
    return -1 if frame.call_event is None else frame.call_event


@lru_cache(maxsize=4)
def _syntax(code: str) -> Syntax:
    """The statements of a program, whose runs come one after the other."""
    return Syntax(code)


@lru_cache(maxsize=4)
def _facts(syntax: Syntax) -> ProgramFacts:
    return ProgramFacts(syntax.tree)


class Trace:
    """A program, its input and the recording of the run; everything derived is computed once, when first asked for.

    ``arguments`` is the source text between the call's parentheses, ``stdin`` the text given to the program.
    """

    def __init__(
        self,
        code: str,
        entry_point: str | None,
        recording: Recording,
        arguments: str | None = None,
        stdin: str | None = None,
    ) -> None:
        """Put the parts together; nothing is computed yet."""
        self.code = code
        self.entry_point = entry_point
        self.recording = recording
        self.arguments = arguments
        self.stdin = stdin

    def __len__(self) -> int:
        """Number of events."""
        return len(self.recording.event_kind)

    @cached_property
    def syntax(self) -> Syntax:
        """The program's statements. Raises ``SyntaxError`` if the code does not parse."""
        return _syntax(self.code)

    # Events and changes.

    @cached_property
    def _change_starts(self) -> list[int]:
        """For each event, the index of its first change; one entry more for the end."""
        numbers = [0] * (len(self) + 1)
        for event in self.recording.change_event:
            numbers[event + 1] += 1
        return list(accumulate(numbers))

    def changes(self, i: int) -> tuple[Change, ...]:
        """The changes at event i: those since event i-1."""
        r = self.recording
        return tuple(
            Change(i, r.change_cause[c], parse_place(r.change_place[c]), r.change_op[c], r.change_value[c])
            for c in range(self._change_starts[i], self._change_starts[i + 1])
        )

    def event(self, i: int) -> Event:
        """The event numbered i, from 0. Raises ``IndexError`` outside the recording."""
        if not 0 <= i < len(self):
            raise IndexError(f"event {i} of {len(self)}")
        r = self.recording
        frame = r.event_frame_id[i]
        return Event(
            i,
            r.event_kind[i],
            r.event_statement[i],
            r.event_line[i],
            r.event_depth[i],
            frame,
            r.frame_function[frame],
            r.event_value[i],
            self.changes(i),
        )

    def events(self) -> Iterator[Event]:
        """All events in order."""
        return map(self.event, range(len(self)))

    @cached_property
    def changes_by_cause(self) -> dict[int, tuple[Change, ...]]:
        """Event -> the changes that it made, in order; -1 -> what the input and the initial globals set."""
        found: dict[int, list[Change]] = defaultdict(list)
        r = self.recording
        for event, cause, place, op, value in zip(
            r.change_event, r.change_cause, r.change_place, r.change_op, r.change_value, strict=True
        ):
            found[cause].append(Change(event, cause, parse_place(place), op, value))
        return {cause: tuple(changes) for cause, changes in found.items()}

    # States.

    def replay(self, start: State | None = None, first: int = 0) -> Iterator[tuple[int, State]]:
        """Each event's index with the state at it. The one state changes in place: take a ``snapshot`` to keep it."""
        state = State() if start is None else start
        r = self.recording
        starts, apply = self._change_starts, state.apply
        places, ops, values = r.change_place, r.change_op, r.change_value
        change = starts[first] if first < len(starts) else 0
        for i in range(first, len(self)):
            end = starts[i + 1]
            while change < end:
                apply(parse_place(places[change]), ops[change], values[change])
                change += 1
            yield i, state

    @cached_property
    def _states(self) -> States:
        """The states that were asked for."""
        return States(len(self), self._change_starts, self.replay)

    def state_at(self, i: int) -> State:
        """What holds just before event i (see docs/trace.md). The state does not change afterwards.

        Raises ``IndexError`` outside the recording, ``ReplayError`` if the recording contradicts itself.
        """
        states = self._states
        if 0 <= i < len(states.first):
            return states.first[i]
        if not 0 <= i < len(self):
            raise IndexError(f"event {i} of {len(self)}")
        return states.at(i)

    # Frames, visits, order.

    @cached_property
    def frame_events(self) -> dict[int, list[int]]:
        """Frame -> all its events, in order."""
        found: dict[int, list[int]] = defaultdict(list)
        for i, frame in enumerate(self.recording.event_frame_id):
            found[frame].append(i)
        return dict(found)

    def after(self, i: int) -> int | None:
        """Next event of the same frame: where what statement i did is complete enough to be seen. None at the end."""
        events = self.frame_events[self.recording.event_frame_id[i]]
        position = bisect_right(events, i)
        return events[position] if position < len(events) else None

    def end_of_statement(self, i: int) -> int | None:
        """First later line, raise, return or unwind of the same frame, past yields and outputs; None at the end."""
        return self._ends_of_statements[i]

    @cached_property
    def _ends_of_statements(self) -> list[int | None]:
        found: list[int | None] = []
        following: dict[int, int] = {}
        r = self.recording
        for i, kind, frame in zip(
            range(len(self) - 1, -1, -1), reversed(r.event_kind), reversed(r.event_frame_id), strict=True
        ):
            found.append(following.get(frame))
            if kind in _ENDS:
                following[frame] = i
        found.reverse()
        return found

    @cached_property
    def _visits(self) -> dict[int, list[int]]:
        found: dict[int, list[int]] = defaultdict(list)
        r = self.recording
        for i, (kind, statement) in enumerate(zip(r.event_kind, r.event_statement, strict=True)):
            if kind == "line" and self.runs_statements(r.event_frame_id[i]):
                found[statement].append(i)
        return dict(found)

    @cached_property
    def _inline_frames(self) -> frozenset[int]:
        functions = enumerate(self.recording.frame_function)
        return frozenset(frame for frame, name in functions if name.rpartition(".")[2] in INLINE_FUNCTIONS)

    def runs_statements(self, frame: int) -> bool:
        """Whether a frame runs statements of its own; lambdas and generator expressions run parts of one."""
        return frame not in self._inline_frames

    def visits(self, statement: int, frame: int | None = None) -> list[int]:
        """Line events at which a statement was entered, in one frame or in all.

        Not those of lambdas and generator expressions inside it, which enter no statement.
        """
        events = self._visits.get(statement, [])
        if frame is None:
            return list(events)
        return [i for i in events if self.recording.event_frame_id[i] == frame]

    @cached_property
    def coverage(self) -> frozenset[int]:
        """Numbers of the statements that were entered."""
        return frozenset(self._visits)

    @property
    def max_depth(self) -> int:
        """Greatest call depth; 0 if only the entry frame ran."""
        return max(self.recording.event_depth, default=0)

    @cached_property
    def frames(self) -> list[Frame]:
        """All frames by id."""
        r = self.recording
        calls: dict[int, int] = {}
        ends: dict[int, int] = {}
        lines: dict[int, list[int]] = defaultdict(list)
        parents: dict[int, int | None] = {}
        depths: dict[int, int] = {}
        running: list[int] = []
        for i, (kind, frame) in enumerate(zip(r.event_kind, r.event_frame_id, strict=True)):
            depths.setdefault(frame, r.event_depth[i])
            if kind in ("call", "resume"):
                if kind == "call":
                    calls.setdefault(frame, i)
                    parents.setdefault(frame, running[-1] if running else None)
                running.append(frame)
            elif kind in ("return", "unwind", "yield"):
                if kind != "yield":
                    ends[frame] = i
                if frame in running:
                    del running[len(running) - 1 - running[::-1].index(frame) :]
            elif kind == "line":
                lines[frame].append(i)
        return [
            Frame(
                id=frame,
                function=function,
                call_event=calls.get(frame),
                end_event=ends.get(frame),
                end_kind=r.event_kind[ends[frame]] if frame in ends else None,
                parent=parents.get(frame),
                depth=depths.get(frame, 0),
                line_events=tuple(lines[frame]),
            )
            for frame, function in enumerate(r.frame_function)
        ]

    @cached_property
    def _frames_by_function(self) -> dict[str, list[Frame]]:
        found: dict[str, list[Frame]] = defaultdict(list)
        for frame in self.frames:
            found[frame.function].append(frame)
        return dict(found)

    def frame_calls(self, function: str) -> list[Frame]:
        """Frames of the calls of a function (by qualified name), in order of call."""
        return list(self._frames_by_function.get(function, ()))

    @cached_property
    def _children(self) -> dict[int, list[Frame]]:
        found: dict[int, list[Frame]] = defaultdict(list)
        for frame in self.frames:
            if frame.parent is not None:
                found[frame.parent].append(frame)
        return dict(found)

    def children(self, frame: int) -> list[Frame]:
        """Frames that a frame called, in order."""
        return list(self._children.get(frame, ()))

    def children_between(self, frame: int, start: int, end: int) -> list[Frame]:
        """Frames that a frame called after event ``start`` and before event ``end``, in order."""
        called = self._children.get(frame, [])
        first = bisect_left(called, start, key=_call_of)
        return called[first : bisect_left(called, end, key=_call_of)]

    @cached_property
    def changes_of_object(self) -> dict[int, list[int]]:
        """Heap object -> events whose state first shows a change of its contents, ascending."""
        found: dict[int, list[int]] = defaultdict(list)
        for event, place in zip(self.recording.change_event, self.recording.change_place, strict=True):
            parsed = parse_place(place)
            if not isinstance(parsed, Variable):
                found[parsed.n].append(event)
        return dict(found)

    @cached_property
    def program_facts(self) -> ProgramFacts:
        """What the evaluator must know of the program beside the state."""
        return _facts(self.syntax)

    # What the syntax adds.

    def branch(self, i: int) -> bool | None:
        """Which way the ``if``, ``while`` or ``for`` entered at line event i went; None if it raised, or is unknown."""
        known = self._branches
        if i not in known:
            known[i] = flow.branch(self, i)
        return known[i]

    @cached_property
    def _branches(self) -> dict[int, bool | None]:
        return {}

    @cached_property
    def loops(self) -> list[flow.LoopRun]:
        """Every run of a loop statement in a frame, in order of its first event."""
        return flow.loop_runs(self)

    @cached_property
    def bindings(self) -> dict[str, dict[int, str]]:
        """Name -> the statements that bind it, each with how (see ``assignments.Binding``)."""
        return assignments.bindings_by_name(self.syntax)

    def is_local(self, frame: int, name: str) -> bool:
        """Whether the code of a frame, or of a function around it, binds a name as its own: then no global is meant."""
        key = (self.recording.frame_function[frame], name)
        if key not in self._local_names:
            self._local_names[key] = assignments.is_local(self, *key)
        return self._local_names[key]

    @cached_property
    def _local_names(self) -> dict[tuple[str, str], bool]:
        return {}

    def assignments(self, frame: int | None, name: str) -> list[assignments.Assignment]:
        """Executions of statements of a frame that bound a name, in order (see ``assignments.assignments``)."""
        return assignments.assignments(self, frame, name)
