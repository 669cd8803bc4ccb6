"""The sensors, each doing one thing: new sources become partitions, plans become runs, dead runs are ended."""

import dagster as dg

from tracepile_assets.building import sync_sources
from tracepile_assets.partitions import STRIPES
from tracepile_assets.resources import TableStore

from .job import whole_graph
from .reaper import end_dead_runs
from .requests import plan_requests

# Often enough that a person who adds a source sees it while still looking; a tick of an idle home reads footers only.
SECONDS = 30
RUNNING = dg.DefaultSensorStatus.RUNNING


@dg.sensor(name="new_sources", minimum_interval_seconds=SECONDS, default_status=RUNNING)
def new_sources(
    context: dg.SensorEvaluationContext, store: dg.ResourceParam[TableStore]
) -> dg.SensorResult | dg.SkipReason:
    """Makes the partitions those of the registry: a new source brings its stripes, a removed one takes its own away."""
    home = store.home
    maps, problems = sync_sources(home)
    for problem in problems:
        context.log.warning(problem.message)
    wanted = {stripe.key for source, stripe_map in maps.items() for stripe in stripe_map.keys(source)}
    known = set(context.instance.get_dynamic_partitions(STRIPES.name))
    registered = {entry.name for entry in home.registry().entries()}
    gone = {key for key in known - wanted if key.rpartition("/")[0] not in registered}
    if wanted <= known and not gone:
        return dg.SkipReason("; ".join(problem.message for problem in problems) or "no source is new or gone")
    changes = []
    if new := sorted(wanted - known):
        changes.append(STRIPES.build_add_request(new))
    if gone:
        changes.append(STRIPES.build_delete_request(sorted(gone)))
    return dg.SensorResult(dynamic_partitions_requests=changes)


@dg.sensor(name="planner", job=whole_graph, minimum_interval_seconds=SECONDS, default_status=RUNNING)
def planner(
    context: dg.SensorEvaluationContext, store: dg.ResourceParam[TableStore]
) -> dg.SensorResult | dg.SkipReason:
    """Turns the plan of what is stale into runs: stripes first, mixtures once their stripes are quiet."""
    requests, notes = plan_requests(store.home, context.instance)
    if not requests:
        return dg.SkipReason("; ".join(notes) or "everything is current")
    return dg.SensorResult(run_requests=requests)


@dg.sensor(name="reaper", minimum_interval_seconds=SECONDS, default_status=RUNNING)
def reaper(context: dg.SensorEvaluationContext) -> dg.SkipReason:
    """Ends runs whose process is gone; Dagster itself would show them as started for ever."""
    ended = end_dead_runs(context.instance)
    return dg.SkipReason(f"ended {', '.join(ended)}" if ended else "every run that is under way has its process")
