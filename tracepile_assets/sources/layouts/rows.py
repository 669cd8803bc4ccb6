"""Opens a file of rows and gives them one at a time, wherever it lies: JSON lines (also compressed) or Parquet.

Belongs here: opening, decompressing, decoding, and the errors that a damaged file gives. Does not belong here: what
the columns of a row mean (the layouts), and checking programs (`making`).
"""

import json
import lzma
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, BinaryIO

from tracepile_assets.sources.errors import SourceError

PARQUET_SUFFIXES = (".parquet", ".pq")

_LONGEST_LINE = 64 * 2**20
_BATCH = 256
_UTF8_BOM = b"\xef\xbb\xbf"


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a file.

    Attributes:
        path: the file, as the registry names it.
        number: line number in a JSON lines file, row number in a Parquet file; both from 1.
        unit: ``line`` or ``row``, what ``number`` counts.
        fields: column name → value, of the types that JSON has (Parquet may give others).
    """

    path: str
    number: int
    unit: str
    fields: dict[str, Any]

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
        path: anything fsspec opens. ``.parquet`` and ``.pq`` are Parquet, everything else JSON lines; ``.gz``,
            ``.bz2`` and ``.xz`` are decompressed.

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

    try:
        filesystem, inside = fsspec.core.url_to_fs(path)
        if filesystem.isdir(inside):
            raise SourceError(f"{path}: is a directory; name one file in it")
        opened = fsspec.open(path, "rb", compression=compression)
        stream = opened.open()
    except SourceError:
        raise
    except FileNotFoundError as error:
        raise SourceError(f"{path}: there is no such file; correct the path of the source, or remove it") from error
    except Exception as error:
        # Each storage backend has errors of its own (credentials, missing bucket, unknown protocol).
        message = f"{path}: cannot be opened ({type(error).__name__}: {error}); check the path and the access to it"
        raise SourceError(message) from error
    with stream:
        yield stream


def _json_rows(path: str) -> Iterator[Row]:
    with _opened(path, "infer") as stream:
        for number, line in enumerate(_lines(path, stream), start=1):
            text = line.removeprefix(_UTF8_BOM) if number == 1 else line
            if text.strip():
                yield Row(path, number, "line", _object(path, number, text))


def _lines(path: str, stream: BinaryIO) -> Iterator[bytes]:
    number = 0
    while True:
        try:
            line = stream.readline(_LONGEST_LINE)
        except (EOFError, OSError, zlib.error, lzma.LZMAError) as error:
            raise SourceError(
                f"{path}: cannot be read beyond line {number} ({error}): it is cut short, or not compressed as its "
                "name says; get the file "
                "again"
            ) from error
        if not line:
            return
        number += 1
        if len(line) == _LONGEST_LINE:
            raise SourceError(
                f"{path}: line {number} is longer than {_LONGEST_LINE // 2**20} MiB; JSON lines have one program on "
                "each line"
            )
        yield line


def _object(path: str, number: int, line: bytes) -> dict[str, Any]:
    where = f"{path}: line {number}"
    if line.lstrip().startswith(b"["):
        raise SourceError(
            f"{where}: holds a JSON array, where JSON lines (one object on each line) are expected; convert it, for "
            "example with "
            "`jq -c '.[]'`"
        )
    try:
        text = line.decode("utf-8")
        value = json.loads(text)
        if b"\\u" in line:
            json.dumps(value, ensure_ascii=False).encode("utf-8")
    except UnicodeDecodeError as error:
        raise SourceError(
            f"{where}: is not UTF-8 (byte {error.start + 1} of the line); convert the file to UTF-8"
        ) from error
    except UnicodeEncodeError as error:
        raise SourceError(
            f"{where}: holds half of a surrogate pair, which no text can; mend or remove that row"
        ) from error
    except json.JSONDecodeError as error:
        if not line.endswith(b"\n"):
            raise SourceError(
                f"{where}: the file ends in the middle of this row; get the file again, or remove the row"
            ) from error
        raise SourceError(
            f"{where}: is not JSON ({error.msg} at column {error.colno}); each line must be one JSON object: mend or "
            "remove it"
        ) from error
    except (RecursionError, ValueError) as error:
        raise SourceError(f"{where}: holds JSON that cannot be read ({error}); mend or remove that row") from error
    if not isinstance(value, dict):
        raise SourceError(
            f"{where}: holds {text.strip()[:40]!r}, where a JSON object is expected; each line must be one program"
        )
    return value


def _parquet_rows(path: str) -> Iterator[Row]:
    import pyarrow as pa
    import pyarrow.parquet as pq

    with _opened(path, None) as stream:
        number = 0
        try:
            for batch in pq.ParquetFile(stream).iter_batches(batch_size=_BATCH):
                for fields in batch.to_pylist():
                    number += 1
                    yield Row(path, number, "row", fields)
        except (pa.ArrowException, OSError, EOFError) as error:
            raise SourceError(
                f"{path}: cannot be read beyond row {number} ({str(error).splitlines()[0]}): it is cut short, or not "
                "Parquet; get the file "
                "again"
            ) from error
