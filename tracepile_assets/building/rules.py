"""The rule of every stripe table: its parents, the units that make it, and the settings that decide it.

Not here: how rows are made (rows/), and the comparing (planning/).
"""

import platform
from dataclasses import dataclass

from tracepile_assets.execution import recorder_version
from tracepile_assets.home import Home
from tracepile_assets.planning import Rule, versions_digest
from tracepile_assets.tables.schemas import FEATURES

from .feature_units import features, module_of, place_of
from .sources import MODULES as SOURCE_MODULES


@dataclass(frozen=True)
class _Made:
    parents: tuple[str, ...]
    modules: tuple[str, ...]
    libraries: tuple[str, ...] = ()
    runs: bool = False
    asking: tuple[str, ...] = ()
    """What makes rows only where the settings have a model help."""


_TABLES = {
    "raw_programs": _Made((), SOURCE_MODULES, asking=("tracepile_assets.building.rows.model_inputs",)),
    "code_variants": _Made(
        ("raw_programs",),
        ("tracepile_assets.rewriting",),
        ("libcst",),
        runs=True,
        asking=("tracepile_assets.building.rows.model_rewriter",),
    ),
    "execution_traces": _Made(("raw_programs", "code_variants"), ("tracepile_assets.tracing",), runs=True),
    "tracing_questions": _Made(
        ("raw_programs", "code_variants", "execution_traces"),
        ("tracepile_assets.questions", "tracepile_assets.tracing"),
        runs=True,
    ),
    "chains_of_execution": _Made(
        ("raw_programs", "code_variants", "execution_traces", "tracing_questions"),
        ("tracepile_assets.narration.narrators", "tracepile_assets.narration.verifier", "tracepile_assets.tracing"),
        runs=True,
        asking=("tracepile_assets.building.rows.model_narrator",),
    ),
    "corrupted_twins": _Made(
        ("raw_programs", "code_variants", "execution_traces", "tracing_questions", "chains_of_execution"),
        ("tracepile_assets.narration.planting", "tracepile_assets.quality.independent"),
    ),
}


_LIBRARIES = {"tokens": ("tokenizers",), "signatures": ("datasketch",), "hits": ()}
"""The library whose version decides what is measured, by kind of feature."""


def rules(home: Home) -> list[Rule]:
    """The rules of the stripe tables and of the features, parents first, with the settings of this home."""
    settings = home.settings()
    found = []
    for table, made in _TABLES.items():
        modules = (*made.modules, f"tracepile_assets.building.rows.{table}")
        deciding = settings.deciding(table)
        if settings.asks_model(table):
            modules = (*modules, *made.asking)
        if made.runs:
            modules = (*modules, "tracepile_assets.execution")
            deciding["python"] = ".".join(platform.python_version_tuple()[:2])
            deciding["recording.recorder"] = recorder_version(settings.recording.recorder)
        found.append(Rule(table, made.parents, versions_digest(modules, made.libraries), deciding))
    return [*found, *_feature_rules(home)]


def _feature_rules(home: Home) -> list[Rule]:
    """A rule for each feature of samples: a new one makes no other stale."""
    found = []
    parents = _TABLES["corrupted_twins"].parents
    for feature in features(home):
        modules = (module_of(feature), f"tracepile_assets.building.rows.{FEATURES}")
        versions = versions_digest(modules, _LIBRARIES[feature.kind])
        found.append(Rule(place_of(feature), parents, versions, {"contents": feature.digest}))
    return found


def rule_of(home: Home, table: str) -> Rule:
    """The rule of one table, or of one feature by its place.

    Raises:
        KeyError: there is no such stripe table or feature.
    """
    return {rule.table: rule for rule in rules(home)}[table]
