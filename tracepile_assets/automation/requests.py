"""A plan turned into run requests: which stripes and mixtures to build now, leaving out what is under way already.

Not here: what is stale (building/ and planning/). The sensor and the schedule both take their requests from here: they
agree.
"""

from collections.abc import Iterable

import dagster as dg

from tracepile_assets.assets.shape import BLOCKED_TAG
from tracepile_assets.assets.training_mixtures import mixture_key
from tracepile_assets.building import make_plan, stale_mixtures
from tracepile_assets.checks.expectations import tables_digest
from tracepile_assets.home import Home
from tracepile_assets.partitions import STRIPES

PLAN_TAG = "tracepile/plan"
ATTEMPT_TAG = "tracepile/attempt"
PART_TAG = "tracepile/part"
"""Names the mixture, or the quality report, that a run without a partition is for."""

FAMILIES = dg.AssetKey("program_families")
REPORT = dg.AssetKey("quality_report")
ATTEMPTS = 3
"""How often the same plan is tried after crashes; a plan that a blocking check stopped is not tried again."""

UNDER_WAY = [
    dg.DagsterRunStatus.QUEUED,
    dg.DagsterRunStatus.NOT_STARTED,
    dg.DagsterRunStatus.STARTING,
    dg.DagsterRunStatus.STARTED,
    dg.DagsterRunStatus.CANCELING,
]


def plan_requests(home: Home, instance: dg.DagsterInstance) -> tuple[list[dg.RunRequest], list[str]]:
    """Run requests for what is stale: stripes first, and mixtures once no stripe is waiting or under way.

    Returns:
        The requests, and a sentence per thing that is stale and not requested.
    """
    plan, problems = make_plan(home)
    notes = [problem.message for problem in problems]
    known = set(instance.get_dynamic_partitions(STRIPES.name))
    requests: list[dg.RunRequest] = []
    quiet = True
    for stripe in plan.stripes:
        if stripe.key not in known:
            notes.append(f"{stripe.key}: not a partition yet; the sensor of new sources adds it")
            quiet = False
        elif _under_way(instance, {"dagster/partition": stripe.key}):
            notes.append(f"{stripe.key}: a run is under way")
            quiet = False
        elif tags := _tags(instance, plan.digest(stripe)):
            tables = [dg.AssetKey(table) for table in plan.tables(stripe)]
            requests.append(
                dg.RunRequest(_run_key(stripe.key, tags), tags=tags, partition_key=stripe.key, asset_selection=tables)
            )
            quiet = False
        else:
            notes.append(f"{stripe.key}: failed before with the same plan; look at its last run")
    if quiet:
        requests += _mixture_requests(home, instance, notes)
    return requests, notes


def _mixture_requests(home: Home, instance: dg.DagsterInstance, notes: list[str]) -> Iterable[dg.RunRequest]:
    """Families and the quality report first, since mixtures rest on them; then the mixtures, a run each."""
    stale = stale_mixtures(home)
    if not stale:
        return
    if (digest := stale_report(home, instance)) is not None:
        name, assets = "quality_report", [FAMILIES, REPORT]
        wanted = {name: (digest, assets)}
    else:
        wanted = {name: (digest, [mixture_key(name)]) for name, digest in stale.items()}
    for name, (digest, assets) in wanted.items():
        if _under_way(instance, {PART_TAG: name}):
            notes.append(f"{name}: a run is under way")
        elif tags := _tags(instance, digest):
            yield dg.RunRequest(_run_key(name, tags), tags={**tags, PART_TAG: name}, asset_selection=assets)
        else:
            notes.append(f"{name}: failed before with the same plan; look at its last run")


def stale_report(home: Home, instance: dg.DagsterInstance) -> str | None:
    """Digest of the rows that the quality report has not seen yet; None if it has seen them."""
    digest = tables_digest(home)
    event = instance.get_latest_materialization_event(REPORT)
    seen = event and (event.asset_materialization.tags or {}).get("dagster/data_version")
    return None if seen == digest else digest


def _tags(instance: dg.DagsterInstance, digest: str) -> dict[str, str] | None:
    """Tags of the next attempt at a plan; None if it was tried often enough."""
    failed = instance.get_runs(
        dg.RunsFilter(tags={PLAN_TAG: digest}, statuses=[dg.DagsterRunStatus.FAILURE]), limit=ATTEMPTS
    )
    if len(failed) == ATTEMPTS or any(BLOCKED_TAG in run.tags for run in failed):
        return None
    return {PLAN_TAG: digest, ATTEMPT_TAG: str(len(failed))}


def _run_key(name: str, tags: dict[str, str]) -> str:
    return f"{name}:{tags[PLAN_TAG]}:{tags[ATTEMPT_TAG]}"


def _under_way(instance: dg.DagsterInstance, tags: dict[str, str]) -> bool:
    return bool(instance.get_runs(dg.RunsFilter(tags=tags, statuses=UNDER_WAY), limit=1))
