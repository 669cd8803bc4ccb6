"""Layout contest: rows as APPS, TACO and CodeContests have them."""

import io
import json
from contextlib import redirect_stdout
from unittest.mock import patch

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tracepile_assets.sources import SourceError
from tracepile_assets.sources.layouts import contest
from tracepile_assets_tests.sources.layout_files import json_lines, programs_of
from tracepile_assets_tests.sources.whole_files import run

LARGEST = "n = int(input())\nprint(max(map(int, input().split())))\n"
PYTHON_2 = "n = raw_input()\nprint n\n"
CODE_CONTESTS = {
    "name": "1_A. Double",
    "description": "Print twice n.",
    "solutions": {
        "language": [2, 1, 3, 3, 3],
        "solution": ["int main() {}", PYTHON_2, "print n", "print(2 * int(input()))", "n = int(input())\nprint(n + n)"],
    },
    "public_tests": {"input": ["1\n"], "output": ["2\n"]},
    "private_tests": {"input": ["5\n"], "output": ["10\n"]},
    "generated_tests": {"input": ["7\n", "1\n"], "output": ["14\n", "2\n"]},
}


def read(tmp_path, *rows, **options):
    return programs_of("contest", json_lines(tmp_path / "c.jsonl", *rows), options=options)


def apps(inputs, outputs, *solutions, **tests):
    tests |= {"inputs": inputs, "outputs": outputs}
    return {
        "problem_id": 4,
        "question": "Do it.",
        "solutions": json.dumps(solutions),
        "input_output": json.dumps(tests),
    }


def test_example_of_the_documentation_reads_and_runs(tmp_path):
    (program,) = read(tmp_path, contest.EXAMPLE)
    assert (program.source_row, program.statement) == ("12/1", contest.EXAMPLE["question"])
    assert program.entry_point is None
    (given,) = program.inputs
    with patch("sys.stdin", io.StringIO(given.stdin)), redirect_stdout(io.StringIO()) as printed:
        exec(program.code, {"__name__": "__main__"})
    assert printed.getvalue() == given.expected == "9\n"


def test_the_first_solutions_in_python_3_that_differ_become_programs(tmp_path):
    row = apps(["1\n3\n"], ["3\n"], PYTHON_2, LARGEST, LARGEST.replace("\n", "\r\n"), "print(3)\n")
    assert [(p.source_row, p.code) for p in read(tmp_path, row)] == [("4/1", LARGEST)]
    both = [("4/1", LARGEST), ("4/2", "print(3)\n")]
    assert [(p.source_row, p.code) for p in read(tmp_path, row, solutions="5")] == both


@pytest.mark.parametrize(
    ("codes", "reason"),
    [([], "has no solution"), ([PYTHON_2], "has no solution in Python 3"), ([" "], "has no solution in Python 3")],
)
def test_a_problem_without_a_usable_solution_is_a_rejected_row(tmp_path, codes, reason):
    (program,) = read(tmp_path, apps(["1\n"], ["1\n"], *codes))
    assert (program.status, program.reason) == ("rejected", reason)


def test_tests_beyond_the_number_asked_for_are_reported(tmp_path):
    row = apps([f"1\n{n}\n" for n in range(12)], [f"{n}\n" for n in range(12)], LARGEST)
    (program,) = read(tmp_path, row)
    assert len(program.inputs) == 10
    assert program.input_problems == ("2 tests beyond the first 10 are left out (option tests)",)
    (whole,) = read(tmp_path, row, tests="12")
    assert len(whole.inputs) == 12
    assert whole.input_problems == ()


@pytest.mark.parametrize(
    ("inputs", "outputs", "pairs"),
    [
        ([[[1, 2], 3], [[], 0]], [[6], [0]], [("[1, 2], 3", "6"), ("[], 0", "0")]),
        ([[[1, 2], 3]], [6], [("[1, 2], 3", "6")]),
        ([[[1], 1], [[2], 2]], [[1, 1], [2]], [("[1], 1", "[1, 1]"), ("[2], 2", "[2]")]),
        (["[1, 2]\n3"], ["6"], [("[1, 2], 3", "6")]),
        (['"ab"\n3'], ['"x"'], [("'ab', 3", "'x'")]),
    ],
)
def test_functions_are_called_with_the_list_of_their_arguments(tmp_path, inputs, outputs, pairs):
    code = "class Solution:\n    def total(self, values, more):\n        return sum(values) + more\n"
    (program,) = read(tmp_path, apps(inputs, outputs, code, fn_name="total"))
    assert program.entry_point == "Solution().total"
    assert [(given.arguments, given.expected) for given in program.inputs] == pairs
    (plain,) = read(tmp_path, apps(inputs, outputs, "def total(values, more):\n    return 0\n", fn_name="total"))
    assert plain.entry_point == "total"


