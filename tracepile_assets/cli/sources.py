"""`tracepile sources`: the registry on the command line. The registry itself lies in home/, the layouts in sources/."""

import os
from collections import Counter
from pathlib import Path
from typing import Annotated

import typer

from .console import console, counted, faults_told

app = typer.Typer(
    no_args_is_help=True,
    rich_markup_mode="markdown",
    help="Where programs come from.\n\nExample: `tracepile sources list`",
)

Name = Annotated[str, typer.Argument(metavar="NAME", help="Name of the source: lower-case letters, digits, `_`, `-`.")]


@app.command("add")
@faults_told
def add(
    name: Name,
    path: Annotated[
        str, typer.Argument(metavar="PATH", help="File or URL; anything fsspec opens. For package a folder or a name.")
    ],
    layout: Annotated[
        str,
        typer.Option(
            "--layout",
            metavar="LAYOUT",
            help="mbpp, humaneval, cruxeval, pyedu, contest, gsm8k, leetcode, codeio, package, functions, stdin or "
            "synthesis: see docs/sources.md.",
        ),
    ],
    domain: Annotated[str, typer.Option(help="mathematics, algorithms or competition.")] = "algorithms",
    license_: Annotated[
        str,
        typer.Option(
            "--license", metavar="L", help="Licence of the programs, as an SPDX id; `tracepile.toml` says what mixes."
        ),
    ] = "unknown",
    option: Annotated[
        list[str] | None,
        typer.Option("--option", metavar="KEY=VALUE", help="What the layout needs beyond, e.g. `code=solution.text`."),
    ] = None,
    allow_benchmark: Annotated[
        bool, typer.Option("--allow-benchmark", help="Let rows of a benchmark in: traced and asked about, never mixed.")
    ] = False,
    inputs: Annotated[
        int, typer.Option("--inputs", min=1, help="Inputs to draw for each program that brings a generator.")
    ] = 4,
    max_inputs: Annotated[
        int,
        typer.Option(
            "--max-inputs", min=1, help="Up to how many inputs a program gets mutants of its own; 1 for none."
        ),
    ] = 10,
    seed: Annotated[int, typer.Option("--seed", help="Which inputs are drawn and mutated.")] = 0,
) -> None:
    """Add a source; its file is read to the end first, and nothing is written if it has a fault.

    Example: `tracepile sources add mbpp data/mbpp.jsonl --layout mbpp --license CC-BY-4.0`
    """
    from tracepile_assets.home import HomeError, SourceEntry, open_home
    from tracepile_assets.mixtures import is_allowed
    from tracepile_assets.sources import open_source

    home = open_home()
    options = {}
    for text in option or ():
        key, equals, value = text.partition("=")
        if not equals:
            raise HomeError(f"--option {text}: has no `=`; write it as KEY=VALUE")
        options[key] = value
    place = os.fspath(Path(path).expanduser().absolute())
    if "://" in path or (layout == "package" and not Path(place).exists()):
        place = path
    entry = SourceEntry(
        name,
        layout,
        place,
        domain,
        license_,
        options,
        allow_benchmark,
        inputs_per_program=inputs,
        seed=seed,
        max_inputs=max_inputs,
    )
    refused: Counter[str] = Counter()
    number = 0
    for program in open_source(entry):
        number += 1
        if program.reason is not None:
            refused[program.reason.partition(":")[0]] += 1
    with home.lock("home"):
        home.registry().add(entry)
    out = console()
    them = "it" if number == 1 else "them"
    out.print(f"added [bold]{name}[/]: {counted(number, 'program')}; `tracepile build --source {name}` builds {them}")
    if not is_allowed(license_, home.settings().mixtures.licenses):
        advice = (
            f"nothing of it will enter a mixture: licence {license_} is not on the allow-list. Give the source its own "
            f"(`license` in {home.registry_file}), or allow it in {home.settings_file}, [mixtures] licenses"
        )
        out.print(advice, markup=False, soft_wrap=True)
    if refused:
        reasons = ", ".join(f"{reason} ({count})" for reason, count in refused.most_common())
        stay = f"{refused.total()} of {them}, which stay as rows" if number > 1 else "it, which stays as a row"
        out.print(f"nothing can be made of {stay} with the reason: {reasons}", markup=False, soft_wrap=True)


