"""`tracepile release`, `diff`, `gc` and `releases`: pinned builds of mixtures on the command line.

Not here: what a release is and what is garbage (building/).
"""

from typing import TYPE_CHECKING, Annotated

import typer

from .console import complain, console, counted, faults_told, size

if TYPE_CHECKING:
    from tracepile_assets.building.collecting import Garbage
    from tracepile_assets.building.releases.comparing import Comparison

app = typer.Typer(
    no_args_is_help=True,
    rich_markup_mode="markdown",
    help="Pinned builds of mixtures; `tracepile release` makes one.\n\nExample: `tracepile releases list`",
)

Mixture = Annotated[str, typer.Argument(metavar="MIXTURE", help="A shipped mixture, or one of your own.")]
ReleaseName = Annotated[str, typer.Argument(metavar="RELEASE", help="Name of the release: `tracepile releases list`.")]


def release(
    mixture: Mixture,
    name: Annotated[
        str | None, typer.Option("--name", metavar="NAME", help="What to call it; else r1, r2, … in their order.")
    ] = None,
    note: Annotated[str, typer.Option("--note", metavar="TEXT", help="What to remember about it.")] = "",
) -> None:
    """Pin the build of a mixture that there is now: its samples, checksums and the versions that it was made from.

    What is pinned stays, whatever is built later, until you remove it. It takes no space of its own where the file
    system has links.

    Example: `tracepile release instruction_tuning --name v1`
    """
    from tracepile_assets.building.releases.making import release_mixture
    from tracepile_assets.home import open_home

    made, is_new = release_mixture(open_home(create=False), mixture, name, note)
    samples = f"{sum(made.splits.values()):,} samples, {made.tokens:,} tokens"
    if is_new:
        console().print(f"[bold]{mixture} {made.name}[/]: {samples}, in {made.folder}", soft_wrap=True)
    else:
        console().print(f"this build is release [bold]{made.name}[/] already: {samples}", soft_wrap=True)


def diff(
    mixture: Mixture,
    before: Annotated[
        str | None, typer.Argument(metavar="[A]", help="A release, or `now`; else the last release.")
    ] = None,
    after: Annotated[
        str | None, typer.Argument(metavar="[B]", help="A release, or `now`; else the build that there is.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON, with the id of every sample.")] = False,
) -> None:
    """Compare two builds of a mixture: samples added, removed and changed, by source and kind.

    A sample is changed where the same rows give another text, or lie in another split.

    Example: `tracepile diff instruction_tuning r1`
    """
    from tracepile_assets.building.releases.comparing import compare
    from tracepile_assets.home import open_home

    compared = compare(open_home(create=False), mixture, before, after)
    if as_json:
        _print_json(compared)
    else:
        _print_comparison(compared)


def gc(
    delete: Annotated[bool, typer.Option("--delete", help="Remove it; without this nothing is removed.")] = False,
) -> None:
    """Say what no release and no current table needs, and how much space it takes; with `--delete`, remove it.

    That is what ended builds left behind, stripes of sources that are not in the registry, mixtures without an SQL
    file, shards that no data card lists. What is being built now is left alone.

    Example: `tracepile gc`
    """
    from tracepile_assets.building.collecting import find_garbage, remove_garbage
    from tracepile_assets.home import open_home

    home = open_home(create=False)
    out = console()
    if not delete:
        found = find_garbage(home)
        _print_garbage(found)
        if found:
            freed = size(sum(each.bytes for each in found))
            out.print(f"{counted(len(found), 'thing')}, {freed}; remove with [bold]tracepile gc --delete[/]")
        else:
            out.print("nothing to remove")
        return
    removed, left = remove_garbage(home)
    _print_garbage(removed)
    out.print(f"removed {counted(len(removed), 'thing')}, {size(sum(each.bytes for each in removed))} freed")
    for each in left:
        complain(f"{each.path}: cannot be removed; change its rights")
    if left:
        raise typer.Exit(1)


@app.command("list")
@faults_told
def list_(
    mixture: Annotated[str | None, typer.Argument(metavar="[MIXTURE]", help="Only those of this mixture.")] = None,
) -> None:
    """List releases, oldest first: samples, tokens, when they were made, and which one a mixture is held at.

    Into a pipe or a file it writes one line for each release, its columns apart by tabs, without a heading.

    Example: `tracepile releases list instruction_tuning`
    """
    from rich.table import Table

    from tracepile_assets.building.releases.store import all_releases, held_release
    from tracepile_assets.home import open_home

    home = open_home(create=False)
    out = console()
    table = Table(box=None, pad_edge=False, header_style="bold")
    for column in ("mixture", "release", "made", "samples", "tokens", "content", "held", "note"):
        table.add_column(column, overflow="fold")
    for each in all_releases(home):
        if mixture not in (None, each.mixture):
            continue
        held = held_release(home, each.mixture)
        is_held = "held" if held is not None and held.name == each.name else ""
        samples = sum(each.splits.values())
        row = (each.mixture, each.name, each.made_at, str(samples), str(each.tokens), each.content, is_held, each.note)
        if out.is_terminal:
            table.add_row(*row)
        else:
            out.file.write("\t".join(row) + "\n")
    if out.is_terminal:
        out.print(table)


