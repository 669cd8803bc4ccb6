"""Layout leetcode: the real file, whose own tests say what its inputs mean, and made rows of every form."""

import ast
import gzip
import json
from random import Random

import pytest

from tracepile_assets.sources import SourceError
from tracepile_assets.sources.layouts import leetcode
from tracepile_assets.trace_model.codecs import codec
from tracepile_assets_tests.sources.layout_files import data_file, json_lines, programs_of
from tracepile_assets_tests.sources.whole_files import run

FILE = "LeetCodeDataset-v0.2.0-train.jsonl.gz"
# The tests of these two have `true` and `&quot;` inside their strings changed, unlike their inputs.
TESTS_THAT_DIFFER = {"construct-k-palindrome-strings", "html-entity-parser"}


@pytest.fixture(scope="module")
def rows():
    with gzip.open(data_file(FILE), "rt", encoding="utf-8") as file:
        return {row["task_id"]: row for row in map(json.loads, file)}


@pytest.fixture(scope="module")
def programs():
    return programs_of("leetcode", data_file(FILE), license="MIT")


def row(completion, entry_point="Solution().f", pairs=(("x = 1", "1"),), **fields):
    return {
        "task_id": "made",
        "prompt": "from typing import *\n",
        "completion": completion,
        "entry_point": entry_point,
        "input_output": [{"input": given, "output": stated} for given, stated in pairs],
        **fields,
    }


def method(parameters, result="int", body="pass"):
    return f"class Solution:\n    def f(self, {parameters}) -> {result}:\n        {body}\n"


def only(tmp_path, fields, **options):
    (program,) = programs_of("leetcode", json_lines(tmp_path / "l.jsonl", fields), **options)
    return program


def texts(program):
    return [(given.codec, given.arguments, given.expected) for given in program.inputs]


def test_every_problem_of_the_file_becomes_a_program(programs, rows):
    assert [program.source_row for program in programs] == list(rows)
    assert {program.status for program in programs} == {"ok"}
    assert not any(program.input_problems for program in programs)
    assert all(program.statement for program in programs)
    assert not any("Please complete" in program.statement or "```" in program.statement for program in programs)
    assert not any("import *" in program.code for program in programs)


def asserts(test):
    """What a test of the data set calls, and what it compares the result with."""
    for statement in ast.parse(test).body[0].body:
        tested = statement.test
        sides = [tested.left, tested.comparators[0]] if isinstance(tested, ast.Compare) else tested.args
        yield ast.unparse(sides[0]).replace("candidate(", "f(", 1), ast.unparse(sides[1])


def test_inputs_and_results_are_those_of_the_tests(programs, rows):
    for program in programs:
        if program.source_row in TESTS_THAT_DIFFER:
            continue
        wanted = dict.fromkeys(asserts(rows[program.source_row]["test"]))
        found = {
            (ast.unparse(ast.parse(f"f({given.arguments})")), ast.unparse(ast.parse(given.expected, mode="eval"))): None
            for given in program.inputs
        }
        assert list(found) == list(wanted), program.title


def test_inputs_survive_storage(programs):
    for program in programs[::3]:
        for given in program.inputs:
            assert codec(given.codec).encode(*codec(given.codec).decode(given.arguments)) == given.arguments


def test_programs_run_and_agree(programs):
    nodes = [program for program in programs if program.inputs[0].codec != "literal"]
    others = [program for program in programs if program.inputs[0].codec == "literal"]
    sample = Random(4).sample(nodes, 12) + Random(4).sample(others, 20)
    ran = list(run(sample))
    disagreeing = {each.program.title: each.why_not for each in ran if not each.agrees}
    assert len(disagreeing) <= 0.05 * len(ran), disagreeing


@pytest.mark.parametrize(
    ("parameters", "result", "given", "stated", "expected"),
    [
        ("x: int", "int", "x = 123", "321", ("literal", "x=123", "321")),
        ("x: int", "int", "123", "null", ("literal", "123", "None")),
        ("s: str", "bool", 's = "null [true]"', "true", ("literal", "s='null [true]'", "True")),
        ("s", "list", "s = [null,false,-1.50]", "[]", ("literal", "s=[None, False, -1.5]", "[]")),
        (
            "a: Optional[ListNode], n: int",
            "Optional[ListNode]",
            "a = [1,2], n = 3",
            "[2]",
            ("list_node", "a=list_node([1, 2]), n=3", "list_node([2])"),
        ),
        ("a: ListNode", "int", "[1,2]", "2", ("list_node", "list_node([1, 2])", "2")),
        ("a: 'ListNode | None'", "bool", "a = null", "false", ("list_node", "a=None", "False")),
        (
            "a: List[Optional[ListNode]]",
            "ListNode",
            "a = [[1,2],[]]",
            "[1,2]",
            ("list_node", "a=[list_node([1, 2]), list_node([])]", "list_node([1, 2])"),
        ),
        ("n: int", "List[TreeNode]", "n = 1", "[[1,null,2]]", ("tree_node", "n=1", "[tree_node([1, None, 2])]")),
        (
            "a: ListNode, r: TreeNode",
            "bool",
            "a = [1], r = [1]",
            "true",
            ("list_node+tree_node", "a=list_node([1]), r=tree_node([1])", "True"),
        ),
        ("a: Dict[str, ListNode]", "int", "a = {}", "0", ("literal", "a={}", "0")),
    ],
)
def test_how_texts_are_read(tmp_path, parameters, result, given, stated, expected):
    fields = row(method(parameters, result), pairs=[(given, stated)])
    assert texts(only(tmp_path, fields)) == [expected]


