"""The asset `sample_features`: what mixtures need to know of each question and rationale. Measuring: building/."""

import dagster as dg

from tracepile_assets.resources import TableStore
from tracepile_assets.tables.schemas import FEATURES, SCHEMAS

from .shape import Results, report_build, same_columns, stripe_asset

PARTS = {
    "context": [("raw_programs", "statement"), ("code_variants", "code"), ("raw_programs", "inputs")],
    "question": [("tracing_questions", "question")],
    "answer": [("tracing_questions", "answer")],
    "rationale": [("chains_of_execution", "text")],
}
EVERY_PART = [column for columns in PARTS.values() for column in columns]
LINEAGE = {
    **dict.fromkeys(SCHEMAS[FEATURES].names, EVERY_PART),
    **same_columns(FEATURES, "tracing_questions"),
    **same_columns(FEATURES, "chains_of_execution"),
    **{f"{part}_{what}": columns for part, columns in PARTS.items() for what in ("tokens", "digest")},
    "signature": PARTS["rationale"],
}


@stripe_asset(FEATURES, group="mixtures", deps=["chains_of_execution"])
def sample_features(context: dg.AssetExecutionContext, store: dg.ResourceParam[TableStore]) -> Results:
    """Token counts, signatures and overlaps with benchmarks: measured once for each tokenizer and each benchmark that a
    mixture names, and read by all mixtures.
    """
    yield from report_build(context, store, lambda: store.build_features(context.partition_key), LINEAGE)
