"""Putting a release into the place of the mixture, and making it anew from what it says that it was made from.

Not here: who decides that a mixture is held (store.py), and the lock, which the caller has.
"""

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import orjson

from tracepile_assets.home import Home
from tracepile_assets.mixtures import origin_of, render, unlisted_files, write_card, write_shards
from tracepile_assets.mixtures.definition import parse_mixture
from tracepile_assets.mixtures.features import features_of
from tracepile_assets.mixtures.shards import CARD
from tracepile_assets.planning import versions_digest
from tracepile_assets.tables.files import TableError, publish, read_footer

from ..places import MANIFEST, SIDES, mixture_folder, mixture_side, own_instructions
from .making import link_or_copy
from .store import Release, ReleaseError, damaged_files, is_whole


@dataclass(frozen=True)
class Rebuilt:
    """What came of making a release anew.

    Attributes:
        same: its shards came out the same, byte for byte.
        mended: files of the release that were missing or damaged, and were put back.
        lost: files of the release that are missing or damaged still: they come out otherwise, or are not made anew.
        differs: what is other now than when it was made, in words.
    """

    same: bool
    mended: tuple[str, ...]
    lost: tuple[str, ...]
    differs: tuple[str, ...]


def put_in_place(home: Home, release: Release, inputs: str) -> str:
    """Publish the files of a release as the mixture, the data card last.

    Args:
        home: the home, whose lock of this mixture the caller holds.
        release: the release.
        inputs: what the manifest is to say that the build was made from.

    Returns:
        The digest of its content.

    Raises:
        ReleaseError: files of it are missing or damaged.
    """
    if damaged := damaged_files(release):
        raise ReleaseError(
            f"{release.folder}: {', '.join(damaged)} not as pinned; make them anew: "
            f"`tracepile releases rebuild {release.mixture} {release.name}`"
        )
    folder = mixture_folder(home, release.mixture)
    staging = home.root / "staging" / f"training_mixtures--{release.mixture}"
    shutil.rmtree(staging, ignore_errors=True)
    staging.mkdir(parents=True)
    try:
        for file in (*release.shards, *release.plots):
            _publish_link(release, file.name, staging, folder / file.name)
        for side in SIDES:
            path = mixture_side(home, side, release.mixture)
            _publish_link(release, f"{side}.parquet", staging, path)
        said = orjson.loads((release.folder / MANIFEST).read_bytes()) | {"inputs": inputs}
        staged = staging / MANIFEST
        staged.write_bytes(orjson.dumps(said, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE))
        publish(staged, folder / MANIFEST)
        _publish_link(release, CARD, staging, folder / CARD)
    finally:
        shutil.rmtree(staging, ignore_errors=True)
    for path in unlisted_files(folder):
        path.unlink()
    return release.content


def _publish_link(release: Release, name: str, staging: Path, final: Path) -> None:
    pinned = release.folder / name
    if not (final.exists() and final.samefile(pinned)):
        link_or_copy(pinned, staging / name)
        publish(staging / name, final)


def rebuild(home: Home, release: Release) -> Rebuilt:
    """Make the samples of a release anew, from its SQL and its licences and the tables as they are now, and compare.

    Where they come out the same, files of the release that are missing or damaged are put back.

    Raises:
        MixtureError: the query cannot be run on the tables that there are, or its tokenizer or a benchmark is gone.
    """
    sources = sorted({stripe.partition("/")[0] for stripe, _ in _stripes(release)})
    mixture = parse_mixture(release.made_from["sql"], str(release.folder / CARD), release.mixture)
    staging = home.root / "staging" / f"releases--{release.mixture}--{release.name}"
    shutil.rmtree(staging, ignore_errors=True)
    try:
        licenses = release.made_from["licenses"]
        features = features_of(mixture, home.root, release.made_from["benchmarks"])
        rendered = render(
            mixture,
            home.tables,
            home.root / "instructions",
            sources=sources,
            licenses=licenses,
            features=features,
        )
        shards = write_shards(staging, rendered)
        write_card(staging, rendered, shards, origin_of(release.made_from))
        same = [(s.name, s.sha256) for s in shards] == [(s.name, s.sha256) for s in release.shards]
        mended = tuple(_mended(release, staging)) if same else ()
    finally:
        shutil.rmtree(staging, ignore_errors=True)
    return Rebuilt(same, mended, tuple(damaged_files(release)), tuple(differences(home, release)))


def _mended(release: Release, staging: Path) -> Iterator[str]:
    damaged = set(damaged_files(release))
    for file in release.files:
        made = staging / file.name
        if file.name in damaged and is_whole(made, file):
            part = release.folder / f".{file.name}.part"
            shutil.copy2(made, part)
            publish(part, release.folder / file.name)
            yield file.name


def differences(home: Home, release: Release) -> Iterator[str]:
    """What is other now than when a release was made, in words: its SQL file, tables, code and instructions."""
    if release.made_from["versions"] != versions_digest(("tracepile_assets.mixtures",)):
        yield "the code that makes mixtures is another now"
    if release.made_from["instructions"] and release.made_from["instructions"] != own_instructions(home):
        yield "your own instruction set is another now"
    changed: dict[str, list[str]] = {}
    for table, stripe, content in _pinned(release):
        if _content(home, table, stripe) != content:
            changed.setdefault(table, []).append(stripe)
    for table, stripes in changed.items():
        shown = ", ".join(stripes[:3]) + (f" and {len(stripes) - 3} more" if len(stripes) > 3 else "")
        yield f"{table} holds other rows now" + (f" ({shown})" if any(stripes) else "")


def _pinned(release: Release) -> Iterator[tuple[str, str, str | None]]:
    """Table, stripe (empty for a table without stripes) and content of all that a release was made from."""
    for table, stripes in release.made_from["tables"].items():
        for said in stripes:
            if isinstance(said, list):
                yield table, *said
            else:
                yield table, "", said


def _stripes(release: Release) -> Iterator[tuple[str, str | None]]:
    return ((stripe, content) for _, stripe, content in _pinned(release) if stripe)


def _content(home: Home, table: str, stripe: str) -> str | None:
    source, _, number = stripe.rpartition("/")
    path = home.tables / table / (f"source={source}/{number}.parquet" if stripe else "families.parquet")
    try:
        said = read_footer(path)
    except TableError:
        return None
    return None if said is None else said["content"]
