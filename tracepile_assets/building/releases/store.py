"""What a release is on disk: a folder with the files of a build, and `release.json`, which says what they are.

The folder appears under its name whole or not at all. Its files are links to those of the build where the file system
allows it, so that pinning costs no space. Not here: making a release, and putting one into place.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import orjson

from tracepile_assets.home import Home, write_whole
from tracepile_assets.tables.files import TableError, reading, sha256_of

RELEASE_FILE = "release.json"
ROWS_FILE = "sample_rows.parquet"
HELD_FILE = "held.json"

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,62}")
_NUMBERED = re.compile(r"r(\d+)")
_REMOVED = ".removed"


class ReleaseError(Exception):
    """A release cannot be made, found or used; the message names it and the remedy."""


@dataclass(frozen=True)
class ReleasedFile:
    """One file of a release: its name, size in bytes and SHA-256 in hex."""

    name: str
    bytes: int
    sha256: str


@dataclass(frozen=True)
class Release:
    """A pinned build of a mixture.

    Attributes:
        mixture: name of the mixture.
        name: name of the release.
        note: what its maker says about it.
        made_at: when it was pinned, in UTC, ISO 8601.
        content: digest of its shards: equal samples in equal order have equal ones.
        splits: samples by split.
        dropped: candidates that are no samples, by reason.
        tokens: tokens of all samples.
        made_from: what the build was made from: `sql`, `tables` (content of each stripe by table), `instructions`,
            `licenses`, `versions` (of our code).
        package: version of this package that pinned it.
        files: its files.
        folder: where they lie.
    """

    mixture: str
    name: str
    note: str
    made_at: str
    content: str
    splits: Mapping[str, int]
    dropped: Mapping[str, int]
    tokens: int
    made_from: Mapping[str, Any]
    package: str
    files: tuple[ReleasedFile, ...]
    folder: Path

    @property
    def rows_file(self) -> Path:
        """The file with a row for each sample (table `sample_rows`)."""
        return self.folder / ROWS_FILE

    @property
    def shards(self) -> list[ReleasedFile]:
        """Its files of samples, in their order."""
        return [file for file in self.files if file.name.split("-")[0] in self.splits]

    @property
    def plots(self) -> list[ReleasedFile]:
        """The pictures that its data card shows."""
        return [file for file in self.files if file.name.startswith("plot-")]


def write_release(release: Release) -> None:
    """Write what a release says into its folder; with it, the folder holds a release."""
    said = {key: value for key, value in asdict(release).items() if key != "folder"}
    path = release.folder / RELEASE_FILE
    path.write_bytes(orjson.dumps(said, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE))


def releases(home: Home, mixture: str) -> list[Release]:
    """The releases of a mixture, oldest first."""
    found = [_read(folder) for folder in _folders(home, mixture)]
    return sorted(found, key=lambda release: (release.made_at, release.name))


def all_releases(home: Home) -> list[Release]:
    """The releases of all mixtures, by mixture, oldest first."""
    return [release for name in released_mixtures(home) for release in releases(home, name)]


def released_mixtures(home: Home) -> list[str]:
    """The names of the mixtures that have, or had, releases."""
    return sorted(folder.name for folder in home.releases.glob("*") if folder.is_dir())


def find_release(home: Home, mixture: str, name: str) -> Release:
    """The release of that name.

    Raises:
        ReleaseError: there is none; the message lists those that there are.
    """
    folder = home.releases / mixture / name
    if _NAME.fullmatch(name) and (folder / RELEASE_FILE).exists():
        return _read(folder)
    known = ", ".join(release.name for release in releases(home, mixture)) or "none"
    raise ReleaseError(
        f"{home.releases / mixture}: there is no release {name!r} of {mixture} (there are: {known}); "
        f"pin the build that there is now with `tracepile release {mixture}`"
    )


def free_name(home: Home, mixture: str, wanted: str | None) -> str:
    """The name of a new release: the one wanted, or `r1`, `r2`, …; never one that was given before.

    Raises:
        ReleaseError: it is no name, or it is taken.
    """
    folder = home.releases / mixture
    taken = {path.name.removesuffix(_REMOVED) for path in folder.glob("*") if not path.name.startswith(".")}
    if wanted is None:
        numbers = [int(match.group(1)) for name in taken if (match := _NUMBERED.fullmatch(name))]
        return f"r{max(numbers, default=0) + 1}"
    if not _NAME.fullmatch(wanted) or wanted.endswith(_REMOVED) or wanted in ("now", HELD_FILE):
        raise ReleaseError(
            f"{wanted!r} is no name for a release; use letters, digits, `.`, `_` and `-`, such as v1 (`now` means the "
            "build that there is)"
        )
    if wanted in taken:
        raise ReleaseError(f"{folder / wanted}: the name {wanted} was given already; choose another one")
    return wanted


def remove_release(home: Home, release: Release) -> None:
    """Delete a release; its name is not given again.

    Raises:
        ReleaseError: the mixture is held at it.
    """
    held = held_release(home, release.mixture)
    if held is not None and held.name == release.name:
        raise ReleaseError(
            f"{release.mixture} is held at release {release.name}; let go of it first: "
            f"`tracepile releases follow {release.mixture}`"
        )
    (release.folder.parent / f"{release.name}{_REMOVED}").touch()
    # A folder without its release.json is none.
    for path in (release.folder / RELEASE_FILE, *release.folder.glob("*")):
        path.unlink(missing_ok=True)
    release.folder.rmdir()


def held_release(home: Home, mixture: str) -> Release | None:
    """The release that a mixture was rolled back to and is held at; None where it follows its SQL file.

    Raises:
        ReleaseError: it is held at a release that is not there.
    """
    path = home.releases / mixture / HELD_FILE
    if not path.exists():
        return None
    return find_release(home, mixture, orjson.loads(path.read_bytes())["release"])


def hold(home: Home, release: Release) -> None:
    """Hold the mixture at this release from the next build on."""
    said = orjson.dumps({"release": release.name}, option=orjson.OPT_APPEND_NEWLINE)
    write_whole(home.releases / release.mixture / HELD_FILE, said)


def let_go(home: Home, mixture: str) -> bool:
    """Let a mixture follow its SQL file again; returns whether it was held."""
    path = home.releases / mixture / HELD_FILE
    was_held = path.exists()
    path.unlink(missing_ok=True)
    return was_held


def programs_in(release: Release) -> frozenset[str]:
    """The ids of the programs that a release's samples are made from; none if its rows cannot be read."""
    try:
        with reading(release.rows_file) as file:
            return frozenset(file.read(columns=["program_id"]).column(0).drop_null().to_pylist())
    except TableError:
        return frozenset()


