"""Which candidates tell nearly the same as another one of the same program and kind.

Belongs here: finding the pairs, and which of a pair goes. Does not belong here: signing texts (similarity/), and equal
samples (`choosing`).

What is compared are the tellings that candidates name, not their questions: variants and questions about a program
share its code by design. So an answer without a telling is near to nothing.
"""

from collections.abc import Iterable, Iterator
from itertools import groupby
from operator import itemgetter
from pathlib import Path

import duckdb
import polars as pl

from tracepile_assets.similarity.texts import BANDS, ROWS, SIGNATURE_BYTES, likeness
from tracepile_assets.tables.views import bounded

LIKENESS = 0.9
"""Share of word triples in common from which on two tellings are near."""

_WIDTH = 4 * ROWS
_SIGNATURES = 20_000
"""Signatures that are in memory at a time."""

_SIGNED = """
CREATE TEMP TABLE signed AS
SELECT placed.place::BIGINT AS place, s.program_id, s.kind, f.signature
FROM placed JOIN read_parquet(?, file_row_number = true) AS s ON s.file_row_number = placed.row
JOIN read_parquet(?, hive_partitioning = false) AS f ON f.row_id = s.coe_id
WHERE f.signature IS NOT NULL
"""
# Those that agree with another one, and not the pairs of them: a hundred tellings that are all near make 4,950 pairs.
_IN_BAND = """
INSERT INTO meeting
SELECT place FROM signed SEMI JOIN (
    SELECT program_id, kind, array_slice(signature, {first}, {last}) AS band
    FROM signed GROUP BY ALL HAVING min(place) < max(place)
) AS shared
ON signed.program_id = shared.program_id AND signed.kind = shared.kind
    AND array_slice(signed.signature, {first}, {last}) = shared.band
"""
_MEETING = """
SELECT program_id, kind, place, signature FROM signed SEMI JOIN meeting USING (place) ORDER BY program_id, kind, place
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
    with duckdb.connect() as connection:
        meeting = _meeting(connection, placed, selected, files, spill)
        return sorted(place for _, group in groupby(meeting, itemgetter(0, 1)) for place in _too_near(group))


def _meeting(
    connection: duckdb.DuckDBPyConnection, placed: pl.DataFrame, selected: Path, files: list[Path], spill: Path
) -> Iterator[tuple[str, str, int, bytes]]:
    """Program, kind, place and signature of those that agree in a band with another one of their program and kind, in
    this order.
    """
    bounded(connection, spill)
    connection.register("placed", placed.to_arrow())
    connection.execute(_SIGNED, [str(selected), [str(file) for file in files]])
    connection.execute("CREATE TEMP TABLE meeting (place BIGINT)")
    for band in range(BANDS):
        connection.execute(_IN_BAND.format(first=band * _WIDTH + 1, last=(band + 1) * _WIDTH))
    for batch in connection.sql(_MEETING).to_arrow_reader(_SIGNATURES):
        yield from zip(*(column.to_pylist() for column in batch.columns), strict=True)


def _too_near(group: Iterable[tuple[str, str, int, bytes]]) -> Iterator[int]:
    """The places of those of one program and kind that are near to one before them that stays."""
    stayed: list[bytes] = []
    having: dict[tuple[int, bytes], list[int]] = {}
    for place, same in groupby(group, itemgetter(2)):
        *_, signature = next(same)
        bands = [(at, signature[at : at + _WIDTH]) for at in range(0, SIGNATURE_BYTES, _WIDTH)]
        met = [stayed[number] for number in {number for band in bands for number in having.get(band, ())}]
        if met and (likeness([signature] * len(met), met) >= LIKENESS).any():
            yield place
            continue
        for band in bands:
            having.setdefault(band, []).append(len(stayed))
        stayed.append(signature)
