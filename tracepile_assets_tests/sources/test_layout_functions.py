"""Layout functions: notations of inputs and results, column mapping, keys, Parquet."""

import datetime
import gzip
import json
import re

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tracepile_assets.sources import SourceError, scan
from tracepile_assets.sources.layouts import functions
from tracepile_assets_tests.sources.layout_files import data_file, entry, json_lines, programs_of

CODE = "def f(*a, **k):\n    return a, k\n"


def row(inputs, **fields):
    return {"code": CODE, "entry_point": "f", "inputs": inputs, **fields}


def only(tmp_path, fields, **options):
    (program,) = programs_of("functions", json_lines(tmp_path / "f.jsonl", fields), **options)
    return program


def pairs(program):
    return [(given.arguments, given.expected) for given in program.inputs]


def test_example_of_the_documentation_reads(tmp_path):
    program = only(tmp_path, functions.EXAMPLE, domain="mathematics", license="MIT")
    assert program.source_row == "clamp"
    assert (program.title, program.domain, program.license) == ("Clamp", "mathematics", "MIT")
    assert pairs(program) == [("7, 0, 5", "5"), ("-3, 0, 5", "0"), ("value=2, low=0, high=5", "2")]
    namespace = {}
    exec(program.code, namespace)
    for arguments, expected in pairs(program):
        assert eval(f"clamp({arguments})", namespace) == eval(expected)


def test_text_items_are_source_and_other_items_are_values(tmp_path):
    inputs = ["'abc', k=[1]", ["abc", None, True, 1.5, 1e400, {"a": [1]}, 2**80], {"text": "it's"}, []]
    expected = ["'abc'", "abc", None, None]
    program = only(tmp_path, row(inputs, expected=expected))
    big = str(2**80)
    assert pairs(program) == [
        ("'abc', k=[1]", "'abc'"),
        (f"'abc', None, True, 1.5, float('inf'), {{'a': [1]}}, {big}", "'abc'"),
        ('text="it\'s"', "None"),
        ("", "None"),
    ]


def test_nothing_stated_is_none(tmp_path):
    assert pairs(only(tmp_path, row(["1", [2]]))) == [("1", None), ("2", None)]
    assert pairs(only(tmp_path, row(["1", [2]], expected=None))) == [("1", None), ("2", None)]
    assert pairs(only(tmp_path, row(["1"], expected=[None]))) == [("1", None)]


def test_inputs_may_be_json_text(tmp_path):
    program = only(tmp_path, row(json.dumps([[1, 2], {"k": "a"}]), expected=json.dumps([3, "b"])))
    assert pairs(program) == [("1, 2", "3"), ("k='a'", "'b'")]


@pytest.mark.parametrize("item", ["1) + g(2", "1, 2)(3", "x=", "1 # rest", 5, None, {"not a name": 1}, {"class": 1}])
def test_an_input_that_cannot_be_read_is_a_reported_problem(tmp_path, item):
    program = only(tmp_path, row([item, "7"]))
    assert pairs(program) == [("7", None)]
    assert program.input_problems[0].startswith("input 1 cannot be read: ")


@pytest.mark.parametrize("text", ["x =", "1 # one", "1) + (2", ""])
def test_an_expected_text_that_is_no_expression_is_reported_and_the_input_kept(tmp_path, text):
    program = only(tmp_path, row(["1", "2"], expected=[text, "3"]))
    assert pairs(program) == [("1", None), ("2", "3")]
    assert "expected result of input 1" in program.input_problems[0]