def refuse_forgotten(home: Home, release: Release) -> None:
    """Make sure that a release has nothing that was taken down.

    Raises:
        ReleaseError: it has.
    """
    if found := sorted(home.forgotten().programs() & programs_in(release)):
        some = ", ".join(found[:3])
        raise ReleaseError(
            f"{release.folder}: release {release.name} of {release.mixture} has samples of programs that were taken "
            f"down ({some}); use a build made since, and remove it with `tracepile releases remove`"
        )


def damaged_files(release: Release) -> list[str]:
    """The names of files of a release that are missing or not as they were pinned."""
    return [file.name for file in release.files if not is_whole(release.folder / file.name, file)]


def is_whole(path: Path, file: ReleasedFile) -> bool:
    """Whether there is a file at this path with the size and checksum of a pinned one."""
    return path.is_file() and path.stat().st_size == file.bytes and sha256_of(path) == file.sha256


def _folders(home: Home, mixture: str) -> Iterator[Path]:
    for path in (home.releases / mixture).glob(f"*/{RELEASE_FILE}"):
        if not path.parent.name.startswith("."):
            yield path.parent


def _read(folder: Path) -> Release:
    path = folder / RELEASE_FILE
    try:
        said = orjson.loads(path.read_bytes())
        files = tuple(ReleasedFile(**file) for file in said.pop("files"))
        return Release(**said, files=files, folder=folder)
    except (OSError, orjson.JSONDecodeError, TypeError, KeyError) as error:
        remedy = f"delete the folder {folder} to be rid of that release"
        raise ReleaseError(f"{path}: cannot be read as a release ({error}); {remedy}") from error
