"""The samples of a mixture between being chosen and being written: in files, in order, a part in memory at a time.

Samples are made in the order in which the query gave them, and stand in another. So each goes into the file of its
stretch of the order as it is made, and a stretch is put into order when it is read.

Belongs here: those files. Does not belong here: making samples (`making`), and shards.
"""

from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
import pyarrow as pa

from tracepile_assets.tables.schemas import SCHEMAS

STRETCH = 20_000
"""Samples in a file."""

_PLACE = "place"
_SCHEMA = SCHEMAS["training_mixtures"].append(pa.field(_PLACE, pa.int64()))
_OPTIONS = pa.ipc.IpcWriteOptions(compression="zstd")


@dataclass(frozen=True, slots=True)
class Samples:
    """The samples of one split, in their order.

    Attributes:
        folder: where they lie.
        num_rows: how many they are.
        held: the temporary folder that this is in, which is gone when nothing holds it any more.
    """

    folder: Path
    num_rows: int
    held: TemporaryDirectory

    def parts(self) -> Iterator[pa.Table]:
        """All of them, some thousands at a time, in the schema of training_mixtures."""
        for stretch in range(-(-self.num_rows // STRETCH)):
            yield self._stretch(stretch)

    def slice(self, offset: int, length: int) -> pa.Table:
        """So many of them, from that one on, counted from 0; fewer where there are no more."""
        end = min(offset + length, self.num_rows)
        found = [SCHEMAS["training_mixtures"].empty_table()]
        for stretch in range(offset // STRETCH, -(-end // STRETCH)):
            first = stretch * STRETCH
            found.append(self._stretch(stretch)[max(0, offset - first) : end - first])
        return pa.concat_tables(found)

    def column(self, name: str) -> pa.ChunkedArray:
        """One column of all of them."""
        return pa.chunked_array([chunk for part in self.parts() for chunk in part.column(name).chunks])

    def to_pylist(self) -> list[dict[str, Any]]:
        """All of them as rows: of small mixtures."""
        return [row for part in self.parts() for row in part.to_pylist()]

    def _stretch(self, number: int) -> pa.Table:
        with pa.ipc.open_stream(_file(self.folder, number)) as stream:
            rows = stream.read_all()
        return rows.take(np.argsort(rows.column(_PLACE).to_numpy())).drop_columns([_PLACE])


class SamplesWriter:
    """Takes samples in any order, each with its place in the order of its split.

    Args:
        held: a temporary folder.
    """

    def __init__(self, held: TemporaryDirectory) -> None:
        self._held = held
        self._folder = Path(held.name) / "samples"
        self._folder.mkdir()
        self._open = ExitStack()
        self._writers: dict[tuple[str, int], pa.ipc.RecordBatchStreamWriter] = {}
        self._rows: dict[str, int] = {}

    def __enter__(self) -> "SamplesWriter":
        """Itself."""
        return self

    def __exit__(self, *raised: object) -> None:
        """Close the files."""
        self._open.close()

    def add(self, split: str, rows: pa.Table, places: np.ndarray) -> None:
        """Add samples of a split.

        Args:
            split: the split.
            rows: the samples, in the schema of training_mixtures.
            places: the place of each, from 0.
        """
        self._rows[split] = self._rows.get(split, 0) + rows.num_rows
        placed = rows.append_column(_SCHEMA.field(_PLACE), pa.array(places, pa.int64()))
        for stretch in np.unique(places // STRETCH).tolist():
            of_stretch = placed.take(np.flatnonzero(places // STRETCH == stretch))
            self._writer(split, stretch).write_table(of_stretch.combine_chunks())

    def samples_of(self, split: str) -> Samples:
        """The samples of a split, once all are added and the files are closed."""
        return Samples(self._folder / split, self._rows.get(split, 0), self._held)

    def _writer(self, split: str, stretch: int) -> pa.ipc.RecordBatchStreamWriter:
        if (split, stretch) not in self._writers:
            path = _file(self._folder / split, stretch)
            path.parent.mkdir(exist_ok=True)
            made = self._open.enter_context(pa.ipc.new_stream(path, _SCHEMA, options=_OPTIONS))
            self._writers[split, stretch] = made
        return self._writers[split, stretch]


def _file(folder: Path, stretch: int) -> Path:
    return folder / f"{stretch:05d}.arrows"
