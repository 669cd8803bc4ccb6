"""`tracepile build` and `tracepile plan`: what is stale, and making it current through Dagster, in this process.

Not here: deciding what is stale (building/, planning/), and building (assets call building/). Running through Dagster
gives the UI the same history as a run that it started itself.
"""

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Annotated

import typer

from .console import complain, console, counted

if TYPE_CHECKING:
    import dagster as dg

    from tracepile_assets.home import Home
    from tracepile_assets.planning import Plan

    from .progress import BuildProgress
    from .runs import Runs

Sources = Annotated[
    list[str] | None,
    typer.Option("--source", metavar="NAME", help="Only this source of the registry; may be given several times."),
]


def build(
    source: Sources = None,
    limit: Annotated[
        int | None,
        typer.Option(min=1, metavar="N", help="Take the first N programs of each source, until a build without it."),
    ] = None,
) -> None:
    """Make every table and mixture that is missing or stale, and print the yield funnel.

    What is current is left as it is. The exit code is 0 only if everything was built and every blocking check passed.

    Example: `tracepile build --source mathematics --limit 5`
    """
    from tracepile_assets.home import open_home

    home = open_home()
    _set_limits(home, source, limit)
    finished = _build(home, source)
    _report(home, finished)
    if finished.faults:
        raise typer.Exit(1)


def plan(source: Sources = None) -> None:
    """List what a build would make, and why; builds nothing.

    Example: `tracepile plan --source mbpp`
    """
    from tracepile_assets.building import make_plan
    from tracepile_assets.home import open_home

    home = open_home()
    found, problems = make_plan(home, source)
    for problem in problems:
        complain(problem.message)
    for step in found.steps:
        certain = "" if step.certain else " [dim](may change nothing)[/]"
        console().print(f"[bold]{step.table}[/] {step.stripe.key}: {'; '.join(step.reasons)}{certain}", soft_wrap=True)
    console().print(f"{len(found.steps)} to build, {found.n_current} current", style="dim")
    _tell_asking(home, found)
    if problems:
        raise typer.Exit(1)


@dataclass
class _Finished:
    """What a build came to."""

    n_built: int = 0
    n_current: int = 0
    faults: list[str] = field(default_factory=list)


def _set_limits(home: "Home", names: list[str] | None, limit: int | None) -> None:
    """Write the limit into the registry, where the sensors find it too."""
    with home.lock("home"):
        registry = home.registry()
        for entry in registry.entries() if not names else [registry.get(name) for name in names]:
            if entry.limit != limit:
                registry.replace(replace(entry, limit=limit))


def _build(home: "Home", names: list[str] | None) -> _Finished:
    from tracepile_assets.automation.reaper import end_dead_runs
    from tracepile_assets.building import make_plan
    from tracepile_assets.partitions import STRIPES

    from .instance import open_instance
    from .progress import BuildProgress
    from .runs import Runs

    with open_instance(home) as instance, BuildProgress(console()) as progress:
        end_dead_runs(instance)
        progress.say("reading sources")
        planned, problems = make_plan(home, names)
        _tell_asking(home, planned)
        finished = _Finished(n_current=planned.n_current, faults=[problem.message for problem in problems])
        progress.expect_more(len(planned.steps))
        runs = Runs(home, instance, progress)
        keys = {stripe.key for stripe in planned.stripes} - set(instance.get_dynamic_partitions(STRIPES.name))
        if keys:
            instance.add_dynamic_partitions(STRIPES.name, sorted(keys))
        for stripe in planned.stripes:
            finished.faults += runs.stripe(stripe.key, planned.tables(stripe), planned.digest(stripe))
        finished.n_built = len(planned.steps) + _build_mixtures(home, instance, runs, progress, finished.faults)
    return finished


def _tell_asking(home: "Home", planned: "Plan") -> None:
    """Where the settings have a model help, say what it would be asked for; where it cannot be used, fail here."""
    if not any(home.settings().asks_model(step.table) for step in planned.steps):
        return
    from tracepile_assets.building.asking import estimate_asking

    from .estimates import tell_estimate

    if (most := estimate_asking(home, planned.steps)) is not None:
        tell_estimate(home, most)


def _build_mixtures(
    home: "Home", instance: "dg.DagsterInstance", runs: "Runs", progress: "BuildProgress", faults: list[str]
) -> int:
    """Families and the quality report if rows changed, then the stale mixtures; returns how many assets were made."""
    from tracepile_assets.automation.requests import stale_report
    from tracepile_assets.building import stale_mixtures

    n_built = 0
    if (digest := stale_report(home, instance)) is not None:
        progress.expect_more(1)
        progress.say("families and quality report")
        found = runs.families_and_report(digest)
        faults += found
        n_built += 1
        if found:
            return n_built
    mixtures = stale_mixtures(home)
    progress.expect_more(len(mixtures))
    for name, digest in mixtures.items():
        progress.say(f"mixture {name}")
        faults += runs.mixture(name, digest)
    return n_built + len(mixtures)


def _report(home: "Home", finished: _Finished) -> None:
    from .funnel import print_funnel

    out = console()
    print_funnel(home, out)
    if not finished.n_built:
        out.print(
            f"\nEverything is current ({counted(finished.n_current, 'stripe')} of tables): nothing was recomputed."
        )
    for fault in finished.faults:
        complain(fault)
    out.print("\nSee the graph and its history with [bold]tracepile ui[/] (in a working copy: [bold]make ui[/]).")
