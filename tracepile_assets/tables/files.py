"""Parquet files of rows: writing them so that equal rows give equal bytes, and reading them back with clear errors.

Not here: when a staged file is published (building/), and which file belongs where (home/).
"""

import hashlib
import os
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import accumulate
from pathlib import Path

import orjson
import pyarrow as pa
import pyarrow.parquet as pq

from .schemas import SCHEMA_VERSION, SCHEMAS
from .surrogates import escaped

ROW_GROUP = 1_000
"""Rows in a row group: small enough that a reader who wants one program skips the rest."""

FOOTER_KEY = b"tracepile"


class TableError(Exception):
    """A table file cannot be used; the message names the file and the remedy."""


def as_table(table: str, rows: Sequence[Mapping[str, object]]) -> pa.Table:
    """Make an Arrow table in the schema of ``table`` from rows with its column names.

    Lone surrogates, which no stored text can hold and a program may have in the name of an attribute, are stored as
    their escapes.

    Raises:
        TableError: a column is missing, unknown, null where it may not be, or of another type.
    """
    schema = SCHEMAS[table]
    names = set(schema.names)
    for row in rows:
        if row.keys() != names:
            odd = sorted(names.symmetric_difference(row))
            raise TableError(f"{table}: a row has not the columns of the schema; look at {', '.join(odd)}")
    try:
        try:
            made = pa.Table.from_pylist(list(rows), schema=schema)
        except UnicodeEncodeError:
            made = pa.Table.from_pylist([escaped(row) for row in rows], schema=schema)
    except (pa.ArrowInvalid, pa.ArrowTypeError) as error:
        raise TableError(f"{table}: a row does not fit the schema: {error}") from error
    for name in schema.names:
        if not schema.field(name).nullable and made.column(name).null_count:
            raise TableError(f"{table}: column {name} is null in {made.column(name).null_count} row(s), and may not be")
    return made


