"""Exporting a build of a mixture, and remembering where exports went, so that what they hold can be taken down.

Belongs here: which build is exported, and the record of it in the home (`exported/`). Does not belong here: formats,
destinations and manifests (mixtures/exporting/).
"""

import hashlib
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from pathlib import Path

import orjson

from tracepile_assets.home import Home, write_whole
from tracepile_assets.mixtures import find_mixture, listed_plots, listed_shards
from tracepile_assets.mixtures.exporting.destination import Destination
from tracepile_assets.mixtures.exporting.writing import Build, Exported, Options, refuse_unfit
from tracepile_assets.mixtures.exporting.writing import export as write_export
from tracepile_assets.mixtures.shards import CARD
from tracepile_assets.tables.files import read_table

from .places import TABLE, mixture_folder, mixture_side, read_manifest
from .releases.making import link_or_copy
from .releases.store import Release, ReleaseError, damaged_files, find_release, refuse_forgotten


@dataclass(frozen=True)
class Export:
    """An export that was made or begun.

    Attributes:
        mixture: name of the mixture.
        release: name of the release; empty for the build that there was.
        destination: where it went.
        options: how.
        programs: ids of the programs that samples in it are made from.
    """

    mixture: str
    release: str
    destination: str
    options: Options
    programs: frozenset[str]


def export_mixture(home: Home, mixture: str, place: str, options: Options, release: str | None = None) -> Exported:
    """Export the build of a mixture that there is, or a release of it; go on where an earlier run was stopped.

    Raises:
        MixtureError: the mixture is not there, the format does not suit it, or the destination holds something else or
            cannot be written; what was sent stays, and is not sent again.
        ReleaseError: there is no such release, it is damaged, or the mixture is not built.
    """
    destination = Destination(place)
    pinned = None if release is None else find_release(home, mixture, release)
    with (
        home.lock(f"exports/{_key(destination.place)}"),
        _build(home, mixture, destination, pinned) as (build, programs),
    ):
        # What is refused changes nothing there, nor what is remembered of the place.
        refuse_unfit(build, destination, options)
        made = Export(mixture, release or "", destination.place, options, programs)
        before = find_export(home, destination.place)
        # Until it is done both what was there and what is to be there may be.
        _remember(home, replace(made, programs=programs | (before.programs if before else frozenset())))
        done = write_export(build, destination, options)
        _remember(home, made)
    return done


def exports(home: Home) -> list[Export]:
    """All exports of a home, by destination."""
    found = [_read(path) for path in home.exported.glob("*.json")]
    return sorted(found, key=lambda each: each.destination)


def find_export(home: Home, destination: str) -> Export | None:
    """The export that was made to this destination; None if there is none."""
    path = _record(home, destination)
    return _read(path) if path.exists() else None


def forget_export(home: Home, made: Export) -> None:
    """Remember an export no longer, since nothing of it is left."""
    _record(home, made.destination).unlink(missing_ok=True)


@contextmanager
def _build(
    home: Home, mixture: str, destination: Destination, release: Release | None
) -> Iterator[tuple[Build, frozenset[str]]]:
    """The build to export, whose files stay while it is exported, and the programs in it."""
    if release is not None:
        refuse_forgotten(home, release)
        if damaged := damaged_files(release):
            raise ReleaseError(
                f"{release.folder}: {', '.join(damaged)} not as pinned; make them anew: "
                f"`tracepile releases rebuild {mixture} {release.name}`"
            )
        build = Build(mixture, release.made_from["sql"], release.folder, release.content, release.name)
        yield build, _programs(release.rows_file)
        return
    found = find_mixture(mixture, home.mixture_folder)
    staging = home.root / "staging" / f"exports--{_key(destination.place)}"
    shutil.rmtree(staging, ignore_errors=True)
    folder = mixture_folder(home, mixture)
    try:
        staging.mkdir(parents=True)
        # A build that begins now may remove the files of this one: they are linked to, not locked.
        with home.lock(f"{TABLE}/{mixture}"):
            manifest = read_manifest(folder)
            listed = [path for paths in listed_shards(folder).values() for path in paths]
            if manifest is None or [path.name for path in listed] != manifest["shards"]:
                raise ReleaseError(f"{folder}: mixture {mixture} is not built; build it: tracepile build")
            for path in (*listed, *listed_plots(folder).values(), folder / CARD):
                link_or_copy(path, staging / path.name)
            programs = _programs(mixture_side(home, "sample_rows", mixture))
        yield Build(mixture, manifest["made_from"].get("sql", found.text), staging, manifest["content"]), programs
    finally:
        shutil.rmtree(staging, ignore_errors=True)


def _programs(rows: Path) -> frozenset[str]:
    return frozenset(read_table(rows, "sample_rows", ["program_id"]).column(0).drop_null().to_pylist())


def _key(destination: str) -> str:
    return hashlib.blake2b(destination.encode(), digest_size=8).hexdigest()


def _record(home: Home, destination: str) -> Path:
    return home.exported / f"{_key(destination)}.json"


def _remember(home: Home, made: Export) -> None:
    write_whole(_record(home, made.destination), orjson.dumps(asdict(made) | {"programs": sorted(made.programs)}))


def _read(path: Path) -> Export:
    said = orjson.loads(path.read_bytes())
    options = Options(**said.pop("options"))
    return Export(**{**said, "programs": frozenset(said["programs"])}, options=options)
