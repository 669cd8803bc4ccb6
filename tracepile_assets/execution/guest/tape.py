"""Writes what a run does onto the tape, as it happens.

Belongs here: appending events and changes, the limits on their number and size, the result at the end. Does not belong
here: when they happen (``tracer``), where they lie (``tape_layout``) and reading them (``tape_columns``).
"""

import mmap
from struct import Struct
from time import monotonic

from .beyond import Beyond
from .channel import encode
from .tape_layout import (
    BEGINS,
    CHANGE,
    EVENT,
    FRAME,
    KINDS,
    N_CHANGES,
    N_EVENTS,
    N_FRAMES,
    OPS,
    RESULT_LENGTH,
    RESULT_SEQ,
    RUN,
    SLOT_BYTES,
    TEXT_END,
    UNCHANGED,
    VERSION_BYTES,
    Layout,
    layout,
)

_KINDS = {name: number for number, name in enumerate(KINDS)}
_OPS = {name: number for number, name in enumerate(OPS)}
_pack_event, _pack_change = EVENT.pack_into, CHANGE.pack_into
_EVENT_BYTES, _CHANGE_BYTES = EVENT.size, CHANGE.size
_HEADER = Struct(f"<4Q{VERSION_BYTES}s3Q5I")
assert _HEADER.size == BEGINS + 20
_NUMBER = Struct("<Q")
_TEXT_END, _N_CHANGES, _N_FRAMES = TEXT_END // 8, N_CHANGES // 8, N_FRAMES // 8
_NOWHERE = (0, 0)
_MOST_KNOWN = 1 << 16
"""Texts that are remembered, so that the next use of one refers to the same octets."""
_MOST_NOTED_BYTES = 200


class Stop(BaseException):
    """Leaves the program when a limit of the recording is reached."""


def blank(limits) -> mmap.mmap:
    """Memory for one tape that costs nothing until it is written to."""
    return mmap.mmap(-1, layout(limits).total_bytes)


def begin(buffer, place: Layout, run: int, version: str) -> None:
    """Make the tape ready for the run of an input: no event, no result, and who records."""
    begins = place.begins
    _HEADER.pack_into(buffer, place.header, 0, run, 0, 0, version.encode()[:VERSION_BYTES], 0, 0, 0, *begins)


def complete(buffer, place: Layout, row: dict) -> int:
    """Write the result row, which completes the tape; return its length."""
    data = encode(row)
    if len(data) > place.result_bytes:
        texts = dict.fromkeys(("return_value", "exception", "arguments_after"))
        reason = "the result is too large to be kept"
        data = encode({**row, **texts, "stdout": "", "truncated": True, "status": "event_limit", "reason": reason})
    buffer[place.result : place.result + len(data)] = data
    header = place.header
    _NUMBER.pack_into(buffer, header + RESULT_LENGTH, len(data))
    _NUMBER.pack_into(buffer, header + RESULT_SEQ, _NUMBER.unpack_from(buffer, header + RUN)[0] + 1)
    return len(data)


def recorded(buffer, place: Layout) -> int:
    """Number of events on the tape."""
    return _NUMBER.unpack_from(buffer, place.header + N_EVENTS)[0]


