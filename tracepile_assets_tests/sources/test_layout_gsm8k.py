"""Layout gsm8k: the real file, and made problems; a program is run by Python itself."""

import ast
import math
import tokenize
from io import StringIO

import pytest

from tracepile_assets.sources import SourceError
from tracepile_assets.sources.layouts import gsm8k
from tracepile_assets_tests.sources.layout_files import data_file, json_lines, programs_of

QUESTION = "Ann buys 4 pens for $2 each and three pads for $5 each. How much does she pay?"


@pytest.fixture(scope="module")
def problems():
    return programs_of("gsm8k", data_file("gsm8k-train.jsonl"), license="MIT", domain="mathematics")


def only(tmp_path, answer, question=QUESTION, name="g.jsonl"):
    (program,) = programs_of("gsm8k", json_lines(tmp_path / name, {"question": question, "answer": answer}))
    return program


def result_of(program, arguments=None):
    namespace = {}
    exec(program.code, namespace)
    given = program.inputs[0].arguments if arguments is None else arguments
    return eval(f"{program.entry_point}({given})", namespace)


def comments(code):
    return [
        token.string for token in tokenize.generate_tokens(StringIO(code).readline) if token.type == tokenize.COMMENT
    ]


def test_most_problems_become_programs_that_give_the_stated_answer(problems):
    made = [program for program in problems if program.status == "ok"]
    assert len(problems) == 7_473
    assert len(made) >= 0.959 * len(problems)
    for program in made:
        assert math.isclose(result_of(program), ast.literal_eval(program.inputs[0].expected), rel_tol=1e-9), (
            program.code
        )


def test_no_comment_gives_a_number_away(problems):
    said = [line for program in problems for line in comments(program.code)]
    assert len(said) > 15_000
    assert not [line for line in said if any(sign.isdecimal() for sign in line)]


def test_all_but_a_few_programs_take_numbers_of_the_question(problems):
    made = [program for program in problems if program.status == "ok"]
    assert sum(bool(program.inputs[0].arguments) for program in made) > 0.95 * len(made)


def test_what_is_rejected_says_where_it_ends(problems):
    reasons = {program.reason for program in problems if program.status == "rejected"}
    assert all("calculation" in reason for reason in reasons)


def test_example_of_the_documentation_reads(tmp_path):
    (program,) = programs_of("gsm8k", json_lines(tmp_path / "g.jsonl", gsm8k.EXAMPLE))
    assert program.code == (
        "def bring(jars, dollars):\n"
        "    # There are jars sold.\n"
        "    jars_sold = jars / 2\n"
        "    # They bring.\n"
        "    bring_2 = jars_sold * dollars\n"
        "    return bring_2\n"
    )
    assert (program.inputs[0].arguments, program.inputs[0].expected) == ("12, 3", "18")
    assert result_of(program, "20, 5") == 50


@pytest.mark.parametrize(
    ("answer", "line"),
    [
        ("Pens cost 4*2=<<4*2=8>>8 dollars.\n#### 8", "dollars = pens * dollars_each"),
        ("She pays 10/4=<<10/4=2.5>>2.5 per pen.\n#### 2.5", "per_pen = 10 / pens"),
        ("She needs 10/4=<<10/4=3>>3 boxes.\n#### 3", "boxes = math.ceil(10 / pens)"),
        ("She fills 10/4=<<10/4=2>>2 boxes.\n#### 2", "boxes = round(10 / pens)"),
        ("Each is 10/3=<<10/3=3.33>>3.33 long.\n#### 3.33", "long = round(10 / pads, 2)"),
        ("She has 50%*4=<<50%*4=2>>2 left.\n#### 2", "left = 50 / 100 * pens"),
        ("She pays 4 x $2 = $8 in all.\n#### 8", "pays = pens * dollars_each"),
    ],
)
def test_a_calculation_becomes_an_assignment(tmp_path, answer, line):
    program = only(tmp_path, answer)
    assert f"    {line}\n" in program.code
    assert result_of(program) == ast.literal_eval(program.inputs[0].expected)


def test_two_results_of_one_value_are_told_apart(tmp_path):
    question = "A cup is 3 cm and a jug 5 cm high. He stacks five cups and 3 jugs. How high is it?"
    steps = "Cups are 5*3=<<5*3=15>>15 cm.\nJugs are 3*5=<<3*5=15>>15 cm.\nAll is 15+15=<<15+15=30>>30 cm.\n#### 30"
    program = only(tmp_path, steps, question)
    assert result_of(program) == 30
    assert program.code.count("15") == 0
    assert "cm_3 + cm_3" not in program.code


