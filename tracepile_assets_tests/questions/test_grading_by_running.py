"""Backward answers are run in the sandbox: every input that leads to the outcome is right, and none does harm."""

from collections.abc import Iterator

import pytest

from tracepile_assets.execution import Limits, Pool
from tracepile_assets.questions import ask, grade
from tracepile_assets_tests.questions.corpus import Case, embedded


@pytest.fixture(scope="module")
def pool() -> Iterator[Pool]:
    with Pool(workers=1, limits=Limits(wall_s=20.0, cpu_s=2.0, memory_mb=512)) as made:
        yield made


def _graded(case: Case, answer: str, pool: Pool, masked: object = "all") -> bool:
    asked = ask(case.trace(), per_kind=5, kinds=["input_prediction"]).questions
    question = next(question for question in asked if question.target["masked"] in (masked, "stdin"))
    return grade(question, answer, pool).correct


SQUARE = Case("square", "def f(n):\n    return n * n\n", "f", "-4")
SLICE = Case("slice", "def f(xs, k, *, step=1):\n    return xs[k::step]\n", "f", "[1, 2, 3, 4], 1, step=2")
READS = Case("reads", "a, b = map(int, input().split())\nprint(a + b)\n", stdin="2 3\n")


def test_any_input_that_gives_the_outcome_is_right(pool: Pool) -> None:
    assert _graded(SQUARE, "4", pool)
    assert _graded(SQUARE, "f(4)", pool)
    assert _graded(SQUARE, "4.0", pool)
    assert not _graded(SQUARE, "5", pool)
    assert _graded(SLICE, "[0, 0, 2, 9, 4], 2, step=2", pool)
    assert _graded(SLICE, "[2, 4], 0", pool)
    assert not _graded(SLICE, "[2, 4]", pool)
    assert _graded(SLICE, "3", pool, masked=2) is False
    assert _graded(SLICE, "[9, 2, 9, 4, 9]", pool, masked=0)
    assert _graded(READS, "1 4", pool)
    assert _graded(READS, "```\n4 1\n```", pool)
    assert not _graded(READS, "1 5", pool)


@pytest.mark.parametrize(
    "answer", ["True", "'4'", "[4]", "n", "open('/etc/passwd')", "4); print(1", "", "4, 5", "10 ** 9"]
)
def test_what_does_not_give_it_is_wrong(answer: str, pool: Pool) -> None:
    assert not _graded(SQUARE, answer, pool)


def test_answers_that_never_end_or_exhaust_memory_are_wrong(pool: Pool) -> None:
    loop = Case("loop", "def f(n):\n    while n != 3:\n        n = n + 2\n    return n * 2\n", "f", "1")
    assert _graded(loop, "-1", pool)
    assert not _graded(loop, "0", pool)
    wide = Case("wide", "def f(n):\n    return len([0] * n) % 7\n", "f", "10")
    assert _graded(wide, "17", pool)
    assert not _graded(wide, "10 ** 12", pool)
    assert not _graded(wide, "1000000000000", pool)
    assert _graded(wide, "3", pool)


def test_every_answer_given_by_an_equal_run_is_right(pool: Pool) -> None:
    for case in list(embedded("mathematics", 1))[:6]:
        for question in ask(case.trace(), per_kind=3, kinds=["input_prediction"]).questions:
            # One blank more: another text, the same input.
            other = question.answer + " " if question.answer_type == "stdin" else f" {question.answer}"
            assert grade(question, other, pool).correct
