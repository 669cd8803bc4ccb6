"""Writing an export: files of samples first, what describes them next, the manifest last.

What is there already with the right content is not sent again, so that a run that was stopped goes on where it was.
Not here: what is in the files (producing.py), and the destination's ways (destination.py).
"""

import hashlib
import re
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

import orjson

from tracepile_assets.mixtures.definition import parse_mixture
from tracepile_assets.mixtures.errors import MixtureError
from tracepile_assets.mixtures.exporting.describing import readme
from tracepile_assets.mixtures.exporting.destination import Destination
from tracepile_assets.mixtures.exporting.formats import FORMATS, INFO, PACKED, dataset_info
from tracepile_assets.mixtures.exporting.manifest import MANIFEST, UNFINISHED, ExportedFile, Manifest, read_manifest
from tracepile_assets.mixtures.exporting.packing import open_packer
from tracepile_assets.mixtures.exporting.producing import Produced, converted, copied, packed
from tracepile_assets.mixtures.shards import CARD, listed_plots, listed_shards

_OF_AN_EXPORT = re.compile(
    r"(train|validation|test)[-/]\d{5}-of-\d{5}-[0-9a-f]{8}\.(parquet|jsonl)|plot-\w+-[0-9a-f]{8}\.png|(.*/)?\..*\.part|"
    + re.escape(INFO)
)
"""Names that only exports give: a file with one that is not of this export is of one before, or of a stopped one."""


@dataclass(frozen=True)
class Build:
    """The build that is exported.

    Attributes:
        mixture: name of the mixture.
        sql: the text of its file.
        folder: its shards and data card.
        content: digest of its shards.
        release: name of the release that it is; empty for the build that there is.
    """

    mixture: str
    sql: str
    folder: Path
    content: str
    release: str = ""


@dataclass(frozen=True)
class Options:
    """How a build is exported.

    Attributes:
        format: one of `FORMATS`, or `packed`.
        context: tokens of a row, of `packed`.
        tokenizer: path of a tokenizer.json, of `packed`.
        end_token: text of the token that ends a sample, of `packed`; found in the tokenizer if None.
    """

    format: str = "parquet"
    context: int | None = None
    tokenizer: str | None = None
    end_token: str | None = None

    def told(self) -> dict[str, Any]:
        """What the manifest says of them."""
        if self.format != PACKED:
            return {}
        digest = hashlib.sha256(Path(self.tokenizer or "").expanduser().read_bytes()).hexdigest()
        return {"context": self.context, "tokenizer_sha256": digest, "end_token": self.end_token}


@dataclass(frozen=True)
class Exported:
    """What an export did: its manifest, and how many files were sent, and were there already."""

    manifest: Manifest
    sent: int
    there: int


def refuse_unfit(build: Build, destination: Destination, options: Options) -> None:
    """Make sure that a build can be exported to a place; nothing is changed there.

    Raises:
        MixtureError: the format does not suit, or the destination holds something else, or cannot be read.
    """
    _refuse_unsuited(parse_mixture(build.sql, build.mixture, build.mixture).format, options)
    _refuse_foreign(destination, build.mixture, destination.sizes(), read_manifest(destination))


def export(build: Build, destination: Destination, options: Options) -> Exported:
    """Export a build.

    Raises:
        MixtureError: the format does not suit, the destination holds something else, or cannot be written.
    """
    mixture = parse_mixture(build.sql, build.mixture, build.mixture)
    _refuse_unsuited(mixture.format, options)
    listed = listed_shards(build.folder)
    sizes = destination.sizes()
    old = read_manifest(destination)
    _refuse_foreign(destination, build.mixture, sizes, old)
    sender = _Sender(destination, sizes, build.mixture)
    with tempfile.TemporaryDirectory(prefix="tracepile-export-") as staging, _space_told(staging):
        files = []
        left_out: dict[str, int] = {}
        for produced in _produced(listed, mixture.format, options, Path(staging), left_out):
            sender.send(produced.path, produced.name, produced.bytes, produced.sha256)
            files.append(ExportedFile(produced.name, produced.split, produced.rows, produced.bytes, produced.sha256))
        splits = {split: sum(file.rows for file in files if file.split == split) for split in listed}
        plots = {path.name: path.read_bytes() for path in listed_plots(build.folder).values()}
        described = plots | {
            CARD: readme(build.folder / CARD, build.mixture, options.format, mixture.format, files, left_out)
        }
        if options.format != PACKED:
            info = dataset_info(FORMATS[options.format], build.mixture, mixture.format, splits)
            described |= {} if info is None else {INFO: info}
        sender.remove_others({*(file.name for file in files), *described})
        for name, raw in described.items():
            files.append(sender.send_text(name, raw, Path(staging)))
        manifest = Manifest(
            build.mixture,
            build.release,
            build.content,
            options.format,
            options.told(),
            splits,
            left_out,
            version("tracepile-assets"),
            tuple(files),
        )
        sender.finish(manifest, Path(staging))
    return Exported(manifest, sender.sent, sender.there)


