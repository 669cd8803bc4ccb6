"""Where a recording lies in shared memory. Every recorder writes exactly this, and the parent reads it.

Belongs here: offsets, sizes and record formats, all little endian. Does not belong here: writing (``tape``, the C
recorder) and the checks of what comes back (``execution.received``). Depends on the standard library only.

A tape holds one run. Its header begins with the commit mark: the number of events recorded. It is written last, by one
8-byte store, after the event's record, the changes up to ``changes_end``, the frame of a call and all texts that
these refer to; so a process that is killed leaves a tape that is whole up to the mark. What lies beyond the mark counts
for nothing. The result row (UTF-8 JSON) is written once the run has ended: its bytes, its length, and then
``RESULT_SEQ``, which is 0 before.

Texts are UTF-8 with surrogates passed, anywhere in the text area; a text may be referred to any number of times. Every
use counts: the lengths of the values, places and names of a tape together are at most ``text_bytes``, so that a reader
can bound what it makes of them, and two recorders that share texts differently stop at the same event.

A run ends with the status ``event_limit`` when an event, a change or a text finds no room.

Several tapes may lie one behind the other, each with a header of its own (a slot) that says where it begins in each
area. The areas have room for a whole tape behind others, as long as these take up no more than ``SPARE``.
"""

from functools import lru_cache
from struct import Struct
from typing import NamedTuple

SLOTS, SLOT_BYTES = 32, 128
"""Number and size of the headers, which lie at the start of the memory."""
HEADER_BYTES = SLOTS * SLOT_BYTES
N_EVENTS, RUN, RESULT_LENGTH, RESULT_SEQ = 0, 8, 16, 24
"""Offsets of a header's numbers, 8 bytes each. ``RUN`` is the number of the input, from 0."""
VERSION, VERSION_BYTES = 32, 32
"""Offset and size of the recorder's version: UTF-8, padded with zero bytes, written before the program starts."""
TEXT_END, N_CHANGES, N_FRAMES = 64, 72, 80
"""Offsets of numbers of 8 bytes: where the texts of the marked events end, and how many changes and frames there are
with them. Written before each commit mark."""
BEGINS = 88
"""Offset of five numbers of 4 bytes: events, changes and frames, and bytes of text and of results, before this tape."""
UNCHANGED = 120
"""Offset in the first header of a number of 8 bytes: 1 once the process has found that no run changed anything that
another one comes upon."""

EVENT = Struct("<BBHIIIIIQ")
"""kind, has_value, 0, statement, depth, frame, value_len, changes_end, value_offset. ``changes_end`` is the number of
changes up to this event and with it."""
CHANGE = Struct("<iBBHIIQQ")
"""cause, op, has_value, 0, place_len, value_len, place_offset, value_offset."""
FRAME = Struct("<QII")
"""name_offset, name_len, 0: the name of the code of frame f, which the f-th call event opens."""

KINDS = ("call", "line", "return", "raise", "unwind", "yield", "resume", "output")
OPS = ("set", "delta", "delete")
"""The place in these is the number in a record. Offsets of texts count from the start of the text area."""

SPARE = (1 << 16, 1 << 16, 1 << 14, 4 << 20, 1 << 20)
"""Room behind the five areas: events, changes, frames, bytes of text and of results."""
_PAGE = 4096
Begins = tuple[int, int, int, int, int]


class Layout(NamedTuple):
    """Where the areas of a tape begin, in bytes from the start of the memory, and how many records or bytes each holds.

    ``header``: where its header begins; ``begins``: what lies before it in each area, as at ``BEGINS``.
    """

    events: int
    events_capacity: int
    changes: int
    changes_capacity: int
    frames: int
    frames_capacity: int
    text: int
    text_bytes: int
    result: int
    result_bytes: int
    total_bytes: int
    header: int = 0
    begins: Begins = (0, 0, 0, 0, 0)

    def behind(self, slot: int, begins: Begins) -> "Layout":
        """The layout of a tape with another header and others before it; for the one that begins where the areas do.

        Raises ``ValueError`` if there is no such header, or a whole tape may not have room there.
        """
        events, changes, frames, text, result = begins
        has_room = events <= SPARE[0] and changes <= SPARE[1] and frames <= SPARE[2] and text <= SPARE[3]
        if not (has_room and result <= SPARE[4] and 0 <= slot < SLOTS):
            raise ValueError("there is no room for a tape there")
        return Layout(
            self.events + events * EVENT.size,
            self.events_capacity,
            self.changes + changes * CHANGE.size,
            self.changes_capacity,
            self.frames + frames * FRAME.size,
            self.frames_capacity,
            self.text + text,
            self.text_bytes,
            self.result + result,
            self.result_bytes,
            self.total_bytes,
            slot * SLOT_BYTES,
            begins,
        )


@lru_cache(maxsize=8)
def layout(caps) -> Layout:
    """The layout for caps with ``events``, ``total_chars``, ``output_bytes`` and ``result_chars``.

    The result area has room for any result row: its texts are capped, and JSON takes at most 6 bytes for a character.
    """
    sizes = (
        (caps.events, EVENT.size),
        (4 * caps.events + (1 << 18), CHANGE.size),
        # One more than can have a call event: a call that finds no room ends the run by its event.
        (caps.events + 1, FRAME.size),
        (2 * caps.total_chars + 32 * caps.events + (8 << 20), 1),
        (6 * (4 * caps.result_chars + caps.output_bytes) + (1 << 16), 1),
    )
    areas: list[int] = []
    end = HEADER_BYTES
    for (capacity, size), spare in zip(sizes, SPARE, strict=True):
        areas += (end, capacity)
        end += -(-(capacity + spare) * size // _PAGE) * _PAGE
    return Layout(*areas, end)
