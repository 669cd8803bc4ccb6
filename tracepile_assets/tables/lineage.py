"""Walks along the ids: up from any row to its source line, down from any row to what it made.

Not here: which rows would change if a source did (planning/).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from .fields import ANCESTORS
from .ids import table_of
from .schemas import CHECKED_TABLES, ID_COLUMN, STRIPE_TABLES

_UP = {
    "raw_programs": (),
    "code_variants": ("program_id",),
    "execution_traces": ("variant_id", "program_id"),
    "tracing_questions": ("check_trace_id", "trace_id", "variant_id", "program_id"),
    "check_traces": ("made_for", "variant_id", "program_id"),
    "chains_of_execution": ("question_id", "check_trace_id", "trace_id", "variant_id", "program_id"),
    "corrupted_twins": ("coe_id", "question_id", "trace_id", "variant_id", "program_id"),
}

_CHECKED = {
    "raw_programs": "program_id",
    "code_variants": "variant_id",
    "tracing_questions": "made_for",
    "chains_of_execution": "made_for",
}
"""Column of check_traces that holds the id of a row of these tables."""


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


_SAYS = {
    "raw_programs": ("source", "source_row", "title", "origin_uri", "license", "supersedes"),
    "code_variants": ("rewrites", "equivalence", "inputs_proved"),
    "execution_traces": ("input_id", "status", "return_value", "n_events", "deterministic"),
    "tracing_questions": ("kind", "answer", "direction"),
    "check_traces": ("made_for", "arguments", "stdin", "status", "return_value", "n_events"),
    "chains_of_execution": ("narrator", "style", "n_claims", "claim_coverage"),
    "corrupted_twins": ("fault_kind", "wrong_span", "claim_kind"),
    "training_mixtures": ("mixture", "stage", "split"),
}


class Lineage:
    """The tables of a home, opened for walking.

    Args:
        tables: the folder of the tables.
        sources: the sources of the registry; others are not looked at.
    """

    def __init__(self, tables: Path, sources: Iterable[str]) -> None:
        self.tables = tables
        self.sources = tuple(sources)

    def _scan(self, table: str) -> pl.LazyFrame | None:
        if table == "training_mixtures":
            files = sorted((self.tables / table).glob("*/*.parquet"))
        elif table == "check_traces":
            beside = [
                self.tables / table / f"table={of}" / f"source={s}" for of in CHECKED_TABLES for s in self.sources
            ]
            files = [file for folder in beside for file in sorted(folder.glob("*.parquet"))]
        else:
            files = [f for s in self.sources for f in sorted((self.tables / table / f"source={s}").glob("*.parquet"))]
        return pl.scan_parquet(files, hive_partitioning=False) if files else None

    def row(self, row_id: str) -> tuple[str, dict[str, object]]:
        """The table and the whole row of an id; an input is given with its program_id.

        Raises:
            UnknownId: there is no such row, or the id is of no table.
        """
        try:
            table = table_of(row_id)
        except ValueError as error:
            raise UnknownId(str(error)) from error
        if table == "inputs":
            frame = self._scan("raw_programs")
            if frame is not None:
                found = (
                    frame.select("program_id", "inputs")
                    .filter(pl.col("inputs").list.eval(pl.element().struct.field("input_id") == row_id).list.any())
                    .collect()
                )
                for program in found.to_dicts():
                    for given in program["inputs"]:
                        if given["input_id"] == row_id:
                            return table, {"program_id": program["program_id"], **given}
        else:
            # A run made while asking or narrating is a trace too.
            for among in (table, "check_traces") if table == "execution_traces" else (table,):
                frame = self._scan(among)
                if frame is not None:
                    found = frame.filter(pl.col(ID_COLUMN[among]) == row_id).head(1).collect()
                    if found.height:
                        return among, found.to_dicts()[0]
        raise UnknownId(f"no row of {table} has the id {row_id}; is it of another home, or of a build before the last?")

    def up(self, row_id: str) -> list[Ancestor]:
        """All ancestors of a row, the row itself first, its program last.

        Raises:
            UnknownId: there is no such row.
        """
        table, row = self.row(row_id)
        walk = [self._ancestor(table, row_id, row)]
        if table == "training_mixtures":
            parents = [
                ancestors[key] for ancestors in row["ancestors"] for key in reversed(ANCESTORS.names) if ancestors[key]
            ]
        elif table == "inputs":
            parents = [row["program_id"]]
        else:
            parents = self._parents(table, row)
        for parent in dict.fromkeys(parents):
            above, found = self.row(parent)
            walk.append(self._ancestor(above, parent, found))
        return walk

    def _parents(self, table: str, row: dict[str, object]) -> list[str]:
        parents = [row[key] for key in _UP[table] if row[key]]
        if table == "check_traces":
            # Of the rows above the one that it was made for, those that it does not name itself.
            above, made_for = self.row(parents[0])
            others = [each for each in self._parents(above, made_for) if each not in (row["trace_id"], *parents)]
            parents[1:1] = others
        elif "input_id" in row:
            parents.insert(-1, row["input_id"])
        return parents

    def down(self, row_id: str) -> dict[str, list[str]]:
        """The ids of all rows made from a row, per table, in the order of the data.

        Raises:
            UnknownId: there is no such row.
        """
        table, row = self.row(row_id)
        column = {"inputs": "input_id", "check_traces": "check_trace_id"}.get(table) or ID_COLUMN[table]
        program = row.get("program_id")
        found: dict[str, list[str]] = {}
        first = {"inputs": 2, "check_traces": 3, "training_mixtures": len(STRIPE_TABLES)}.get(table)
        for below in STRIPE_TABLES[first if first is not None else STRIPE_TABLES.index(table) + 1 :]:
            frame = self._scan(below)
            if frame is None or column not in frame.collect_schema().names():
                continue
            rows = frame.filter((pl.col("program_id") == program) & (pl.col(column) == row_id))
            found[below] = rows.select(ID_COLUMN[below]).collect().to_series().to_list()
        frame = self._scan("check_traces")
        if frame is not None and table in _CHECKED:
            rows = frame.filter((pl.col("program_id") == program) & (pl.col(_CHECKED[table]) == row_id))
            found["check_traces"] = rows.select("trace_id").collect().to_series().to_list()
        frame = self._scan("training_mixtures")
        if frame is not None and table != "check_traces" and column in ANCESTORS.names:
            touches = pl.col("ancestors").list.eval(pl.element().struct.field(column) == row_id).list.any()
            found["training_mixtures"] = frame.filter(touches).select("sample_id").collect().to_series().to_list()
        return found

    def _ancestor(self, table: str, row_id: str, row: dict[str, object]) -> Ancestor:
        names = _SAYS.get(table, ("arguments", "stdin", "origin"))
        return Ancestor(table, row_id, {name: row[name] for name in names if row.get(name) not in (None, [])})
