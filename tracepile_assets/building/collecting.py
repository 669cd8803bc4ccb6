"""Finding and removing what no release and no current table needs.

Belongs here: what is garbage, and why. Does not belong here: what a build stages while it runs; its lock protects that.
"""

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from filelock import Timeout

from tracepile_assets.home import Home, Stripe
from tracepile_assets.mixtures import MixtureError, find_mixtures, unlisted_files
from tracepile_assets.mixtures.definition import mixture_names
from tracepile_assets.mixtures.features import features_of
from tracepile_assets.tables.files import TableError, read_footer
from tracepile_assets.tables.schemas import FEATURES, table_of_place

from .feature_units import place_of
from .places import TABLE
from .releases.store import all_releases
from .scratch import lock_of

_AT_ONCE = 0.0
"""Seconds to wait for the lock of another writer: what is being worked on is left alone."""


@dataclass(frozen=True)
class Garbage:
    """A file or folder that nothing needs.

    Attributes:
        path: the file or folder.
        why: why nothing needs it.
        bytes: what removing it frees; a file that a release holds too frees nothing.
        lock: name of the lock of whoever may be working on it.
    """

    path: Path
    why: str
    bytes: int
    lock: str


def find_garbage(home: Home) -> list[Garbage]:
    """What no release and no current table needs, by kind; what is being worked on now is not among it.

    Raises:
        HomeError: registry or stripe maps cannot be read.
        ReleaseError: a release cannot be read: what it needs is not known.
    """
    with home.lock("home"):
        return [each for each in _found(home) if _is_idle(home, each.lock)]


def remove_garbage(home: Home) -> tuple[list[Garbage], list[Garbage]]:
    """Remove it, under the home's lock and that of each thing.

    Returns:
        What was removed, and what could not be.
    """
    removed: list[Garbage] = []
    left: list[Garbage] = []
    with home.lock("home"):
        for each in list(_found(home)):
            try:
                with home.lock(each.lock, wait=_AT_ONCE):
                    if not _is_listed_now(home, each.path):
                        _remove(each.path)
                        removed.append(each)
            except Timeout:
                continue
            except OSError:
                left.append(each)
        for folder in ("tables", "exports", "stripes"):
            _remove_empty(home.root / folder)
    return removed, left


def _found(home: Home) -> Iterator[Garbage]:
    yield from _staged(home)
    yield from _of_mixtures(home)
    yield from _of_sources(home)
    for part in sorted(home.releases.glob("*/.*.part")):
        yield _garbage(part, "was left by a release that was not finished", f"{TABLE}/{part.parent.name}")


def _staged(home: Home) -> Iterator[Garbage]:
    """What ended builds left where they stage; each is named like the lock of its build."""
    staging = home.root / "staging"
    why = "was left by a build that was not finished"
    for path in sorted(staging.glob("*")):
        if path.name == "sources":
            continue
        lock = {"families.parquet": "program_families"}.get(path.name) or lock_of(path.name) or path.name
        if path.name.startswith("releases--"):
            lock = f"{TABLE}/{path.name.split('--')[1]}"
        yield _garbage(path, why, lock)
    for path in sorted((staging / "sources").glob("*.part")):
        yield _garbage(path, "was left by a reading that was not finished", f"source/{path.stem}")


def _of_mixtures(home: Home) -> Iterator[Garbage]:
    known = set(mixture_names(home.mixture_folder))
    tables = home.tables
    gone = "is of a mixture that has no SQL file any more"
    for folder in sorted((tables / TABLE).glob("*")):
        if folder.name not in known:
            yield _garbage(folder, gone, f"{TABLE}/{folder.name}")
            continue
        try:
            unlisted = unlisted_files(folder)
        except MixtureError:
            # A card that lists what is not there says nothing about the rest; the next build writes another.
            continue
        for path in unlisted:
            yield _garbage(path, "is a file of an earlier build that its data card does not list", _lock(folder.name))
    places = [*tables.glob(f"*/table={TABLE}/source=*"), *home.exports.glob("*")]
    for folder in sorted(places):
        name = folder.name.removeprefix("source=")
        if name not in known:
            yield _garbage(folder, gone, _lock(name))
    for path in sorted(home.exports.glob("*/.*.part")):
        if path.parent.name in known:
            yield _garbage(path, "was left by an export that was not finished", _lock(path.parent.name))


