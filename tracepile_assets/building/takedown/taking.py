"""Taking down one row of a source: its list of what is forgotten first, then stripes, mixtures and exports.

Whatever ends it half-way, the row is not read again, and the same command goes on. Not here: how rows are taken out of
a file (stripes.py), and how a mixture or an export is made.
"""

import shutil
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from tracepile_assets.home import Home, HomeError
from tracepile_assets.mixtures import MixtureError
from tracepile_assets.mixtures.exporting.destination import Destination
from tracepile_assets.mixtures.exporting.writing import withdraw
from tracepile_assets.models.forgetting import forget_replies
from tracepile_assets.tables.files import TableError, reading

from ..errors import BuildBlocked
from ..exporting import Export, export_mixture, exports, forget_export
from ..mixtures import build_mixture
from ..places import SIDES, TABLE, mixture_folder, mixture_side
from ..plan import slots_digest
from ..releases.store import Release, ReleaseError, all_releases, held_release, let_go, programs_in
from ..source_rows import programs_of_row
from .stripes import forget_programs, stripes_of

_NAMING = ("program_id", "parent_id", "unit_id")
_WITH_CODE = ("raw_programs", "code_variants")
_FAULTS = (BuildBlocked, HomeError, MixtureError, ReleaseError, TableError)


@dataclass(frozen=True)
class Takedown:
    """What was taken down, and what could not be.

    Attributes:
        source: name of the source.
        row: natural key of the row in it.
        programs: ids of the programs that it held.
        rows: rows taken out of the tables, by table.
        replies: replies of language models that were removed.
        mixtures: what became of each mixture that held it: `built again`, or `withdrawn` with the reason.
        exports: what became of each export that held it: `written again`, `withdrawn`, `not reached` with the reason.
        releases: the releases that hold it still.
        source_path: where the source itself lies, which is not changed; empty if it is not in the registry, or shipped.
    """

    source: str
    row: str
    programs: tuple[str, ...]
    rows: dict[str, int]
    replies: int
    mixtures: dict[str, str]
    exports: dict[str, str]
    releases: tuple[Release, ...]
    source_path: str

    @property
    def is_complete(self) -> bool:
        """Whether everything but releases was reached."""
        return not any(said.startswith("not reached") for said in self.exports.values())


def take_down(home: Home, source: str, row: str) -> Takedown:
    """Remove a program and everything made from it, and leave it out of every build to come.

    Raises:
        HomeError: no table, release or export has such a row, nor has the source.
    """
    programs = programs_of_row(home, source, row)
    with home.lock("home"):
        home.forgotten().add(source, row, programs)
    slots = _leave_hole(home, source, row)
    removed: dict[str, int] = {}
    codes: set[str] = set()
    for stripe in stripes_of(home, source):
        if _names(home, source, stripe.number, programs):
            codes |= _codes(home, source, stripe.number, programs)
            for table, number in forget_programs(home, stripe, programs, slots.get(stripe.number)).items():
                removed[table] = removed.get(table, 0) + number
    replies = forget_replies(home.replies_file, sorted(codes))
    mixtures = {name: _renew_mixture(home, name, programs) for name in _holding_mixtures(home, programs)}
    redone = {made.destination: _renew_export(home, made) for made in exports(home) if made.programs & programs}
    holding = tuple(release for release in all_releases(home) if programs & programs_in(release))
    paths = [entry.path for entry in home.registry().entries() if entry.name == source]
    where = paths[0] if paths else ""
    return Takedown(source, row, tuple(sorted(programs)), removed, replies, mixtures, redone, holding, where)


def _leave_hole(home: Home, source: str, row: str) -> dict[str, tuple[str, str]]:
    """Take a row out of the stripe map, and what was read of the source off the disk.

    Returns:
        The digests of the slots of its stripe before and after, by the stripe's number.
    """
    with home.lock(f"source/{source}"), home.lock("home"):
        stripe_map = home.stripe_map(source)
        before = {stripe.number: slots_digest(stripe_map, stripe) for stripe in stripe_map.keys(source)}
        holes = stripe_map.remove(row)
        if holes:
            stripe_map.save()
        after = {stripe.number: slots_digest(stripe_map, stripe) for stripe in holes}
        (home.root / "staging" / "sources" / f"{source}.sqlite").unlink(missing_ok=True)
    return {number: (before[number], digest) for number, digest in after.items()}


