"""The yield funnel and the places of the mixtures, for a person. The counting lies in building/."""

from typing import TYPE_CHECKING

from rich.console import Console
from rich.padding import Padding

from tracepile_assets.building import read_funnel

if TYPE_CHECKING:
    from tracepile_assets.home import Home

REASONS = 8
"""Reasons shown per stage; the rest is summed up."""

INDENT = 6


def print_funnel(home: "Home", console: Console) -> None:
    """Print what each stage made and dropped, and where the mixtures lie."""
    console.print("\n[bold]Yield[/]")
    for stage in read_funnel(home):
        console.print(f"  [bold]{stage.made:>9,}  {stage.name}[/]")
        if stage.breakdown:
            console.print(Padding(_listed(stage.breakdown), (0, 0, 0, INDENT + 7)))
        if n_dropped := sum(stage.dropped.values()):
            said = f"[yellow]{n_dropped:,} made none[/]: {_listed(stage.dropped)}"
            console.print(Padding(said, (0, 0, 0, INDENT + 7)), style="dim")
    _print_places(home, console)


def _print_places(home: "Home", console: Console) -> None:
    for title, folder in (("Mixtures", home.tables / "training_mixtures"), ("Exports", home.exports)):
        found = sorted(path for path in folder.glob("*") if path.is_dir())
        if found:
            console.print(f"\n[bold]{title}[/] in {folder}: {', '.join(path.name for path in found)}", soft_wrap=True)


def _listed(counts: dict[str, int]) -> str:
    shown = [f"{name} {number:,}" for name, number in list(counts.items())[:REASONS]]
    if rest := sum(list(counts.values())[REASONS:]):
        shown.append(f"others {rest:,}")
    return ", ".join(shown)
