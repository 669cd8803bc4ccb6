"""Layout mbpp: the real file, and made rows with every shape of assert."""

import pytest

from tracepile_assets.sources import SourceError
from tracepile_assets.sources.layouts import mbpp
from tracepile_assets_tests.sources.layout_files import data_file, json_lines, programs_of


@pytest.fixture(scope="module")
def all_tasks():
    return programs_of("mbpp", data_file("mbpp.jsonl"), license="CC-BY-4.0", allow_benchmark=True)


def task(number, code, *tests, **fields):
    return {"task_id": number, "text": "Do it.", "code": code, "test_setup_code": "", "test_list": [*tests], **fields}


def test_tasks_that_are_no_benchmark_become_programs():
    programs = programs_of("mbpp", data_file("mbpp.jsonl"), license="CC-BY-4.0")
    assert [program.source_row for program in programs] == [str(number) for number in range(511, 975)]
    assert {program.status for program in programs} == {"ok"}
    assert not any(program.benchmark for program in programs)
    assert {program.license for program in programs} == {"CC-BY-4.0"}
    stated = [len(program.inputs) + len(program.input_problems) for program in programs]
    assert set(stated) == {3}
    # Two tasks state one of their asserts twice.
    repeats = {p.source_row: p.input_problems for p in programs if p.input_problems}
    assert set(repeats) == {"713", "862"}
    assert all("equal to an earlier one" in problems[0] for problems in repeats.values())


def test_benchmark_tasks_come_only_where_allowed(all_tasks):
    assert len(all_tasks) == 974
    assert [program.benchmark for program in all_tasks] == [True] * 510 + [False] * 464


def test_every_assert_of_the_file_is_read(all_tasks):
    assert sum(len(p.inputs) + len(p.input_problems) for p in all_tasks) == 3 * 974
    assert all("equal to an earlier one" in problem for p in all_tasks for problem in p.input_problems)
    assert all(given.expected is not None for p in all_tasks for given in p.inputs)


@pytest.mark.filterwarnings("ignore:invalid escape sequence")
def test_inputs_give_what_the_asserts_state(all_tasks):
    checked = 0
    for program in all_tasks[510::5]:
        for given in program.inputs:
            namespace = {"__name__": "program"}
            exec(program.code, namespace)
            result = eval(f"{program.entry_point}({given.arguments})", namespace)
            assert result == eval(given.expected, namespace), program.title
            checked += 1
    assert checked > 270


@pytest.mark.parametrize("number", [367, 927])
def test_setup_code_binds_the_names_that_arguments_use(all_tasks, number):
    program = all_tasks[number - 1]
    assert program.code.index("root = Node(1)") > program.code.index("class Node")
    assert {given.arguments for given in program.inputs} == {"root", "root1", "root2"}
    namespace = {}
    exec(program.code, namespace)
    for given in program.inputs:
        assert eval(f"{program.entry_point}({given.arguments})", namespace) == eval(given.expected, namespace)


def test_entry_point_is_what_the_asserts_call(all_tasks):
    # Its helper is defined after it.
    assert all_tasks[717 - 1].entry_point == "sd_calc"
    # The assert converts the result: int(lobb_num(5, 3)) == 35.
    lobb = all_tasks[912 - 1]
    assert (lobb.entry_point, lobb.inputs[0].arguments, lobb.inputs[0].expected) == ("lobb_num", "5, 3", "35")


def test_line_ends_are_plain_and_tabs_keep_their_meaning(all_tasks):
    assert not any("\r" in program.code for program in all_tasks)
    assert sum("\t" in program.code for program in all_tasks) == 129


def test_mixed_tabs_are_read_as_eight_columns(tmp_path):
    code = "def f(x):\n        if x:\n\t\tx += 1\n\treturn x\n"
    path = json_lines(tmp_path / "m.jsonl", task(600, code, "assert f(1) == 2"))
    (program,) = programs_of("mbpp", path)
    assert program.status == "ok"
    namespace = {}
    exec(program.code, namespace)
    assert namespace["f"](1) == 2


@pytest.mark.parametrize(
    ("test", "arguments", "expected"),
    [
        ("assert f(1, [2, 3], k='a)') == (4, 5)", "1, [2, 3], k='a)'", "(4, 5)"),
        ("assert (f(x=1)) == 2", "x=1", "2"),
        ("assert f() == None", "", "None"),
        ("assert f( 1 , 2 ) == 3, 'message'", "1 , 2", "3"),
        ("assert 3 == f(1)", "1", "3"),
        ("assert f('é', '\U0001f600') == 'ü'", "'é', '\U0001f600'", "'ü'"),
        ("assert f(\n  [1,\n   2]) == 3\n", "[1,\n   2]", "3"),
        ("assert f(g(2)) == g(3)", "g(2)", "g(3)"),
        ("assert int(f(7)) == 4", "7", "4"),
    ],
)
def test_arguments_are_the_source_between_the_parentheses(tmp_path, test, arguments, expected):
    code = "def g(x):\n    return x\n\ndef f(*a, **k):\n    return 3\n"
    path = json_lines(tmp_path / "m.jsonl", task(600, code, test))
    (program,) = programs_of("mbpp", path)
    (given,) = program.inputs
    assert (program.entry_point, given.arguments, given.expected) == ("f", arguments, expected)
    assert program.input_problems == ()