@app.command("synthesize")
@faults_told
def synthesize(
    name: Name,
    concepts: Annotated[
        list[str] | None,
        typer.Option("--concepts", metavar="FILE|TEXT", help="A file with a concept on each line, or one concept."),
    ] = None,
    text: Annotated[
        list[Path] | None,
        typer.Option("--text", metavar="FILE", help="A text, out of which the model is to take concepts."),
    ] = None,
    domain: Annotated[
        str, typer.Option(help="Of a new source: mathematics, algorithms or competition.")
    ] = "algorithms",
    license_: Annotated[
        str, typer.Option("--license", metavar="L", help="Of a new source: what the model's terms make of its output.")
    ] = "unknown",
    only_estimate: Annotated[
        bool, typer.Option("--estimate", help="Say what it would ask the model for at most, and leave.")
    ] = False,
) -> None:
    """Have a model make programs, and keep those that its own tests agree with. Needs a model: see docs/models.md.

    Of each concept it states tasks, of each task it writes solutions and, without seeing them, tests. All solutions are
    run on all tests in the sandbox; the largest group that agrees is kept. Run it again to go on after an end.

    Example: `tracepile sources synthesize made --concepts "binary search on an answer" --license Apache-2.0`
    """
    from .synthesis import run

    run(name, concepts or [], text or [], domain, license_, only_estimate)


@app.command("list")
@faults_told
def list_() -> None:
    """List the sources of the registry, with the programs that were last read from each.

    Into a pipe or a file it writes one line for each source, its columns apart by tabs, without a heading.

    Example: `tracepile sources list`
    """
    from rich.table import Table

    from tracepile_assets.home import open_home

    home = open_home()
    out = console()
    table = Table(box=None, pad_edge=False, header_style="bold")
    for column in ("name", "layout", "domain", "license", "programs", "limit", "path"):
        table.add_column(column, overflow="fold")
    for entry in home.registry().entries():
        stripe_map = home.stripe_map(entry.name)
        programs = str(stripe_map.n_programs) if stripe_map.fingerprint else "not built yet"
        row = (entry.name, entry.layout, entry.domain, entry.license, programs, str(entry.limit or ""), entry.path)
        if out.is_terminal:
            table.add_row(*row)
        else:
            out.file.write("\t".join(row) + "\n")
    if not out.is_terminal:
        return
    out.print(table)
    out.print(f"registry: {home.registry_file}", style="dim", soft_wrap=True)


@app.command("remove")
@faults_told
def remove(name: Name) -> None:
    """Take a source out of the registry: it leaves the graph, and the mixtures with the next build. Its files stay.

    Example: `tracepile sources remove mbpp`
    """
    from tracepile_assets.home import open_home

    home = open_home()
    with home.lock("home"):
        home.registry().remove(name)
    console().print(f"removed [bold]{name}[/]; its tables stay in {home.tables}", soft_wrap=True)


@app.command("forget")
@faults_told
def forget(
    name: Annotated[str, typer.Argument(metavar="SOURCE", help="Name of the source, in the registry or removed.")],
    row: Annotated[str, typer.Argument(metavar="ROW", help="`source_row`, as `tracepile lineage` shows it.")],
) -> None:
    """Take a program down: remove it, and everything made from it, from all tables, mixtures and exports.

    No build reads it again; the list is `forgotten.toml` in the home. Mixtures that had it are built again, exports are
    written again where they can be reached, and releases that have it are listed. If it is stopped, run it again.

    Example: `tracepile sources forget mbpp 601`
    """
    from tracepile_assets.building.takedown.taking import take_down
    from tracepile_assets.home import open_home

    from .takedown import tell_takedown

    tell_takedown(take_down(open_home(create=False), name, row))
