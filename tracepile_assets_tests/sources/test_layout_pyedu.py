"""Layout pyedu: pairs of named inputs and outputs, as upstream recorded them."""

import json

import pytest

from tracepile_assets.sources import SourceError
from tracepile_assets.sources.layouts import pyedu
from tracepile_assets_tests.sources.layout_files import json_lines, programs_of


def only(tmp_path, **fields):
    (program,) = programs_of("pyedu", json_lines(tmp_path / "p.jsonl", pyedu.EXAMPLE | fields))
    return program


def pairs(program):
    return [(given.arguments, given.expected) for given in program.inputs]


def test_example_of_the_documentation_reads_and_runs(tmp_path):
    program = only(tmp_path)
    assert program.statement == (
        "How many times does a digit occur in a number?\n\n"
        "Input: `number` (integer), `digit` (string). Return an integer."
    )
    assert pairs(program) == [("number=2022, digit='2'", "3")]
    namespace = {}
    exec(program.code, namespace)
    assert eval(f"{program.entry_point}(number=2022, digit='2')", namespace) == 3


def test_a_problem_without_words_has_no_statement(tmp_path):
    assert only(tmp_path, problem_description=None, io_requirements=" ").statement is None
    assert only(tmp_path, problem_description="Add.\r\n", io_requirements=None).statement == "Add."


@pytest.mark.parametrize(
    ("pair", "expected"),
    [
        ({"input": {"x": [1, None, True]}, "output": {"a": [0.5]}}, ("x=[1, None, True]", "{'a': [0.5]}")),
        ({"input": {"x": "1"}, "output": None}, ("x='1'", "None")),
        ({"input": {}, "output": 1}, ("", "1")),
        ({"input": {"x": float("inf")}, "output": float("nan")}, ("x=float('inf')", "float('nan')")),
        ({"input": {"x": 1}}, ("x=1", None)),
    ],
)
def test_values_become_source_text(tmp_path, pair, expected):
    code = "def main_solution(x=0):\n    return x\n"
    assert pairs(only(tmp_path, refcode=code, ios=[pair])) == [expected]
    assert pairs(only(tmp_path, refcode=code, ios=json.dumps([pair]))) == [expected]


@pytest.mark.parametrize("pair", [5, {"output": 1}, {"input": [1], "output": 1}, {"input": {"a b": 1}, "output": 1}])
def test_a_pair_that_cannot_be_read_is_a_reported_problem(tmp_path, pair):
    program = only(tmp_path, ios=[pyedu.EXAMPLE["ios"][0], pair])
    assert len(program.inputs) == 1
    assert program.input_problems[0].startswith("input 2 ")


@pytest.mark.parametrize(
    ("code", "given", "problem"),
    [
        (
            "def main_solution(number, digit): ...",
            {"number": 1, "digits": "2"},
            "names `digits`, which is no parameter",
        ),
        ("def main_solution(number, digit): ...", {"number": 1}, "has no value for `digit` of `main_solution`"),
        ("def main_solution(*, digit): ...", {}, "has no value for `digit`"),
        ("def main_solution(digit, /): ...", {"digit": 1}, "names `digit`, which is no parameter"),
        ("def main_solution(): ...", {"x": 1}, "names `x`"),
        ("def main_solution(a, b=1, *c, d=2, **e): ...", {"a": 1, "x": 1}, None),
        # What the text does not tell is for the execution.
        ("import functools\n@functools.cache\ndef main_solution(): ...", {"x": 1}, None),
        ("def other(x): ...\nmain_solution = other", {"y": 1}, None),
        ("def main_solution(): ...\nif True:\n    def main_solution(x): ...", {"x": 1}, None),
    ],
)
def test_an_input_that_the_function_does_not_take_is_a_reported_problem(tmp_path, code, given, problem):
    program = only(tmp_path, refcode=code, ios=[{"input": given, "output": 1}])
    if problem is None:
        assert (program.status, len(program.inputs)) == ("ok", 1)
    else:
        assert program.status == "rejected" and program.reason.startswith(f"has no inputs: input 1 {problem}")
        assert program.input_problems[0].startswith(f"input 1 {problem}")


def test_a_row_whose_pairs_were_too_large_upstream_is_rejected(tmp_path):
    program = only(tmp_path, ios=[])
    assert (program.status, program.reason) == ("rejected", "has no inputs")


@pytest.mark.parametrize("ios", [{"input": 1}, "no json", "5"])
def test_pairs_that_are_no_list_are_an_error(tmp_path, ios):
    with pytest.raises(SourceError, match=r"p\.jsonl: line 1: `ios` must be a list"):
        only(tmp_path, ios=ios)
