"""Records a short program and reads the columns of its recording; nothing is asserted here."""

from textwrap import dedent

from tracepile_assets.execution.guest.recorder import Caps, record


def run(code, arguments="", entry="f", stdin=None, **caps):
    return record(dedent(code).lstrip("\n"), entry, arguments, stdin, None, Caps(**caps))


def changes(row, event=None):
    columns = zip(
        row["change_event"],
        row["change_cause"],
        row["change_place"],
        row["change_op"],
        row["change_value"],
        strict=True,
    )
    return [change[2:] if event is not None else change for change in columns if event is None or change[0] == event]


def events(row, *kinds):
    columns = zip(
        row["event_kind"], row["event_line"], row["event_depth"], row["event_frame_id"], row["event_value"], strict=True
    )
    return [event for event in columns if not kinds or event[0] in kinds]


def of_place(row, place):
    return [(op, value) for _, _, p, op, value in changes(row) if p == place]
