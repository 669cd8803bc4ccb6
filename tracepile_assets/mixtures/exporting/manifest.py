"""The manifest of an export, `tracepile-export.json`: what the export is of, and each file with size and checksum.

It is written last: a place without it holds no export. Checking a place by it is here too; writing an export is not.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

import orjson

from tracepile_assets.mixtures.errors import MixtureError
from tracepile_assets.mixtures.exporting.destination import Destination

MANIFEST = "tracepile-export.json"
UNFINISHED = "tracepile-export.unfinished.json"
"""Stands in a place from the first file of an export to its manifest."""


@dataclass(frozen=True)
class ExportedFile:
    """One file: its name in the place, split (empty for what is no data), rows, size in bytes, SHA-256 in hex."""

    name: str
    split: str
    rows: int
    bytes: int
    sha256: str


@dataclass(frozen=True)
class Manifest:
    """What an export is.

    Attributes:
        mixture: name of the mixture.
        release: name of the release that was exported; empty for the build that there was.
        content: digest of the build's shards.
        format: name of the format.
        options: what the format was told, such as the context length.
        splits: rows by split, as they are in the files.
        left_out: samples that are in no file, by reason.
        package: version of this package that wrote it.
        files: the files.
    """

    mixture: str
    release: str
    content: str
    format: str
    options: Mapping[str, Any]
    splits: Mapping[str, int]
    left_out: Mapping[str, int]
    package: str
    files: tuple[ExportedFile, ...]

    def dump(self) -> bytes:
        """The text of the file."""
        return orjson.dumps(asdict(self), option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)


def read_manifest(destination: Destination) -> Manifest | None:
    """The manifest of a place; None where there is none.

    Raises:
        MixtureError: it cannot be read, or is no manifest.
    """
    raw = destination.read(MANIFEST)
    if raw is None:
        return None
    try:
        said = orjson.loads(raw)
        return Manifest(**{**said, "files": tuple(ExportedFile(**file) for file in said["files"])})
    except (orjson.JSONDecodeError, TypeError, KeyError) as error:
        place = f"{destination.place}/{MANIFEST}"
        remedy = "delete that file, and run the export again"
        raise MixtureError(place, f"cannot be read as a manifest ({error})", remedy) from error


def verify(destination: Destination) -> tuple[Manifest, list[str]]:
    """Check every file of an export against its manifest, by size and by SHA-256 of what can be read back.

    Returns:
        The manifest, and what is wrong, a sentence for each file; empty if all is well.

    Raises:
        MixtureError: the place holds no whole export, or cannot be read.
    """
    sizes = destination.sizes()
    manifest = read_manifest(destination)
    if manifest is None:
        problem = "holds no export"
        remedy = "run the export first"
        if UNFINISHED in sizes:
            problem = "holds an export that was not finished"
            remedy = "run the same command again without --verify to finish it"
        raise MixtureError(destination.place, problem, remedy)
    faults = []
    for file in manifest.files:
        if file.name not in sizes:
            faults.append(f"{file.name} is missing")
        elif sizes[file.name] != file.bytes:
            faults.append(f"{file.name} has {sizes[file.name]:,} bytes instead of {file.bytes:,}")
        elif destination.sha256(file.name) != file.sha256:
            faults.append(f"{file.name} has other bytes than were written (its SHA-256 is another)")
    return manifest, faults
