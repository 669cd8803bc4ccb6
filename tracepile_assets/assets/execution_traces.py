"""The asset `execution_traces`: what every variant did on every input. Running it lies in execution/ and tracing/."""

import dagster as dg

from tracepile_assets.resources import TableStore
from tracepile_assets.tables.schemas import SCHEMAS

from .shape import SANDBOX, Results, report_build, same_columns, stripe_asset

RUN = [("code_variants", "code"), ("code_variants", "entry_point"), ("raw_programs", "inputs")]
TAKEN_OVER = same_columns("execution_traces", "code_variants")
LINEAGE = {name: TAKEN_OVER.get(name, RUN) for name in SCHEMAS["execution_traces"].names}


@stripe_asset("execution_traces", group="tracing", deps=["code_variants"], pool=SANDBOX)
def execution_traces(context: dg.AssetExecutionContext, store: dg.ResourceParam[TableStore]) -> Results:
    """Every event of every run: what was executed, what changed, how it ended.

    Each variant is run twice on each input, in processes that differ in hash seed, clock and memory layout: what
    differs is marked, and nothing is asked about it. A run that hits a limit or crashes is a row with that status.
    """
    yield from report_build(
        context, store, lambda: store.build_stripe("execution_traces", context.partition_key), LINEAGE
    )
