"""`tracepile sources forget`: a program and all that was made from it is gone and stays away; the rest is as it was."""

import json
import shutil
import sqlite3

import polars as pl
import pytest

from tracepile_assets.building import build_mixture, make_plan, stale_mixtures
from tracepile_assets.building.reading import programs_of
from tracepile_assets.building.sources import sync_source
from tracepile_assets.home import SourceEntry, open_home
from tracepile_assets.models import ChatRequest, Message, ReplyCache
from tracepile_assets.models.chat import Completion
from tracepile_assets.tables.files import read_footer
from tracepile_assets.tables.schemas import STRIPE_TABLES
from tracepile_assets_tests.building.conftest import PROGRAMS, build_all, write_source
from tracepile_assets_tests.cli.built_home import BUILT, NAME, samples
from tracepile_assets_tests.sources.layout_files import data_file

GONE = "power"


def one_line(result):
    return " ".join(result.output.split())


def texts(value):
    """All texts in a value, however deep they lie."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for part in value.values():
            yield from texts(part)
    elif isinstance(value, list):
        for part in value:
            yield from texts(part)


def holding(root, *words):
    """The files below a folder in which one of these words stands: in a table in any cell, else anywhere in it."""
    found = set()
    for path in root.rglob("*"):
        if not path.is_file():
            continue
        if path.suffix == ".parquet":
            held = any(
                word in text for row in pl.read_parquet(path).to_dicts() for text in texts(row) for word in words
            )
        else:
            held = any(word.encode() in path.read_bytes() for word in words)
        if held:
            found.add(path)
    return found


def stripe_tables(home):
    folder = home.tables
    return {table: pl.read_parquet(folder / table / "source=mine" / "00000.parquet") for table in STRIPE_TABLES}


def table_files(home):
    return {
        path.relative_to(home.tables): path.read_bytes()
        for path in home.tables.rglob("source=mine/*.parquet")
        if "table=training_mixtures" not in path.parts
    }


def program_of(home, row):
    programs = pl.read_parquet(home.tables / "raw_programs" / "source=mine" / "00000.parquet")
    [found] = programs.filter(pl.col("source_row") == row)["program_id"]
    return found


def test_nothing_of_a_program_is_left_and_all_else_is_as_it_was(tracepile, built_home, tmp_path):
    home = built_home
    program = program_of(home, GONE)
    lineage = json.loads(tracepile("lineage", program, "--json").stdout)["up"][0]
    assert (lineage["source"], lineage["source_row"]) == ("mine", GONE)
    before = stripe_tables(home)
    # In the names of variants the program is another.
    words = [program, "def power", *before["code_variants"].filter(pl.col("program_id") == program)["code"]]
    others = {name: samples(home, name) for name in BUILT}
    for arguments in (
        ["release", NAME],
        ["export", NAME, "out", "--format", "trl"],
        ["export", NAME, "old", "--release", "r1"],
    ):
        assert tracepile(*arguments).exit_code == 0
    assert len(holding(home.tables, *words)) > len(STRIPE_TABLES)
    assert holding(tmp_path / "out", *words) and holding(tmp_path / "old", *words)

    impact = json.loads(tracepile("impact", "mine", GONE, "--json").stdout)
    assert impact["programs"] == [program]
    runs_beside = impact["rows"].pop("check_traces", 0)
    beside = pl.concat(pl.read_parquet(path) for path in home.tables.rglob("check_traces/*/source=mine/*.parquet"))
    assert runs_beside == beside.filter(pl.col("program_id") == program).height
    assert impact["rows"] == {
        table: rows.filter(pl.col("program_id") == program).height for table, rows in before.items()
    }
    assert impact["stripes"] == [f"{table} mine/00000" for table in STRIPE_TABLES]
    for name, rows in others.items():
        made_from = pl.Series([row["ancestors"][0]["program_id"] == program for row in rows.to_dicts()])
        of_splits = rows.filter(made_from)["split"].value_counts().iter_rows()
        assert impact["mixtures"].get(name, {}) == dict(of_splits), name
    assert impact["releases"] == [f"{NAME} r1"]
    assert impact["exports"] == sorted([str(tmp_path / "out"), str(tmp_path / "old")])
    told = one_line(tracepile("impact", "mine", GONE))
    assert f"tracing_questions: {impact['rows']['tracing_questions']:,} row" in told
    assert f"release {NAME} r1 has it" in told

    done = tracepile("sources", "forget", "mine", GONE)
    assert done.exit_code == 0, done.output
    said = one_line(done)
    assert f"forgot row {GONE} of mine: {program}" in said
    for table, rows in before.items():
        gone = rows.filter(pl.col("program_id") == program).height
        assert gone, table
        assert f"{table}: {gone:,} row" in said
    assert f"mixture {NAME}: built again" in said
    assert f"export {tmp_path / 'out'}: written again" in said
    assert f"export {tmp_path / 'old'}: withdrawn" in said
    assert f"release r1 of {NAME} has it still; tracepile releases remove {NAME} r1" in said
    assert "the source itself was not changed" in said

    # The ledger of families only grows: it names the program by its id, and so does the list of what is forgotten.
    allowed = {home.tables / "program_families" / "families.parquet", home.root / "forgotten.toml"}
    # What a reader may still be about to read of the stripe map, ids alone, goes with its next change.
    left_to_it = (home.releases, home.root / "stripes")
    found = {path for path in holding(home.root, *words) if not any(folder in path.parents for folder in left_to_it)}
    assert found == allowed
    assert holding(home.releases, *words)
    assert not holding(tmp_path / "out", *words)
    assert not list((tmp_path / "old").iterdir())
    assert tracepile("export", NAME, "out", "--verify").exit_code == 0
    for table, rows in before.items():
        assert stripe_tables(home)[table].equals(rows.filter(pl.col("program_id") != program)), table
    for name, rows in others.items():
        of_others = {row["sample_id"] for row in rows.to_dicts() if row["ancestors"][0]["program_id"] != program}
        assert set(samples(home, name)["sample_id"]) == of_others

    # What was current is current, and equal to what a build from nothing gives.
    plan, _ = make_plan(home)
    assert not plan.steps
    assert not set(BUILT) & set(stale_mixtures(home))
    kept = table_files(home)
    shutil.rmtree(home.tables)
    build_all(home)
    assert table_files(home) == kept


def test_what_was_taken_down_does_not_come_back(tracepile, built_home, tmp_path):
    home = built_home
    tracepile("release", NAME)
    newer = PROGRAMS | {GONE: ("def power(b, e):\n    return b**e\n", ["2, 5"])}
    assert tracepile("sources", "forget", "mine", GONE).exit_code == 0
    write_source(tmp_path / "changed.jsonl", newer)
    entry = home.registry().get("mine")
    tracepile("sources", "remove", "mine")
    fields = {name: getattr(entry, name) for name in entry.__dataclass_fields__}
    home.registry().add(SourceEntry(**fields | {"path": str(tmp_path / "changed.jsonl")}))
    build_all(home)
    build_mixture(home, NAME)
    rows = pl.read_parquet(home.tables / "raw_programs" / "source=mine" / "00000.parquet")
    assert sorted(rows["source_row"]) == sorted(set(PROGRAMS) - {GONE})
    assert not holding(home.tables, "def power")
    for arguments in (["releases", "rollback", NAME, "r1"], ["export", NAME, "old", "--release", "r1"]):
        refused = tracepile(*arguments)
        assert refused.exit_code == 1
        assert "release r1 of instruction_tuning has samples of programs that were taken down" in one_line(refused)
    assert not (tmp_path / "old").exists()


def test_a_source_that_is_gone_and_a_mixture_that_is_held_or_cannot_be_built(tracepile, built_home, tmp_path):
    home = built_home
    entry = home.registry().get("mine")
    fields = {name: getattr(entry, name) for name in entry.__dataclass_fields__}
    home.registry().replace(SourceEntry(**fields | {"path": str(tmp_path / "gone.jsonl")}))
    tracepile("mixtures", "new", "own")
    build_mixture(home, "own")
    (home.mixture_folder / "own.sql").write_text("SELECT")
    tracepile("release", NAME)
    tracepile("releases", "rollback", NAME, "r1")
    with ReplyCache(home.replies_file) as cache:
        for key, name in (("a", GONE), ("b", "greet")):
            request = ChatRequest((Message("user", f"Tell of:\n{PROGRAMS[name][0]}"),), 0.0, 1.0, 16, 0)
            cache.put(key, "model", "1", request, Completion("said", "stop", "model", 1, 1))
    done = tracepile("sources", "forget", "mine", GONE)
    assert done.exit_code == 0, done.output
    said = one_line(done)
    assert f"mixture {NAME}: built again; it was held at release r1, which has it" in said
    assert "mixture own: withdrawn, since it cannot be built" in said
    assert "replies of language models: 1 removed" in said
    with sqlite3.connect(home.replies_file) as database:
        assert database.execute("SELECT key FROM replies").fetchall() == [("b",)]
    assert not (home.tables / "training_mixtures" / "own").exists()
    assert not (home.exports / "own").exists()
    found = {path for path in holding(home.root, "def power") if home.releases not in path.parents}
    assert found == set()


def test_it_is_done_again_where_it_was_stopped_or_could_not_reach(tracepile, built_home, tmp_path):
    home = built_home
    program = program_of(home, GONE)
    assert tracepile("export", NAME, "out").exit_code == 0
    away = tmp_path / "away"
    (tmp_path / "out").rename(away)
    (tmp_path / "out").write_text("not a folder now")
    done = tracepile("sources", "forget", "mine", GONE)
    assert done.exit_code == 1
    assert f"export {tmp_path / 'out'} has it still: not reached" in one_line(done)
    # As one that was stopped after its list was written leaves it.
    (tmp_path / "out").unlink()
    away.rename(tmp_path / "out")
    again = tracepile("sources", "forget", "mine", GONE)
    assert again.exit_code == 0, again.output
    assert f"export {tmp_path / 'out'}: written again" in one_line(again)
    assert not holding(tmp_path / "out", program)
    last = tracepile("sources", "forget", "mine", GONE)
    assert last.exit_code == 0
    assert "removed" not in last.output and "again" not in last.output


def test_a_build_completes_what_was_stopped_after_its_first_step(tracepile, built_home):
    home = built_home
    home.forgotten().add("mine", GONE, [])
    build_all(home)
    assert not holding(home.tables / "raw_programs", "def power")
    done = tracepile("sources", "forget", "mine", GONE)
    assert done.exit_code == 0
    assert not holding(home.root / "staging", "def power")


@pytest.mark.parametrize(
    ("source", "row", "says"),
    [
        ("mine", "nothing", "source mine has no row 'nothing'; name it as `tracepile lineage` shows it"),
        ("yours", "power", "there is no source 'yours' in"),
    ],
)
def test_what_is_not_there_is_told_and_not_listed(tracepile, built_home, source, row, says):
    for command in (["impact"], ["sources", "forget"]):
        refused = tracepile(*command, source, row)
        assert refused.exit_code == 1
        assert says in one_line(refused)
    assert not (built_home.root / "forgotten.toml").exists()


def test_a_list_that_cannot_be_read_stops_a_build(tracepile, built_home):
    path = built_home.root / "forgotten.toml"
    for text, says in (
        ("[mine", "not valid TOML"),
        ("[mine]\nrows = 3\n", "[mine] rows: is no list of ids; write each"),
    ):
        path.write_text(text)
        refused = tracepile("plan")
        assert refused.exit_code == 1
        assert f"{path}: {says}" in one_line(refused)
    assert read_footer(built_home.tables / "raw_programs" / "source=mine" / "00000.parquet")["rows"] == len(PROGRAMS)


ROW = {"code": "def f(x):\n    return x\n", "entry_point": "f", "inputs": ["1"]}
DOCTEST = 'def {0}(x):\n    """Give it back.\n\n    >>> {0}(1)\n    1\n    """\n    return x\n\n\n'
OF_LAYOUTS = {
    "mbpp": ("mbpp.jsonl", {}),
    "leetcode": ("LeetCodeDataset-v0.2.0-train.jsonl.gz", {}),
    "codeio": ("codeio.jsonl.gz", {}),
    "gsm8k": ("gsm8k-test.jsonl", {"allow_benchmark": True}),
    "humaneval": ("HumanEval.jsonl.gz", {"allow_benchmark": True}),
    "functions": (None, {}),
    "package": (None, {}),
    "embedded": ("", {"options": {"collection": "mathematics"}}),
}


@pytest.mark.parametrize("layout", OF_LAYOUTS)
def test_a_row_of_any_layout_stays_away_and_moves_no_other(tracepile, tmp_path, layout):
    place, fields = OF_LAYOUTS[layout]
    if place is None:
        # Rows without a key of their own, two of them equal: each has a key of its content and its number.
        place = tmp_path / ("rows.jsonl" if layout == "functions" else "module.py")
        rows = "".join(json.dumps(row) + "\n" for row in (ROW, ROW, ROW | {"inputs": ["2"]}))
        place.write_text(rows if layout == "functions" else "".join(DOCTEST.format(name) for name in "abc"))
    elif "." in place:
        place = data_file(place)
    home = open_home(tmp_path / "home")
    entry = SourceEntry("made", layout, str(place), limit=3, **fields)
    home.registry().add(entry)
    before = {slot.source_row: slot for slot in all_slots(sync_source(home, entry))}
    assert len(before) == 3
    gone = list(before)[1]
    forgot = tracepile("sources", "forget", "made", gone)
    assert forgot.exit_code == 0, forgot.output
    for _ in range(2):
        stripe_map = sync_source(home, entry)
        assert {slot.source_row: slot for slot in all_slots(stripe_map)} == {
            row: slot for row, slot in before.items() if row != gone
        }
        assert programs_of(home, entry, stripe_map.fingerprint, before).keys() == before.keys() - {gone}
        # As where what was read is not kept.
        (home.root / "staging" / "sources" / "made.sqlite").unlink()
        (home.root / "stripes" / "made" / "map.json").unlink()
        assert {slot.source_row for slot in all_slots(sync_source(home, entry))} == before.keys() - {gone}


def all_slots(stripe_map):
    return [slot for stripe in stripe_map.keys("made") for slot in stripe_map.slots(stripe)]
