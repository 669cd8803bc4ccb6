"""Where a published mixture lies in a home: its folder, its manifest and its side files.

Not here: making and publishing them (mixtures.py), and releases (releases/).
"""

import hashlib
from pathlib import Path
from typing import Any

import orjson

from tracepile_assets.home import Home

TABLE = "training_mixtures"
MANIFEST = "manifest.json"
SIDES = ("rejected", "quarantine", "sample_rows")
"""The side tables that a build of a mixture writes."""


def mixture_folder(home: Home, name: str) -> Path:
    """The folder of a mixture's shards, its manifest and its data card."""
    return home.tables / TABLE / name


def mixture_side(home: Home, side: str, name: str) -> Path:
    """Path of a side file of a mixture."""
    return home.tables / side / f"table={TABLE}" / f"source={name}" / "00000.parquet"


def read_manifest(folder: Path) -> dict[str, Any] | None:
    """What a mixture's manifest says; None where there is none, or none that is whole."""
    try:
        return orjson.loads((folder / MANIFEST).read_bytes())
    except (FileNotFoundError, orjson.JSONDecodeError):
        return None


def own_instructions(home: Home) -> list[list[str]]:
    """Name and SHA-256 of each file of the user's own instruction set."""
    paths = sorted((home.root / "instructions").glob("*.jsonl"))
    return [[path.name, hashlib.sha256(path.read_bytes()).hexdigest()] for path in paths]
