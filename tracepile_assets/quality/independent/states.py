"""What every variable holds at every event, and which runs of loops there are, worked out once for a document.

Belongs here: going through the events of a document once. Does not belong here: what a text says of them (`claims`).
"""

import ast
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from itertools import chain

from .document import MODULE, Document
from .heap import CannotTell, Heap

_ENDS = ("line", "raise", "return", "unwind")


@dataclass
class Loop:
    """One run of a loop: its statement and frame, the events at its header, where each iteration begins and ends, how
    it ends (exhausted, condition, break, return, raise, open), and the last statement of the frame before that."""

    statement: int
    frame: int
    headers: list[int] = field(default_factory=list)
    iterations: list[tuple[int, int | None]] = field(default_factory=list)
    exit: str = "open"
    last: int = -1


class _Shown:
    """The value text of a variable, written out when it is asked for, and again once an object in it may differ."""

    __slots__ = ("_heap", "_place", "_refers", "_text", "_written")

    def __init__(self, heap: Heap, place: str) -> None:
        self._heap, self._place = heap, place
        self._text: str | None = None
        self._written, self._refers = False, True

    def forget(self) -> None:
        """Objects have changed."""
        self._written = self._written and not self._refers

    def text(self) -> str | None:
        """The text; None where it cannot be told."""
        if not self._written:
            self._text, self._written = _text(self._heap, self._place), True
            self._refers = _refers(self._heap, self._place)
        return self._text


class States:
    """A document with the states of its events."""

    def __init__(self, document: Document) -> None:
        """Go through the events."""
        self.document = document
        self.events = document.events
        self.nodes = document.nodes
        self._texts: list[dict[str, str]] = []
        self._carried: list[str | None] = []
        self._bound: list[frozenset[str]] = []
        names: dict[str, dict[str, _Shown]] = {}
        heap = Heap()
        before = ""
        for event in self.events:
            moved = False
            for change in event["changes"]:
                heap.apply(change["place"], change["op"], change["value"])
                owner, dot, name = change["place"].partition(".")
                if change["place"].startswith("#"):
                    moved = True
                elif dot:
                    names.setdefault(owner, {})[name] = _Shown(heap, change["place"])
            if moved:
                for shown in chain.from_iterable(each.values() for each in names.values()):
                    shown.forget()
            own = "g" if event["function"] == MODULE else f"f{event['frame_id']}"
            if event["changes"] or own != before:
                seen = {**names.get("g", {}), **names.get(own, {})}
                self._texts.append({name: text for name, each in seen.items() if (text := each.text()) is not None})
                self._bound.append(frozenset(seen))
            else:
                self._texts.append(self._texts[-1])
                self._bound.append(self._bound[-1])
            before = own
            self._carried.append(_carried(heap, event))

    def texts(self, event: int) -> dict[str, str]:
        """Name -> value text, written out in full, of what is visible in the event's frame just before it."""
        return self._texts[event]

    def is_bound(self, event: int, name: str) -> bool:
        """Whether a name has had a value in the event's frame, or globally, before the event."""
        return name in self._bound[event]

    def carried(self, event: int) -> str:
        """What a return, yield or raise event carries, written out in full.

        Raises:
            CannotTell: nothing, or nothing that can be told.
        """
        text = self._carried[event]
        if text is None:
            raise CannotTell(f"what event {event} carries is not known")
        return text

    def frame(self, event: int) -> int:
        """The frame of an event."""
        return self.events[event]["frame_id"]

    def node(self, event: int) -> ast.AST:
        """The statement of an event."""
        return self.nodes[self.events[event]["statement"]]

    @cached_property
    def of_frame(self) -> dict[int, list[int]]:
        """Frame -> its events, in order."""
        found: dict[int, list[int]] = {}
        for index, event in enumerate(self.events):
            found.setdefault(event["frame_id"], []).append(index)
        return found

    def after(self, event: int) -> int:
        """The event at which what a statement did can be seen.

        Raises:
            CannotTell: there is none.
        """
        after = self._next(self.of_frame[self.frame(event)], event)
        if after is None:
            raise CannotTell("the statement does not complete")
        return after

    def visits(self, statement: int, frame: int) -> list[int]:
        """Events of a frame that enter a statement."""
        return [
            index
            for index in self.of_frame.get(frame, ())
            if self.events[index]["kind"] == "line" and self.events[index]["statement"] == statement
        ]

    @cached_property
    def loops(self) -> list[Loop]:
        """The runs of all loops."""
        return [run for events in self.of_frame.values() for run in self._runs(events)]

    def _runs(self, events: list[int]) -> Iterator[Loop]:
        waiting: list[Loop] = []
        before = -1
        for index in events:
            if self.events[index]["kind"] in ("return", "unwind"):
                for run in reversed(waiting):
                    ended = "return" if self.events[index]["kind"] == "return" else "raise"
                    yield self._closed(run, before, ended, index)
                return
            if self.events[index]["kind"] != "line":
                continue
            statement = self.events[index]["statement"]
            while waiting and not self._within(waiting[-1].statement, statement):
                run = waiting.pop()
                left = before >= 0 and self.events[before]["statement"] in self.document.breaks(run.statement)
                yield self._closed(run, before, "break" if left else "raise", index)
            if isinstance(self.nodes[statement], ast.For | ast.While | ast.AsyncFor):
                if not waiting or waiting[-1].statement != statement:
                    waiting.append(Loop(statement, self.frame(index)))
                run = waiting[-1]
                if run.iterations and run.iterations[-1][1] is None:
                    run.iterations[-1] = (run.iterations[-1][0], index)
                run.headers.append(index)
                if self.document.entered(self._next(events, index)) in self.document.block(statement, "body"):
                    run.iterations.append((index, None))
                else:
                    waiting.pop()
                    yield self._closed(run, index, "", index)
            before = index
        yield from reversed(waiting)

    def _closed(self, run: Loop, last: int, ended: str, index: int) -> Loop:
        if run.headers and last == run.headers[-1] and not (run.iterations and run.iterations[-1][0] == last):
            ended = "condition" if isinstance(self.nodes[run.statement], ast.While) else "exhausted"
        run.exit, run.last = ended, last
        return run

    def _within(self, loop: int, statement: int) -> bool:
        return statement == loop or statement in self.document.block(loop, "body")

    def _next(self, events: list[int], event: int) -> int | None:
        later = (events[at] for at in range(bisect_right(events, event), len(events)))
        return next((index for index in later if self.events[index]["kind"] in _ENDS), None)


def _text(heap: Heap, place: str) -> str | None:
    try:
        return heap.variable(place)
    except (CannotTell, RecursionError):
        return None


def _refers(heap: Heap, place: str) -> bool:
    try:
        return "#" in heap.shallow(place)
    except CannotTell:
        return False


def _carried(heap: Heap, event: dict) -> str | None:
    if event.get("value") is None or event["kind"] == "output":
        return event.get("value")
    heap.apply("f-1.carried", "set", event["value"])
    return _text(heap, "f-1.carried")
