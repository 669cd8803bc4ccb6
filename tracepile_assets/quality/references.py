"""Which rows point to which, and the rows whose parent is lost.

Not here: other rules about rows (`ranges`, `rules`).
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import polars as pl

from tracepile_assets.tables.ids import PREFIXES
from tracepile_assets.tables.schemas import CHECKED_TABLES, ID_COLUMN, SCHEMAS

from .findings import Fault

Parents = Mapping[str, pl.DataFrame | pl.LazyFrame]
"""Parent tables by name: in memory, or to be read where and as far as they are looked at."""


@dataclass(frozen=True, slots=True)
class Reference:
    """A column that holds the id of a row of another table.

    Attributes:
        column: the column; null points nowhere.
        parent: the table that it points to.
        agrees: columns that the row and its parent both have, and that must be equal.
    """

    column: str
    parent: str
    agrees: tuple[str, ...] = ()


_OF_TRACE = ("input_id", "variant_id", "program_id")

REFERENCES: dict[str, tuple[Reference, ...]] = {
    "code_variants": (Reference("program_id", "raw_programs"),),
    "execution_traces": (
        Reference("program_id", "raw_programs"),
        Reference("variant_id", "code_variants", ("program_id",)),
    ),
    "tracing_questions": (
        Reference("program_id", "raw_programs"),
        Reference("variant_id", "code_variants", ("program_id",)),
        Reference("trace_id", "execution_traces", _OF_TRACE),
        Reference("check_trace_id", "check_traces", ("variant_id", "program_id")),
    ),
    "check_traces": (
        Reference("program_id", "raw_programs"),
        Reference("variant_id", "code_variants", ("program_id",)),
    ),
    "chains_of_execution": (
        Reference("program_id", "raw_programs"),
        Reference("variant_id", "code_variants", ("program_id",)),
        Reference("trace_id", "execution_traces", _OF_TRACE),
        Reference("question_id", "tracing_questions", ("trace_id", *_OF_TRACE)),
        Reference("check_trace_id", "check_traces", ("variant_id", "program_id")),
    ),
    "corrupted_twins": (
        Reference("program_id", "raw_programs"),
        Reference("variant_id", "code_variants", ("program_id",)),
        Reference("trace_id", "execution_traces", _OF_TRACE),
        Reference("question_id", "tracing_questions", ("trace_id", *_OF_TRACE)),
        Reference("coe_id", "chains_of_execution", ("question_id", "trace_id", *_OF_TRACE)),
    ),
    "sample_features": (
        Reference("question_id", "tracing_questions", ("trace_id", "program_id")),
        Reference("coe_id", "chains_of_execution", ("question_id", "trace_id", "program_id")),
    ),
}
"""The references of each table. Inputs lie inside the rows of raw_programs and are looked up there."""


def link_columns(table: str) -> list[str]:
    """The columns that a table's rows are linked to their parents by, its id first: all that `lost_parents` reads."""
    of_references = [name for each in REFERENCES.get(table, ()) for name in (each.column, *each.agrees)]
    beside = [name for name in ("input_id", "made_for") if of_references and name in SCHEMAS[table].names]
    return list(dict.fromkeys([ID_COLUMN[table], *of_references, *beside]))


def lost_parents(table: str, frame: pl.DataFrame, parents: Parents) -> Iterator[Fault]:
    """The references of a table that lead nowhere, or to a row that says otherwise.

    Args:
        table: name of the table.
        frame: its rows, or the columns of them that `link_columns` names.
        parents: parents by table; references to others are not looked at.
    """
    key = ID_COLUMN[table]
    for reference in REFERENCES[table]:
        if reference.parent not in parents:
            continue
        parent_key = ID_COLUMN[reference.parent]
        said = [pl.col(column).alias(f"_seen_{column}") for column in reference.agrees]
        parent = parents[reference.parent].lazy().select(parent_key, *said).unique(parent_key).collect()
        named = dict.fromkeys((key, reference.column, *reference.agrees))
        pointing = frame.select(*named).filter(pl.col(reference.column).is_not_null())
        lost = (
            pointing.join(parent, left_on=reference.column, right_on=parent_key, how="anti")
            .get_column(key)
            .drop_nulls()
        )
        if lost.len():
            yield Fault(f"{reference.column} is the id of a row of {reference.parent}", lost.len(), tuple(lost))
        joined = pointing.join(parent, left_on=reference.column, right_on=parent_key, how="inner")
        for column in reference.agrees:
            odd = joined.filter(pl.col(f"_seen_{column}") != pl.col(column)).get_column(key).drop_nulls()
            if odd.len():
                yield Fault(f"{column} is that of the row of {reference.parent} pointed to", odd.len(), tuple(odd))
    if table == "check_traces":
        yield from _lost_purposes(frame, parents)
    elif "input_id" in frame.columns and "raw_programs" in parents:
        yield from _lost_inputs(frame, parents["raw_programs"], key)


def _lost_purposes(frame: pl.DataFrame, parents: Parents) -> Iterator[Fault]:
    """Runs that no row points to that they were made for."""
    for parent in CHECKED_TABLES:
        if parent not in parents:
            continue
        key = ID_COLUMN[parent]
        made_for = frame.select("made_for", "trace_id").filter(pl.col("made_for").str.starts_with(PREFIXES[parent]))
        named = pl.col(key).alias("made_for"), pl.col("check_trace_id").alias("trace_id")
        pointing = parents[parent].lazy().select(named).collect()
        lost = made_for.join(pointing, on=["made_for", "trace_id"], how="anti").get_column("trace_id").drop_nulls()
        if lost.len():
            says = f"made_for is the id of a row of {parent} whose check_trace_id is this run"
            yield Fault(says, lost.len(), tuple(lost))


def _lost_inputs(frame: pl.DataFrame, programs: pl.DataFrame | pl.LazyFrame, key: str) -> Iterator[Fault]:
    given = (
        programs.lazy()
        .select("program_id", pl.col("inputs").list.eval(pl.element().struct.field("input_id")).alias("input_id"))
        .explode("input_id")
        .drop_nulls()
        .unique()
        .collect()
    )
    pointing = frame.select(*dict.fromkeys((key, "program_id", "input_id")))
    lost = pointing.join(given, on=["program_id", "input_id"], how="anti").get_column(key).drop_nulls()
    if lost.len():
        yield Fault("input_id is that of an input of the program", lost.len(), tuple(lost))
