"""Building stripes: what is built, what is carried over, and that an increment equals a full rebuild byte for byte."""

import multiprocessing
import shutil
import time
from pathlib import Path

import pytest

from tracepile_assets.building import BuildBlocked, build_stripe, make_plan
from tracepile_assets.building.feature_units import features, place_of
from tracepile_assets.building.rows import tracing_questions
from tracepile_assets.home import Home, Stripe, open_home
from tracepile_assets.tables.files import TableError, read_footer, read_table, write_rows
from tracepile_assets.tables.lineage import Lineage
from tracepile_assets.tables.schemas import ID_COLUMN, STRIPE_TABLES

from .conftest import PROGRAMS, build_all, small_home, write_source

STRIPE = Stripe("mine", "00000")


def rows(home: Home, table: str) -> list[dict]:
    return read_table(home.stripe_file(table, STRIPE), table).to_pylist()


def bytes_of(home: Home) -> dict[str, bytes]:
    return {str(p.relative_to(home.tables)): p.read_bytes() for p in sorted(home.tables.rglob("*.parquet"))}


def rebuilt(home: Home, root: Path) -> Home:
    """The same registry, stripe map and family ledger, every table built from nothing."""
    root.mkdir()
    shutil.copy(home.registry_file, root)
    shutil.copy(home.settings_file, root)
    shutil.copytree(home.root / "stripes", root / "stripes")
    shutil.copytree(home.tables / "program_families", root / "tables" / "program_families")
    fresh = open_home(root)
    build_all(fresh)
    return fresh


def spoil_the_first(monkeypatch: pytest.MonkeyPatch, of: str, **fault: object) -> list[dict]:
    """Has the maker of questions put a fault into the first of what it makes; a list that will hold what was spoiled.

    Args:
        of: ``rows`` for the questions, ``checks`` for the runs made for them.
        fault: columns and what stands in them instead.
    """
    right = tracing_questions.make
    spoiled: list[dict] = []

    def wrong(context, stale):
        for made in right(context, stale):
            if getattr(made, of) and not spoiled:
                spoiled.append(getattr(made, of)[0])
                spoiled[0].update(fault)
            yield made

    monkeypatch.setattr(tracing_questions, "make", wrong)
    return spoiled


def test_every_table_is_built_and_every_row_has_its_parents(home):
    reports = build_all(home)
    assert [report.table for report in reports] == [*STRIPE_TABLES, *map(place_of, features(home))]
    assert not any(report.current for report in reports)
    ids = {table: {row[ID_COLUMN[table]] for row in rows(home, table)} for table in STRIPE_TABLES}
    assert all(ids.values())
    column_of = {ID_COLUMN[table]: table for table in STRIPE_TABLES}
    for table in STRIPE_TABLES[1:]:
        for row in rows(home, table):
            for column in ("program_id", "variant_id", "trace_id", "question_id"):
                told = table in ("chains_of_execution", "corrupted_twins")
                whole_run = told and column == "question_id" and row[column] is None
                if column in row and column != ID_COLUMN[table] and not whole_run:
                    assert row[column] in ids[column_of[column]]
    traces = rows(home, "execution_traces")
    inputs = sum(len(inputs) for _, inputs in PROGRAMS.values())
    variants = rows(home, "code_variants")
    assert sum(variant["equivalence"] == "original" for variant in variants) == len(PROGRAMS)
    assert (
        len([t for t in traces if t["variant_id"] in {v["variant_id"] for v in variants if not v["rewrites"]}])
        == inputs
    )
    assert {t["exception"] for t in traces if t["status"] == "exception"} == {
        "ZeroDivisionError: integer division or modulo by zero"
    }


def checks(home: Home, table: str = "tracing_questions") -> dict[str, dict]:
    path = home.side_file("check_traces", table, STRIPE)
    return {row["trace_id"]: row for row in read_table(path, "check_traces").to_pylist()}


def test_the_runs_made_for_questions_lie_beside_them_and_are_told(home):
    home.settings_file.write_text("[questions]\nwhat_ifs = 1.0\n")
    build_all(home)
    runs = checks(home)
    asked = [row for row in rows(home, "tracing_questions") if row["kind"] == "what_if"]
    assert {row["check_trace_id"]: row["question_id"] for row in asked} == {
        trace_id: run["made_for"] for trace_id, run in runs.items()
    }
    assert len(asked) > 5
    for row in asked:
        run = runs[row["check_trace_id"]]
        assert (run["status"], run["return_value"], run["deterministic"]) == ("ok", row["answer"], "full")
    narrated = [row for row in rows(home, "chains_of_execution") if row["check_trace_id"]]
    told = {row["question_id"]: row for row in narrated if row["direction"] == "forward"}
    assert told.keys() == {row["question_id"] for row in asked}
    for row in told.values():
        run = runs[row["check_trace_id"]]
        assert f"({run['arguments']})" in row["text"]
        assert run["return_value"] in row["text"].rpartition(".")[0].rpartition(" ")[2]
    lineage = Lineage(home.tables, ["mine"])
    walk = lineage.up(asked[0]["check_trace_id"])
    assert [each.table for each in walk] == [
        "check_traces",
        "tracing_questions",
        "execution_traces",
        "inputs",
        "code_variants",
        "raw_programs",
    ]
    assert lineage.down(asked[0]["question_id"])["check_traces"] == [asked[0]["check_trace_id"]]
    assert lineage.down(asked[0]["check_trace_id"])["tracing_questions"] == [asked[0]["question_id"]]