@app.command("rebuild")
@faults_told
def rebuild(mixture: Mixture, name: ReleaseName) -> None:
    """Make a release anew from the SQL that it was made from and the tables as they are now, and compare the bytes.

    Where they are the same, files of the release that are missing or damaged are put back. Else, or where a file cannot
    be put back, it says so and what is other now, and the exit code is 1.

    Example: `tracepile releases rebuild instruction_tuning r1`
    """
    from tracepile_assets.building.releases.restoring import rebuild as make_anew
    from tracepile_assets.building.releases.store import find_release
    from tracepile_assets.home import open_home

    home = open_home(create=False)
    out = console()
    found = make_anew(home, find_release(home, mixture, name))
    if found.same:
        out.print(f"{mixture} {name}: the same again, byte for byte")
    else:
        complain(f"{mixture} {name} comes out otherwise than it was pinned")
    for each in found.mended:
        out.print(f"put back: {each}", soft_wrap=True)
    for each in found.lost:
        complain(f"{mixture} {name}: {each} is not as pinned, and cannot be put back; pin a new release instead")
    for each in found.differs:
        out.print(f"since then: {each}", markup=False, soft_wrap=True)
    if found.lost or not found.same:
        raise typer.Exit(1)


@app.command("rollback")
@faults_told
def rollback(mixture: Mixture, name: ReleaseName) -> None:
    """Put a release into the place of the mixture, and hold the mixture there: builds leave it as it is.

    `tracepile releases follow MIXTURE` lets go of it.

    Example: `tracepile releases rollback instruction_tuning r1`
    """
    from tracepile_assets.building.releases.rollback import roll_back
    from tracepile_assets.home import open_home

    report = roll_back(open_home(create=False), mixture, name)
    console().print(f"{mixture} is release [bold]{name}[/] now, {counted(report.rows, 'sample')}, and stays so")
    console().print(f"let it follow its SQL file again with [bold]tracepile releases follow {mixture}[/]")


@app.command("follow")
@faults_told
def follow(mixture: Mixture) -> None:
    """Let a mixture that was rolled back follow its SQL file and the tables again, from the next build on.

    Example: `tracepile releases follow instruction_tuning`
    """
    from tracepile_assets.building.releases.store import let_go
    from tracepile_assets.home import open_home

    if let_go(open_home(create=False), mixture):
        console().print(f"{mixture} follows its SQL file again; [bold]tracepile build[/] makes it anew")
    else:
        console().print(f"{mixture} is not held at a release")


@app.command("remove")
@faults_told
def remove(mixture: Mixture, name: ReleaseName) -> None:
    """Remove a release and its files; its name is not given again.

    Example: `tracepile releases remove instruction_tuning r1`
    """
    from tracepile_assets.building.releases.store import find_release, remove_release
    from tracepile_assets.home import open_home

    home = open_home(create=False)
    with home.lock("home"):
        remove_release(home, find_release(home, mixture, name))
    console().print(f"removed release [bold]{name}[/] of {mixture}")


def _print_garbage(found: "list[Garbage]") -> None:
    for each in found:
        console().print(f"{size(each.bytes):>10}  {each.path} {each.why}", markup=False, soft_wrap=True)


def _print_comparison(compared: "Comparison") -> None:
    from rich import box
    from rich.table import Table

    out = console()
    table = Table("source", "kind", box=box.SIMPLE)
    for column in ("added", "removed", "changed"):
        table.add_column(column, justify="right")
    for source, kind, *numbers in compared.counts.iter_rows():
        table.add_row(source, kind, *(f"{number:,}" for number in numbers))
    totals = {name: compared.samples.filter(change=name).height for name in ("added", "removed", "changed")}
    said = ", ".join(f"{number:,} {name}" for name, number in totals.items())
    out.print(f"[bold]{compared.mixture}[/], {compared.before} → {compared.after}: {said}", soft_wrap=True)
    out.print(f"{compared.unchanged:,} the same; tokens {compared.tokens[0]:,} → {compared.tokens[1]:,}")
    if compared.counts.height:
        out.print(table)
    for part in compared.made_from:
        out.print(f"made from another: {part}", markup=False, soft_wrap=True)


def _print_json(compared: "Comparison") -> None:
    import orjson

    said = {
        "mixture": compared.mixture,
        "before": compared.before,
        "after": compared.after,
        "unchanged": compared.unchanged,
        "tokens": compared.tokens,
        "made_from": compared.made_from,
        "counts": compared.counts.to_dicts(),
        "samples": compared.samples.to_dicts(),
    }
    typer.echo(orjson.dumps(said, option=orjson.OPT_INDENT_2).decode())
