"""The runs made while a stripe is asked about or told, which lie in `check_traces` beside its file.

Belongs here: collecting them in the order of the rows that they were made for, carrying over those of rows that are
carried over, and reading those of a parent. Does not belong here: making them (rows/).
"""

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import pyarrow as pa

from tracepile_assets.home import Home, Stripe
from tracepile_assets.tables.files import TableError, as_table, read_footer, read_table
from tracepile_assets.tables.schemas import SCHEMAS

SIDE = "check_traces"


class Checked:
    """The check traces of one build of one stripe, in the order of its rows."""

    def __init__(self) -> None:
        self._parts: list[pa.Table] = [SCHEMAS[SIDE].empty_table()]
        self._old = SCHEMAS[SIDE].empty_table()
        self._place: dict[str, int] = {}

    def carry_from(self, old: pa.Table) -> None:
        """Take the check traces of the last build, to be carried over from."""
        self._old = old
        self._place = {trace_id: place for place, trace_id in enumerate(old.column("trace_id").to_pylist())}

    def add(self, rows: Sequence[Mapping[str, object]]) -> None:
        """Add runs made now."""
        if rows:
            self._parts.append(as_table(SIDE, rows))

    def carry(self, trace_ids: Iterable[str | None]) -> None:
        """Carry over the runs that rows point to; those that lie beside another table stay there."""
        places = [self._place[trace_id] for trace_id in trace_ids if trace_id in self._place]
        if places:
            self._parts.append(self._old.take(pa.array(places)))

    def table(self) -> pa.Table:
        """All of them."""
        return pa.concat_tables([part.cast(SCHEMAS[SIDE]) for part in self._parts])


def checks_file(home: Home, table: str, stripe: Stripe) -> Path:
    """The file of the check traces that belong to a stripe of a table as it is now.

    Raises:
        TableError: the table or its check traces are missing, unreadable, or of two different builds.
    """
    path = home.side_file(SIDE, table, stripe)
    said, beside = read_footer(home.stripe_file(table, stripe)), read_footer(path)
    if said is None or beside is None or said["inputs"] != beside["inputs"]:
        raise TableError(f"{path}: is not of the same build as {table} of {stripe.key}; build that again")
    return path


def read_checks(home: Home, table: str, stripe: Stripe) -> pa.Table:
    """What `checks_file` names, and raises."""
    return read_table(checks_file(home, table, stripe), SIDE)
