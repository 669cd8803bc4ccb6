"""Building: one stripe of one table, one mixture, or one side asset: plan, rows, audit, publish.

Belongs here: the one call that a Dagster asset makes, and that runs without Dagster just as well. Does not belong here:
how rows are made (the rooms to the left), what is stale (planning/), and anything that knows Dagster.
"""

from .errors import BuildBlocked
from .families import build_families
from .features import build_features
from .funnel import Funnel, read_funnel
from .mixtures import (
    ListedMixture,
    build_mixture,
    list_mixtures,
    mixture_counts,
    mixtures,
    preview_mixture,
    stale_mixtures,
)
from .plan import make_plan
from .report import BuildReport
from .sources import SourceProblem, sync_source, sync_sources
from .stripes import build_stripe

__all__ = [
    "BuildBlocked",
    "BuildReport",
    "Funnel",
    "ListedMixture",
    "SourceProblem",
    "build_families",
    "build_features",
    "build_mixture",
    "build_stripe",
    "list_mixtures",
    "make_plan",
    "mixture_counts",
    "mixtures",
    "preview_mixture",
    "read_funnel",
    "stale_mixtures",
    "sync_source",
    "sync_sources",
]