def test_inputs_found_for_backward_questions_are_run_and_told(home):
    build_all(home)
    asked = {row["question_id"]: row for row in rows(home, "tracing_questions") if row["direction"] == "backward"}
    returned = {row["trace_id"]: row["return_value"] for row in rows(home, "execution_traces")}
    told = [row for row in rows(home, "chains_of_execution") if row["style"] == "backward"]
    runs = checks(home, "chains_of_execution")
    assert {row["check_trace_id"]: row["coe_id"] for row in told} == {
        trace_id: run["made_for"] for trace_id, run in runs.items()
    }
    assert {row["question_id"] for row in told} <= asked.keys()
    assert len(told) > len(asked) / 2
    for row in told:
        run = runs[row["check_trace_id"]]
        assert (run["status"], run["return_value"]) == ("ok", returned[row["trace_id"]])
        assert row["claim_coverage"] == 1.0
    assert any(asked[row["question_id"]]["answer"] != runs[row["check_trace_id"]]["arguments"] for row in told)
    refused = read_table(home.side_file("rejected", "chains_of_execution", STRIPE), "rejected").to_pylist()
    assert {row["reason"] for row in refused if row["unit"] == "deterministic:backward"} <= {"not_found"}


def test_check_traces_of_another_build_do_not_count(home):
    for table in STRIPE_TABLES[:4]:
        build_stripe(home, table, STRIPE)
    path, good = home.side_file("check_traces", "tracing_questions", STRIPE), bytes_of(home)
    footer = read_footer(path)
    write_rows(path, "check_traces", [], {"table": footer["table"], "stripe": footer["stripe"], "inputs": "others"})
    with pytest.raises(TableError, match="is not of the same build"):
        build_stripe(home, "chains_of_execution", STRIPE)
    home.stripe_file("tracing_questions", STRIPE).unlink()
    build_stripe(home, "tracing_questions", STRIPE)
    assert bytes_of(home) == good


def test_a_faulty_run_takes_the_question_that_it_was_made_for_with_it(home, monkeypatch):
    for table in STRIPE_TABLES[:3]:
        build_stripe(home, table, STRIPE)
    spoiled = spoil_the_first(monkeypatch, "checks", status="fine")
    report = build_stripe(home, "tracing_questions", STRIPE)
    assert report.quarantined == 1
    [run] = spoiled
    assert run["made_for"] not in {row["question_id"] for row in rows(home, "tracing_questions")}
    assert run["made_for"] not in {kept["made_for"] for kept in checks(home).values()}


def test_nothing_is_done_where_nothing_changed(home):
    build_all(home)
    before = bytes_of(home)
    plan, _ = make_plan(home)
    assert plan.steps == ()
    assert plan.n_current == len(STRIPE_TABLES) + len(features(home))
    assert all(build_stripe(home, table, STRIPE).current for table in STRIPE_TABLES)
    assert bytes_of(home) == before


@pytest.mark.parametrize("edit", ["change", "add", "remove", "reorder", "input"])
def test_an_increment_equals_a_full_rebuild(home, source, tmp_path, edit):
    build_all(home)
    programs = dict(PROGRAMS)
    if edit == "change":
        programs["power"] = (programs["power"][0].replace("r = 1", "r = 2"), programs["power"][1])
    elif edit == "add":
        programs["late"] = ("def late(n):\n    while n > 3:\n        n -= 2\n    return n\n", ["9", "4"])
    elif edit == "remove":
        del programs["greet"]
    elif edit == "reorder":
        programs = dict(reversed(programs.items()))
    else:
        programs["power"] = (programs["power"][0], [*programs["power"][1], "7, 2"])
    write_source(source, programs)
    reports = build_all(home)
    assert bytes_of(home) == bytes_of(rebuilt(home, tmp_path / "other"))
    if edit == "reorder":
        # Only the line that a row came from has changed: it is in raw_programs, and nothing is made from it.
        assert all(report.carried == report.rows for report in reports if report.table != "raw_programs")
        return
    by_table = {report.table: report for report in reports}
    assert by_table["execution_traces"].carried > 0
    assert len(by_table["execution_traces"].reasons) == 0
    changed = by_table["execution_traces"]
    assert changed.rows == changed.carried + changed.added if edit == "add" else changed.rows > 0
    if edit == "change":
        [row] = [row for row in rows(home, "raw_programs") if row["source_row"] == "power"]
        assert row["supersedes"].startswith("p_")
        assert row["supersedes"] != row["program_id"]


