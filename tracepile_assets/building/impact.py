"""What would change if one row of a source did: rows of tables, stripes, mixtures, releases and exports.

Belongs here: bringing together what each of them says. Does not belong here: changing any of it (takedown/), and what
is stale now (`plan`).
"""

from dataclasses import dataclass

from tracepile_assets.home import Home
from tracepile_assets.mixtures.shards import all_shards
from tracepile_assets.tables.lineage import Lineage
from tracepile_assets.tables.schemas import STRIPE_TABLES

from .exporting import exports
from .places import TABLE
from .releases.store import all_releases, programs_in
from .source_rows import programs_of_row


@dataclass(frozen=True)
class Impact:
    """What is made from a row of a source.

    Attributes:
        source: name of the source.
        row: natural key of the row in it.
        programs: ids of the programs that it holds, or held.
        rows: rows made from them, by table.
        stripes: files that are written again when the row changes, as `<table> <source>/<stripe>`.
        mixtures: samples made from them, by mixture and split.
        releases: releases that hold such samples, as `<mixture> <release>`; they stay as they are.
        exports: destinations of exports that hold such samples; they stay until they are exported again.
    """

    source: str
    row: str
    programs: tuple[str, ...]
    rows: dict[str, int]
    stripes: tuple[str, ...]
    mixtures: dict[str, dict[str, int]]
    releases: tuple[str, ...]
    exports: tuple[str, ...]


def impact_of(home: Home, source: str, row: str) -> Impact:
    """What would change if a row of a source did, by what the tables hold now.

    Raises:
        HomeError: no table has such a row, nor has the source.
        MixtureError: a file of a mixture is not there.
    """
    programs = programs_of_row(home, source, row)
    walks = Lineage(home.tables, [source], all_shards(home.tables))
    rows: dict[str, int] = {}
    mixtures: dict[str, dict[str, int]] = {}
    for table, part, number in walks.touched(sorted(programs)):
        if table == TABLE:
            mixture, split = part.rsplit(" ", 1)
            mixtures.setdefault(mixture, {})[split] = number
        else:
            rows[table] = number
    stripe_map = home.stripe_map(source)
    keys = [
        stripe.key
        for stripe in stripe_map.keys(source)
        if any(slot.source_row == row for slot in stripe_map.slots(stripe))
    ]
    return Impact(
        source=source,
        row=row,
        programs=tuple(sorted(programs)),
        rows=rows,
        stripes=tuple(f"{table} {key}" for key in keys for table in STRIPE_TABLES if table in rows),
        mixtures=mixtures,
        releases=tuple(f"{r.mixture} {r.name}" for r in all_releases(home) if programs & programs_in(r)),
        exports=tuple(made.destination for made in exports(home) if made.programs & programs),
    )