def _lock(mixture: str) -> str:
    return f"{TABLE}/{mixture}"


def _of_sources(home: Home) -> Iterator[Garbage]:
    """Stripes of sources that are not in the registry, stripes that their map does not have, and features that nothing
    names.
    """
    entries = {entry.name: home.stripe_map(entry.name) for entry in home.registry().entries()}
    needed, named = _released(home), _named_features(home)
    for folder in sorted(home.tables.glob("**/source=*")):
        if folder.parent.name == f"table={TABLE}":
            continue
        source = folder.name.removeprefix("source=")
        has = {stripe.number for stripe in entries[source].keys(source)} if source in entries else set()
        place = _place_of(home, folder)
        is_named = named is None or table_of_place(place) != FEATURES or place in named
        for path in sorted(folder.glob("*.parquet")):
            if is_named and (path.stem in has or Stripe(source, path.stem) in needed):
                continue
            why = "is a stripe that its source does not have any more"
            if source not in entries:
                why = f"is of source {source}, which is not in the registry"
            elif not is_named:
                why = "is of a tokenizer or benchmark, as it was, that no mixture and no release names any more"
            yield _garbage(path, why, f"{place}/{source}/{path.stem}")
    for folder in sorted((home.root / "stripes").glob("*")):
        if folder.name not in entries and not any(stripe.source == folder.name for stripe in needed):
            why = f"is the stripe map of source {folder.name}, which is not in the registry"
            yield _garbage(folder, why, f"source/{folder.name}")
    for path in sorted((home.root / "staging" / "sources").glob("*.sqlite")):
        if path.stem not in entries:
            why = f"is what was read of source {path.stem}, which is not in the registry"
            yield _garbage(path, why, f"source/{path.stem}")


def _named_features(home: Home) -> set[str] | None:
    """The places of the features that mixtures and releases name; None where a mixture cannot say what it names."""
    try:
        mixtures = find_mixtures(home.mixture_folder)
        own = [features_of(mixture, home.root, home.settings().mixtures.benchmarks) for mixture in mixtures]
    except MixtureError:
        return None
    released = {table for release in all_releases(home) for table in release.made_from["tables"]}
    return released | {place_of(feature) for features in own for feature in features}


def _place_of(home: Home, folder: Path) -> str:
    """The table whose build writes into a folder of a source, be it the table's own or one beside it."""
    side, of, place = folder.parent.relative_to(home.tables).as_posix().partition("table=")
    return place if of else side


def _released(home: Home) -> set[Stripe]:
    """The stripes that a release was made from and that still hold the rows that it was made from."""
    found: set[Stripe] = set()
    for release in all_releases(home):
        for table, stripes in release.made_from["tables"].items():
            for said in stripes:
                if isinstance(said, list) and (stripe := Stripe.from_key(said[0])) not in found:
                    path = home.stripe_file(table, stripe)
                    try:
                        footer = read_footer(path)
                    except TableError:
                        continue
                    if footer is not None and footer["content"] == said[1]:
                        found.add(stripe)
    return found


def _garbage(path: Path, why: str, lock: str) -> Garbage:
    files = [path] if path.is_file() else [file for file in path.rglob("*") if file.is_file()]
    # A file with another name elsewhere frees nothing.
    return Garbage(path, why, sum(s.st_size for s in map(Path.stat, files) if s.st_nlink == 1), lock)


def _is_idle(home: Home, lock: str) -> bool:
    try:
        with home.lock(lock, wait=_AT_ONCE):
            return True
    except Timeout:
        return False


def _is_listed_now(home: Home, path: Path) -> bool:
    """Whether a build that has ended since it was found wants a shard after all."""
    folder = path.parent
    return folder.parent == home.tables / TABLE and path.is_file() and path not in unlisted_files(folder)


def _remove(path: Path) -> None:
    if path.is_dir():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)


def _remove_empty(root: Path) -> None:
    """Remove folders that nothing is left in, but not `root` itself."""
    for folder in sorted(root.rglob("*"), reverse=True):
        if folder.is_dir() and not folder.is_symlink() and not any(folder.iterdir()):
            folder.rmdir()
