"""Questions about a program and its problem: what is asked, what is not, and the grading of written programs."""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from tracepile_assets.execution import Limits, Pool
from tracepile_assets.questions import (
    COMPANIONS,
    Asked,
    OtherProgram,
    Problem,
    ProblemRun,
    Question,
    ask_companions,
    differ,
    grade,
)
from tracepile_assets_tests.questions.corpus import Case

CODE = """def most(xs, k=2):
    best = xs[0]
    for x in xs:
        if x * k > best * k:
            best = x
    return best
"""
CASE = Case("most", CODE, "most", "[3, 17, 12]")
OTHER = CODE.replace("best", "top")
MUTANT = OTHER.replace("> top", "<= top")
RUNS = tuple(
    ProblemRun(f"i_{number}", "literal", arguments, None, outcome)
    for number, (arguments, outcome) in enumerate(
        [("[3, 17, 12]", "17"), ("[5]", "5"), ("[1, -4], k=-1", "-4"), ("[0, 'a']", None)]
    )
)
PROBLEM = Problem(
    statement="Find the number of `xs` that comes first when all are multiplied by `k`.",
    holds_input=False,
    is_first=True,
    is_sound=True,
    runs=RUNS,
    alike=(OtherProgram(("rename_variables",), OTHER, "most", ("i_0", "i_1", "i_2")),),
    unlike=(OtherProgram(("rename_variables", "mutant:relational"), MUTANT, "most", ("i_0",)),),
)
READS = Case("sum", "a, b = map(int, input().split())\nprint(a + b)\n", stdin="2 31\n")
READING = replace(
    PROBLEM,
    statement="Two numbers are given on a line. Print their sum.",
    runs=(ProblemRun("i_0", "literal", None, "2 31\n", "33\n"), ProblemRun("i_1", "literal", None, "1 4\n", "5\n")),
    alike=(),
    unlike=(OtherProgram(("mutant:arithmetic",), READS.code.replace("+", "-"), None, ("i_1",)),),
)


@pytest.fixture(scope="module")
def pool() -> Iterator[Pool]:
    with Pool(workers=1, limits=Limits(wall_s=20.0, cpu_s=2.0, memory_mb=512)) as made:
        yield made


def _asked(problem: Problem = PROBLEM, case: Case = CASE, seed: object = 0, **of_trace: str) -> dict[str, Question]:
    return {one.kind: one for one in ask_companions(problem, case.trace(), seed=seed, **of_trace).questions}


def _reasons(asked: Asked) -> dict[str, str]:
    return {one.unit: one.reason for one in asked.rejected}


def test_a_question_without_code_states_the_problem_and_the_input() -> None:
    question = _asked()["statement_prediction"]
    assert PROBLEM.statement in question.question and "`xs = [3, 17, 12]`" in question.question
    assert "def " not in question.question and "17" not in question.question.replace("[3, 17, 12]", "")
    assert (question.direction, question.answer, question.target) == ("forward", "17", {"outcome": "return"})
    assert grade(question, "17").correct and not grade(question, "12").correct
    named = Case("most", CODE, "most", "[1, -4], k=-1")
    assert "`xs = [1, -4]` and `k = -1`" in _asked(case=named)["statement_prediction"].question
    printed = _asked(READING, READS)["statement_prediction"]
    assert "```text\n2 31\n```" in printed.question and printed.answer == "33\n"
    posed = replace(PROBLEM, holds_input=True)
    assert "xs = " not in _asked(posed)["statement_prediction"].question
    method = Case("m", "class S:\n    def f(self, a, b):\n        return a - b\n", "S().f", "7, 5")
    assert "`a = 7` and `b = 5`" in _asked(case=method)["statement_prediction"].question


@pytest.mark.parametrize(
    ("problem", "kinds", "reason"),
    [
        (replace(PROBLEM, statement=" "), ("statement_prediction", "write"), "not_applicable"),
        (replace(PROBLEM, is_sound=False), ("statement_prediction", "write"), "not_known"),
        (replace(PROBLEM, statement="x" * 9_000), ("statement_prediction", "write"), "too_long"),
        (replace(PROBLEM, holds_input=True), ("write",), "not_applicable"),
        (replace(PROBLEM, statement="From [3,17,12] comes 17."), ("statement_prediction",), "trivial"),
        (replace(PROBLEM, runs=RUNS[3:]), ("write", "equivalence"), None),
        (replace(PROBLEM, alike=(), unlike=()), ("equivalence",), "not_applicable"),
    ],
)
def test_what_is_not_asked(problem: Problem, kinds: tuple[str, ...], reason: str | None) -> None:
    asked = ask_companions(problem, CASE.trace())
    refused = _reasons(asked)
    assert set(refused) == set(kinds) and {one.kind for one in asked.questions} == set(COMPANIONS) - set(kinds)
    assert reason is None or set(refused.values()) == {reason}


