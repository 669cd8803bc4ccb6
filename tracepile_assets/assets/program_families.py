"""The asset `program_families`: which programs are near-duplicates. What makes two alike lies in similarity/."""

import dagster as dg

from tracepile_assets.resources import TableStore
from tracepile_assets.tables.schemas import SUMMARIES

from .shape import OWNERS, Results, column_schema, report_build

LINEAGE = {
    "family_id": [("raw_programs", "family_id")],
    "founder": [("raw_programs", "family_id"), ("raw_programs", "code")],
    "source": [("raw_programs", "source")],
    "program_id": [("raw_programs", "program_id")],
}


@dg.asset(
    deps=["raw_programs"],
    group_name="mixtures",
    kinds={"python", "parquet"},
    owners=OWNERS,
    tags={"tracepile/stage": "mixtures"},
    metadata={"dagster/column_schema": column_schema("program_families"), "one row": SUMMARIES["program_families"]},
)
def program_families(context: dg.AssetExecutionContext, store: dg.ResourceParam[TableStore]) -> Results:
    """The ledger of program families, which only grows: a family's founder decides its split, now and for ever."""
    yield from report_build(context, store, store.build_families, LINEAGE)
