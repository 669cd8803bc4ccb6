"""The Typer application: which commands there are. What each does lies in a module of its own."""

from typing import Annotated

import typer

from . import build, doctor, exporting, impact, mixtures, releases, rows, sources, trace, ui, verify
from .console import faults_told

app = typer.Typer(
    name="tracepile",
    no_args_is_help=True,
    rich_markup_mode="markdown",
    context_settings={"help_option_names": ["-h", "--help"]},
    pretty_exceptions_show_locals=False,
    help="Programs with inputs go in; **verified** reasoning data comes out.\n\n"
    "Tables, registry, settings and Dagster's history lie in `$TRACEPILE_HOME` (default: `.tracepile/` in the working "
    "directory).\n\n"
    "Example: `tracepile build` makes everything from the shipped sources, and `tracepile ui` shows it.",
)


def _version(wanted: bool) -> None:
    if wanted:
        from importlib.metadata import version

        from tracepile_assets.execution import recorder_version

        typer.echo(f"tracepile {version('tracepile-assets')}, recorder {recorder_version()}")
        raise typer.Exit


@app.callback()
def _main(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print version and recorder, and leave.")
    ] = False,
) -> None:
    pass


COMMANDS = (
    *(build.build, build.plan, trace.trace, verify.verify, rows.show, rows.lineage, impact.impact),
    *(exporting.export, releases.release, releases.diff, releases.gc, ui.ui, doctor.doctor),
)
for command in COMMANDS:
    app.command(command.__name__)(faults_told(command))
app.add_typer(sources.app, name="sources")
app.add_typer(mixtures.app, name="mixtures")
app.add_typer(releases.app, name="releases")
