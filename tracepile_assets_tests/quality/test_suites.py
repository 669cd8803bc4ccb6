"""The Great Expectations suites on real rows: they pass, and each planted departure is found."""

import subprocess
import sys

import polars as pl
import pytest

from tracepile_assets.quality import SUITES, Finding, expectations
from tracepile_assets_tests.quality.world import World


def _run(table: str, frame: pl.DataFrame) -> dict[str, Finding]:
    middle = frame.height // 2
    findings = expectations(table, [frame[:middle], frame[middle:]])
    assert [finding.check for finding in findings] == list(dict.fromkeys(each.check for each in SUITES[table].expected))
    return {finding.check: finding for finding in findings}


@pytest.mark.parametrize("table", SUITES)
def test_real_rows_are_as_expected(table: str) -> None:
    for finding in _run(table, World().frame(table)).values():
        assert finding.passed, finding


def test_a_critical_departure_is_an_error_with_its_rows() -> None:
    frame = World().frame("tracing_questions")
    bad = frame.with_columns(
        pl.when(pl.int_range(pl.len()) < 7).then(pl.lit("too short")).otherwise(pl.col("question")).alias("question")
    )
    found = _run("tracing_questions", bad)
    rules = found["business_rules"]
    assert (rules.passed, rules.severity, rules.n_failed) == (False, "error", 7)
    assert set(rules.failed_ids) == set(frame.get_column("question_id")[:7])
    assert len(rules.examples) == 5
    assert "a prompt shows code" in rules.description
    assert found["distributions"].passed


def test_a_shift_of_a_distribution_is_a_warning_of_no_single_row() -> None:
    frame = World().frame("execution_traces").with_columns(status=pl.lit("timeout"), expected_agrees=pl.lit(False))
    found = _run("execution_traces", frame)
    shift = found["distributions"]
    assert (shift.passed, shift.severity, shift.failed_ids) == (False, "warn", ())
    assert "most runs end well: not so (0 seen)" in shift.description
    assert found["business_rules"].severity == "warn"
    assert "a run gives what its source states" in found["business_rules"].description


def test_no_rows_are_no_fault() -> None:
    assert all(finding.passed for finding in expectations("execution_traces", []))
    empty = World().frame("execution_traces").clear()
    assert all(finding.passed for finding in expectations("execution_traces", [empty]))


def test_a_table_without_a_suite_is_refused() -> None:
    with pytest.raises(KeyError):
        expectations("raw_programs", [])


def test_great_expectations_is_not_imported_with_the_room() -> None:
    code = "import sys, tracepile_assets.quality; print('great_expectations' in sys.modules, 'dagster' in sys.modules)"
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ran.stdout.split() == ["False", "False"]
