"""Exports of a published mixture for tools that do not read Parquet.

Belongs here: JSON lines. Does not belong here: making samples.
"""

from pathlib import Path
from typing import Any

import orjson

from tracepile_assets.mixtures.errors import MixtureError
from tracepile_assets.mixtures.shards import listed_shards
from tracepile_assets.tables.files import read_batches


def export_jsonl(folder: Path, destination: Path) -> list[Path]:
    """Write the samples of the mixture in `folder` to `<split>.jsonl` in `destination`, one JSON object a line.

    Columns that are null are left out. Each file appears under its name only when it is whole; the file of a split that
    has no samples any more is removed.

    Returns:
        The files written.

    Raises:
        MixtureError: there is no mixture in the folder, a shard is missing, or the destination cannot be written.
    """
    listed = listed_shards(folder)
    if not listed:
        raise MixtureError(folder, "holds no mixture (no data card that lists shards)", "build it: tracepile build")
    written: list[Path] = []
    try:
        destination.mkdir(parents=True, exist_ok=True)
        for split, shards in listed.items():
            unnamed = destination / f".{split}.jsonl.part"
            with unnamed.open("wb") as file:
                for shard in shards:
                    for batch in read_batches(shard):
                        file.writelines(orjson.dumps(_present(row)) + b"\n" for row in batch.to_pylist())
            written.append(unnamed.replace(destination / f"{split}.jsonl"))
        for old in destination.glob("*.jsonl"):
            if old not in written and old.stem in ("train", "validation", "test"):
                old.unlink()
    except OSError as error:
        problem = f"cannot be written ({error.strerror})"
        raise MixtureError(
            destination, problem, "free space there, change its rights, or name another folder"
        ) from error
    return written


def _present(row: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in row.items() if value is not None}
