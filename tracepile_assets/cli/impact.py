"""`tracepile impact`: what would change if a row of a source did. What that is lies in building/."""

from dataclasses import asdict
from typing import Annotated

import typer

from .console import console, counted, print_json


def impact(
    source: Annotated[str, typer.Argument(metavar="SOURCE", help="Name of the source.", show_default=False)],
    row: Annotated[
        str,
        typer.Argument(metavar="ROW", help="`source_row`, as `tracepile lineage` shows it.", show_default=False),
    ],
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON for another program.")] = False,
) -> None:
    """Say what would change if a row of a source did: rows, stripes, mixtures, releases and exports. Changes nothing.

    Example: `tracepile impact mbpp 601`
    """
    from tracepile_assets.building.impact import impact_of
    from tracepile_assets.home import open_home

    found = impact_of(open_home(create=False), source, row)
    if as_json:
        print_json(asdict(found))
        return

    def say(text: str) -> None:
        console().print(text, markup=False, soft_wrap=True)

    say(f"row {row} of {source}: {', '.join(found.programs)}")
    if not found.rows:
        say("nothing is made from it")
    for table, number in found.rows.items():
        say(f"  {table}: {counted(number, 'row')}")
    for mixture, splits in found.mixtures.items():
        said = ", ".join(f"{number:,} of {split}" for split, number in splits.items())
        say(f"  mixture {mixture}: {counted(sum(splits.values()), 'sample')} ({said})")
    for stripe in found.stripes:
        say(f"written again: {stripe}")
    for release in found.releases:
        say(f"release {release} has it, and stays as it is")
    for destination in found.exports:
        say(f"export {destination} has it, and stays until it is exported again")
