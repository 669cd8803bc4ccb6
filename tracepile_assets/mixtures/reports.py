"""Reports over all tables: one SQL file each, shipped in `sql/reports/`.

Belongs here: finding and running them. Does not belong here: the queries, and how a report is shown.
"""

from collections.abc import Collection
from pathlib import Path

import pyarrow as pa

from tracepile_assets.mixtures.shards import all_shards
from tracepile_assets.tables.shipped import shipped_sql
from tracepile_assets.tables.views import open_views


def report_names() -> list[str]:
    """The names of the shipped reports."""
    files = shipped_sql("reports").iterdir()
    return sorted(file.name.removesuffix(".sql") for file in files if file.name.endswith(".sql"))


def report(name: str, tables: Path, sources: Collection[str] | None = None) -> pa.Table:
    """Run a shipped report over the tables in this folder, benchmark programs included.

    All sources in them are read, or only the ones named.

    Raises:
        KeyError: there is no such report.
    """
    if name not in report_names():
        raise KeyError(f"there is no report {name!r}; the reports are {', '.join(report_names())}")
    query = (shipped_sql("reports") / f"{name}.sql").read_text(encoding="utf-8")
    shards = all_shards(tables)
    with open_views(tables, admissible=False, side_tables=True, samples=shards, sources=sources) as connection:
        return connection.sql(query).to_arrow_table()