def test_a_changed_setting_makes_its_own_tables_stale_and_no_others(home):
    build_all(home)
    home.settings_file.write_text('[narration]\ntoken_budget = 512\n[compute]\nisolation = "bubblewrap"\n')
    plan, _ = make_plan(home)
    assert [(step.table, step.reasons) for step in plan.steps] == [
        ("chains_of_execution", ("setting narration.token_budget changed from 2048 to 512",)),
        ("corrupted_twins", ("chains_of_execution is rebuilt first",)),
        *((place_of(feature), ("chains_of_execution is rebuilt first",)) for feature in features(home)),
    ]


def test_a_limit_makes_a_partial_stripe_that_is_stale_without_it(home):
    from dataclasses import replace

    entry = home.registry().get("mine")
    home.registry().replace(replace(entry, limit=2))
    build_all(home)
    assert [row["source_row"] for row in rows(home, "raw_programs")] != []
    assert {row["source_row"] for row in rows(home, "raw_programs")} == {"total", "power"}
    assert read_footer(home.stripe_file("raw_programs", STRIPE))["partial"] is True
    home.registry().replace(entry)
    build_all(home)
    assert {row["source_row"] for row in rows(home, "raw_programs")} == PROGRAMS.keys()
    assert read_footer(home.stripe_file("raw_programs", STRIPE))["partial"] is False


def test_a_table_waits_for_its_parents(home):
    with pytest.raises(TableError, match="made from raw_programs, which is not built yet; build it first"):
        build_stripe(home, "code_variants", STRIPE)


def test_a_file_that_was_cut_short_is_built_again(home):
    build_all(home)
    path = home.stripe_file("tracing_questions", STRIPE)
    whole = path.read_bytes()
    path.write_bytes(whole[: len(whole) // 2])
    plan, _ = make_plan(home)
    assert "not a whole Parquet file" in plan.steps[0].reasons[0]
    build_all(home)
    assert path.read_bytes() == whole


def test_many_faulty_rows_block_and_the_last_good_file_stays(home, monkeypatch):
    build_all(home)
    path = home.stripe_file("tracing_questions", STRIPE)
    good = path.read_bytes()
    right = tracing_questions.make

    def wrong(context, stale):
        for made in right(context, stale):
            for row in made.rows:
                row["program_id"] = "p_" + "0" * 32
            yield made

    home.settings_file.write_text("[questions]\nseed = 1\n")
    monkeypatch.setattr(tracing_questions, "make", wrong)
    with pytest.raises(BuildBlocked, match="tracing_questions of mine/00000: check parents failed") as raised:
        build_stripe(home, "tracing_questions", STRIPE)
    assert any(not finding.passed for finding in raised.value.findings)
    assert path.read_bytes() == good
    monkeypatch.undo()
    assert not build_stripe(home, "tracing_questions", STRIPE).current


def test_a_few_faulty_rows_go_to_quarantine_and_are_tried_again(home, monkeypatch):
    for table in STRIPE_TABLES[:3]:
        build_stripe(home, table, STRIPE)
    spoiled = spoil_the_first(monkeypatch, "rows", difficulty=7.0)
    report = build_stripe(home, "tracing_questions", STRIPE)
    assert report.quarantined == 1
    [kept_out] = read_table(home.side_file("quarantine", "tracing_questions", STRIPE), "quarantine").to_pylist()
    [question] = spoiled
    assert kept_out["row_id"] == question["question_id"]
    assert question["question_id"] not in {row["question_id"] for row in rows(home, "tracing_questions")}
    monkeypatch.undo()
    home.settings_file.write_text("[questions]\nper_kind = 3\n")
    build_stripe(home, "tracing_questions", STRIPE)
    assert read_table(home.side_file("quarantine", "tracing_questions", STRIPE), "quarantine").num_rows == 0


def _build(root: Path) -> None:
    build_all(open_home(root))


def test_a_build_that_is_killed_is_completed_by_the_next(home, source, tmp_path):
    undisturbed = small_home(tmp_path / "undisturbed", source)
    build_all(undisturbed)
    context = multiprocessing.get_context("spawn")
    n_files = len(bytes_of(undisturbed))
    for least in (1, n_files // 2, n_files - 1):
        builder = context.Process(target=_build, args=(home.root,))
        builder.start()
        while len(list(home.tables.rglob("*.parquet"))) < least and builder.is_alive():
            time.sleep(0.01)
        builder.kill()
        builder.join()
        for path in home.tables.rglob("*.parquet"):
            assert read_footer(path)["rows"] >= 0
    build_all(home)
    assert bytes_of(home) == bytes_of(undisturbed)


def test_recursion_without_end_costs_its_neighbours_nothing(home, source):
    endless = ("def endless(x):\n    return endless(x + 1)\n", ["1"])
    write_source(source, {"power": PROGRAMS["power"], "endless": endless})
    build_all(home)
    names = {row["program_id"]: row["source_row"] for row in rows(home, "raw_programs")}
    ended = {names[row["program_id"]]: row["exception"] for row in rows(home, "execution_traces")}
    assert ended["endless"].startswith("RecursionError")
    assert ended["power"] is None
    assert "power" in {names[row["program_id"]] for row in rows(home, "chains_of_execution")}
    refused = read_table(home.side_file("rejected", "chains_of_execution", STRIPE), "rejected").to_pylist()
    assert "fault" not in {row["reason"] for row in refused}
