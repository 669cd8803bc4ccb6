"""The asset `corrupted_twins`: tellings with one planted false claim. Planting: narration/; judging: quality/."""

import dagster as dg

from tracepile_assets.resources import TableStore
from tracepile_assets.tables.schemas import SCHEMAS

from .shape import Results, report_build, same_columns, stripe_asset

PLANTED = [
    ("chains_of_execution", "text"),
    ("chains_of_execution", "claims"),
    *(("execution_traces", name) for name in ("event_statement", "event_value", "change_value")),
]
TAKEN_OVER = same_columns("corrupted_twins", "chains_of_execution") | {"text": PLANTED}
LINEAGE = {name: TAKEN_OVER.get(name, PLANTED) for name in SCHEMAS["corrupted_twins"].names}


@stripe_asset("corrupted_twins", group="narration", deps=["chains_of_execution"])
def corrupted_twins(context: dg.AssetExecutionContext, store: dg.ResourceParam[TableStore]) -> Results:
    """For a share of the rationales, the same text with one false claim, its first wrong span and the kind of fault.

    For step rewards and pairs of preference, and never among the true ones: what an evaluator that shares no code with
    the verifier does not find false is set aside with its reason.
    """
    yield from report_build(
        context, store, lambda: store.build_stripe("corrupted_twins", context.partition_key), LINEAGE
    )
