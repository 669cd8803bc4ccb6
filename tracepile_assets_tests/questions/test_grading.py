"""Grades: what is right by its value, what is wrong by its type, and answers that mean harm."""

import json

import pytest

from tracepile_assets.questions import Question, ask, grade
from tracepile_assets_tests.questions.corpus import TRICKY, Case, embedded


def _question(answer: str, answer_type: str) -> Question:
    return Question("variable_at_visit", "forward", "?", answer, answer_type, 0.5, {})


@pytest.mark.parametrize(
    ("answer", "answer_type", "given"),
    [
        ("3", "int", "3"),
        ("3", "int", " 3.0\n"),
        ("3.0", "float", "3"),
        ("0.30000000000000004", "float", "0.3"),
        ("[1, 2.5]", "list", "[1.0, 2.5000000000001]"),
        ("True", "bool", "True"),
        ("'a'", "str", '"a"'),
        ("{1, 2}", "set", "{2, 1}"),
        ("set()", "set", "set()"),
        ("{'a': 1, 'b': 2}", "dict", "{'b': 2, 'a': 1}"),
        ("nan", "float", "float('nan')"),
        ("None", "NoneType", "`None`"),
        ("(1,)", "tuple", "```python\n(1,)\n```"),
        ("7" * 5000, "int", "7" * 5000),
        ("1\n2\n", "stdout", "1 \n2"),
        ("  a\n", "stdout", "```\n  a\n```"),
        ("KeyError", "exception", "KeyError: 'x'"),
        ("DecodeError", "exception", "json.DecodeError"),
        ("float", "type", "<class 'float'>"),
        ("Counter", "type", "`collections.Counter`"),
    ],
)
def test_right(answer: str, answer_type: str, given: str) -> None:
    assert grade(_question(answer, answer_type), given).correct


@pytest.mark.parametrize(
    ("answer", "answer_type", "given"),
    [
        ("1", "int", "True"),
        ("True", "bool", "1"),
        ("True", "bool", "true"),
        ("'1'", "str", "1"),
        ("'a'", "str", "a"),
        ("'a'", "str", "'A'"),
        ("1", "int", "'1'"),
        ("[1, 2]", "list", "(1, 2)"),
        ("[1, 2]", "list", "[2, 1]"),
        ("[True]", "list", "[1]"),
        ("{1}", "set", "[1]"),
        ("0", "int", "None"),
        ("1.0", "float", "1.000001"),
        ("5", "int", ""),
        ("5", "int", "   \n"),
        ("5", "int", "2 + 3"),
        ("5", "int", "The answer is 5"),
        ("1\n2\n", "stdout", "1 2"),
        ("  a\n", "stdout", "a"),
        ("KeyError", "exception", "LookupError"),
    ],
)
def test_wrong(answer: str, answer_type: str, given: str) -> None:
    assert not grade(_question(answer, answer_type), given).correct


@pytest.mark.parametrize(
    "given",
    [
        "__import__('os').abort()",
        "exit()",
        "[" * 100_000,
        "(" * 200 + ")" * 200,
        "9" * 1_000_000,
        "-" * 40_000 + "1",
        "1e999999",
        "'a' * 10 ** 12",
        "{[]: 1}",
        "\x00\ud800`" * 50,
        "``````",
        "```\n```",
    ],
)
def test_hostile_answers_are_just_wrong(given: str) -> None:
    for answer_type, answer in (("list", "[1, 2]"), ("int", "5"), ("stdout", "x\n"), ("exception", "KeyError")):
        assert not grade(_question(answer, answer_type), given).correct


def test_every_answer_is_right_about_its_own_question() -> None:
    for case in (*TRICKY, *embedded("mathematics", 1)):
        for question in ask(case.trace(), per_kind=4).questions:
            assert grade(question, question.answer).correct


def test_a_row_of_the_table_is_graded_as_the_question_is() -> None:
    case = Case("double", "def f(n):\n    n = n * 2\n    return n\n", "f", "4")
    (question,) = ask(case.trace(), kinds=["output_prediction"]).questions
    names = ("kind", "direction", "question", "answer", "answer_type", "difficulty")
    row = {name: getattr(question, name) for name in names} | {"target": json.dumps(question.target)}
    assert grade(row, "8").correct
    assert not grade(row, "9").correct


def test_a_backward_question_needs_a_pool() -> None:
    case = Case("square", "def f(n):\n    return n * n\n", "f", "-4")
    (question,) = ask(case.trace(), kinds=["input_prediction"]).questions
    assert grade(question, "-4").correct
    with pytest.raises(ValueError, match="Pool"):
        grade(question, "4")
    assert not grade(question, "open('x')").correct
