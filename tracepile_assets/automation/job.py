"""The job of the whole graph. Run requests choose a stripe and the assets of it that are stale, or mixtures."""

import dagster as dg

JOB_NAME = "whole_graph"

whole_graph = dg.define_asset_job(
    JOB_NAME,
    # A language model is asked only where a person asks for that.
    selection=dg.AssetSelection.all() - dg.AssetSelection.assets("synthesized_programs"),
    description="Every table of one stripe, then families and mixtures. What is current is left as it is.",
    tags={"tracepile/job": JOB_NAME},
)
