"""Companion questions of a stripe: which there are, and that an increment equals a full rebuild."""

import json
from pathlib import Path

import orjson
import pytest

from tracepile_assets.execution import Pool
from tracepile_assets.home import Home, SourceEntry, open_home
from tracepile_assets.questions import grade
from tracepile_assets.tables.files import read_table

from .conftest import build_all
from .test_stripes import STRIPE, bytes_of, rebuilt, rows

_LARGEST = """def largest(xs):
    best = xs[0]
    for x in xs:
        if x > best:
            best = x
    return best
"""
_UNTOLD = "def untold(n):\n    total = 1\n    for i in range(n):\n        total += i\n    return total\n"
ROWS = {
    "largest": {
        "code": _LARGEST,
        "inputs": ["[4, 19, 7]", "[-3]", "[2, 2, 8, 5]"],
        "statement": "Find the largest number of the list `xs`.",
    },
    "untold": {"code": _UNTOLD, "inputs": ["5"], "statement": ""},
    "wrong": {"code": "def wrong(n):\n    m = n // 0\n    return m\n", "inputs": ["5"], "statement": "Halve `n`."},
}


def write(path: Path, programs: dict[str, dict]) -> None:
    path.write_bytes(
        b"".join(orjson.dumps({"id": name, "entry_point": name, **row}) + b"\n" for name, row in programs.items())
    )


@pytest.fixture
def told(tmp_path: Path) -> Home:
    write(tmp_path / "told.jsonl", ROWS)
    home = open_home(tmp_path / "home")
    for name in [entry.name for entry in home.registry().entries()]:
        home.registry().remove(name)
    options = {"id": "id", "statement": "statement"}
    home.registry().add(
        SourceEntry("mine", "functions", str(tmp_path / "told.jsonl"), license="MIT", options=options, max_inputs=1)
    )
    return home


def test_companions_stand_beside_the_runs_of_originals(told: Home) -> None:
    build_all(told)
    programs = {row["program_id"]: row for row in rows(told, "raw_programs")}
    originals = {row["variant_id"] for row in rows(told, "code_variants") if row["equivalence"] == "original"}
    first = {program["inputs"][0]["input_id"] for program in programs.values()}
    by_kind: dict[str, list[dict]] = {}
    for row in rows(told, "tracing_questions"):
        by_kind.setdefault(row["kind"], []).append(row)
    named = {kind: [programs[r["program_id"]]["source_row"] for r in by_kind[kind]] for kind in by_kind}
    assert named["statement_prediction"] == ["largest"] * 3
    assert named["write"] == ["largest"]
    assert set(named["equivalence"]) == {"largest", "untold"}
    for kind in ("write", "equivalence"):
        for row in by_kind[kind]:
            assert row["variant_id"] in originals and row["input_id"] in first and row["direction"] == "none"
    with Pool(workers=1) as pool:
        (asked,) = by_kind["write"]
        assert grade(asked, asked["answer"], pool).correct
        assert not grade(asked, "def largest(xs):\n    return xs[1]", pool).correct

    told_of = {row["question_id"]: row["text"] for row in rows(told, "chains_of_execution")}
    for row in by_kind["statement_prediction"]:
        assert ROWS["largest"]["code"].removesuffix("\n") in told_of[row["question_id"]]
    silent = {row["question_id"] for row in by_kind["write"] + by_kind["equivalence"]}
    rejected = read_table(told.side_file("rejected", "chains_of_execution", STRIPE), "rejected").to_pylist()
    assert not silent & {row["parent_id"] for row in rejected} and not silent & set(told_of)
    mutants = read_table(told.side_file("rejected", "code_variants", STRIPE), "rejected").to_pylist()
    codes = [json.loads(row["detail"])["code"] for row in mutants if row["reason"] in ("survived", "no_proof")]
    assert not any(code in row["question"] for code in codes for row in by_kind["equivalence"])


@pytest.mark.parametrize("edit", ["statement", "code", "no statement"])
def test_an_increment_of_problems_equals_a_full_rebuild(told: Home, tmp_path: Path, edit: str) -> None:
    build_all(told)
    before = {row["question_id"]: row["question"] for row in rows(told, "tracing_questions")}
    programs = {name: dict(row) for name, row in ROWS.items()}
    if edit == "statement":
        programs["largest"]["statement"] = "Which number of `xs` is greatest?"
    elif edit == "code":
        programs["untold"]["code"] = programs["untold"]["code"].replace("total += i", "total = total + i * 2")
    else:
        programs["largest"]["statement"] = ""
    write(tmp_path / "told.jsonl", programs)
    reports = {report.table: report for report in build_all(told)}
    assert bytes_of(told) == bytes_of(rebuilt(told, tmp_path / "other"))
    assert reports["tracing_questions"].carried > 0
    after = {row["question_id"]: row["question"] for row in rows(told, "tracing_questions")}
    if edit == "statement":
        assert {after[each] == before[each] for each in after} == {True, False} and after.keys() == before.keys()
    if edit == "no statement":
        assert after.keys() < before.keys()
