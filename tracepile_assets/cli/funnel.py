"""The yield funnel and the places of the mixtures, for a person. The counting lies in building/."""

from typing import TYPE_CHECKING

from rich.console import Console
from rich.table import Table

from tracepile_assets.building import read_funnel

if TYPE_CHECKING:
    from tracepile_assets.home import Home

REASONS = 6
"""Reasons shown per stage; the rest is summed up."""


def print_funnel(home: "Home", console: Console) -> None:
    """Print what each stage made and dropped, and where the mixtures lie."""
    table = Table(title="Yield", title_justify="left", box=None, pad_edge=False, header_style="bold")
    for column in ("stage", "made", "of these", "not made", "because"):
        table.add_column(column, justify="right" if column in ("made", "not made") else "left", vertical="top")
    for stage in read_funnel(home):
        n_dropped = sum(stage.dropped.values())
        table.add_row(
            stage.name,
            f"{stage.made:,}",
            _listed(stage.breakdown),
            f"{n_dropped:,}" if n_dropped else "",
            _listed(stage.dropped),
        )
    console.print(table)
    folder = home.tables / "training_mixtures"
    for mixture in sorted(path for path in folder.glob("*") if path.is_dir()):
        console.print(f"mixture [bold]{mixture.name}[/]: {mixture}", soft_wrap=True)
    for export in sorted(home.exports.glob("*")):
        console.print(f"export  [bold]{export.name}[/]: {export}", soft_wrap=True)


def _listed(counts: dict[str, int]) -> str:
    shown = [f"{name} {number:,}" for name, number in list(counts.items())[:REASONS]]
    if rest := sum(list(counts.values())[REASONS:]):
        shown.append(f"others {rest:,}")
    return "\n".join(shown)
