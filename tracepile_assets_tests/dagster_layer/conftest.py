"""A small home with one source of three short programs, and Dagster instances of a test's own."""

import json
from collections.abc import Iterator
from pathlib import Path

import dagster as dg
import pytest

from tracepile_assets.home import Home, SourceEntry, open_home

SHIPPED = {path.stem for path in (Path(__file__).parents[2] / "sql" / "mixtures").glob("*.sql")}

PROGRAMS = [
    {
        "id": "total",
        "code": "def total(xs):\n    s = 0\n    for x in xs:\n        if x > 2:\n            s += x\n"
        "        else:\n            s -= x\n    return s\n",
        "entry_point": "total",
        "inputs": ["[1, 2, 3]", "[5, 4]"],
        "expected": ["0", "9"],
    },
    {
        "id": "power",
        "code": "def power(base, exponent):\n    result = 1\n    for _ in range(exponent):\n"
        "        result = result * base\n    return result\n",
        "entry_point": "power",
        "inputs": ["2, 5", "3, 2"],
        "expected": ["32", "9"],
    },
    {
        "id": "divide",
        "code": "def divide(number):\n    return 10 // number\n",
        "entry_point": "divide",
        "inputs": ["0", "3"],
        "expected": [None, "3"],
    },
]


def write_programs(path: Path, programs: list[dict]) -> None:
    path.write_text("".join(json.dumps(program) + "\n" for program in programs))


def make_home(root: Path, name: str = "home") -> Home:
    """A home in this folder whose only source is a file beside it with the three programs."""
    home = open_home(root / name)
    registry = home.registry()
    for entry in registry.entries():
        registry.remove(entry.name)
    write_programs(root / "small.jsonl", PROGRAMS)
    registry.add(SourceEntry("small", "functions", str(root / "small.jsonl"), "mathematics", "Apache-2.0"))
    # Of so few tellings none might be drawn.
    home.settings_file.write_text("[twins]\nshare = 1.0\n")
    return home


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return make_home(tmp_path)


@pytest.fixture
def instance() -> Iterator[dg.DagsterInstance]:
    with dg.instance_for_test() as made:
        yield made
