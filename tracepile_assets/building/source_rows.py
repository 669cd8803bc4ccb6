"""Which programs a row of a source holds, or held before it changed.

Belongs here: looking in the stripe map, the tables and, if need be, the source. Does not belong here: what becomes of
them (`impact`, takedown/).
"""

import polars as pl

from tracepile_assets.home import Home, HomeError
from tracepile_assets.sources import SourceError, open_source

from .sources import program_id_of


def programs_of_row(home: Home, source: str, row: str) -> frozenset[str]:
    """The ids of the programs that a row of a source holds, or held; those of a row that was taken down, too.

    Raises:
        HomeError: no table has such a row, nor has the source.
    """
    found = set(home.forgotten().rows(source).get(row, ()))
    stripe_map = home.stripe_map(source)
    for stripe in stripe_map.keys(source):
        for slot in stripe_map.slots(stripe):
            if slot.source_row == row:
                found |= {slot.program_id, *slot.earlier}
    files = sorted((home.tables / "raw_programs" / f"source={source}").glob("*.parquet"))
    for path in files:
        table = pl.scan_parquet(path, hive_partitioning=False).select("program_id", "source_row")
        found |= set(table.filter(pl.col("source_row") == row).collect()["program_id"])
    if not found and row not in home.forgotten().rows(source):
        found |= _read(home, source, row)
    return frozenset(found)


def _read(home: Home, source: str, row: str) -> set[str]:
    """The id of a row that was never built, read from its source."""
    remedy = "name it as `tracepile lineage` shows it: the `source` and `source_row` of raw_programs"
    entries = {entry.name: entry for entry in home.registry().entries()}
    if source not in entries:
        known = ", ".join(entries) or "none"
        raise HomeError(f"there is no source {source!r} in {home.registry_file} (there are: {known}); {remedy}")
    try:
        found = {program_id_of(entries[source], p) for p in open_source(entries[source]) if p.source_row == row}
    except SourceError as error:
        raise HomeError(f"no table has row {row!r} of source {source}, which cannot be read: {error}") from error
    if not found:
        raise HomeError(f"source {source} has no row {row!r}; {remedy}")
    return found
