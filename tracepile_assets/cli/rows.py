"""`tracepile show` and `tracepile lineage`: one row for a person, and its way up or down. The walks lie in tables/."""

from typing import TYPE_CHECKING, Annotated

import typer

from .console import console, print_json

if TYPE_CHECKING:
    from tracepile_assets.tables.lineage import Lineage

Id = Annotated[
    str, typer.Argument(metavar="ID", help="Id of any row: p_… i_… v_… t_… q_… c_… w_… s_…", show_default=False)
]
SHOWN = 12
"""Ids shown per table on the way down; --json gives all."""
CODE_COLUMNS = ("code",)
MANY = 30
"""Items of a list column that are shown."""


def show(row_id: Id) -> None:
    """Print any row of any table, column by column.

    Example: `tracepile show t_2b1c…`
    """
    from rich.syntax import Syntax

    table, row = _lineage().row(row_id)
    out = console()
    out.print(f"[bold]{row_id}[/] is a row of [bold]{table}[/]\n", soft_wrap=True)
    for name, value in row.items():
        if value is None or value == []:
            continue
        if isinstance(value, str) and "\n" in value:
            out.print(f"[bold cyan]{name}[/]")
            out.print(Syntax(value, "python" if name in CODE_COLUMNS else "text", background_color="default"))
        elif isinstance(value, list):
            out.print(f"[bold cyan]{name}[/] [dim]({len(value)})[/]")
            for item in value[:MANY]:
                out.print(f"  {_flat(item)}", markup=False, soft_wrap=True)
            if len(value) > MANY:
                out.print(f"  [dim]… and {len(value) - MANY} more[/]")
        else:
            out.print(f"[bold cyan]{name}[/] ", end="")
            out.print(str(value), markup=False, soft_wrap=True)


def lineage(
    row_id: Id,
    down: Annotated[bool, typer.Option("--down", help="Walk to what was made from the row.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON for another program.")] = False,
) -> None:
    """Walk from a row to the program and source line that it came from, or to all that it made.

    Example: `tracepile lineage s_9f3e… --json`
    """
    walks = _lineage()
    if down:
        _print_down(row_id, walks.down(row_id), as_json)
        return
    walk = walks.up(row_id)
    if as_json:
        print_json({"id": row_id, "up": [{"table": a.table, "id": a.row_id, **a.says} for a in walk]})
        return
    for depth, ancestor in enumerate(walk):
        console().print(f"{'  ' * depth}[bold]{ancestor.table}[/] {ancestor.row_id}", soft_wrap=True)
        for name, value in ancestor.says.items():
            console().print(f"{'  ' * depth}    {name}: {_flat(value)}", markup=False, soft_wrap=True)


def _print_down(row_id: str, made: dict[str, list[str]], as_json: bool) -> None:
    if as_json:
        print_json({"id": row_id, "down": made})
        return
    if not made:
        console().print(f"{row_id}: nothing is made from it")
    for table, ids in made.items():
        console().print(f"[bold]{table}[/]: {len(ids)}")
        for found in ids[:SHOWN]:
            console().print(f"  {found}", soft_wrap=True)
        if len(ids) > SHOWN:
            console().print(f"  [dim]… and {len(ids) - SHOWN} more (--json lists all)[/]")


def _lineage() -> "Lineage":
    from tracepile_assets.home import open_home
    from tracepile_assets.mixtures.shards import all_shards
    from tracepile_assets.tables.lineage import Lineage

    home = open_home(create=False)
    return Lineage(home.tables, [entry.name for entry in home.registry().entries()], all_shards(home.tables))


def _flat(value: object) -> str:
    if isinstance(value, dict):
        return ", ".join(f"{name}={item!r}" for name, item in value.items() if item is not None)
    return str(value)
