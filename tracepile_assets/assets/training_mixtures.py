"""The assets `training_mixtures/<name>`: one per SQL file. What a mixture holds lies in that file and in mixtures/."""

from functools import partial

import dagster as dg

from tracepile_assets.building import BuildReport
from tracepile_assets.checks.findings import check_specs
from tracepile_assets.mixtures.definition import Mixture
from tracepile_assets.resources import TableStore
from tracepile_assets.tables.schemas import FEATURES, SUMMARIES

from .shape import OWNERS, Results, column_schema, report_build

_TRUE = {
    "text": [("chains_of_execution", "text"), ("tracing_questions", "question")],
    "messages": [("tracing_questions", "question"), ("chains_of_execution", "text")],
    "prompt": [("tracing_questions", "question")],
    "answer": [("tracing_questions", "answer")],
    "grader": [("tracing_questions", "kind")],
    "grading": [("tracing_questions", name) for name in ("direction", "answer_type", "target")],
    "n_tokens": [(FEATURES, f"{part}_tokens") for part in ("context", "question", "answer", "rationale")],
    "curriculum_quantile": [("execution_traces", "difficulty")],
    "split": [("program_families", "founder")],
    "ancestors": [
        ("raw_programs", "program_id"),
        ("code_variants", "variant_id"),
        ("execution_traces", "trace_id"),
        ("tracing_questions", "question_id"),
        ("chains_of_execution", "coe_id"),
    ],
}
_PAIRS = {
    "prompt": [("tracing_questions", "question"), ("raw_programs", "code")],
    "chosen": [("chains_of_execution", "text")],
    "rejected": [("corrupted_twins", "text")],
    "split": _TRUE["split"],
    "n_tokens": [*_TRUE["n_tokens"], ("corrupted_twins", "text")],
    "ancestors": [*_TRUE["ancestors"], ("corrupted_twins", "twin_id")],
}


def mixture_key(name: str) -> dg.AssetKey:
    """The asset key of a mixture."""
    return dg.AssetKey(["training_mixtures", name])


def training_mixtures(store: TableStore) -> list[dg.AssetsDefinition]:
    """One asset per mixture that ships and per SQL file in the home's `mixtures/`."""
    return [_mixture(mixture) for mixture in store.mixtures()]


def _mixture(made: Mixture) -> dg.AssetsDefinition:
    name, pairs = made.name, made.takes_false_texts

    @dg.asset(
        key=mixture_key(name),
        deps=[
            "chains_of_execution",
            *(["corrupted_twins"] if pairs else []),
            FEATURES,
            "program_families",
            "quality_report",
        ],
        group_name="mixtures",
        kinds={"sql", "parquet"},
        owners=OWNERS,
        tags={"tracepile/stage": "mixtures"},
        description=made.description,
        metadata={
            "dagster/column_schema": column_schema("training_mixtures"),
            "one row": SUMMARIES["training_mixtures"],
        },
        check_specs=check_specs("training_mixtures", mixture_key(name)),
    )
    def mixture(context: dg.AssetExecutionContext, store: dg.ResourceParam[TableStore]) -> Results:
        lineage = _PAIRS if pairs else _TRUE
        yield from report_build(context, store, lambda: store.build_mixture(name), lineage, partial(_card, store))

    return mixture


def _card(store: TableStore, report: BuildReport) -> dict[str, object]:
    return {"data card": dg.MetadataValue.md(store.card(report.path))}