@pytest.mark.parametrize(
    ("given", "stated", "problem", "n_inputs"),
    [
        ("a = x", "1", "input 1 cannot be read: 'a = x' holds more than plain values", 0),
        ("a = 1)", "1", "input 1 cannot be read: 'a = 1)' cannot stand between the parentheses", 0),
        ("a = [1], a = [2]", "1", "input 1 cannot be read: 'a = [1], a = [2]' gives `a` two values", 0),
        ("b = [1]", "1", "input 1 names `b`, which is no parameter of `", 0),
        ("[1], [2]", "1", "input 1 has 2 values, where `", 0),
        ("a = 5", "1", "input 1 cannot be read: 5 stands where the values of a list_node are due", 0),
        ("a = [1]", "open(1)", "the expected result of input 1 cannot be read: 'open(1)' holds more", 1),
        ("a = [1]", "1, 2", "the expected result of input 1 cannot be read: '1, 2' is not one value", 1),
        ("a = [1]", "", "the expected result of input 1 cannot be read: '' is not one value", 1),
    ],
)
def test_what_cannot_be_read_is_a_reported_problem(tmp_path, given, stated, problem, n_inputs):
    program = only(tmp_path, row(method("a: ListNode"), pairs=[(given, stated)]))
    assert program.input_problems[0].startswith(problem)
    assert len(program.inputs) == n_inputs
    assert all(found.expected is None for found in program.inputs)


@pytest.mark.parametrize(
    ("values", "loose"),
    [
        ("[1,null,null,5]", True),
        ("[null,1]", True),
        ("[1,2,null,null,3,null,null,null,null]", False),
        ("[1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16]", False),
        ("[1,null,2,3]", False),
        ("[1,null,2,3,4,null,null,null,null,5]", True),
        ("[]", False),
        ("[null]", False),
    ],
)
def test_values_of_a_tree_that_hang_on_no_node_are_reported(tmp_path, values, loose):
    program = only(tmp_path, row(method("a: TreeNode"), pairs=[(f"a = {values}", "1")]))
    shown = values.replace("null", "None").replace(",", ", ")
    said = (f"input 1 cannot be read: {shown} names children of a node that is none",) if loose else ()
    assert program.input_problems == said


@pytest.mark.parametrize(
    ("more", "status"),
    [
        ("", "rejected"),
        ("Solution.g = lambda self, a: a\n", "ok"),
        ("setattr(Solution, 'g', len)\n", "ok"),
        ("Solution = type('S', (), {'g': len})\n", "ok"),
    ],
)
def test_a_method_that_the_class_lacks_is_no_entry_point(tmp_path, more, status):
    code = f"class Solution:\n    def f(self, a):\n        return a\n{more}"
    program = only(tmp_path, row(code, entry_point="Solution().g", pairs=[("a = 1", "1")]))
    assert program.status == status
    assert program.reason == (None if status == "ok" else "entry point is not defined: Solution().g")


def test_what_asks_for_a_completion_is_no_statement(tmp_path):
    query = "Add one.\n\nPlease complete the following python code precisely:\n```python\nclass Solution:\n```"
    assert only(tmp_path, row(method("x"), query=query)).statement == "Add one."
    assert only(tmp_path, row(method("x"))).statement is None


def test_a_class_in_comments_goes_and_the_real_one_stays(tmp_path):
    prompt = "from typing import *\n\nclass TreeNode:\n    def __init__(self, val=0):\n        self.val = val\n"
    comment = "# Definition for a binary tree node.\n# class TreeNode:\n#     def __init__(self, val=0):\n"
    program = only(tmp_path, row(comment + method("r: Optional[TreeNode]"), prompt=prompt, pairs=[("r = [1]", "1")]))
    assert "Definition for" not in program.code
    assert program.code.startswith("from typing import Optional\n\n\nclass TreeNode:")


def test_title(tmp_path):
    assert only(tmp_path, row(method("x"), meta={"question_id": 7})).title == "LeetCode 7: made"
    assert only(tmp_path, row(method("x"), meta=None)).title == "LeetCode: made"


@pytest.mark.parametrize(
    "pairs", [None, "x = 1", [["x = 1", "1"]], [{"input": "x = 1"}], [{"input": 1, "output": "1"}]]
)
def test_rows_of_another_form_are_refused(tmp_path, pairs):
    with pytest.raises(SourceError, match=r"l\.jsonl: line 1: `input_output` (must be a list of objects|is null)"):
        only(tmp_path, {**row(method("x")), "input_output": pairs})


def test_a_problem_that_stands_twice_names_both_rows(tmp_path):
    path = json_lines(tmp_path / "l.jsonl", row(method("x")), row(method("y")))
    with pytest.raises(SourceError, match=r"line 2: `task_id` is 'made', as in line 1"):
        programs_of("leetcode", path)


def test_layout_takes_no_options(tmp_path):
    with pytest.raises(SourceError, match="leetcode takes no options"):
        only(tmp_path, row(method("x")), options={"code": "text"})


def test_example_of_the_documentation_runs(tmp_path):
    (ran,) = run([only(tmp_path, leetcode.EXAMPLE)])
    assert ran.agrees
    assert ran.rows[0]["return_value"].startswith("ListNode(val=3, next=")
