"""A small home of its own for each test: one source of a few short functions in a JSON-lines file."""

from pathlib import Path

import orjson
import pytest

from tracepile_assets.building import build_families, build_stripe, make_plan
from tracepile_assets.home import Home, SourceEntry, open_home

PROGRAMS = {
    "total": (
        "def total(xs):\n    s = 0\n    for x in xs:\n        if x > 2:\n            s += x\n"
        "        else:\n            s -= x\n"
        "    return s\n",
        ["[1, 2, 3]", "[5]", "[]"],
    ),
    "power": (
        "def power(b, e):\n    r = 1\n    for i in range(e):\n        r = r * b\n    return r\n",
        ["2, 5", "3, 0"],
    ),
    "greet": ("def greet(name):\n    print('hi', name)\n    return len(name)\n", ["'ann'"]),
    "fails": ("def fails(x):\n    return 1 // x\n", ["0", "2"]),
}


def write_source(path: Path, programs: dict[str, tuple[str, list[str]]], entry_point: str | None = None) -> None:
    """Write programs in the `functions` layout; the entry point of each is its name, unless one is given for all."""
    rows = [
        {"id": name, "code": code, "entry_point": entry_point or name, "inputs": inputs}
        for name, (code, inputs) in programs.items()
    ]
    path.write_bytes(b"".join(orjson.dumps(row) + b"\n" for row in rows))


def small_home(root: Path, source: Path, max_inputs: int = 1) -> Home:
    """Make a home with that one source, whose programs have the given inputs only, unless mutants are asked for."""
    home = open_home(root)
    for name in [entry.name for entry in home.registry().entries()]:
        home.registry().remove(name)
    entry = SourceEntry("mine", "functions", str(source), license="MIT", options={"id": "id"}, max_inputs=max_inputs)
    home.registry().add(entry)
    return home


def build_all(home: Home) -> list:
    """Do what the plan says, as the command does, without Dagster."""
    plan, problems = make_plan(home)
    assert not problems
    reports = [build_stripe(home, step.table, step.stripe) for step in plan.steps]
    build_families(home)
    return reports


@pytest.fixture(autouse=True)
def one_worker(monkeypatch):
    """Programs this small are done before a second process has started; test_whole builds with all of them. And so few
    of them have a twin only if each telling has one."""
    monkeypatch.setenv("TRACEPILE_COMPUTE__WORKERS", "1")
    monkeypatch.setenv("TRACEPILE_REWRITING__FRESH_INPUTS", "0")
    monkeypatch.setenv("TRACEPILE_TWINS__SHARE", "1")


@pytest.fixture
def source(tmp_path):
    """The file of the source."""
    path = tmp_path / "mine.jsonl"
    write_source(path, PROGRAMS)
    return path


@pytest.fixture
def home(tmp_path, source):
    """A home with that source, nothing built."""
    return small_home(tmp_path / "home", source)


def word_tokenizer(path, unknown="[UNK]"):
    """Write a tokenizer that takes each run of letters, and each run of marks, for one token."""
    from tokenizers import Tokenizer
    from tokenizers.models import WordLevel
    from tokenizers.pre_tokenizers import Whitespace

    made = Tokenizer(WordLevel({unknown: 0}, unknown))
    made.pre_tokenizer = Whitespace()
    made.save(str(path))
