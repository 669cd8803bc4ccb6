"""Reading benchmarks: the items that a mixture must not contain.

Belongs here: the layouts that are understood, their errors. Does not belong here: finding the files (`named_files`),
and looking for items in samples (similarity/).

The items of a file are known by their columns; see `LAYOUTS`. Of MBPP only tasks 1 to 510 are items: the rest is for
training.
"""

import gzip
import json
import re
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any

from tracepile_assets.mixtures.named_files import NamedFileError
from tracepile_assets.similarity.overlap import Item, Overlaps

LAYOUTS = {
    "HumanEval": ("prompt", "canonical_solution"),
    "MBPP": ("text or prompt", "code", "task_id"),
    "GSM8K": ("question", "answer"),
    "MATH": ("problem", "solution"),
    "your own": ("text or code, or both",),
}
"""The layouts that are understood, and the columns that each has."""

_ITEM_NAMES = ("task_id", "id", "unique_id", "name", "idx")
_MBPP_TASKS = range(1, 511)
_ANNOTATION = re.compile(r"<<[^<>]*>>")


@lru_cache(maxsize=16)
def overlaps(paths: tuple[Path, ...], digest: str) -> Overlaps:
    """The items of a benchmark, made to be looked for.

    Args:
        paths: its files.
        digest: of their contents: files that have other contents by now are read again.

    Raises:
        NamedFileError: as `read_items`.
    """
    return Overlaps(read_items(paths, digest))


@lru_cache(maxsize=64)
def read_items(paths: tuple[Path, ...], digest: str) -> tuple[Item, ...]:
    """The items of a benchmark, in the order of its files; see `overlaps` for the arguments.

    Raises:
        NamedFileError: a file cannot be read, holds no rows, or a row is of no layout that is understood; names the
        row.
    """
    items = tuple(item for path in paths for item in _items_of(path))
    if not items:
        raise NamedFileError(f"{paths[0]} holds no items of a benchmark", "name a file that does")
    return items


def _items_of(path: Path) -> Iterator[Item]:
    for number, where, row in _rows_of(path):
        item = _item(row, number) if isinstance(row, dict) else None
        if item is None:
            known = "; ".join(f"{layout}: {', '.join(columns)}" for layout, columns in LAYOUTS.items())
            has = ", ".join(sorted(map(str, row))) if isinstance(row, dict) else type(row).__name__
            remedy = f"rename the columns to those of a layout that is read ({known})"
            raise NamedFileError(f"{where}: a row of an unknown layout, with {has}", remedy)
        if item.problem or item.others or item.code:
            yield item


def _rows_of(path: Path) -> Iterator[tuple[int, str, Any]]:
    """The rows of a file: the number of each from 1, where it stands, and the row."""
    if path.suffix == ".parquet":
        import pyarrow as pa
        import pyarrow.parquet as pq

        try:
            rows = pq.read_table(path).to_pylist()
        except (pa.ArrowException, OSError) as error:
            raise NamedFileError(f"{path} cannot be read as Parquet ({error})", "fetch the file again") from error
        yield from ((number, f"{path}, row {number}", row) for number, row in enumerate(rows, 1))
        return
    opened = gzip.open if path.name.endswith(".gz") else open
    number = 0
    try:
        with opened(path, "rt", encoding="utf-8") as file:
            for number, line in enumerate(file, 1):
                if line.strip():
                    yield number, f"{path}:{number}", json.loads(line)
    except ValueError as error:
        remedy = "give JSON lines (.jsonl, .jsonl.gz) or Parquet (.parquet)"
        raise NamedFileError(f"{path}:{number or 1}: no line of JSON ({error})", remedy) from error
    except (OSError, EOFError) as error:
        raise NamedFileError(f"{path} cannot be read ({error})", "fetch the file again") from error


def _item(row: dict[str, Any], number: int) -> Item | None:
    """The item of a row; None where the columns are of no layout, and an empty one for a row that is no item."""
    texts = {key: value.replace("\r\n", "\n") for key, value in row.items() if isinstance(value, str) and value.strip()}
    name = next((str(row[key]) for key in _ITEM_NAMES if row.get(key) is not None), f"row {number}")
    if {"prompt", "canonical_solution"} <= texts.keys():
        return Item(
            name, texts["prompt"], (texts["canonical_solution"],), texts["prompt"] + texts["canonical_solution"]
        )
    if "code" in texts and ("text" in texts or "prompt" in texts) and isinstance(row.get("task_id"), int):
        problem = texts.get("text") or texts["prompt"]
        return Item(name, problem, (), texts["code"]) if row["task_id"] in _MBPP_TASKS else Item(name)
    if {"question", "answer"} <= texts.keys():
        answer = texts["answer"]
        plain = _ANNOTATION.sub("", answer)
        return Item(name, texts["question"], (answer,) if plain == answer else (answer, plain))
    if {"problem", "solution"} <= texts.keys():
        return Item(name, texts["problem"], (texts["solution"],))
    if "text" in texts or "code" in texts:
        return Item(name, texts.get("text", ""), (), texts.get("code", ""))
    return None
