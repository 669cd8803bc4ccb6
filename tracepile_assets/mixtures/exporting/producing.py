"""The files of samples of an export, one at a time, in a folder of this machine.

Not here: what a row is (formats.py), packing (packing.py), and sending a file to where it belongs (writing.py).
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import orjson
import pyarrow as pa
import pyarrow.parquet as pq

from tracepile_assets.mixtures.exporting.formats import Format
from tracepile_assets.mixtures.exporting.packing import SCHEMA, Packer
from tracepile_assets.tables.files import read_batches, sha256_of

_TOKENS_PER_FILE = 200_000_000
_PACKS_AT_ONCE = 200


@dataclass(frozen=True)
class Produced:
    """A file of samples: where it lies now, its name in the export, split, rows, size in bytes, and SHA-256 in hex."""

    path: Path
    name: str
    split: str
    rows: int
    bytes: int
    sha256: str


def copied(listed: Mapping[str, list[Path]]) -> Iterator[Produced]:
    """The mixture's own files."""
    for split, shards in listed.items():
        for shard in shards:
            yield _produced(shard, shard.name, split, pq.read_metadata(shard).num_rows)


def converted(listed: Mapping[str, list[Path]], format_: Format, kind: str, folder: Path) -> Iterator[Produced]:
    """JSON lines, one file for each of the mixture's own; a file is gone when the next one is asked for."""
    path = folder / "samples.jsonl"
    for split, shards in listed.items():
        for number, shard in enumerate(shards):
            rows = 0
            with path.open("wb") as file:
                for batch in read_batches(shard):
                    rows += batch.num_rows
                    file.writelines(orjson.dumps(format_.row(kind, row)) + b"\n" for row in batch.to_pylist())
            yield _named(path, split, number, len(shards), rows, "jsonl")
    path.unlink(missing_ok=True)


def packed(listed: Mapping[str, list[Path]], packer: Packer, context: int, folder: Path) -> Iterator[Produced]:
    """Parquet files of packed rows, evenly filled; a file is gone when the next one is asked for."""
    whole, path = folder / "packed.parquet", folder / "samples.parquet"
    for split, shards in listed.items():
        texts = (
            (row["sample_id"], row["text"])
            for shard in shards
            for batch in read_batches(shard, ["sample_id", "text"])
            for row in batch.to_pylist()
        )
        rows = _write_packs(whole, packer, texts)
        number = -(-rows * context // _TOKENS_PER_FILE)
        packs = _packs(whole)
        for index in range(number):
            start, end = (rows * edge // number for edge in (index, index + 1))
            with pq.ParquetWriter(path, SCHEMA, compression="zstd", compression_level=3) as writer:
                for first in range(start, end, _PACKS_AT_ONCE):
                    taken = [next(packs) for _ in range(first, min(first + _PACKS_AT_ONCE, end))]
                    writer.write_table(pa.Table.from_pylist(taken, SCHEMA))
            yield _named(path, split, index, number, end - start, "parquet")
    for each in (whole, path):
        each.unlink(missing_ok=True)


def _write_packs(path: Path, packer: Packer, texts: Iterator[tuple[str, str]]) -> int:
    rows = 0
    waiting: list[dict] = []
    with pq.ParquetWriter(path, SCHEMA, compression="zstd", compression_level=1) as writer:
        for pack in packer.pack(texts):
            rows += 1
            waiting.append(pack.row())
            if len(waiting) == _PACKS_AT_ONCE:
                writer.write_table(pa.Table.from_pylist(waiting, SCHEMA))
                waiting = []
        writer.write_table(pa.Table.from_pylist(waiting, SCHEMA))
    return rows


def _packs(path: Path) -> Iterator[dict]:
    for batch in read_batches(path, rows=_PACKS_AT_ONCE):
        yield from batch.to_pylist()


def _named(path: Path, split: str, number: int, of: int, rows: int, suffix: str) -> Produced:
    produced = _produced(path, "", split, rows)
    name = f"{split}/{number:05d}-of-{of:05d}-{produced.sha256[:8]}.{suffix}"
    return Produced(path, name, split, rows, produced.bytes, produced.sha256)


def _produced(path: Path, name: str, split: str, rows: int) -> Produced:
    return Produced(path, name, split, rows, path.stat().st_size, sha256_of(path))
