"""Pinning the build of a mixture as a release. Not here: making the build."""

import os
import shutil
from dataclasses import replace
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

from tracepile_assets.home import Home
from tracepile_assets.mixtures import MixtureError, find_mixture, listed_plots, listed_shards
from tracepile_assets.mixtures.shards import CARD
from tracepile_assets.tables.files import TableError, read_footer, read_table, sha256_of

from ..places import MANIFEST, SIDES, TABLE, mixture_folder, mixture_side, read_manifest
from .store import Release, ReleasedFile, ReleaseError, free_name, releases, write_release


def release_mixture(home: Home, mixture: str, name: str | None = None, note: str = "") -> tuple[Release, bool]:
    """Pin the build of a mixture that there is now.

    Args:
        home: the home.
        mixture: name of the mixture.
        name: name of the release; the next of `r1`, `r2`, … if None.
        note: what to say about it.

    Returns:
        The release, and whether it is new: a build with the same samples as an earlier one is that release, unless
        another name is asked for.

    Raises:
        MixtureError: there is no such mixture.
        ReleaseError: it is not built, its files are damaged, or the name is taken or none.
    """
    find_mixture(mixture, home.mixture_folder)
    with home.lock(f"{TABLE}/{mixture}"):
        manifest = _built(home, mixture)
        for release in reversed(releases(home, mixture)):
            if release.content == manifest["content"] and name in (None, release.name):
                return release, False
        name = free_name(home, mixture, name)
        folder = home.releases / mixture / name
        staging = folder.with_name(f".{name}.part")
        shutil.rmtree(staging, ignore_errors=True)
        try:
            staging.mkdir(parents=True)
            files = tuple(_pin(path, staging / as_) for path, as_ in _files(home, mixture))
            release = Release(
                mixture,
                name,
                note,
                datetime.now(UTC).isoformat(timespec="seconds"),
                manifest["content"],
                manifest["splits"],
                manifest["dropped"],
                _tokens(staging / "sample_rows.parquet"),
                manifest["made_from"],
                version("tracepile-assets"),
                files,
                staging,
            )
            _refuse_damaged(release)
            write_release(release)
            staging.replace(folder)
        except OSError as error:
            problem = f"{home.releases / mixture}: cannot be written ({error.strerror})"
            raise ReleaseError(f"{problem}; free space there, or change its rights") from error
        finally:
            shutil.rmtree(staging, ignore_errors=True)
    return replace(release, folder=folder), True


def _built(home: Home, mixture: str) -> dict:
    """The manifest of the mixture's build, where that is whole."""
    folder = mixture_folder(home, mixture)
    remedy = "build it: tracepile build"
    manifest = read_manifest(folder)
    try:
        listed = [path.name for paths in listed_shards(folder).values() for path in paths]
        listed_plots(folder)
        rows = read_footer(mixture_side(home, "sample_rows", mixture))
    except (MixtureError, TableError) as error:
        raise ReleaseError(f"mixture {mixture} cannot be pinned: {error}") from error
    if manifest is None or not listed:
        raise ReleaseError(f"{folder}: mixture {mixture} is not built yet; {remedy}")
    # Between its files and its card a build is half published; the build before the last knew less about itself.
    if listed != manifest["shards"] or rows is None or rows.get("content") != manifest["content"]:
        raise ReleaseError(f"{folder}: the build of {mixture} is not whole; {remedy}")
    return manifest


def _files(home: Home, mixture: str) -> list[tuple[Path, str]]:
    folder = mixture_folder(home, mixture)
    shards = [path for paths in listed_shards(folder).values() for path in paths]
    own = [*shards, *listed_plots(folder).values(), folder / CARD, folder / MANIFEST]
    return [(path, path.name) for path in own] + [(mixture_side(home, s, mixture), f"{s}.parquet") for s in SIDES]


def _pin(path: Path, pinned: Path) -> ReleasedFile:
    link_or_copy(path, pinned)
    return ReleasedFile(pinned.name, pinned.stat().st_size, sha256_of(pinned))


def link_or_copy(path: Path, to: Path) -> None:
    """Give a file a second name; a copy where the file system knows no links. Published files are never written to."""
    try:
        os.link(path, to)
    except FileExistsError:
        raise
    except OSError:
        shutil.copy2(path, to)


def _refuse_damaged(release: Release) -> None:
    for file in release.shards:
        if not file.name.endswith(f"-{file.sha256[:8]}.parquet"):
            raise ReleaseError(
                f"{release.mixture}: {file.name} is not what was built (its checksum is another); delete that file and "
                "build again: tracepile build"
            )


def _tokens(rows: Path) -> int:
    return sum(read_table(rows, "sample_rows", ["n_tokens"]).column(0).to_pylist())
