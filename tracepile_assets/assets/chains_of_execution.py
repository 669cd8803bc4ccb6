"""The asset `chains_of_execution`: runs told in words, every claim verified. Telling and verifying: narration/."""

import dagster as dg

from tracepile_assets.resources import TableStore
from tracepile_assets.tables.schemas import SCHEMAS

from .shape import SANDBOX, Results, report_build, same_columns, stripe_asset

TOLD = [
    ("tracing_questions", "question"),
    *(("execution_traces", name) for name in ("event_statement", "event_value", "change_value")),
]
TAKEN_OVER = same_columns("chains_of_execution", "tracing_questions")
LINEAGE = {name: TAKEN_OVER.get(name, TOLD) for name in SCHEMAS["chains_of_execution"].names}


@stripe_asset("chains_of_execution", group="narration", deps=["tracing_questions"], pool=SANDBOX)
def chains_of_execution(context: dg.AssetExecutionContext, store: dg.ResourceParam[TableStore]) -> Results:
    """Rationales that tell a run in plain English on the way to an answer.

    A rationale is a row only if the verifier, which shares no code with the narrator, found every claim in it to agree
    with the trace; the others are among the rejected, with the claim that failed.
    """
    yield from report_build(
        context, store, lambda: store.build_stripe("chains_of_execution", context.partition_key), LINEAGE
    )
