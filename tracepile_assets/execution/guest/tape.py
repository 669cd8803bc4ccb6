"""The columns that a run is recorded into.

Belongs here: appending events and changes, and the limits on their number and size. Does not belong here: when they
happen (``tracer``).
"""

from time import monotonic

from .beyond import Beyond


class Stop(BaseException):
    """Leaves the program when a limit of the recording is reached."""


class Tape:
    """Events and changes of one run. ``stop(status, reason)`` is called at a limit and does not return."""

    def __init__(self, limits, stop, beyond: Beyond):
        self.kind: list[str] = []
        self.statement: list[int] = []
        self.depth: list[int] = []
        self.frame_id: list[int] = []
        self.value: list[str | None] = []
        self.change_event: list[int] = []
        self.change_cause: list[int] = []
        self.change_place: list[str] = []
        self.change_op: list[str] = []
        self.change_value: list[str | None] = []
        self.functions: list[str] = []
        self.truncated = False
        self.cause = -1
        self.deadline = float("inf")
        self._limits = limits
        self._stop = stop
        self._chars = 0
        self.beyond = beyond

    def change(self, change: tuple[str, str, str | None]) -> None:
        """Append a change: place, op, value text. It belongs to the event that comes next."""
        place, op, value = change
        if value is not None:
            self._chars += len(value)
            if self._chars > self._limits.total_chars:
                self.beyond.add(value)
                value = None
                self.truncated = True
        self.change_event.append(len(self.kind))
        self.change_cause.append(self.cause)
        self.change_place.append(place)
        self.change_op.append(op)
        self.change_value.append(value)

    def event(self, kind: str, statement: int, frame, value: str | None) -> int:
        """Append an event of a frame and return its number."""
        index = len(self.kind)
        if not index & 255 and monotonic() > self.deadline:
            self._leave(index, "timeout", "took longer than the limit on wall-clock time")
        if index >= self._limits.events:
            self._leave(index, "event_limit", f"more than {self._limits.events:,} events")
        self.kind.append(kind)
        self.statement.append(statement)
        self.depth.append(frame.depth)
        self.frame_id.append(frame.number)
        self.value.append(value)
        return index

    def _leave(self, index: int, status: str, reason: str) -> None:
        """End the run, without the changes that no event came for."""
        self.drop_changes_after(index)
        self._stop(status, reason)

    def drop_changes_after(self, index: int) -> None:
        """Drop the changes that belong to an event of this number or a later one, and frames without a call."""
        columns = (self.change_event, self.change_cause, self.change_place, self.change_op, self.change_value)
        while self.change_event and self.change_event[-1] >= index:
            for column in columns:
                column.pop()
        del self.functions[self.kind.count("call") :]

    def columns(self, lines: list[int]) -> dict:
        """The columns of events and changes. ``lines``: source line of each statement."""
        return {
            "event_kind": self.kind,
            "event_statement": self.statement,
            "event_line": [lines[number] if number < len(lines) else 1 for number in self.statement],
            "event_depth": self.depth,
            "event_frame_id": self.frame_id,
            "event_value": self.value,
            "change_event": self.change_event,
            "change_cause": self.change_cause,
            "change_place": self.change_place,
            "change_op": self.change_op,
            "change_value": self.change_value,
            "frame_function": self.functions,
            "n_events": len(self.kind),
        }
