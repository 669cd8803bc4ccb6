"""`tracepile build` on a small home, and looking into what it made."""

import json
import re
import shutil

import pytest

PROGRAMS = [
    {
        "id": "total",
        "code": "def total(xs):\n    s = 0\n    for x in xs:\n        s += x\n    return s\n",
        "entry_point": "total",
        "inputs": ["[1, 2, 3]", "[4]"],
        "expected": ["6", "4"],
    },
    {
        "id": "loops",
        "code": "def loops(n):\n    while n:\n        n = n + 1\n    return n\n",
        "entry_point": "loops",
        "inputs": ["0"],
        "expected": ["0"],
    },
    {"id": "broken", "code": "def broken(:\n", "entry_point": "broken", "inputs": ["1"], "expected": [None]},
]


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    """A home with one source, built; tests that change it copy it first."""
    from typer.testing import CliRunner

    from tracepile_assets.cli.app import app

    root = tmp_path_factory.mktemp("built")
    (root / "small.jsonl").write_text("".join(json.dumps(program) + "\n" for program in PROGRAMS))
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TRACEPILE_HOME", str(root / "home"))
        patch.setenv("DAGSTER_HOME", str(root / "home" / "dagster"))
        patch.setenv("COLUMNS", "200")
        patch.setenv("TRACEPILE_TWINS__SHARE", "1")
        runner = CliRunner()
        for name in ("algorithms", "mathematics", "competition"):
            runner.invoke(app, ["sources", "remove", name])
        place = str(root / "small.jsonl")
        added = runner.invoke(app, ["sources", "add", "small", place, "--layout", "functions", "--license", "MIT"])
        assert added.exit_code == 0, added.output
        result = runner.invoke(app, ["build"])
        assert result.exit_code == 0, result.output
    return root, result.output


@pytest.fixture
def home(built, tmp_path):
    shutil.copytree(built[0] / "home", tmp_path / "home")
    return tmp_path / "home"


def test_a_build_ends_with_the_funnel(built):
    output = built[1]
    stages = ("programs", "variants", "traces", "questions", "narrations", "twins", "samples of")
    assert all(stage in output for stage in stages)
    assert "rejected" in output, "the program that does not parse is counted"
    assert "tracepile ui" in output
    assert "training_mixtures" in output


def test_a_second_build_recomputes_nothing_and_says_so(tracepile, home):
    before = {path: path.stat().st_mtime_ns for path in (home / "tables").rglob("*.parquet")}
    result = tracepile("build")
    assert result.exit_code == 0, result.output
    assert "nothing was recomputed" in result.output
    assert {path: path.stat().st_mtime_ns for path in (home / "tables").rglob("*.parquet")} == before
    assert "0 to build" in tracepile("plan").output


def test_a_limit_is_kept_in_the_registry_until_a_build_without_it(tracepile, home):
    assert tracepile("build", "--limit", 1).exit_code == 0
    assert "limit = 1" in (home / "sources.toml").read_text()
    assert "small/00000" not in tracepile("plan").output
    assert tracepile("build").exit_code == 0
    assert "limit" not in (home / "sources.toml").read_text()


def test_an_unknown_source_is_told(tracepile, home):
    result = tracepile("build", "--source", "smal")
    assert result.exit_code == 1
    assert "there is no source 'smal'" in result.output


def test_an_unreadable_source_fails_the_build_and_leaves_the_tables(tracepile, home, built):
    tables = sorted((home / "tables").rglob("*.parquet"))
    (home.parent / "gone.jsonl").write_text(json.dumps(PROGRAMS[0]) + "\n")
    assert tracepile("sources", "add", "gone", home.parent / "gone.jsonl", "--layout", "functions").exit_code == 0
    (home.parent / "gone.jsonl").unlink()
    result = tracepile("build")
    assert result.exit_code == 1
    assert "gone.jsonl" in result.output
    assert sorted((home / "tables").rglob("*.parquet")) == tables


def test_every_row_can_be_shown_and_walked(tracepile, home):
    from tracepile_assets.tables.files import read_table
    from tracepile_assets.tables.schemas import ID_COLUMN, STRIPE_TABLES

    for table in STRIPE_TABLES:
        rows = read_table(home / "tables" / table / "source=small" / "00000.parquet", table).to_pylist()
        row_id = rows[0][ID_COLUMN[table]]
        shown = tracepile("show", row_id)
        assert shown.exit_code == 0, shown.output
        assert table in shown.output
        assert row_id in shown.output
        up = json.loads(tracepile("lineage", row_id, "--json").stdout)["up"]
        assert up[0]["id"] == row_id
        assert up[-1]["table"] == "raw_programs"
        assert "small.jsonl" in up[-1]["origin_uri"]


def test_what_a_program_made_leads_back_to_it(tracepile, home):
    from tracepile_assets.tables.files import read_table

    path = home / "tables" / "raw_programs" / "source=small" / "00000.parquet"
    program = next(row for row in read_table(path, "raw_programs").to_pylist() if row["source_row"] == "total")
    down = json.loads(tracepile("lineage", program["program_id"], "--down", "--json").stdout)["down"]
    assert down["code_variants"]
    assert down["execution_traces"]
    for ids in down.values():
        for row_id in ids[:3]:
            up = json.loads(tracepile("lineage", row_id, "--json").stdout)["up"]
            assert up[-1]["id"] == program["program_id"]
    assert re.search(r"code_variants: \d+", tracepile("lineage", program["program_id"], "--down").output)


def test_an_unknown_id_is_told(tracepile, home):
    for row_id in ("t_0123", "nonsense"):
        result = tracepile("show", row_id)
        assert result.exit_code == 1
        assert row_id in result.output


def test_without_a_home_nothing_is_made(tracepile, tmp_path):
    result = tracepile("show", "t_0123")
    assert result.exit_code == 1
    assert "tracepile build" in result.output
    assert not (tmp_path / "home").exists()