def write_tables(
    path: Path,
    table: str,
    parts: Iterable[pa.Table],
    footer: Mapping[str, object] | Callable[[], Mapping[str, object]],
) -> int:
    """Write the rows of ``parts``, in their order, to ``path``.

    Row groups have a fixed number of rows whatever the parts are, dictionaries and statistics are on, and the footer
    holds only what is given: equal rows and footer give equal bytes.

    Args:
        path: file to write; its folder is made. It is written in place: stage first, rename afterwards.
        table: name of the table, which gives the schema.
        parts: Arrow tables in that schema.
        footer: what the footer says beside the schema version and the number of rows; or what gives it, once all
            parts are written.

    Returns:
        The number of rows written.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    schema = SCHEMAS[table]
    waiting: list[pa.Table] = []
    n_waiting = 0
    n_rows = 0
    with pq.ParquetWriter(path, schema, compression="zstd", compression_level=3, write_statistics=True) as writer:
        for part in parts:
            waiting.append(part)
            n_waiting += part.num_rows
            n_rows += part.num_rows
            while n_waiting >= ROW_GROUP:
                whole = pa.concat_tables(waiting)
                writer.write_table(whole.slice(0, ROW_GROUP).combine_chunks(), row_group_size=ROW_GROUP)
                waiting = [whole.slice(ROW_GROUP)]
                n_waiting -= ROW_GROUP
        if n_waiting or not n_rows:
            whole = pa.concat_tables(waiting) if waiting else schema.empty_table()
            writer.write_table(whole.combine_chunks(), row_group_size=ROW_GROUP)
        said = {"schema_version": SCHEMA_VERSION, "rows": n_rows, **(footer() if callable(footer) else footer)}
        writer.add_key_value_metadata({FOOTER_KEY: orjson.dumps(said, option=orjson.OPT_SORT_KEYS)})
    return n_rows


def write_rows(path: Path, table: str, rows: Sequence[Mapping[str, object]], footer: Mapping[str, object]) -> int:
    """Write rows given as mappings; see `write_tables`."""
    return write_tables(path, table, [as_table(table, rows)], footer)


def read_footer(path: Path, *, any_version: bool = False) -> dict[str, object] | None:
    """Return what the footer of a file says, or None where there is no file.

    Args:
        path: the file.
        any_version: take a file of another schema version too: for one that is carried on for ever.

    Raises:
        TableError: the file is cut short, was not written by this package, or has another schema version.
    """
    try:
        metadata = pq.read_metadata(path).metadata or {}
    except FileNotFoundError:
        return None
    except (pa.ArrowInvalid, OSError) as error:
        raise TableError(f"{path}: not a whole Parquet file ({error}); delete it and build again") from error
    if FOOTER_KEY not in metadata:
        raise TableError(f"{path}: not written by tracepile; move it away and build again")
    said = orjson.loads(metadata[FOOTER_KEY])
    if said["schema_version"] != SCHEMA_VERSION and not any_version:
        raise TableError(
            f"{path}: schema version {said['schema_version']}, this program reads {SCHEMA_VERSION}; delete "
            "the file and "
            "build again, or use the program that wrote it"
        )
    return said


def read_table(path: Path, table: str, columns: Sequence[str] | None = None) -> pa.Table:
    """Read a file, whole or some columns.

    Raises:
        TableError: as `read_footer`, or the file is missing or has other columns than the schema.
    """
    if read_footer(path) is None:
        raise TableError(f"{path}: there is no such file; build it first")
    with reading(path) as file:
        if file.schema_arrow.names != SCHEMAS[table].names:
            raise TableError(f"{path}: has other columns than {table} has; delete it and build again")
        return file.read(columns=list(columns) if columns is not None else None).replace_schema_metadata(None)


def read_batches(path: Path, columns: Sequence[str] | None = None, rows: int = 500) -> Iterator[pa.RecordBatch]:
    """Read a file in batches of at most ``rows`` rows, so that memory stays bounded."""
    with reading(path) as file:
        yield from file.iter_batches(batch_size=rows, columns=list(columns) if columns is not None else None)


class Slices:
    """Reads rows of a file that stand one after the other, a row group of it in memory at a time.

    Quick where they are asked for in the order in which they stand.

    Args:
        path: the file; it is open until it is closed or let go.
        table: name of its table.

    Raises:
        TableError: as `read_table`.
    """

    def __init__(self, path: Path, table: str) -> None:
        read_table(path, table, ())
        self._path = path
        self._file = pq.ParquetFile(path)
        metadata = self._file.metadata
        sizes = [metadata.row_group(number).num_rows for number in range(metadata.num_row_groups)]
        self._ends = list(accumulate(sizes))
        self._group = -1
        self._rows = SCHEMAS[table].empty_table()

    def read(self, first: int, number: int) -> pa.Table:
        """So many rows from that one on, counted from 0; fewer where there are no more."""
        found = [self._rows.slice(0, 0)]
        end = min(first + number, self._ends[-1] if self._ends else 0)
        while first < end:
            group = bisect_right(self._ends, first)
            self._load(group)
            begin = self._ends[group] - self._rows.num_rows
            found.append(self._rows.slice(first - begin, end - first))
            first = self._ends[group]
        return pa.concat_tables(found)

    def _load(self, group: int) -> None:
        if group != self._group:
            with _told_of(self._path):
                self._rows = self._file.read_row_group(group).replace_schema_metadata(None)
            self._group = group

    def close(self) -> None:
        """Close the file."""
        self._file.close()


@contextmanager
def reading(path: Path) -> Iterator[pq.ParquetFile]:
    """Open a Parquet file for reading; a fault in it becomes a `TableError`."""
    with _told_of(path), pq.ParquetFile(path) as file:
        yield file


@contextmanager
def _told_of(path: Path) -> Iterator[None]:
    try:
        yield
    except (pa.ArrowInvalid, pa.ArrowException, OSError) as error:
        raise TableError(f"{path}: cannot be read ({error}); delete it and build again") from error


def sha256_of(path: Path) -> str:
    """SHA-256 of a file, in hex."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def publish(staged: Path, final: Path) -> None:
    """Put a staged file into its place: whole and on disk, or not at all."""
    final.parent.mkdir(parents=True, exist_ok=True)
    with staged.open("rb") as file:
        os.fsync(file.fileno())
    staged.replace(final)
