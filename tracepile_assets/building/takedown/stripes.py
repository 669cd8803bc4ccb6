"""Taking programs out of the published files of a stripe, all tables and what lies beside them.

Nothing is made again and no source is read, so it works whatever became of the source. The files are left as a build
would leave them: what was current stays so. Not here: mixtures.
"""

import shutil
from collections.abc import Collection, Iterator
from contextlib import ExitStack
from pathlib import Path

import orjson
import polars as pl
import pyarrow as pa

from tracepile_assets.home import Home, Stripe
from tracepile_assets.planning import fingerprint
from tracepile_assets.tables.files import TableError, publish, read_footer, reading, write_tables
from tracepile_assets.tables.schemas import SCHEMAS, STRIPE_TABLES

from ..places import TABLE

_SIDES = ("units", "rejected", "quarantine", "check_traces")
_IDS = ("program_id", "variant_id", "trace_id", "question_id", "coe_id", "twin_id", "row_id", "check_trace_id")


def places_of(home: Home, stripe: Stripe) -> list[str]:
    """The tables that have a file of a stripe, in the order of the data flow; tables beside that order come last."""
    found = set()
    for path in home.tables.glob(f"**/source={stripe.source}/{stripe.number}.parquet"):
        side, of, place = path.parent.parent.relative_to(home.tables).as_posix().partition("table=")
        found.add(place if of else side)
    found.discard(TABLE)
    order = {table: number for number, table in enumerate(STRIPE_TABLES)}
    return sorted(found, key=lambda place: (order.get(place, len(order)), place))


def forget_programs(
    home: Home, stripe: Stripe, programs: Collection[str], slots: tuple[str, str] | None
) -> dict[str, int]:
    """Take programs out of every table of a stripe, under the locks of all of them.

    Args:
        home: the home.
        stripe: the stripe.
        programs: ids of the programs.
        slots: digest of the stripe's slots before they were taken out of the stripe map, and after; None if it is not
            in the map.

    Returns:
        The number of rows taken out, by table.
    """
    places = places_of(home, stripe)
    with ExitStack() as stack:
        for place in places:
            stack.enter_context(home.lock(f"{place}/{stripe.key}"))
        for place in places:
            _drop_unreadable(home, place, stripe)
        ids = set(programs)
        for place in places:
            ids |= _ids_made_from(home.stripe_file(place, stripe), programs)
        contents = {} if slots is None else {"source": slots}
        removed = {}
        for place in places:
            number = _Taking(home, place, stripe, ids, contents).run()
            if number:
                removed[place] = number
    return removed


def _ids_made_from(path: Path, programs: Collection[str]) -> set[str]:
    """The ids of a table's rows of these programs, and of the rows that they name."""
    if (whole := _whole(path)) is None or "program_id" not in whole.schema.names:
        return set()
    frame = pl.from_arrow(whole.select([name for name in _IDS if name in whole.schema.names]))
    rows = frame.filter(pl.col("program_id").is_in(list(programs)))
    return {value for column in rows.columns for value in rows[column].drop_nulls().to_list()}


