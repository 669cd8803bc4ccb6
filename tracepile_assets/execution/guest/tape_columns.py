"""Turns a tape back into columns, one record after the other.

Belongs here: reading a tape in the process that wrote it, for development and tests. Does not belong here: what comes
out of the jail, which is not to be trusted (``execution.received``).
"""

from .tape_layout import CHANGE, EVENT, FRAME, KINDS, OPS, layout


def columns(buffer, limits, n_events: int, lines: list[int]) -> dict:
    """The columns of events, changes and frames. ``lines``: source line of each statement."""
    areas = layout(limits)

    def text(offset: int, length: int) -> str:
        start = areas.text + offset
        return bytes(buffer[start : start + length]).decode("utf-8", "surrogatepass")

    row: dict = {name: [] for name in (*EVENT_COLUMNS, *CHANGE_COLUMNS, "frame_function")}
    done = 0
    for index in range(n_events):
        record = EVENT.unpack_from(buffer, areas.events + index * EVENT.size)
        kind, has_value, _, statement, depth, frame, length, changes_end, offset = record
        value = text(offset, length) if has_value else None
        line = lines[statement] if statement < len(lines) else 1
        for name, held in zip(EVENT_COLUMNS, (KINDS[kind], statement, line, depth, frame, value), strict=True):
            row[name].append(held)
        for number in range(done, changes_end):
            record = CHANGE.unpack_from(buffer, areas.changes + number * CHANGE.size)
            cause, op, has_value, _, place_length, length, place_offset, offset = record
            place, value = text(place_offset, place_length), text(offset, length) if has_value else None
            for name, held in zip(CHANGE_COLUMNS, (index, cause, place, OPS[op], value), strict=True):
                row[name].append(held)
        done = changes_end
    for number in range(row["event_kind"].count("call")):
        offset, length, _ = FRAME.unpack_from(buffer, areas.frames + number * FRAME.size)
        row["frame_function"].append(text(offset, length))
    row["n_events"] = n_events
    return row


EVENT_COLUMNS = ("event_kind", "event_statement", "event_line", "event_depth", "event_frame_id", "event_value")
CHANGE_COLUMNS = ("change_event", "change_cause", "change_place", "change_op", "change_value")
