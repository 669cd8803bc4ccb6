"""A tape in this process, and ways to change its bytes; nothing is asserted here."""

import json
import struct

from tracepile_assets.execution import Limits
from tracepile_assets.execution.guest.recorder import Caps, Program, Run
from tracepile_assets.execution.guest.tape import blank, complete
from tracepile_assets.execution.guest.tape_layout import (
    CHANGE,
    EVENT,
    FRAME,
    N_EVENTS,
    RESULT_LENGTH,
    RESULT_SEQ,
    RUN,
    TEXT_END,
    layout,
)
from tracepile_assets.execution.received import arrived, cut_off, received

LIMITS = Limits(events=2_000, total_chars=100_000, output_bytes=10_000, result_chars=20_000)
CAPS = Caps(events=2_000, total_chars=100_000, output_bytes=10_000, result_chars=20_000)
AREAS = layout(CAPS)
EVENT_FIELDS = ("kind", "has_value", "zero", "statement", "depth", "frame", "length", "changes_end", "offset")
CHANGE_FIELDS = ("cause", "op", "has_value", "zero", "place_length", "length", "place_offset", "offset")
FRAME_FIELDS = ("offset", "length", "zero")
_RECORDS = {
    "events": (AREAS.events, EVENT, EVENT_FIELDS),
    "changes": (AREAS.changes, CHANGE, CHANGE_FIELDS),
    "frames": (AREAS.frames, FRAME, FRAME_FIELDS),
}
HEADER = {"n_events": N_EVENTS, "run": RUN, "result_length": RESULT_LENGTH, "result_seq": RESULT_SEQ}
HEADER["text_end"] = TEXT_END


class Tape:
    """The tape of one run. ``begun`` leaves it without a result, as a process does that dies."""

    def __init__(self, code, entry_point, arguments, number=0, begun=False):
        self.code = code
        self.number = number
        self.buffer = blank(CAPS)
        run = Run(Program(code, entry_point), CAPS, buffer=self.buffer, number=number)
        self.row = run.record(arguments, None, None)
        if not begun:
            complete(self.buffer, AREAS, self.row)

    def get(self, area, index, field):
        start, record, fields = _RECORDS[area]
        return record.unpack_from(self.buffer, start + index * record.size)[fields.index(field)]

    def put(self, area, index, **changed):
        start, record, fields = _RECORDS[area]
        held = dict(zip(fields, record.unpack_from(self.buffer, start + index * record.size), strict=True))
        record.pack_into(self.buffer, start + index * record.size, *{**held, **changed}.values())

    def put_header(self, **changed):
        for name, value in changed.items():
            struct.pack_into("<Q", self.buffer, HEADER[name], value)

    def put_text(self, offset, data):
        self.buffer[AREAS.text + offset : AREAS.text + offset + len(data)] = data

    def put_row(self, **changed):
        self.put_bytes(json.dumps({**self.row, **changed}).encode())

    def put_bytes(self, data):
        self.buffer[AREAS.result : AREAS.result + len(data)] = data
        self.put_header(result_length=len(data), result_seq=self.number + 1)

    def kinds(self):
        return [self.get("events", index, "kind") for index in range(self.row["n_events"])]

    def read(self):
        (found,) = received([arrived(self.buffer, AREAS, self.number, LIMITS)], self.code)
        return found

    def read_cut_off(self):
        (found,) = received([cut_off(self.buffer, AREAS, self.number, "crash", "it died")], self.code)
        return found