def behind(buffer, first: Layout, place: Layout) -> Layout | None:
    """Where the next tape goes, behind a complete one at ``place``; None if it must go where the areas begin."""
    n_events, _, length, _, _, text_end, n_changes, n_frames, *begins = _HEADER.unpack_from(buffer, place.header)
    events, changes, frames, text, result = begins
    ends = (events + n_events, changes + n_changes, frames + n_frames, text + text_end, result + length)
    try:
        return first.behind(place.header // SLOT_BYTES + 1, ends)
    except ValueError:
        return None


def conclude(buffer) -> None:
    """Say that no run changed anything that another one comes upon."""
    _NUMBER.pack_into(buffer, UNCHANGED, 1)


class Tape:
    """Events and changes of one run, in a buffer of ``tape_layout``; ``begin`` has been called on it.

    ``stop(status, reason)`` is called at a limit and does not return.
    """

    def __init__(self, buffer, place: Layout, limits, stop, beyond: Beyond, deadline: float):
        self.events = 0
        self.frames = 0
        self.truncated = False
        self.cause = -1
        self._deadline = deadline
        self.beyond = beyond
        self._limits = limits
        self._stop = stop
        self._layout = place
        self._events_at, self._changes_at = self._layout.events, self._layout.changes
        self._most_events, self._most_chars = limits.events, limits.total_chars
        self._text_at, self._text_bytes = self._layout.text, self._layout.text_bytes
        self._most_changes = self._layout.changes_capacity
        self._buffer = memoryview(buffer)
        # Stored as one machine word: a process that is killed meanwhile leaves the number before or the one after.
        self._mark = self._buffer[place.header :][:SLOT_BYTES].cast("Q")
        self._changes = 0
        self._chars = 0
        self._text_end = 0
        self._text_used = 0
        self._known: dict[str, tuple[int, int]] = {}

    def change(self, change: tuple[str, str, str | None]) -> None:
        """Append a change: place, op, value text. It belongs to the event that comes next."""
        place, op, value = change
        if value is not None:
            self._chars += len(value)
            if self._chars > self._most_chars:
                self.beyond.add(value)
                value = None
                self.truncated = True
        index = self._changes
        if index >= self._most_changes:
            self._stop("event_limit", f"more than {index:,} changes")
        known = self._known
        found = known.get(place)
        if found is None:
            found = self._write(place)
        else:
            self._text_used += found[1]
        place_offset, place_length = found
        value_offset = value_length = 0
        if value is not None:
            found = known.get(value)
            if found is None:
                found = self._write(value)
            else:
                self._text_used += found[1]
            value_offset, value_length = found
        if self._text_used > self._text_bytes:
            self._stop_for_text()
        _pack_change(
            self._buffer,
            self._changes_at + index * _CHANGE_BYTES,
            self.cause,
            _OPS[op],
            value is not None,
            0,
            place_length,
            value_length,
            place_offset,
            value_offset,
        )
        self._changes = index + 1

    def open_frame(self, function: str) -> int:
        """Name the frame that the next call event opens, and return its number."""
        number = self.frames
        offset, length = self._text(function)
        FRAME.pack_into(self._buffer, self._layout.frames + number * FRAME.size, offset, length, 0)
        self.frames = number + 1
        return number

    def event(self, kind: str, statement: int, frame, value: str | None) -> int:
        """Append an event of a frame and return its number."""
        index = self.events
        if not index & 255 and monotonic() > self._deadline:
            self._stop("timeout", "took longer than the limit on wall-clock time")
        if index >= self._most_events:
            self._stop("event_limit", f"more than {index:,} events")
        offset, length = _NOWHERE if value is None else self._text(value)
        _pack_event(
            self._buffer,
            self._events_at + index * _EVENT_BYTES,
            _KINDS[kind],
            value is not None,
            0,
            statement,
            frame.depth,
            frame.number,
            length,
            self._changes,
            offset,
        )
        mark = self._mark
        mark[_TEXT_END], mark[_N_CHANGES] = self._text_end, self._changes
        if kind == "call":
            mark[_N_FRAMES] = self.frames
        self.events = mark[0] = index + 1
        return index

    def _text(self, text: str) -> tuple[int, int]:
        """Offset and length of a text, which is written unless it lies on the tape already."""
        found = self._known.get(text)
        if found is None:
            return self._write(text)
        self._text_used += found[1]
        if self._text_used > self._text_bytes:
            self._stop_for_text()
        return found

    def _write(self, text: str) -> tuple[int, int]:
        data = text.encode("utf-8", "surrogatepass")
        length = len(data)
        self._text_used += length
        if self._text_used > self._text_bytes:
            self._stop_for_text()
        offset = self._text_end
        start = self._text_at + offset
        self._buffer[start : start + length] = data
        self._text_end = offset + length
        found = offset, length
        if length < _MOST_NOTED_BYTES and len(self._known) < _MOST_KNOWN:
            self._known[text] = found
        return found

    def _stop_for_text(self) -> None:
        self._stop("event_limit", f"more than {self._text_bytes:,} bytes of text")
