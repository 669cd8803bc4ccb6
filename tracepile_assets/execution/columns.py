"""Makes the columns of a ``Recording`` out of the bytes of a checked tape.

Belongs here: records and texts turned into lists, in C where that was built. Does not belong here: the checks
(``taped``), which come first, and what the columns mean (``trace_model``).
"""

from .guest.tape_layout import CHANGE, EVENT, FRAME, KINDS, OPS

try:
    from .guest._recorder import read_columns
except ImportError:
    read_columns = None

_NAMES = (
    *("event_kind", "event_statement", "event_line", "event_depth", "event_frame_id", "event_value"),
    *("change_event", "change_cause", "change_place", "change_op", "change_value"),
    "frame_function",
)


def columns(events: bytes, changes: bytes, frames: bytes, text: bytes, lines: tuple[int, ...]) -> dict[str, list]:
    """The columns by name; ``lines``: source line of each statement. Equal texts may be one string."""
    read = read_columns or in_python
    return dict(zip(_NAMES, read(events, changes, frames, text, lines, KINDS, OPS), strict=True))


def in_python(events, changes, frames, text, lines, kinds, ops) -> tuple[list, ...]:
    """What ``read_columns`` gives, where it was not built."""
    known: dict[tuple[int, int], str] = {}

    def read(offset: int, length: int, has_text: int = 1) -> str | None:
        if not has_text:
            return None
        found = known.get((offset, length))
        if found is None:
            found = known[offset, length] = text[offset : offset + length].decode("utf-8", "surrogatepass")
        return found

    of_events = [[] for _ in range(6)]
    event_of_change: list[int] = []
    for number, record in enumerate(EVENT.iter_unpack(events)):
        kind, has_value, _, statement, depth, frame, length, changes_end, offset = record
        row = (kinds[kind], statement, lines[statement], depth, frame, read(offset, length, has_value))
        for column, held in zip(of_events, row, strict=True):
            column.append(held)
        event_of_change += [number] * (changes_end - len(event_of_change))
    of_changes = [[] for _ in range(4)]
    for cause, op, has_value, _, place_length, length, place, offset in CHANGE.iter_unpack(changes):
        row = (cause, read(place, place_length), ops[op], read(offset, length, has_value))
        for column, held in zip(of_changes, row, strict=True):
            column.append(held)
    functions = [read(offset, length) for offset, length, _ in FRAME.iter_unpack(frames)]
    return *of_events, event_of_change, *of_changes, functions
