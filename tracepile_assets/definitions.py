"""What Dagster loads: the whole graph. No logic here; each piece is defined where it is imported from."""

import dagster as dg

from tracepile_assets.assets.chains_of_execution import chains_of_execution
from tracepile_assets.assets.code_variants import code_variants
from tracepile_assets.assets.corrupted_twins import corrupted_twins
from tracepile_assets.assets.execution_traces import execution_traces
from tracepile_assets.assets.program_families import program_families
from tracepile_assets.assets.quality_report import quality_report
from tracepile_assets.assets.raw_programs import raw_programs
from tracepile_assets.assets.sample_features import sample_features
from tracepile_assets.assets.shape import with_code_references
from tracepile_assets.assets.synthesized_programs import synthesized_programs
from tracepile_assets.assets.tracing_questions import tracing_questions
from tracepile_assets.assets.training_mixtures import training_mixtures
from tracepile_assets.automation.job import whole_graph
from tracepile_assets.automation.schedules import daily_refresh
from tracepile_assets.automation.sensors import new_sources, planner, reaper
from tracepile_assets.resources import TableStore


def build_definitions(store: TableStore) -> dg.Definitions:
    """The graph on one store of tables; the command line and tests bring their own."""
    return dg.Definitions(
        assets=with_code_references(
            [
                synthesized_programs,
                raw_programs,
                code_variants,
                execution_traces,
                tracing_questions,
                chains_of_execution,
                corrupted_twins,
                sample_features,
                program_families,
                quality_report,
                *training_mixtures(store),
            ]
        ),
        jobs=[whole_graph],
        schedules=[daily_refresh],
        sensors=[new_sources, planner, reaper],
        resources={"store": store},
        executor=dg.in_process_executor,
    )


defs = build_definitions(TableStore())
