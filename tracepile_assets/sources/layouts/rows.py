"""Opens a file of rows and gives them one at a time, wherever it lies: JSON (also compressed) or Parquet.

Belongs here: opening and decompressing, Parquet, and the errors that a damaged file gives. Does not belong here: JSON
texts (`json_objects`), what the columns of a row mean (the layouts), and checking programs (`making`).
"""

import io
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, BinaryIO

from tracepile_assets.sources.errors import RowError, SourceError, not_opened
from tracepile_assets.sources.layouts.json_objects import json_objects

PARQUET_SUFFIXES = (".parquet", ".pq")

_BATCH = 256
_CHUNK = 2**20


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a file.

    Attributes:
        path: the file, as the registry names it.
        number: line number in a JSON lines file, item number in a JSON array, row number in a Parquet file; all from 1.
        unit: ``line``, ``item`` or ``row``, what ``number`` counts.
        fields: column name → value, of the types that JSON has (Parquet may give others).
        fault: why nothing can be made of the row, whatever its layout; then its fields are those that can be stored.
    """

    path: str
    number: int
    unit: str
    fields: dict[str, Any]
    fault: RowError | None = None

    @property
    def where(self) -> str:
        """File and row, as messages begin."""
        return f"{self.path}: {self.unit} {self.number}"

    @property
    def uri(self) -> str:
        """File and row, as ``origin_uri`` has them."""
        return f"{self.path}#{self.unit}={self.number}"


def read_rows(path: str) -> Iterator[Row]:
    """The rows of a file in its order, in bounded memory.

    Args:
        path: anything fsspec opens. ``.parquet`` and ``.pq`` are Parquet, everything else JSON, lines of objects or one
            array of them; ``.gz``, ``.bz2`` and ``.xz`` are decompressed.

    Raises:
        SourceError: while iterating: the file is missing, empty, a directory, cut short, not UTF-8, or not made of
            JSON objects.
    """
    if not path:
        raise SourceError("the source has no path; set `path` to the file that it reads")
    found = False
    rows = _parquet_rows(path) if path.endswith(PARQUET_SUFFIXES) else _json_rows(path)
    for row in rows:
        found = True
        yield row
    if not found:
        raise SourceError(f"{path}: the file is empty; give it one row for each program, or remove the source")


@contextmanager
def _opened(path: str, compression: str | None) -> Iterator[BinaryIO]:
    import fsspec
    from fsspec.spec import AbstractBufferedFile

    try:
        filesystem, inside = fsspec.core.url_to_fs(path)
        # HTTP knows no directories: to find out, fsspec would fetch all of the file and look for links in it.
        if "http" not in filesystem.protocol and filesystem.isdir(inside):
            raise SourceError(f"{path}: is a directory; name one file in it")
        opened = fsspec.open(path, "rb", compression=compression)
        stream = opened.open()
    except SourceError:
        raise
    except Exception as error:
        raise not_opened(path, error) from error
    with stream:
        # Files of remote storages read lines of any length, or none at all.
        yield io.BufferedReader(stream, _CHUNK) if isinstance(stream, AbstractBufferedFile) else stream


def _json_rows(path: str) -> Iterator[Row]:
    from fsspec.utils import infer_compression

    with _opened(path, infer_compression(path.partition("?")[0] if "://" in path else path)) as stream:
        for unit, number, found in json_objects(path, stream):
            if isinstance(found, RowError):
                yield Row(path, number, unit, dict(found.fields), found)
            else:
                yield Row(path, number, unit, found)


def _parquet_rows(path: str) -> Iterator[Row]:
    import pyarrow.parquet as pq

    with _opened(path, None) as stream:
        number = 0
        try:
            for batch in pq.ParquetFile(stream).iter_batches(batch_size=_BATCH):
                for fields in batch.to_pylist():
                    number += 1
                    yield Row(path, number, "row", fields)
        except SourceError:
            raise
        except Exception as error:
            # Parquet and each storage backend have errors of their own.
            why = (str(error) or type(error).__name__).splitlines()[0]
            raise SourceError(
                f"{path}: cannot be read beyond row {number} ({why}): it is cut short, not Parquet, or the way to it "
                "broke; get the file again"
            ) from error
