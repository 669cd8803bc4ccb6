"""What became of the candidates that are no samples, as rows of the side tables.

Does not belong here: deciding who is left out (`making`, `choosing`).
"""

from collections.abc import Mapping
from typing import Any

import orjson
import polars as pl
import pyarrow as pa

from tracepile_assets.mixtures.definition import Mixture
from tracepile_assets.mixtures.selection import ROWS
from tracepile_assets.tables.files import as_table
from tracepile_assets.tables.schemas import SCHEMAS

KEPT_OUT = {
    "license_not_allowed": "the licence of the program is not on the allow-list (setting mixtures.licenses)",
    "bridging_family": "the program is near to programs of two splits, and would be on both sides of the line",
    "contaminated": "it, or the program that it is about, overlaps with a benchmark",
}
"""What a policy keeps out of every mixture, by the check that finds it."""


def drops(mixture: Mixture, dropped: pl.DataFrame) -> pa.Table:
    """Candidates that are no samples, in the schema of rejected."""
    rows = dropped.sort("sample_id").select(
        pl.col("sample_id").alias("parent_id"),
        pl.lit(mixture.name).alias("unit"),
        "reason",
        pl.col("program_id").alias("detail"),
    )
    schema = SCHEMAS["rejected"]
    return rows.select(schema.names).to_arrow().cast(schema)


def kept_out(dropped: pl.DataFrame) -> pa.Table:
    """Candidates that a policy keeps out, in the schema of quarantine."""
    columns = ("program_id", "kind", "source", "license", "founder", "split")
    parts = [as_table("quarantine", [])]
    for some in dropped.sort("sample_id").iter_slices(ROWS):
        rows = [
            {
                "row_id": row["sample_id"],
                "check": row["reason"],
                "reason": KEPT_OUT[row["reason"]],
                "row": orjson.dumps({name: row[name] for name in columns} | _told_overlaps(row)).decode(),
            }
            for row in some.iter_rows(named=True)
        ]
        parts.append(as_table("quarantine", rows))
    return pa.concat_tables(parts)


def _told_overlaps(row: Mapping[str, Any]) -> dict[str, Any]:
    """Which items of which benchmarks it overlaps with, and where, of a row that is out for that."""
    return {"overlaps": orjson.loads(row["overlaps"])} if row["reason"] == "contaminated" else {}