def withdraw(destination: Destination) -> None:
    """Remove an export, the manifest first: all files that only an export has there.

    Raises:
        MixtureError: the destination cannot be reached or changed.
    """
    manifest = read_manifest(destination)
    named = {file.name for file in manifest.files} if manifest is not None else set()
    destination.remove(MANIFEST)
    for name in sorted(destination.sizes()):
        if name in named or name == UNFINISHED or _OF_AN_EXPORT.fullmatch(name):
            destination.remove(name)


def _produced(
    listed: Mapping[str, list[Path]], kind: str, options: Options, folder: Path, left_out: dict[str, int]
) -> Iterator[Produced]:
    if options.format == "parquet":
        yield from copied(listed)
    elif options.format == PACKED:
        packer = open_packer(options.tokenizer or "", options.context or 0, options.end_token)
        yield from packed(listed, packer, options.context or 0, folder)
        left_out["longer than the context"] = packer.too_long
    else:
        yield from converted(listed, FORMATS[options.format], kind, folder)


class _Sender:
    """Sends what is not there yet. Before the first change the manifest goes: what is half written is no export."""

    def __init__(self, destination: Destination, sizes: dict[str, int], mixture: str) -> None:
        self.sent = 0
        self.there = 0
        self._destination = destination
        self._sizes = sizes
        self._mixture = mixture
        self._changed = False

    def send(self, path: Path, name: str, size: int, sha256: str) -> None:
        """Send a file, unless it is there."""
        if self._is_there(name, size, sha256):
            self.there += 1
            return
        self._begin()
        self._destination.put(path, name)
        self.sent += 1

    def send_text(self, name: str, raw: bytes, staging: Path) -> ExportedFile:
        """Send a small file, unless it is there."""
        path = staging / "described"
        path.write_bytes(raw)
        sha256 = hashlib.sha256(raw).hexdigest()
        self.send(path, name, len(raw), sha256)
        return ExportedFile(name, "", 0, len(raw), sha256)

    def remove_others(self, names: set[str]) -> None:
        """Remove files of earlier exports that are not among these."""
        for name in sorted(self._sizes):
            if name not in names and _OF_AN_EXPORT.fullmatch(name):
                self._begin()
                self._destination.remove(name)

    def finish(self, manifest: Manifest, staging: Path) -> None:
        """Write the manifest: with it, and not before, the place holds an export."""
        raw = manifest.dump()
        if self._changed or self._destination.read(MANIFEST) != raw:
            path = staging / "manifest"
            path.write_bytes(raw)
            self._destination.put(path, MANIFEST)
        if self._changed or UNFINISHED in self._sizes:
            self._destination.remove(UNFINISHED)

    def _begin(self) -> None:
        if self._changed:
            return
        self._changed = True
        with tempfile.NamedTemporaryFile(prefix="tracepile-export-") as file:
            file.write(orjson.dumps({"mixture": self._mixture}, option=orjson.OPT_APPEND_NEWLINE))
            file.flush()
            self._destination.put(Path(file.name), UNFINISHED)
        self._destination.remove(MANIFEST)

    def _is_there(self, name: str, size: int, sha256: str) -> bool:
        if self._sizes.get(name) != size:
            return False
        # An object store shows an object whole or not at all, and reading it back costs what sending it does; its name
        # holds the first digits of its checksum.
        if not self._destination.is_local and sha256[:8] in name:
            return True
        return self._destination.sha256(name) == sha256


def _refuse_unsuited(kind: str, options: Options) -> None:
    if options.format == PACKED:
        if kind != "text":
            remedy = "packing is for continued pre-training; choose another format"
            raise MixtureError(options.format, f"holds mixtures of format text, and this one is {kind}", remedy)
        if not options.context or not options.tokenizer:
            problem = "needs a context length and a tokenizer"
            raise MixtureError(options.format, problem, "give --context 4096 --tokenizer PATH/tokenizer.json")
        return
    if options.format not in FORMATS:
        known = ", ".join([*FORMATS, PACKED])
        raise MixtureError(options.format, "is no format of an export", f"the formats are {known}")
    if kind not in FORMATS[options.format].suits:
        fits = ", ".join(each.name for each in FORMATS.values() if kind in each.suits)
        raise MixtureError(options.format, f"cannot hold a mixture of format {kind}", f"choose one of {fits}")


def _refuse_foreign(destination: Destination, mixture: str, sizes: Mapping[str, int], old: Manifest | None) -> None:
    """Nothing of anybody else's is written over or removed."""
    held = old.mixture if old is not None else _unfinished(destination, sizes)
    if held is None and sizes:
        raise MixtureError(destination.place, "is not empty, and holds no export", "name an empty or a new folder")
    if held not in (None, mixture):
        raise MixtureError(destination.place, f"holds an export of {held}", "name another folder")


def _unfinished(destination: Destination, sizes: Mapping[str, int]) -> str | None:
    if UNFINISHED not in sizes:
        return None
    try:
        return orjson.loads(destination.read(UNFINISHED) or b"")["mixture"]
    except (orjson.JSONDecodeError, KeyError, TypeError):
        return None


@contextmanager
def _space_told(staging: str) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        remedy = "free space there, or name another folder with TMPDIR"
        raise MixtureError(staging, f"cannot be written ({error.strerror or error})", remedy) from error
