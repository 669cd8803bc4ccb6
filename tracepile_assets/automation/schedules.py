"""The daily refresh: reads every source again and requests what is stale."""

import dagster as dg

from tracepile_assets.building import sync_sources
from tracepile_assets.partitions import STRIPES
from tracepile_assets.resources import TableStore

from .job import whole_graph
from .requests import plan_requests


@dg.schedule(
    name="daily_refresh",
    job=whole_graph,
    # At night, when people who share the machine sleep; the planner's sensor catches what they do by day.
    cron_schedule="0 3 * * *",
    default_status=dg.DefaultScheduleStatus.RUNNING,
)
def daily_refresh(
    context: dg.ScheduleEvaluationContext, store: dg.ResourceParam[TableStore]
) -> list[dg.RunRequest] | dg.SkipReason:
    """Requests every stale stripe and mixture, also where the planner's sensor was stopped."""
    home = store.home
    maps, _ = sync_sources(home)
    keys = [stripe.key for source, stripe_map in maps.items() for stripe in stripe_map.keys(source)]
    context.instance.add_dynamic_partitions(STRIPES.name, keys)
    requests, notes = plan_requests(home, context.instance)
    return requests or dg.SkipReason("; ".join(notes) or "everything is current")
