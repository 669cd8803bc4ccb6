"""What `tracepile sources forget` tells: what was removed, what is left, and what to do about it."""

from typing import TYPE_CHECKING

import typer

from .console import complain, console, counted

if TYPE_CHECKING:
    from tracepile_assets.building.takedown.taking import Takedown


def tell_takedown(done: "Takedown") -> None:
    """Tell what was taken down. The exit code is 1 if something could not be reached."""
    out = console()
    programs = ", ".join(done.programs) or "no program of it is known"
    out.print(f"forgot row {done.row} of {done.source}: {programs}", markup=False, soft_wrap=True)
    for table, number in done.rows.items():
        out.print(f"  {table}: {counted(number, 'row')} removed")
    if done.replies:
        out.print(f"  replies of language models: {done.replies:,} removed")
    for name, said in done.mixtures.items():
        out.print(f"  mixture {name}: {said}", markup=False, soft_wrap=True)
    for place, said in done.exports.items():
        if said.startswith("not reached"):
            complain(f"export {place} has it still: {said}; run this command again when it can be reached")
        else:
            out.print(f"  export {place}: {said}", markup=False, soft_wrap=True)
    for release in done.releases:
        out.print(
            f"  release {release.name} of {release.mixture} has it still; "
            f"tracepile releases remove {release.mixture} {release.name} removes that",
            markup=False,
            soft_wrap=True,
        )
    if done.source_path:
        out.print(f"the source itself was not changed: {done.source_path}", markup=False, soft_wrap=True)
    if not done.is_complete:
        raise typer.Exit(1)
