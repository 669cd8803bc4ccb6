"""Makes small source files, and finds the real ones."""

import json
import os
from pathlib import Path
from typing import Any

import pytest

from tracepile_assets.home.registry import SourceEntry
from tracepile_assets.sources import Program, open_source


def json_lines(path: Path, *rows: dict[str, Any]) -> Path:
    """A JSON lines file of these rows."""
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return path


def entry(layout: str, path: object, **fields: Any) -> SourceEntry:
    """A source of the registry."""
    return SourceEntry(name="made", layout=layout, path=str(path), **fields)


def programs_of(layout: str, path: object, **fields: Any) -> list[Program]:
    """All programs of a file."""
    return list(open_source(entry(layout, path, **fields)))


def data_file(name: str) -> Path:
    """A real file; skips the test where there is none."""
    folder = os.environ.get("TRACEPILE_TEST_DATA")
    if folder is None:
        pytest.skip("TRACEPILE_TEST_DATA is not set")
    path = Path(folder) / "data" / name
    if not path.exists():
        pytest.skip(f"{path} is not there")
    return path
