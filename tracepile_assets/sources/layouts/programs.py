"""Reads a file of rows into programs; a row that cannot be used becomes a rejected program, and the rest is read.

Belongs here: what one bad row does to its file. Does not belong here: what a row must hold (the layouts, `columns`), a
file that is damaged (`rows`), what is made of a usable row (`making`).
"""

import json
from collections.abc import Callable, Iterable, Iterator

from tracepile_assets.home.registry import SourceEntry
from tracepile_assets.sources.errors import RowError, SourceError
from tracepile_assets.sources.layouts.making import Draft, Keys, finish
from tracepile_assets.sources.layouts.rows import Row, read_rows
from tracepile_assets.sources.program import Program

_GIVE_UP = 1_000
"""Rows at the beginning of a file of which none can be used: it is of another layout."""
_FITTING = 0.05
"""Share of the rows of a file that must be usable."""


def read_programs(
    entry: SourceEntry,
    keys: Keys,
    key_of: Callable[[Row], str | None],
    drafts_of: Callable[[Row], Iterable[Draft]],
    *,
    several: bool = False,
) -> Iterator[Program]:
    """The programs of the rows of a file, in its order.

    A row for which ``key_of`` or ``drafts_of`` raises `RowError` becomes one program that is ``rejected``, with file,
    row and fault as its reason.

    Args:
        entry: the source.
        keys: the keys of this reading.
        key_of: gives the natural key of a row; None where it is known by content.
        drafts_of: gives what stands in a row.
        several: a row may hold several programs; their keys are that of the row and a number from 1.

    Raises:
        SourceError: while iterating: the file cannot be read, a key comes twice, or hardly any row can be used: then
            the file is of another layout.
    """
    waiting: list[Program] = []
    first: RowError | None = None
    usable = unusable = 0
    for row in read_rows(entry.path):
        key = None
        try:
            if row.fault is not None:
                key = _key_of_faulty(row, key_of)
                raise row.fault
            key = key_of(row)
            drafts = list(drafts_of(row))
        except (RowError, RecursionError) as fault:
            error = fault if isinstance(fault, RowError) else RowError(f"{row.where}: is nested too deeply")
            first = first or error
            unusable += 1
            rejected = _rejected(row, entry, f"{key}/1" if several and key else key, error, keys)
            if usable:
                yield rejected
            elif len(waiting) < _GIVE_UP:
                waiting.append(rejected)
            else:
                raise _of_another_layout(first, unusable, unusable) from error
            continue
        usable += 1
        yield from waiting
        waiting = []
        for number, draft in enumerate(drafts, start=1):
            yield finish(draft, entry, f"{key}/{number}" if several and key else key, keys)
    if first is not None and usable < _FITTING * (usable + unusable):
        raise _of_another_layout(first, unusable, usable + unusable) from first


def _key_of_faulty(row: Row, key_of: Callable[[Row], str | None]) -> str | None:
    """The natural key of a row that cannot be used, where it can still be read."""
    try:
        return key_of(row) if row.fields else None
    except RowError:
        return None


def _of_another_layout(first: RowError, unusable: int, rows: int) -> SourceError:
    among = "" if rows == 1 else f" ({unusable} of {rows} rows read cannot be used)"
    return SourceError(f"{first}{among}")


def _rejected(row: Row, entry: SourceEntry, key: str | None, fault: RowError, keys: Keys) -> Program:
    content = fault.text or json.dumps(row.fields, sort_keys=True, default=repr)
    return Program(
        source_row=key or keys.by_content([content]),
        domain=entry.domain,
        title=f"{row.unit} {row.number}",
        code="",
        inputs=(),
        license=entry.license,
        origin_uri=row.uri,
        status="rejected",
        reason=f"row cannot be used: {fault}",
    )