def _names(home: Home, source: str, number: str, programs: frozenset[str]) -> bool:
    """Whether any file of a stripe names one of the programs; whole rows are not read for it."""
    paths = home.tables.glob(f"**/source={source}/{number}.parquet")
    return any(_file_names(path, programs) for path in paths if path.parent.parent.name != f"table={TABLE}")


def _file_names(path: Path, programs: frozenset[str]) -> bool:
    try:
        with reading(path) as file:
            columns = [name for name in (*_NAMING, "row") if name in file.schema_arrow.names]
            table = file.read(columns=columns)
    except TableError:
        return True
    for name in columns:
        values = table.column(name).to_pylist()
        if name == "row":
            if any(program in value for value in values for program in programs):
                return True
        elif not programs.isdisjoint(values):
            return True
    return False


def _codes(home: Home, source: str, number: str, programs: frozenset[str]) -> set[str]:
    """The texts of the programs of a stripe, and of their variants."""
    found: set[str] = set()
    for table in _WITH_CODE:
        path = home.tables / table / f"source={source}" / f"{number}.parquet"
        if path.exists():
            rows = pl.scan_parquet(path, hive_partitioning=False).select("program_id", "code")
            found |= set(rows.filter(pl.col("program_id").is_in(list(programs))).collect()["code"])
    return found


def _holding_mixtures(home: Home, programs: frozenset[str]) -> list[str]:
    folders = sorted((home.tables / TABLE).glob("*"))
    return [folder.name for folder in folders if _holds(folder, programs)]


def _holds(folder: Path, programs: frozenset[str]) -> bool:
    """Whether any file of samples in a folder, listed or not, has one that is made from these programs."""
    for path in folder.glob("*.parquet"):
        try:
            ancestors = pl.scan_parquet(path, hive_partitioning=False).select(pl.col("ancestors").explode())
            named = ancestors.select(pl.col("ancestors").struct.field("program_id")).drop_nulls().collect()
        except (pl.exceptions.PolarsError, OSError):
            return True
        if not programs.isdisjoint(named.to_series()):
            return True
    return False


def _renew_mixture(home: Home, name: str, programs: frozenset[str]) -> str:
    """Build a mixture from the tables, which do not have the programs any more; withdraw it where that fails."""
    with home.lock(f"{TABLE}/{name}"):
        held = held_release(home, name)
        lets_go = held is not None and not programs.isdisjoint(programs_in(held))
        if lets_go:
            let_go(home, name)
    try:
        build_mixture(home, name)
    except _FAULTS as error:
        _withdraw(home, name)
        return f"withdrawn, since it cannot be built: {error}"
    if _holds(mixture_folder(home, name), programs):
        _withdraw(home, name)
        return "withdrawn"
    return "built again" + (f"; it was held at release {held.name}, which has it" if lets_go else "")


def _withdraw(home: Home, name: str) -> None:
    with home.lock(f"{TABLE}/{name}"):
        for folder in (mixture_folder(home, name), home.exports / name):
            shutil.rmtree(folder, ignore_errors=True)
        for side in SIDES:
            mixture_side(home, side, name).unlink(missing_ok=True)


def _renew_export(home: Home, made: Export) -> str:
    """Write an export again from the build that there is now; withdraw one of a release, or of no build."""
    try:
        if not made.release and mixture_folder(home, made.mixture).exists():
            export_mixture(home, made.mixture, made.destination, made.options)
            return "written again"
        withdraw(Destination(made.destination))
        forget_export(home, made)
    except _FAULTS as error:
        return f"not reached: {error}"
    return "withdrawn"