def test_equal_inputs_are_one(tmp_path):
    program = only(tmp_path, row(["1, 2", [1, 2], "3"], expected=["4", 5, "6"]))
    assert pairs(program) == [("1, 2", "4"), ("3", "6")]
    assert program.input_problems == ("input 2 is equal to an earlier one, and states another result",)


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"inputs": []}, "has no inputs"),
        ({"inputs": ["x="]}, "has no inputs: input 1 cannot be read"),
        ({"code": "def f(:"}, "does not parse: "),
        ({"code": "return 1"}, "does not parse: 'return' outside function"),
        ({"code": "x = '\0'"}, "does not parse: "),
        ({"code": "(" * 3000 + ")" * 3000}, "does not parse: "),
        ({"entry_point": "g"}, "entry point is not defined: g"),
        ({"entry_point": "f("}, "entry point is no expression"),
        ({"entry_point": "Solution().f"}, "entry point is not defined: Solution"),
    ],
)
def test_programs_that_cannot_run_are_rejected_rows(tmp_path, fields, reason):
    program = only(tmp_path, {**row(["1"]), **fields})
    assert program.status == "rejected"
    assert program.reason.startswith(reason)


@pytest.mark.parametrize(
    ("code", "entry_point"),
    [
        ("class Solution:\n    def g(self, x):\n        return x\n", "Solution().g"),
        ("f = lambda x: x\n", "f"),
        ("from math import *\n", "sqrt"),
        ("import math as m\n", "m.sqrt"),
        ("try:\n    def f(x): return x\nfinally:\n    pass\n", "f"),
    ],
)
def test_entry_points_of_every_kind_are_found(tmp_path, code, entry_point):
    assert only(tmp_path, {**row(["1"]), "code": code, "entry_point": entry_point}).status == "ok"


def test_columns_are_mapped_by_options(tmp_path):
    fields = {
        "key": 12,
        "solution": {"text": CODE},
        "name": "f",
        "tests": [{"input": "x = 1", "output": "2"}, {"input": "3", "output": "4"}],
        "question": "What?",
    }
    options = {
        "id": "key",
        "code": "solution.text",
        "entry_point": "name",
        "inputs": "tests.input",
        "expected": "tests.output",
        "statement": "question",
    }
    program = only(tmp_path, fields, options=options)
    assert (program.source_row, program.statement, program.title) == ("12", "What?", "f")
    assert pairs(program) == [("x = 1", "2"), ("3", "4")]


def test_leetcode_is_read_by_mapping():
    options = {
        "id": "task_id",
        "code": "completion",
        "inputs": "input_output.input",
        "expected": "input_output.output",
        "statement": "query",
    }
    programs = programs_of("functions", data_file("LeetCodeDataset-v0.2.0-train.jsonl.gz"), options=options, limit=50)
    assert len(programs) == 50
    first = programs[0]
    assert (first.source_row, first.entry_point) == ("two-sum", "Solution().twoSum")
    assert pairs(first)[0] == ("nums = [2,7,11,15], target = 9", "[0,1]")


def test_parquet_gives_the_same_programs_as_json_lines(tmp_path):
    rows = [
        row(["1", "2, k=3"], expected=["((1,), {})", None], id=number, title=f"number {number}", statement=None)
        for number in range(700)
    ]
    path = tmp_path / "f.parquet"
    pq.write_table(pa.Table.from_pylist(rows), path, row_group_size=300)
    lines = programs_of("functions", json_lines(tmp_path / "f.jsonl", *rows))
    table = programs_of("functions", path)
    assert len(table) == 700
    assert [(p.source_row, p.code, p.inputs, p.title) for p in table] == [
        (p.source_row, p.code, p.inputs, p.title) for p in lines
    ]
    assert table[400].origin_uri.endswith("f.parquet#row=401")


def test_parquet_values_without_source_text_are_reported(tmp_path):
    path = tmp_path / "f.parquet"
    rows = [row([{"when": datetime.date(2024, 1, 1)}, {"when": None}])]
    pq.write_table(pa.Table.from_pylist(rows), path)
    (program,) = programs_of("functions", path)
    assert pairs(program) == [("when=None", None)]
    assert "date has no source text" in program.input_problems[0]