EQUAL = "Six friends bring 6 pies each and 3 jugs. Pies cost $3 each, and half are eaten by 2 dogs. How many are left?"


@pytest.mark.parametrize(
    ("answer", "line"),
    [
        # The words beside a number, or of its sentence, tell which of two it is.
        ("There are 3 jugs * 2 = <<3*2=6>>6 cups.\n#### 6", "jugs * 2"),
        ("A pie costs $3*1=<<3*1=3>>3.\n#### 3", "dollars_each * 1"),
        # Nothing tells: a name that says nothing.
        ("That makes 3*5=<<3*5=15>>15.\n#### 15", "number * 5"),
        # Half of them is no matter of the two dogs, unless that is said.
        ("Half is 8/2=<<8/2=4>>4 pies.\n#### 4", "8 / 2"),
        ("Each of 2 dogs eats 8/2=<<8/2=4>>4 pies.\n#### 4", "8 / dogs"),
        # A result that nothing tells from a number of the question: the number itself.
        ("It is 4+2=<<4+2=6>>6.\nThat is 6*7=<<6*7=42>>42.\nAnd 42-6=<<42-6=36>>36.\n#### 36", "6 * 7"),
        # One that no later calculation could take is taken.
        ("It takes 4+2=<<4+2=6>>6 cups.\nThat is 6*7=<<6*7=42>>42 cups.\n#### 42", "cups * 7"),
    ],
)
def test_of_two_equal_numbers_none_is_taken_for_the_other(tmp_path, answer, line):
    program = only(tmp_path, answer, EQUAL)
    assert f" = {line}\n" in program.code, program.code
    assert result_of(program) == ast.literal_eval(program.inputs[0].expected)


@pytest.mark.parametrize(
    ("answer", "line"),
    [
        ("So 10 minutes/hour / 4 minutes/mile = 2.5 miles/hour.\n#### 2.5", "miles_hour = 10 / pens"),
        ("The total is 7 because 1.5 plus 1.5 plus 4 equals 7.\n#### 7", "total = 1.5 + 1.5 + pens"),
        ("She has $48 \u2212 $10 = $38 left.\n#### 38", "left = 48 - 10"),
        ("She has 12 pens in 4 boxes, and 5 boxes times 3 pens equals 15 pens.\n#### 15", "pens = dollars_each * pads"),
    ],
)
def test_equations_with_words_in_them_are_read(tmp_path, answer, line):
    program = only(tmp_path, answer)
    assert f"    {line}\n" in program.code, program.code
    assert result_of(program) == ast.literal_eval(program.inputs[0].expected)


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        ("She pays 4*2=<<4*2=8>>8.", "states no number behind ####"),
        ("She pays a lot.\n#### 8", "holds no calculation that leads to its answer"),
        ("She pays 4*2=<<4*2=8>>8.\n#### 9", "its calculations do not lead to its answer 9; the last"),
        ("She pays 4/0=<<4/0=8>>8.\n#### 8", "its calculations do not lead to its answer 8; the last of them states 8"),
        ("She pays <<9**9**9**9=8>>8.\n#### 8", "holds no calculation"),
        ("She pays <<__import__('os')=8>>8.\n#### 8", "holds no calculation"),
        ("She pays <<" + "(" * 5_000 + "1=8>>8.\n#### 8", "holds no calculation"),
        ("She pays <<1" + "+1" * 90_000 + "=8>>8.\n#### 8", "holds no calculation"),
        ("She pays " + "9" * 5_000 + "*2=<<" + "9" * 5_000 + "*2=8>>8.\n#### " + "9" * 5_000, "states no number"),
    ],
)
def test_a_problem_that_makes_no_program_is_a_rejected_row(tmp_path, answer, reason):
    program = only(tmp_path, answer)
    assert program.status == "rejected"
    assert program.reason.startswith(reason)


def test_the_test_set_is_refused_where_benchmarks_are_not_allowed(tmp_path):
    with pytest.raises(SourceError, match=r"gsm8k-test\.jsonl: all of the test set of GSM8K is a benchmark"):
        only(tmp_path, "#### 1", name="gsm8k-test.jsonl")
    path = json_lines(tmp_path / "test.jsonl", gsm8k.EXAMPLE)
    (program,) = programs_of("gsm8k", path, allow_benchmark=True)
    assert program.benchmark