class _Taking:
    """Taking rows out of one table of a stripe: the steps share what was found and what is to be written."""

    def __init__(
        self, home: Home, place: str, stripe: Stripe, ids: Collection[str], contents: dict[str, tuple[str, str]]
    ) -> None:
        self._home = home
        self._place = place
        self._stripe = stripe
        self._ids = ids
        self._contents = contents
        self._path = home.stripe_file(place, stripe)
        self._sides = {side: home.side_file(side, place, stripe) for side in _SIDES}

    def run(self) -> int:
        """Write what changes, what lies beside the table first; returns the number of the table's rows taken out."""
        table, footer = _whole(self._path), _footer(self._path)
        sides = {side: found for side, path in self._sides.items() if (found := _whole(path)) is not None}
        said = {side: _footer(self._sides[side]) or {} for side in sides}
        kept_sides = {side: self._without(found) for side, found in sides.items()}
        are_aligned = footer is not None and all(
            side in sides and said[side].get("inputs") == footer.get("inputs") for side in ("units", "rejected")
        )
        if are_aligned:
            kept_sides["units"], kept_sides["rejected"] = self._without_units(sides["units"], sides["rejected"])
        new_footer = footer and self._new_footer(footer, kept_sides["units"] if are_aligned else None)
        staging = self._home.root / "staging" / f"{self._place}/{self._stripe.key}".replace("/", "--")
        shutil.rmtree(staging, ignore_errors=True)
        try:
            for side, kept in kept_sides.items():
                new = said[side]
                if footer is not None and new.get("inputs") == footer["inputs"]:
                    new = new | {"inputs": new_footer["inputs"]}
                self._write(staging, side, self._sides[side], (sides[side], said[side]), (kept, new))
            if table is None:
                return 0
            kept = self._without(table)
            schema = self._place.partition("/")[0]
            self._write(staging, schema, self._path, (table, footer or {}), (kept, new_footer or {}))
            return table.num_rows - kept.num_rows
        finally:
            shutil.rmtree(staging, ignore_errors=True)

    def _without(self, table: pa.Table) -> pa.Table:
        """The rows that are not of the programs, nor made from them."""
        names = [name for name in (*_IDS, "made_for", "parent_id", "unit_id") if name in table.schema.names]
        frame = pl.from_arrow(table.select(names))
        keep = [not any(value in self._ids for value in row) for row in frame.iter_rows()]
        if "row" in table.schema.names:
            rows = (orjson.loads(row) for row in table.column("row").to_pylist())
            keep = [kept and row.get("program_id") not in self._ids for kept, row in zip(keep, rows, strict=True)]
        return table if all(keep) else table.filter(pa.array(keep, pa.bool_()))

    def _without_units(self, units: pa.Table, rejected: pa.Table) -> tuple[pa.Table, pa.Table]:
        """The units that stay, and their rejections, which lie in the order of the units."""
        keep_units, keep_rejected = [], []
        for unit_id, number in zip(
            units.column("unit_id").to_pylist(), units.column("n_rejected").to_pylist(), strict=True
        ):
            keep_units.append(unit_id not in self._ids)
            keep_rejected += [keep_units[-1]] * number
        return units.filter(pa.array(keep_units, pa.bool_())), rejected.filter(pa.array(keep_rejected, pa.bool_()))

    def _new_footer(self, footer: dict, units: pa.Table | None) -> dict:
        """What a build would say of what is left, made from parents from which the same was taken out."""
        new = dict(footer)
        if units is not None:
            columns = (units.column(name).to_pylist() for name in ("unit_id", "fingerprint"))
            new["content"] = fingerprint([list(pair) for pair in zip(*columns, strict=True)])
            self._contents[self._place] = (footer["content"], new["content"])
        made_from = footer.get("made_from")
        if made_from and fingerprint(made_from) == footer["inputs"]:
            rows = dict(made_from["rows"])
            for parent, content in rows.items():
                before, after = self._contents.get(parent, (None, None))
                if content == before:
                    rows[parent] = after
            new["made_from"] = {**made_from, "rows": rows}
            new["inputs"] = fingerprint(new["made_from"])
        return new

    def _write(
        self, staging: Path, schema: str, path: Path, old: tuple[pa.Table, dict], new: tuple[pa.Table, dict]
    ) -> None:
        (table, footer), (kept, new_footer) = old, new
        if kept.num_rows == table.num_rows and footer == new_footer:
            return
        if not new_footer or schema not in SCHEMAS or table.schema.names != SCHEMAS[schema].names:
            # Of another version than now: the next build makes it anew in any case.
            path.unlink()
            return
        part = staging / f"{schema}.parquet"
        said = {key: value for key, value in new_footer.items() if key not in ("rows", "schema_version")}
        write_tables(part, schema, [kept.cast(SCHEMAS[schema])], said)
        publish(part, path)


def _drop_unreadable(home: Home, place: str, stripe: Stripe) -> None:
    """What cannot be read may hold what is to be removed, and serves nobody: a build makes it anew."""
    for path in (home.stripe_file(place, stripe), *(home.side_file(side, place, stripe) for side in _SIDES)):
        if path.exists() and _whole(path) is None:
            path.unlink()


def _whole(path: Path) -> pa.Table | None:
    """All of a file, whatever its columns are; None where there is none that can be read."""
    if not path.exists():
        return None
    try:
        with reading(path) as file:
            return file.read().replace_schema_metadata(None)
    except TableError:
        return None


def _footer(path: Path) -> dict | None:
    try:
        return read_footer(path)
    except TableError:
        return None


def stripes_of(home: Home, source: str) -> Iterator[Stripe]:
    """The stripes of a source that any table has a file of."""
    paths = home.tables.glob(f"**/source={source}/*.parquet")
    places = {path.stem for path in paths if path.parent.parent.name != f"table={TABLE}"}
    yield from (Stripe(source, number) for number in sorted(places))