def test_only_the_run_on_the_first_input_has_companions() -> None:
    later = replace(PROBLEM, is_first=False, runs=(), alike=(), unlike=())
    asked = ask_companions(later, CASE.trace())
    assert [one.kind for one in asked.questions] == ["statement_prediction"] and not asked.rejected
    assert _reasons(ask_companions(replace(later, holds_input=True), CASE.trace())) == {
        "statement_prediction": "not_applicable"
    }


def test_equivalence_says_what_the_runs_showed_and_names_their_inputs() -> None:
    asked = [_asked(seed=number)["equivalence"] for number in range(30)]
    assert {one.answer for one in asked} == {"True", "False"}
    assert {one.target["original"] for one in asked} == {"A", "B"}
    for one in asked:
        other = OTHER if one.answer == "True" else MUTANT
        assert one.direction == "none" and other in one.question and CODE in one.question
        assert (one.question.index(CODE) < one.question.index(other)) == (one.target["original"] == "A")
        assert "[0, 'a']" not in one.question and "[3, 17, 12]" in one.question
        assert ("i_0" in one.target["inputs"]) and set(one.target["inputs"]) <= {"i_0", "i_1", "i_2"}
        assert grade(one, one.answer).correct and not grade(one, str(one.answer != "True")).correct
    only_no = _asked(READING, READS)["equivalence"]
    assert only_no.answer == "False" and "```text\n1 4\n```" in only_no.question


def test_programs_that_are_written_are_run(pool: Pool) -> None:
    question = _asked()["write"]
    assert "def " not in question.question and "`most([5])` returns `5`." in question.question
    assert len(question.target["inputs"]) == 3 and question.direction == "none"
    assert grade(question, question.answer, pool).correct
    right = "def most(xs, k=2):\n    return max(xs, key=lambda x: x * k)\n"
    assert grade(question, right, pool).correct
    assert grade(question, f"Like this:\n\n```python\n{right}```\n\nIt takes the largest.", pool).correct
    assert grade(question, f"```\nnothing\n```\n~\n```py\n{right}", pool).correct
    wrong = grade(question, right.replace("x * k", "x"), pool)
    assert not wrong.correct and "k=-1" in wrong.reason
    reads = _asked(READING, READS)["write"]
    assert "Input:\n\n```text\n2 31\n```\n\nOutput:\n\n```text\n33\n```" in reads.question
    assert grade(reads, "print(sum(int(x) for x in input().split()))", pool).correct
    assert not grade(reads, "print(33)", pool).correct
    with pytest.raises(ValueError, match="Pool"):
        grade(question, right)


@pytest.mark.parametrize(
    "answer",
    [
        "",
        "```python\n```",
        "I do not know.",
        "def most(xs, k=2):\n    while True: pass\n",
        "def most(xs, k=2):\n    return [0] * 10 ** 10\n",
        "import os\ndef most(xs, k=2):\n    os._exit(0)\n",
        "import os\ndef most(xs, k=2):\n    os.kill(os.getppid(), 9)\n    return 17\n",
        "class most(int):\n    def __new__(cls, *a, **k): return int.__new__(cls, 17)\n    __eq__ = bool\n",
        "def most(xs, k=2):\n    return type('Any', (), {'__repr__': lambda s: '17', '__eq__': lambda s, o: True})()\n",
        "def most(xs, k=2):\n    return open('/etc/passwd').read()\n",
        "most = None",
        "def most(xs, k=2):\n    return '\ud800\x00'\n",
        "```" * 16_000,
        "(" * 40_000,
        "x" * 60_000,
    ],
)
def test_hostile_programs_are_wrong_and_do_no_harm(answer: str, pool: Pool) -> None:
    question = _asked()["write"]
    assert not grade(question, answer, pool).correct
    assert grade(question, question.answer, pool).correct


@pytest.mark.parametrize(
    ("one", "other", "different"),
    [
        (("ok", "1"), ("ok", "2"), True),
        (("ok", "1"), ("ok", "1.0"), False),
        (("ok", "Node(val=1)"), ("ok", "Node(val=2)"), False),
        (("ok", "[1, 2…"), ("ok", "[1, 3…"), False),
        (("ok", None), ("ok", "1"), False),
        (("ok", "1"), ("exception", None), True),
        (("ok", "1"), ("event_limit", None), False),
    ],
)
def test_only_plain_differences_count(
    one: tuple[str, str | None], other: tuple[str, str | None], different: bool
) -> None:
    def run(status: str, value: str | None, stdout: str = "") -> dict[str, str | None]:
        return {"status": status, "return_value": value, "stdout": stdout, "exception": None}

    assert differ(run(*one), run(*other)) == different == differ(run(*other), run(*one))
    assert differ(run("ok", "1", "a\n"), run("ok", "1", "b\n")) and not differ(
        run("ok", "1", "a \n"), run("ok", "1", "a")
    )