def test_without_a_key_rows_are_known_by_content(tmp_path):
    one, two = row(["1"]), row(["2"])
    before = scan(entry("functions", json_lines(tmp_path / "a.jsonl", one, two, one)))
    after = scan(entry("functions", json_lines(tmp_path / "b.jsonl", two, one, one)))
    assert len({scanned.source_row for scanned in before}) == 3
    assert sorted(before) == sorted(after)
    assert before[0].source_row[:-2] == before[2].source_row[:-2] != before[1].source_row[:-2]


def test_a_changed_row_keeps_its_key_and_changes_its_digest(tmp_path):
    before = scan(entry("functions", json_lines(tmp_path / "a.jsonl", row(["1"], id="x"), row(["1"], id="y"))))
    after = scan(entry("functions", json_lines(tmp_path / "a.jsonl", row(["1"], id="x"), row(["2"], id="y"))))
    assert [scanned.source_row for scanned in before] == [scanned.source_row for scanned in after] == ["x", "y"]
    assert before[0] == after[0]
    assert before[1].digest != after[1].digest


@pytest.mark.parametrize(
    ("second", "words"),
    [
        ({}, "has no `id`"),
        ({"id": None}, "`id` is null"),
        ({"id": 1.5}, "`id` is 1.5, and a key must be"),
        ({"id": ""}, "`id` is '', and a key must be"),
    ],
)
def test_rows_without_the_key_that_others_have_are_rejected(tmp_path, second, words):
    path = json_lines(tmp_path / "f.jsonl", row(["1"], id="a"), row(["2"], **second), row(["3"], id="c"))
    first, other, last = programs_of("functions", path)
    assert (first.source_row, last.source_row) == ("a", "c")
    assert other.status == "rejected"
    assert other.reason.startswith(f"row cannot be used: {path}: line 2: {words}")


def test_keys_must_differ(tmp_path):
    path = json_lines(tmp_path / "f.jsonl", row(["1"], id="a"), row(["2"], id="a"))
    with pytest.raises(SourceError, match=r"f\.jsonl: line 2: `id` is 'a', as in line 1"):
        programs_of("functions", path)


def test_a_mapped_key_is_required_from_the_first_row(tmp_path):
    with pytest.raises(SourceError, match=r"line 1: has no `name`"):
        only(tmp_path, row(["1"]), options={"id": "name"})


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"inputs": 5}, "`inputs` must be a list, or the JSON text of one, not a number"),
        ({"inputs": "1, 2"}, "`inputs` must be a list, or the JSON text of one, not the string '1, 2'"),
        ({"inputs": "1"}, "`inputs` must be a list, or the JSON text of one, not the string '1'"),
        ({"inputs": None}, "`inputs` is null"),
        ({"code": 5}, "`code` must be a string, not a number"),
        ({"statement": ["x"]}, "`statement` must be a string, not a list"),
        ({"expected": ["1"], "inputs": ["1", "2"]}, "has 2 inputs and 1 expected results"),
    ],
)
def test_values_of_the_wrong_type_name_row_and_column(tmp_path, fields, words):
    path = json_lines(tmp_path / "f.jsonl", row(["1"]), {**row(["1"]), **fields}, row(["2"]))
    first, second, third = programs_of("functions", path)
    assert (first.status, third.status) == ("ok", "ok")
    assert (second.status, second.code, second.origin_uri) == ("rejected", "", f"{path}#line=2")
    assert second.reason.startswith(f"row cannot be used: {path}: line 2: {words}")
    path = json_lines(path, row(["1"]) | fields)
    with pytest.raises(SourceError, match=r"f\.jsonl: line 1: " + re.escape(words)):
        programs_of("functions", path)


def test_the_limit_reads_no_further(tmp_path):
    path = tmp_path / "f.jsonl.gz"
    good = (json.dumps(row(["1"])) + "\n").encode()
    path.write_bytes(gzip.compress(good * 3 + b"{broken\n"))
    assert len(programs_of("functions", path, limit=3)) == 3
    with pytest.raises(SourceError, match="line 4: is not JSON"):
        programs_of("functions", path)
