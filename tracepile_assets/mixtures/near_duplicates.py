"""Which candidates tell nearly the same as another one of the same program and kind.

Belongs here: finding the pairs, and which of a pair goes. Does not belong here: signing texts (similarity/), and equal
samples (`choosing`).

What is compared are the tellings that candidates name, not their questions: variants and questions about a program
share its code by design. So an answer without a telling is near to nothing.
"""

from collections.abc import Iterator
from pathlib import Path

import duckdb
import polars as pl
import pyarrow as pa

from tracepile_assets.mixtures.views import bounded
from tracepile_assets.similarity.texts import BANDS, ROWS, likeness

LIKENESS = 0.9
"""Share of word triples in common from which on two tellings are near."""

_WIDTH = 4 * ROWS
_PAIRS = 20_000
"""Pairs whose signatures are in memory at a time."""

# One band at a time: a pair that agrees in several is found in each, and counts once.
_IN_BAND = """
INSERT INTO pairs
SELECT a.place, b.place
FROM signed AS a JOIN signed AS b
ON a.program_id = b.program_id AND a.kind = b.kind
    AND array_slice(a.signature, {first}, {last}) = array_slice(b.signature, {first}, {last})
    AND a.place < b.place
"""
_WITH_SIGNATURES = """
SELECT p.first, p.second, a.signature AS one, b.signature AS other
FROM (SELECT DISTINCT first, second FROM pairs) AS p
JOIN signed AS a ON a.place = p.first JOIN signed AS b ON b.place = p.second
ORDER BY p.first, p.second
"""


def near_duplicates(candidates: pl.Series, selected: Path, files: list[Path], spill: Path) -> list[int]:
    """The candidates that are too near to one that comes before them and stays.

    Args:
        candidates: those that are still in, in the order in which they are to be kept: for each the number of its row
            in `selected`, from 0.
        selected: Parquet file with coe_id, program_id and kind of the rows that the query gave.
        files: the signatures of tellings: files of sample_features.
        spill: folder for what does not fit into memory.

    Returns:
        Their places in that order, ascending.
    """
    if candidates.is_empty() or not files:
        return []
    placed = candidates.rename("row").to_frame().with_row_index("place")
    dropped: set[int] = set()
    with duckdb.connect() as connection:
        for first, second in _near(connection, placed, selected, files, spill):
            # In order: whether the first of a pair stays is settled before it is asked.
            if first not in dropped:
                dropped.add(second)
    return sorted(dropped)


def _near(
    connection: duckdb.DuckDBPyConnection, placed: pl.DataFrame, selected: Path, files: list[Path], spill: Path
) -> Iterator[tuple[int, int]]:
    """The pairs that are near, by place, in order."""
    bounded(connection, spill)
    connection.register("placed", placed.to_arrow())
    connection.execute(
        "CREATE TEMP TABLE signed AS SELECT placed.place::BIGINT AS place, s.program_id, s.kind, f.signature "
        "FROM placed JOIN read_parquet(?, file_row_number = true) AS s ON s.file_row_number = placed.row "
        "JOIN read_parquet(?, hive_partitioning = false) AS f ON f.row_id = s.coe_id "
        "WHERE f.signature IS NOT NULL",
        [str(selected), [str(file) for file in files]],
    )
    connection.execute("CREATE TEMP TABLE pairs (first BIGINT, second BIGINT)")
    for band in range(BANDS):
        connection.execute(_IN_BAND.format(first=band * _WIDTH + 1, last=(band + 1) * _WIDTH))
    for batch in connection.sql(_WITH_SIGNATURES).to_arrow_reader(_PAIRS):
        yield from _alike(batch)


def _alike(batch: pa.RecordBatch) -> Iterator[tuple[int, int]]:
    columns = batch.to_pydict()
    for first, second, share in zip(
        columns["first"], columns["second"], likeness(columns["one"], columns["other"]), strict=True
    ):
        if share >= LIKENESS:
            yield first, second
