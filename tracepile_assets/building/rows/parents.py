"""Reading the parent tables of a stripe, in the order in which their rows lie.

Not here: which columns decide a row (each rows module says so).
"""

from collections.abc import Collection, Iterator, Sequence

import pyarrow as pa
import pyarrow.compute as pc

from tracepile_assets.tables.files import read_batches, read_table

from .unit import Context, Row

PROGRAM_COLUMNS = ("program_id", "status", "code", "entry_point", "inputs", "title", "statement", "benchmark")


def rows_of(
    context: Context,
    table: str,
    columns: Sequence[str] | None = None,
    *,
    among: tuple[str, Collection[str]] | None = None,
) -> Iterator[Row]:
    """Rows of a parent of this stripe, a few hundred in memory at a time; with `among`, those whose column holds one of
    the values.
    """
    wanted = None if among is None else pa.array(list(among[1]), pa.string())
    for batch in read_batches(context.home.stripe_file(table, context.stripe), columns):
        if among is not None:
            batch = batch.filter(pc.is_in(batch.column(among[0]), value_set=wanted))
        yield from batch.to_pylist()


def programs(context: Context) -> dict[str, Row]:
    """Programs of the stripe by id, with the columns that others are made from."""
    rows = read_table(context.home.stripe_file("raw_programs", context.stripe), "raw_programs", PROGRAM_COLUMNS)
    return {row["program_id"]: row for row in rows.to_pylist()}


def variants(context: Context) -> dict[str, Row]:
    """Code and entry point of the variants of the stripe by id."""
    columns = ("variant_id", "program_id", "code", "entry_point")
    rows = read_table(context.home.stripe_file("code_variants", context.stripe), "code_variants", columns)
    return {row["variant_id"]: row for row in rows.to_pylist()}