@pytest.mark.parametrize(
    ("test", "words"),
    [
        ("assert f(1)", "not of the form"),
        ("assert f(1) != 2", "not of the form"),
        ("assert f(1) == 2 == 3", "not of the form"),
        ("assert abs(f(1) - 2) < 1e-6", "not of the form"),
        ("assert len('x') == 1", "not of the form"),
        ("print(f(1))", "not of the form"),
        ("assert f(1 == 2", "not of the form"),
        ("assert g(1) == 1", "calls g"),
    ],
)
def test_an_assert_of_another_form_is_a_reported_problem(tmp_path, test, words):
    code = "def g(x):\n    return x\n\ndef f(x):\n    return x\n"
    path = json_lines(tmp_path / "m.jsonl", task(600, code, "assert f(0) == 0", test))
    (program,) = programs_of("mbpp", path)
    assert program.status == "ok"
    assert len(program.inputs) == 1
    (problem,) = program.input_problems
    assert problem.startswith("assert 2 ")
    assert words in problem


def test_an_assert_on_a_converted_result_gives_an_input_only(tmp_path):
    code = "def f(x):\n    return {x}\n"
    path = json_lines(tmp_path / "m.jsonl", task(600, code, "assert sorted(f(1)) == [1]"))
    (program,) = programs_of("mbpp", path)
    assert (program.inputs[0].arguments, program.inputs[0].expected) == ("1", None)
    assert "states no result" in program.input_problems[0]


def test_programs_that_cannot_run_are_rejected_rows(tmp_path):
    path = json_lines(
        tmp_path / "m.jsonl",
        task(600, "def f(x:\n    return x\n", "assert f(1) == 1"),
        task(601, "def f(x):\n    return x\n"),
        task(602, "def f(x):\n    return x\n", "assert True"),
        task(603, "", "assert f(1) == 1"),
        task(604, "def f(x):\n    return x\n", "assert f(1) == 1"),
    )
    programs = programs_of("mbpp", path)
    assert [program.status for program in programs] == ["rejected"] * 4 + ["ok"]
    reasons = [program.reason for program in programs]
    assert reasons[0].startswith("does not parse: ")
    assert "line 1" in reasons[0]
    assert reasons[1] == "has no inputs"
    assert reasons[2].startswith("has no inputs: assert 1 is not of the form")
    assert reasons[3] == "does not parse: it is empty"
    assert all(program.entry_point for program in programs)


def test_a_file_of_benchmark_tasks_only_is_refused(tmp_path):
    path = json_lines(tmp_path / "m.jsonl", task(11, "def f(x):\n    return x\n", "assert f(1) == 1"))
    with pytest.raises(
        SourceError, match=r"m\.jsonl: holds only tasks 1-510, which are a benchmark.*--allow-benchmark"
    ):
        programs_of("mbpp", path)
    (program,) = programs_of("mbpp", path, allow_benchmark=True)
    assert program.benchmark


@pytest.mark.parametrize("number", [0, 975, "602", 602.0, True, None])
def test_task_ids_beyond_the_file_are_refused(tmp_path, number):
    path = json_lines(tmp_path / "m.jsonl", task(number, "def f(x):\n    return x\n", "assert f(1) == 1"))
    with pytest.raises(SourceError, match=r"m\.jsonl: line 1: `task_id` is .*(numbered 1 to 974|null)"):
        programs_of("mbpp", path)


def test_a_task_that_stands_twice_names_both_rows(tmp_path):
    row = task(600, "def f(x):\n    return x\n", "assert f(1) == 1")
    path = json_lines(tmp_path / "m.jsonl", row, task(601, row["code"], "assert f(1) == 1"), row)
    with pytest.raises(SourceError, match=r"m\.jsonl: line 3: `task_id` is '600', as in line 1"):
        programs_of("mbpp", path)


def test_layout_takes_no_options(tmp_path):
    path = json_lines(tmp_path / "m.jsonl", task(600, "def f(x):\n    return x\n", "assert f(1) == 1"))
    with pytest.raises(SourceError, match="mbpp takes no options"):
        programs_of("mbpp", path, options={"code": "text"})


def test_example_of_the_documentation_reads(tmp_path):
    (program,) = programs_of("mbpp", json_lines(tmp_path / "m.jsonl", mbpp.EXAMPLE))
    assert program.status == "ok"
    assert program.title == "MBPP 602: first_repeated_char"
    assert program.origin_uri.endswith("m.jsonl#line=1")
