"""A source of many stripes, through the front door: it is read once for all of them, and again only where it has to be.

Stripes, what is appended, changed and removed, in every form that a file of rows comes in.
"""

import gzip
import shutil
from typing import ClassVar

import fsspec
import orjson
import pytest
from fsspec.implementations.memory import MemoryFileSystem

from tracepile_assets.building import build_stripe, make_plan
from tracepile_assets.home import SourceEntry, open_home
from tracepile_assets.tables.files import read_table


class CountedFiles(MemoryFileSystem):
    """Files in memory that count how often they are opened."""

    protocol = "counted"
    store: ClassVar[dict] = {}
    opened: ClassVar[list[str]] = []

    def _open(self, path, mode="rb", **options):
        if "r" in mode:
            self.opened.append(path)
        return super()._open(path, mode, **options)


@pytest.fixture
def counted():
    fsspec.register_implementation("counted", CountedFiles, clobber=True)
    CountedFiles.opened.clear()
    return CountedFiles.opened


def function(number, version=0):
    return {
        "id": number,
        "code": f"def f(x):\n    return x + {number} + {version}\n",
        "entry_point": "f",
        "inputs": ["1"],
    }


def home_of(root, layout, path, **fields):
    home = open_home(root)
    for entry in home.registry().entries():
        home.registry().remove(entry.name)
    home.registry().add(SourceEntry("mine", layout, str(path), license="MIT", max_inputs=1, **fields))
    return home


def build_programs(home):
    plan, problems = make_plan(home)
    assert problems == []
    return [build_stripe(home, "raw_programs", step.stripe) for step in plan.steps if step.table == "raw_programs"]


def rows_of(home):
    """Per stripe: source_row → row."""
    found = []
    for stripe in home.stripe_map("mine").keys("mine"):
        rows = read_table(home.stripe_file("raw_programs", stripe), "raw_programs").to_pylist()
        found.append({row["source_row"]: row for row in rows})
    return found


def test_a_source_of_many_stripes_is_opened_once(tmp_path, counted, monkeypatch):
    monkeypatch.setattr("tracepile_assets.home.stripes.STRIPE_SIZE", 20)
    with fsspec.open("counted://bucket/long.jsonl.gz", "wb", compression="gzip") as stream:
        for number in range(43):
            stream.write(orjson.dumps(function(number)) + b"\n")
    home = home_of(tmp_path / "home", "functions", "counted://bucket/long.jsonl.gz")
    reports = build_programs(home)
    assert [report.rows for report in reports] == [20, 20, 3]
    assert len(counted) == 1
    stripes = home.stripe_map("mine").keys("mine")
    files = [home.stripe_file("raw_programs", stripe) for stripe in stripes]
    before = [file.read_bytes() for file in files]
    shutil.rmtree(home.root / "staging")
    for stripe, file in zip(stripes, files, strict=True):
        file.unlink()
        build_stripe(home, "raw_programs", stripe)
    assert [file.read_bytes() for file in files] == before
    assert len(counted) == 2


def mbpp(number, version=0):
    task = {"task_id": 600 + number, "text": f"Add {number}.", "test_list": [f"assert f(1) == {1 + number + version}"]}
    return {**task, "code": f"def f(x):\n    return x + {number + version}\n"}


def write_lines(path, rows):
    path.write_bytes(b"".join(orjson.dumps(row) + b"\n" for row in rows))


def write_array(path, rows):
    path.write_bytes(orjson.dumps(list(rows), option=orjson.OPT_INDENT_2))


def write_gzip(path, rows):
    path.write_bytes(gzip.compress(b"".join(orjson.dumps(row) + b"\n" for row in rows), mtime=0))


FORMS = {
    "mbpp, lines": ("mbpp", "a.jsonl", mbpp, write_lines),
    "functions, one array": ("functions", "a.json", function, write_array),
    "functions, gzip": ("functions", "a.jsonl.gz", function, write_gzip),
}


@pytest.mark.parametrize("form", FORMS)
def test_appended_rows_open_stripes_changed_ones_stay_and_removed_ones_go(tmp_path, monkeypatch, form):
    monkeypatch.setattr("tracepile_assets.home.stripes.STRIPE_SIZE", 4)
    layout, name, row, write = FORMS[form]
    path = tmp_path / name
    write(path, [row(number) for number in range(6)])
    home = home_of(tmp_path / "home", layout, path)
    build_programs(home)
    first = rows_of(home)
    keys = [str(row(number).get("id", row(number).get("task_id"))) for number in range(11)]
    assert [set(stripe) for stripe in first] == [set(keys[:4]), set(keys[4:6])]

    # The second row changes, the fourth goes, the order is turned round, and five rows are appended.
    kept = [row(0), row(1, version=9), row(2), row(4), row(5)]
    write(path, [*reversed(kept), *(row(number) for number in range(6, 11))])
    reports = build_programs(home)
    second = rows_of(home)
    assert [set(stripe) for stripe in second] == [
        {keys[0], keys[1], keys[2]},
        set(keys[4:8]),
        set(keys[8:11]),
    ]
    assert second[0][keys[1]]["supersedes"] == first[0][keys[1]]["program_id"]
    assert second[0][keys[0]]["program_id"] == first[0][keys[0]]["program_id"]
    assert [report.added for report in reports] == [1, 2, 3]
    assert reports[0].removed == 2

    # Without its last rows the source has an empty stripe, and a row that comes back gets a place of its own.
    write(path, [row(0), row(3)])
    build_programs(home)
    third = rows_of(home)
    assert [set(stripe) for stripe in third] == [{keys[0]}, set(), {keys[3]}]


def test_a_natural_key_that_stands_twice_is_named_with_both_rows(tmp_path):
    path = tmp_path / "a.jsonl"
    write_lines(path, [function(1), function(2), function(1, version=3)])
    home = home_of(tmp_path / "home", "functions", path)
    _, [problem] = make_plan(home)
    assert "line 3" in problem.message
    assert "line 1" in problem.message
    assert home.stripe_map("mine").keys("mine") == []
