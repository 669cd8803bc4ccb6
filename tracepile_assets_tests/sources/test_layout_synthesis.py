"""Layout synthesis: the documented row, rows that were dropped, and files that are not of it."""

import re

import pytest

from tracepile_assets.sources import SourceError
from tracepile_assets.sources.layouts import synthesis
from tracepile_assets_tests.sources.layout_files import json_lines, programs_of


def test_example_of_the_documentation_reads(tmp_path):
    (program,) = programs_of("synthesis", json_lines(tmp_path / "s.jsonl", synthesis.EXAMPLE))
    assert (program.status, program.source_row, program.entry_point) == ("ok", "5d1f0c", "most_frequent")
    assert program.title == "Most frequent letter"
    namespace = {}
    exec(program.code, namespace)
    for given in program.inputs:
        assert eval(f"most_frequent({given.arguments})", namespace) == eval(given.expected)
    (problem,) = program.input_problems
    assert "test 3 was left out: disagrees" in problem


def test_a_task_that_was_dropped_is_a_rejected_row(tmp_path):
    dropped = synthesis.EXAMPLE | {
        "status": "dropped",
        "reason": "tie: 2 against 2",
        "code": None,
        "entry_point": None,
        "calls": [],
        "results": [],
    }
    (program,) = programs_of("synthesis", json_lines(tmp_path / "s.jsonl", dropped))
    assert (program.status, program.reason) == ("rejected", "was dropped: tie: 2 against 2")
    assert (program.code, program.inputs, program.input_problems) == ("", (), ())


@pytest.mark.parametrize(
    ("row", "says"),
    [
        ({"question": "?", "answer": "!"}, "looks like layout gsm8k"),
        (synthesis.EXAMPLE | {"results": ["'b'"]}, "lists of as many strings"),
        (synthesis.EXAMPLE | {"calls": [1, 2]}, "lists of as many strings"),
        (synthesis.EXAMPLE | {"code": 3}, "must be a string"),
    ],
)
def test_rows_that_are_not_of_it_are_named(tmp_path, row, says):
    good, bad = programs_of("synthesis", json_lines(tmp_path / "s.jsonl", synthesis.EXAMPLE, row | {"id": "other"}))
    assert (good.status, bad.status) == ("ok", "rejected")
    assert re.search(rf"s\.jsonl: line 2: .*{says}", bad.reason)
    with pytest.raises(SourceError, match=rf"s\.jsonl: line 1: .*{says}"):
        programs_of("synthesis", json_lines(tmp_path / "s.jsonl", row))


def test_a_task_that_stands_twice_names_both_rows(tmp_path):
    with pytest.raises(SourceError, match="line 2: `id` is '5d1f0c', as in line 1"):
        programs_of("synthesis", json_lines(tmp_path / "s.jsonl", synthesis.EXAMPLE, synthesis.EXAMPLE))
