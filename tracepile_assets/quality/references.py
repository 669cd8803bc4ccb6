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


def links_of(table: str, frame: pl.DataFrame) -> pl.DataFrame:
    """What a table's rows are linked to their parents by: all that `lost_parents` reads.

    Returns:
        The id of each row, and of what it points to a number of 64 bits made of the id, which takes a sixth of the
        memory. `made_for` stays as it is, since it begins with what it points to. The frame is not kept in memory.
    """
    of_references = [name for each in REFERENCES.get(table, ()) for name in (each.column, *each.agrees)]
    beside = [name for name in ("input_id", "made_for") if of_references and name in SCHEMAS[table].names]
    whole = (ID_COLUMN[table], "made_for")
    return pl.DataFrame(
        [
            pl.Series(name, frame.get_column(name).to_list(), frame.schema[name])
            if name in whole
            else frame.select(_number(name)).to_series()
            for name in dict.fromkeys([ID_COLUMN[table], *of_references, *beside])
        ]
    )


_NOWHERE = 0
"""The number of what is null. There are no nulls among numbers: what marks them would keep the ids in memory."""


def _number(column: str) -> pl.Expr:
    """Ids of a column as numbers: two ids, which are digests themselves, have the same one once in 2**64 cases."""
    nowhere = pl.lit(_NOWHERE, pl.UInt64)
    return pl.when(pl.col(column).is_null()).then(nowhere).otherwise(pl.col(column).hash()).alias(column)


def _numbered(rows: pl.DataFrame | pl.LazyFrame, *columns: str) -> pl.LazyFrame:
    """So much of a parent as links are compared with; no more of it is in memory at once than is read in one go."""
    numbered = rows.lazy().select(_number(column) for column in columns)
    return numbered.unique(columns[0]).collect(engine="streaming").lazy()


def lost_parents(table: str, links: pl.DataFrame, parents: Parents) -> Iterator[Fault]:
    """The references of a table that lead nowhere, or to a row that says otherwise.

    Args:
        table: name of the table.
        links: of all its rows, as `links_of` gives them.
        parents: parents by table; references to others are not looked at.
    """
    key = ID_COLUMN[table]
    for reference in REFERENCES[table]:
        if reference.parent not in parents:
            continue
        parent_key = ID_COLUMN[reference.parent]
        parent = _numbered(parents[reference.parent], parent_key, *reference.agrees)
        seen = parent.select(parent_key, *(pl.col(name).alias(f"_seen_{name}") for name in reference.agrees))
        named = dict.fromkeys((key, reference.column, *reference.agrees))
        pointing = links.lazy().select(*named).filter(pl.col(reference.column) != _NOWHERE)
        joined = pointing.join(seen, left_on=reference.column, right_on=parent_key, how="inner")
        lost = _ids(pointing.join(parent, left_on=reference.column, right_on=parent_key, how="anti"), key)
        if lost:
            yield Fault(f"{reference.column} is the id of a row of {reference.parent}", len(lost), lost)
        for column in reference.agrees:
            odd = _ids(joined.filter(pl.col(f"_seen_{column}") != pl.col(column)), key)
            if odd:
                yield Fault(f"{column} is that of the row of {reference.parent} pointed to", len(odd), odd)
    if table == "check_traces":
        yield from _lost_purposes(links, parents)
    elif "input_id" in links.columns and "raw_programs" in parents:
        yield from _lost_inputs(links, parents["raw_programs"], key)


def _ids(rows: pl.LazyFrame, key: str) -> tuple[str, ...]:
    return tuple(rows.select(key).collect().to_series().drop_nulls())


def _lost_purposes(links: pl.DataFrame, parents: Parents) -> Iterator[Fault]:
    """Runs that no row points to that they were made for."""
    for parent in CHECKED_TABLES:
        if parent not in parents:
            continue
        key = ID_COLUMN[parent]
        made_for = links.select("made_for", "trace_id").filter(pl.col("made_for").str.starts_with(PREFIXES[parent]))
        named = pl.col(key).alias("made_for"), pl.col("check_trace_id").alias("trace_id")
        pointing = parents[parent].lazy().select(named).collect()
        lost = made_for.join(pointing, on=["made_for", "trace_id"], how="anti").get_column("trace_id").drop_nulls()
        if lost.len():
            says = f"made_for is the id of a row of {parent} whose check_trace_id is this run"
            yield Fault(says, lost.len(), tuple(lost))


def _lost_inputs(links: pl.DataFrame, programs: pl.DataFrame | pl.LazyFrame, key: str) -> Iterator[Fault]:
    given = (
        programs.lazy()
        .select("program_id", pl.col("inputs").list.eval(pl.element().struct.field("input_id")).alias("input_id"))
        .explode("input_id")
        .drop_nulls()
        .select(_number("program_id"), _number("input_id"))
        .unique()
        .collect()
    )
    pointing = links.select(*dict.fromkeys((key, "program_id", "input_id")))
    lost = pointing.join(given, on=["program_id", "input_id"], how="anti").get_column(key).drop_nulls()
    if lost.len():
        yield Fault("input_id is that of an input of the program", lost.len(), tuple(lost))
