"""Walks along the ids: up from any row to its source line, down from any row to what it made.

Belongs here: running the shipped walks (`sql/lineage/`), and giving the row of an id. Does not belong here: which rows
would change if a source did (planning/), and which files make up a mixture.
"""

from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import duckdb
import orjson

from .ids import table_of
from .schemas import ID_COLUMN
from .shipped import shipped_sql
from .views import open_views

_ELSEWHERE = {"inputs": ("program_inputs", "input_id")}
"""View and column of the ids that no table is keyed by."""


class UnknownId(Exception):
    """No table has a row of that id; the message says where was looked."""


@dataclass(frozen=True)
class Ancestor:
    """A row on the way up or down, in the words of its table.

    Attributes:
        table: its table; ``inputs`` for an input.
        row_id: its id.
        says: a few of its columns, for a person.
    """

    table: str
    row_id: str
    says: dict[str, object]


class Lineage:
    """The tables of a home, opened for walking.

    Args:
        tables: the folder of the tables.
        sources: the sources of the registry; others are not looked at.
        samples: the files that make up the mixtures.
    """

    def __init__(self, tables: Path, sources: Collection[str], samples: Sequence[Path] = ()) -> None:
        self.tables = tables
        self.sources = tuple(sources)
        self.samples = tuple(samples)

    def row(self, row_id: str) -> tuple[str, dict[str, object]]:
        """The table and the whole row of an id; an input is given with its program_id.

        Raises:
            UnknownId: there is no such row, or the id is of no table.
        """
        table = _table_of(row_id)
        # A run made while asking or narrating is a trace too.
        among = (table, "check_traces") if table == "execution_traces" else (table,)
        with self._opened() as connection:
            for each in among:
                view, column = _ELSEWHERE.get(each) or (each, ID_COLUMN[each])
                found = connection.sql(f"SELECT * FROM {view} WHERE {column} = ? LIMIT 1", params=[row_id])
                if rows := found.to_arrow_table().to_pylist():
                    return each, rows[0]
        raise _unknown(row_id, table)

    def up(self, row_id: str) -> list[Ancestor]:
        """All ancestors of a row, the row itself first, its program last.

        Raises:
            UnknownId: there is no such row, or the id is of no table.
        """
        table = _table_of(row_id)
        walk = [
            Ancestor(table, found, {name: said for name, said in orjson.loads(says).items() if said not in (None, [])})
            for table, found, says in self._run("up", id=row_id)
        ]
        if not walk:
            raise _unknown(row_id, table)
        return walk

    def down(self, row_id: str) -> dict[str, list[str]]:
        """The ids of all rows made from a row, per table, in the order of the data.

        Raises:
            UnknownId: there is no such row, or the id is of no table.
        """
        found: dict[str, list[str]] = {}
        for table, below in self._run("down", id=row_id):
            found.setdefault(table, []).append(below)
        if not found:
            self.row(row_id)
        return found

    def touched(self, programs: Sequence[str]) -> list[tuple[str, str | None, int]]:
        """How many rows of each table are made from these programs.

        Returns:
            Table, of samples also ``<mixture> <split>``, and the number of rows, in the order of the data.
        """
        return self._run("impact", programs=list(programs))

    def _run(self, name: str, **parameters: object) -> list[tuple]:
        query = (shipped_sql("lineage") / f"{name}.sql").read_text(encoding="utf-8")
        with self._opened() as connection:
            return connection.execute(query, parameters).fetchall()

    @contextmanager
    def _opened(self) -> Iterator[duckdb.DuckDBPyConnection]:
        with open_views(
            self.tables, admissible=False, side_tables=True, samples=self.samples, sources=self.sources
        ) as connection:
            yield connection


def _table_of(row_id: str) -> str:
    try:
        return table_of(row_id)
    except ValueError as error:
        raise UnknownId(str(error)) from error


def _unknown(row_id: str, table: str) -> UnknownId:
    return UnknownId(f"no row of {table} has the id {row_id}; is it of another home, or of a build before the last?")
