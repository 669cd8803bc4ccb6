"""The asset `tracing_questions`: questions whose answers were computed from a trace. The kinds lie in questions/."""

import dagster as dg

from tracepile_assets.resources import TableStore
from tracepile_assets.tables.schemas import SCHEMAS

from .shape import SANDBOX, Results, report_build, same_columns, stripe_asset

TRACE = [("execution_traces", name) for name in ("event_kind", "event_statement", "change_place", "change_value")]
TAKEN_OVER = same_columns("tracing_questions", "execution_traces") | {
    "question": [("code_variants", "code"), ("raw_programs", "inputs"), *TRACE],
    "answer": [("execution_traces", "return_value"), ("execution_traces", "stdout"), *TRACE],
}
LINEAGE = {name: TAKEN_OVER.get(name, TRACE) for name in SCHEMAS["tracing_questions"].names}


@stripe_asset("tracing_questions", group="questions", deps=["execution_traces"], pool=SANDBOX)
def tracing_questions(context: dg.AssetExecutionContext, store: dg.ResourceParam[TableStore]) -> Results:
    """Questions about a run, forward and backward, each with an answer computed from its trace, never guessed."""
    yield from report_build(
        context, store, lambda: store.build_stripe("tracing_questions", context.partition_key), LINEAGE
    )
