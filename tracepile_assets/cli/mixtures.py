"""`tracepile mixtures`: which there are, one to begin with, and what would come of one (all made in other rooms)."""

from typing import TYPE_CHECKING, Annotated

import typer

from .console import console, faults_told

if TYPE_CHECKING:
    from rich.table import Table

    from tracepile_assets.building import ListedMixture
    from tracepile_assets.mixtures import Rendered

app = typer.Typer(
    no_args_is_help=True,
    rich_markup_mode="markdown",
    help="Training mixtures: one SQL file each.\n\nExample: `tracepile mixtures preview instruction_tuning`",
)

SHOWN = 1_500
"""Characters of a sample that are shown."""


@app.command("new")
@faults_told
def new(
    name: Annotated[str, typer.Argument(metavar="NAME", help="Name of the mixture: lower-case letters, digits, `_`.")],
) -> None:
    """Write a mixture file to begin with into `$TRACEPILE_HOME/mixtures/`; it can be built as it is.

    Nothing is written over. What the file may say is in docs/mixtures.md.

    Example: `tracepile mixtures new my_mixture`
    """
    from tracepile_assets.home import open_home
    from tracepile_assets.mixtures.scaffold import new_mixture

    path = new_mixture(open_home().mixture_folder, name)
    console().print(str(path), markup=False, soft_wrap=True)
    console().print(f"edit it, and see what comes of it: [bold]tracepile mixtures preview {name}[/]")


@app.command("list")
@faults_told
def list_() -> None:
    """List the mixtures: the shipped ones and your own, what each is for, whether it is built, its rows and its file.

    `built` says that a build now would change nothing, `stale` that one would. Into a pipe or a file it writes one line
    for each mixture, its columns apart by tabs, without a heading.

    Example: `tracepile mixtures list`
    """
    from rich.table import Table

    from tracepile_assets.building import list_mixtures
    from tracepile_assets.home import open_home

    found, out = list_mixtures(open_home(create=False)), console()
    if not out.is_terminal:
        for each in found:
            out.file.write("\t".join(_columns(each)) + "\n")
        return
    table = Table(box=None, pad_edge=False, header_style="bold")
    for column in ("name", "whose", "stage", "format", "state", "rows", "what it is for", "file"):
        table.add_column(column, overflow="fold")
    for each in found:
        table.add_row(*_columns(each))
    out.print(table)


def _columns(listed: "ListedMixture") -> tuple[str, ...]:
    mixture, state, rows = listed.mixture, "not built yet", ""
    if listed.rows is not None:
        state, rows = "built" if listed.is_current else "stale", f"{sum(listed.rows.values()):,}"
    whose = "yours" if listed.is_own else "shipped"
    told = " ".join(mixture.description.split())
    return mixture.name, whose, mixture.stage, mixture.format, state, rows, told, mixture.file


@app.command("preview")
@faults_told
def preview(
    name: Annotated[str, typer.Argument(metavar="NAME", help="A shipped mixture, or one of your own.")],
    rows: Annotated[int, typer.Option("--rows", min=0, metavar="N", help="Samples to print, the first ones.")] = 1,
) -> None:
    """Say what a build would make of a mixture now: rows by source and kind, tokens, and what is dropped and why.

    It does all that a build does, and writes nothing.

    Example: `tracepile mixtures preview instruction_tuning --rows 3`
    """
    from tracepile_assets.building import preview_mixture
    from tracepile_assets.home import open_home

    rendered = preview_mixture(open_home(create=False), name)
    _tell(rendered)
    _print_samples(rendered, rows)


def _tell(rendered: "Rendered") -> None:
    out, mixture, summary = console(), rendered.mixture, rendered.summary
    out.print(f"[bold]{mixture.name}[/]: {mixture.description}", soft_wrap=True)
    out.print(
        f"\n{len(summary):,} samples of {rendered.selected:,} candidates, {summary['n_tokens'].sum():,} tokens "
        f"({mixture.tokenizer}); for {mixture.stage}, as {mixture.format}"
    )
    for note in rendered.notes:
        out.print(f"note: {note}", markup=False, soft_wrap=True)
    out.print(_counted(rendered, ["split"]), _counted(rendered, ["source", "kind"]))
    if rendered.dropped:
        out.print("[bold]dropped[/]")
    for reason, number in rendered.dropped.items():
        out.print(f"  {number:>9,}  {reason}")


def _counted(rendered: "Rendered", columns: list[str]) -> "Table":
    import polars as pl
    from rich import box
    from rich.table import Table

    counts = rendered.summary.group_by(columns).agg(pl.len().alias("samples"), pl.col("n_tokens").sum().alias("tokens"))
    table = Table(*columns, box=box.SIMPLE)
    for number in ("samples", "tokens"):
        table.add_column(number, justify="right")
    for row in counts.sort([columns[0], "samples", columns[-1]], descending=[False, True, False]).iter_rows():
        table.add_row(*map(str, row[:-2]), *(f"{number:,}" for number in row[-2:]))
    return table


def _print_samples(rendered: "Rendered", most: int) -> None:
    out = console()
    for row in next(iter(rendered.splits.values())).slice(0, most).to_pylist():
        out.print(f"\n[bold]{row['sample_id']}[/] [dim]{row['split']}, {row['n_tokens']} tokens[/]")
        parts = {name: row[name] for name in ("text", "prompt", "answer", "grader", "chosen", "rejected")}
        if row["messages"] is not None:
            parts = {message["role"]: message["content"] for message in row["messages"]}
        for part, text in parts.items():
            if text is not None:
                out.print(f"[bold cyan]{part}[/]")
                out.print(text if len(text) <= SHOWN else text[:SHOWN] + " …", markup=False, soft_wrap=True)
