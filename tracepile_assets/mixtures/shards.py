"""The files of a mixture: writing the shards, and telling which shards and plots count.

Belongs here: shards and their names, reading the lists that a data card holds. Does not belong here: the card's text
(`card`), where the folder lies and when it is published (building/).
"""

import re
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa

from tracepile_assets.mixtures.errors import MixtureError
from tracepile_assets.mixtures.making import Rendered
from tracepile_assets.tables.files import sha256_of, write_tables

CARD = "README.md"
ROWS_PER_SHARD = 50_000

LOADING = "## How to load it"
LOADING_ENDS = "## What it is not good for"
"""The headings of a card between which it says how to load the files beside it; plots stand before."""

_SPLIT = re.compile(r"\s*- split: (\w+)")
_PICTURE = re.compile(r"!\[([^\]]+)\]\((plot-\w+-[0-9a-f]{8}\.png)\)")
_FILE = re.compile(r"\s*- (\w+-\d+-of-\d+-[0-9a-f]{8}\.parquet)")


@dataclass(frozen=True, slots=True)
class Shard:
    """One Parquet file of a mixture: its split, name, number of rows and tokens, size in bytes and SHA-256 in hex."""

    split: str
    name: str
    rows: int
    tokens: int
    size: int
    sha256: str


def write_shards(folder: Path, rendered: Rendered, rows_per_shard: int = ROWS_PER_SHARD) -> list[Shard]:
    """Write the samples of a mixture to `<split>-<n>-of-<N>-<hash8>.parquet` in this folder.

    The shards of a split have equal numbers of rows, give or take one. Equal samples give equal bytes and so equal
    names; a file of another build is left alone. Nothing of it counts before a data card lists it.

    Raises:
        MixtureError: the folder cannot be written.
    """
    shards: list[Shard] = []
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for split, table in rendered.splits.items():
            number = max(1, -(-table.num_rows // rows_per_shard))
            for index in range(number):
                start, end = (table.num_rows * edge // number for edge in (index, index + 1))
                rows = table.slice(start, end - start)
                shards.append(_write(folder, rendered.mixture.name, split, f"{index:05d}-of-{number:05d}", rows))
    except OSError as error:
        raise cannot_be_written(folder, error) from error
    return shards


def cannot_be_written(folder: Path, error: OSError) -> MixtureError:
    """What is said where the folder of a mixture takes no files."""
    return MixtureError(folder, f"cannot be written ({error.strerror})", "free space there, or change its rights")


def _write(folder: Path, mixture: str, split: str, position: str, rows: pa.Table) -> Shard:
    unnamed = folder / f".{split}-{position}.part"
    write_tables(
        unnamed, "training_mixtures", [rows], {"table": "training_mixtures", "mixture": mixture, "split": split}
    )
    sha256 = sha256_of(unnamed)
    name = f"{split}-{position}-{sha256[:8]}.parquet"
    size = unnamed.stat().st_size
    unnamed.replace(folder / name)
    tokens = sum(rows.column("n_tokens").to_pylist())
    return Shard(split, name, rows.num_rows, tokens, size, sha256)


def listed_shards(folder: Path) -> dict[str, list[Path]]:
    """The files that the data card in this folder lists, by split, in their order; none if there is no card.

    Raises:
        MixtureError: a listed file is not there.
    """
    card = folder / CARD
    if not card.exists():
        return {}
    listed: dict[str, list[Path]] = {}
    split = ""
    for line in _front(card.read_text(encoding="utf-8")):
        if match := _SPLIT.match(line):
            split = match.group(1)
        elif match := _FILE.match(line):
            path = folder / match.group(1)
            if not path.exists():
                raise MixtureError(card, f"lists {path.name}, which is not there", "build the mixture again")
            listed.setdefault(split, []).append(path)
    return listed


def all_shards(tables: Path) -> list[Path]:
    """The files that make up all mixtures of the tables in this folder.

    Raises:
        MixtureError: a listed file is not there.
    """
    folders = sorted(path for path in (tables / "training_mixtures").glob("*") if path.is_dir())
    return [shard for folder in folders for listed in listed_shards(folder).values() for shard in listed]


def listed_plots(folder: Path) -> dict[str, Path]:
    """The pictures that the data card in this folder shows, by what is in them; none if there is no card.

    Raises:
        MixtureError: one of them is not there.
    """
    card = folder / CARD
    if not card.exists():
        return {}
    body = card.read_text(encoding="utf-8").partition(f"\n{LOADING}\n")[0].splitlines()
    found = {match[1]: folder / match[2] for match in map(_PICTURE.fullmatch, body) if match}
    for path in found.values():
        if not path.exists():
            raise MixtureError(card, f"shows {path.name}, which is not there", "build the mixture again")
    return found


def picture(alt: str, name: str) -> str:
    """The line of a card that shows a picture: what `listed_plots` reads."""
    return f"![{alt}]({name})"


def unlisted_files(folder: Path) -> list[Path]:
    """Parquet files, plots and parts in this folder that the data card does not list: garbage of earlier builds."""
    listed = {path for paths in listed_shards(folder).values() for path in paths} | {*listed_plots(folder).values()}
    patterns = ("*.parquet", "plot-*.png", "*.part")
    return sorted(path for pattern in patterns for path in folder.glob(pattern) if path not in listed)


def front_matter(shards: list[Shard]) -> list[str]:
    """The lines of a card's `configs`: what `listed_shards` and `datasets.load_dataset` read."""
    lines = ["configs:", "- config_name: default", "  data_files:"]
    for split in dict.fromkeys(shard.split for shard in shards):
        lines += [f"  - split: {split}", "    path:"]
        lines += [f"    - {shard.name}" for shard in shards if shard.split == split]
    return lines


def _front(card: str) -> list[str]:
    lines = card.splitlines()
    if not lines or lines[0] != "---" or "---" not in lines[1:]:
        return []
    return lines[1 : lines.index("---", 1)]