def test_lines_of_stdin_may_be_a_list(tmp_path):
    (program,) = read(tmp_path, apps([["1", "3"]], [["3"]], LARGEST))
    assert [(given.stdin, given.expected) for given in program.inputs] == [("1\n3", "3")]


def test_code_contests_from_parquet(tmp_path):
    path = tmp_path / "c.parquet"
    pq.write_table(pa.Table.from_pylist([CODE_CONTESTS]), path)
    first, second = programs_of("contest", path, options={"solutions": "2"})
    assert (first.source_row, second.source_row) == ("1_A. Double/1", "1_A. Double/2")
    assert (first.title, first.statement) == ("1_A. Double", "Print twice n.")
    assert first.code == "print(2 * int(input()))"
    assert [(given.stdin, given.expected) for given in first.inputs] == [
        ("1\n", "2\n"),
        ("5\n", "10\n"),
        ("7\n", "14\n"),
    ]
    assert first.input_problems == ("input 4 is equal to an earlier one",)


def test_rows_without_a_key_are_known_by_content(tmp_path):
    row = {"question": "Do it.", "solutions": [LARGEST], "input_output": ""}
    first, second = read(tmp_path, row, row)
    assert first.reason == "has no inputs"
    assert first.source_row != second.source_row


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"input_output": "[1]"}, r"`input_output` must be an object of lists"),
        ({"input_output": '{"inputs": ["a"], "outputs": []}'}, r"`input_output` has 1 inputs and 0 outputs"),
        ({"solutions": "5"}, r"`solutions` must be a list of strings"),
        ({"problem_id": None, "question": 5}, r"`question` must be a string"),
        ({"public_tests": {"input": ["a"], "output": ["b"]}}, r"`solutions` must be an object of lists"),
    ],
)
def test_columns_of_another_form_are_an_error(tmp_path, fields, words):
    with pytest.raises(SourceError, match=r"c\.jsonl: line 1: " + words):
        read(tmp_path, contest.EXAMPLE | fields)


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"tests": "none"}, "give a whole number from 1"),
        ({"results": "both"}, "option `results` of layout contest is 'both'; give one of: wrapped, plain, guessed"),
        ({"code": "x"}, r"has no option 'code' \(there are: solutions, tests, results\)"),
    ],
)
def test_options_that_are_none_of_the_layout(tmp_path, options, words):
    with pytest.raises(SourceError, match=words):
        read(tmp_path, contest.EXAMPLE, **options)


def test_whether_results_are_lists_of_one_can_be_said(tmp_path):
    row = apps([[1], [2]], [[1], [2]], "def f(x):\n    return [x]\n", fn_name="f")
    for results, stated in (("plain", ["[1]", "[2]"]), ("wrapped", ["1", "2"]), ("guessed", ["1", "2"])):
        (program,) = read(tmp_path, row, results=results)
        assert [given.expected for given in program.inputs] == stated
        (ran,) = run([program])
        assert ran.agrees is (results == "plain")
    with pytest.raises(SourceError, match="line 1: an output in `input_output` is no list of one item"):
        read(tmp_path, apps([[1], [2]], [[1], 2], "def f(x):\n    return x\n", fn_name="f"), results="wrapped")


def test_advice_names_nothing_that_cannot_be_done(tmp_path):
    (program,) = read(tmp_path, contest.EXAMPLE, {**contest.EXAMPLE, "problem_id": 13, "input_output": 5})[1:]
    assert program.reason.endswith("an object of lists `inputs` and `outputs`, not a number; mend the row")


def test_a_problem_that_stands_twice_names_both_rows(tmp_path):
    with pytest.raises(SourceError, match=r"line 2: `problem_id` is '12', as in line 1"):
        read(tmp_path, contest.EXAMPLE, contest.EXAMPLE)
