"""What a source held when it was last read, on disk: a source is read once, however many stripes are made of it.

Belongs here: the file in `staging/sources/`, which holds each program as it was read and can be deleted at any time.
Does not belong here: reading a layout (sources/), and which stripe a program lies in (home/).
"""

import sqlite3
import zlib
from collections.abc import Collection, Iterable, Iterator, MutableMapping
from contextlib import closing, contextmanager
from pathlib import Path

import orjson

from tracepile_assets.home import Home, SourceEntry
from tracepile_assets.sources import InputGenerator, Program, ProgramInput, SourceError, open_source

_BATCH = 500
_LAYOUT = """
PRAGMA journal_mode = OFF;
PRAGMA synchronous = OFF;
PRAGMA cache_size = -16000;
PRAGMA temp_store = FILE;
CREATE TABLE stamp (stamp TEXT);
CREATE TABLE programs (
    number INTEGER PRIMARY KEY, source_row TEXT, program_id TEXT, content TEXT, origin_uri TEXT, program BLOB
);
"""


class ReadRows(MutableMapping[str, tuple[str, str]]):
    """The rows of a source in its order: source_row → ``(program_id, content digest)``, held on disk.

    Taking a row out leaves the programs themselves where they are.
    """

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        # What is taken out is told by one bit for each row.
        self._taken = bytearray(self._one("SELECT coalesce(max(number), 0) + 8 FROM programs")[0] // 8 + 1)

    def __getitem__(self, source_row: str) -> tuple[str, str]:
        return self._found(source_row)[1:]

    def __delitem__(self, source_row: str) -> None:
        number = self._found(source_row)[0]
        self._taken[number // 8] |= 1 << number % 8

    def __iter__(self) -> Iterator[str]:
        return (source_row for source_row, _ in self.items())

    def __len__(self) -> int:
        return self._one("SELECT count(*) FROM programs")[0] - sum(byte.bit_count() for byte in self._taken)

    def __setitem__(self, source_row: str, row: tuple[str, str]) -> None:
        raise TypeError("what a source held is not to be changed")

    def pop(self, source_row: str, default: object = None) -> object:
        """Take a row out; the default if there is none."""
        try:
            number, *row = self._found(source_row)
        except KeyError:
            return default
        self._taken[number // 8] |= 1 << number % 8
        return tuple(row)

    def items(self) -> Iterator[tuple[str, tuple[str, str]]]:
        """The rows that have not been taken out, in the order of the source."""
        query = "SELECT number, source_row, program_id, content FROM programs ORDER BY number"
        for number, source_row, *row in self._connection.execute(query):
            if not self._is_taken(number):
                yield source_row, tuple(row)

    def _found(self, source_row: str) -> tuple[int, str, str]:
        found = self._one("SELECT number, program_id, content FROM programs WHERE source_row = ?", source_row)
        if found is None or self._is_taken(found[0]):
            raise KeyError(source_row)
        return found

    def _is_taken(self, number: int) -> bool:
        return bool(self._taken[number // 8] >> number % 8 & 1)

    def _one(self, query: str, *values: object) -> tuple | None:
        return self._connection.execute(query, values).fetchone()


def readable(home: Home, entry: SourceEntry) -> Iterator[Program]:
    """The programs of a source, without those that were taken down."""
    forgotten = home.forgotten().rows(entry.name)
    return (program for program in open_source(entry) if program.source_row not in forgotten)


@contextmanager
def keep(home: Home, source: str, stamp: str, rows: Iterable[tuple[Program, str, str]]) -> Iterator[ReadRows]:
    """Keep what was read of a source, and give its rows.

    Args:
        home: the home.
        source: name of the source.
        stamp: fingerprint of the source as it is read.
        rows: each program with its id and the digest of its content, in the order of the source.

    Raises:
        SourceError: the source cannot be read, or a natural key stands in two rows; what was kept before stays.
    """
    path = _path(home, source)
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_suffix(".part")
    partial.unlink(missing_ok=True)
    try:
        with closing(sqlite3.connect(partial, isolation_level=None)) as connection:
            connection.executescript(_LAYOUT)
            connection.execute("BEGIN")
            values = (
                (program.source_row, program_id, content, program.origin_uri, zlib.compress(orjson.dumps(program), 1))
                for program, program_id, content in rows
            )
            columns = "source_row, program_id, content, origin_uri, program"
            connection.executemany(f"INSERT INTO programs ({columns}) VALUES (?, ?, ?, ?, ?)", values)
            # An index that is made at the end is sorted on disk; one that grows in random order is not.
            connection.execute("CREATE INDEX by_row ON programs (source_row)")
            _refuse_repeats(connection, source)
            connection.execute("INSERT INTO stamp VALUES (?)", (stamp,))
            connection.execute("COMMIT")
            yield ReadRows(connection)
        partial.replace(path)
    finally:
        partial.unlink(missing_ok=True)


def programs_of(home: Home, entry: SourceEntry, stamp: str, wanted: Collection[str]) -> dict[str, Program]:
    """The programs of these rows, as they were when the source was read; it is read again if that was not kept.

    Args:
        home: the home.
        entry: the source.
        stamp: fingerprint of the source when its stripe map was made.
        wanted: the rows; those that the source does not have are left out.

    Raises:
        SourceError: the source has to be read again, and cannot be.
    """
    found = _kept(home, entry.name, stamp, wanted)
    if found is None:
        with home.lock(f"source/{entry.name}"):
            if (found := _kept(home, entry.name, stamp, wanted)) is None:
                with keep(home, entry.name, stamp, ((program, "", "") for program in readable(home, entry))):
                    pass
                found = _kept(home, entry.name, stamp, wanted)
    return found or {}


def _kept(home: Home, source: str, stamp: str, wanted: Collection[str]) -> dict[str, Program] | None:
    path = _path(home, source)
    if not path.exists():
        return None
    found: dict[str, Program] = {}
    rows = list(wanted)
    try:
        with closing(sqlite3.connect(f"{path.as_uri()}?mode=ro&immutable=1", uri=True)) as connection:
            if connection.execute("SELECT stamp FROM stamp").fetchall() != [(stamp,)]:
                return None
            for first in range(0, len(rows), _BATCH):
                batch = rows[first : first + _BATCH]
                marks = ", ".join("?" * len(batch))
                query = f"SELECT program FROM programs WHERE source_row IN ({marks})"
                for (stored,) in connection.execute(query, batch):
                    program = _program(stored)
                    found[program.source_row] = program
    except sqlite3.DatabaseError:
        return None
    return found


def _path(home: Home, source: str) -> Path:
    return home.root / "staging" / "sources" / f"{source}.sqlite"


def _refuse_repeats(connection: sqlite3.Connection, source: str) -> None:
    twice = "SELECT source_row FROM programs GROUP BY source_row HAVING count(*) > 1 LIMIT 1"
    if (found := connection.execute(twice).fetchone()) is not None:
        places = connection.execute("SELECT origin_uri FROM programs WHERE source_row = ? ORDER BY number", found)
        (first,), (second,) = places.fetchmany(2)
        raise SourceError(
            f"{second}: row {found[0]!r} of source {source} stands twice, first at {first}; remove one of them"
        )


def _program(stored: bytes) -> Program:
    held = orjson.loads(zlib.decompress(stored))
    held["inputs"] = tuple(ProgramInput(**given) for given in held["inputs"])
    if held["generator"] is not None:
        held["generator"] = InputGenerator(**held["generator"])
    return Program(**{name: tuple(value) if isinstance(value, list) else value for name, value in held.items()})
