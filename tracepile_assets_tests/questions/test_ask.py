"""What is asked, what is not, and how little the choice depends on."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from tracepile_assets.questions import KINDS, Asked, ask
from tracepile_assets.questions.document import document
from tracepile_assets.questions.prompt import code_of
from tracepile_assets.trace_model.trace import Trace
from tracepile_assets_tests.questions.corpus import TRICKY, Case, embedded

SORT = "def f(xs, k):\n    out = []\n    for x in xs:\n        if x > k:\n            out = [x] + out\n    return out\n"
CASE = Case("filter", SORT, "f", "[5, 1, 7, 2], k=1")


def _reasons(asked: Asked) -> dict[str, str]:
    return {rejection.unit: rejection.reason for rejection in asked.rejected}


def _with(case: Case, **columns: object) -> Trace:
    trace = case.trace()
    return Trace(
        case.code, case.entry_point, replace(trace.recording, **columns), arguments=case.arguments, stdin=case.stdin
    )


def test_equal_arguments_give_equal_questions() -> None:
    assert ask(CASE.trace(), seed="a") == ask(CASE.trace(), seed="a")
    many = [ask(case.trace(), seed="a", per_kind=1) for case in TRICKY]
    other = [ask(case.trace(), seed="b", per_kind=1) for case in TRICKY]
    assert many != other


def test_every_kind_asks_or_says_why_not() -> None:
    for case in (*TRICKY, CASE):
        asked = ask(case.trace(), per_kind=3)
        kinds = [question.kind for question in asked.questions]
        assert {*kinds, *_reasons(asked)} == set(KINDS)
        assert len(_reasons(asked)) == len(asked.rejected)
        assert not set(kinds) & set(_reasons(asked))
        assert max(map(kinds.count, kinds)) <= 3


def test_targets_are_json_and_tell_questions_of_a_kind_apart() -> None:
    for case in TRICKY:
        questions = ask(case.trace(), per_kind=20).questions
        keys = [(question.kind, json.dumps(question.target, sort_keys=True)) for question in questions]
        assert len(set(keys)) == len(keys)
        assert all(json.loads(text) == question.target for (_, text), question in zip(keys, questions, strict=True))


def test_prompts_hold_code_and_input_and_no_trace() -> None:
    for case in (*TRICKY, CASE):
        for question in ask(case.trace(), per_kind=3).questions:
            assert code_of(question.question) == case.code
            if question.direction == "forward":
                assert (case.arguments or case.stdin or "") in question.question
            assert 0 <= question.difficulty <= 1


def test_a_backward_prompt_shows_the_outcome_and_not_the_input() -> None:
    asked = ask(CASE.trace(), per_kind=5, kinds=["input_prediction"])
    by_mask = {question.target["masked"]: question for question in asked.questions}
    assert set(by_mask) == {"all", 0, 1}
    assert by_mask["all"].answer == "[5, 1, 7, 2], k=1"
    assert by_mask[0].answer == "[5, 1, 7, 2]"
    assert by_mask[1].answer == "1"
    for mask, question in by_mask.items():
        assert question.direction == "backward"
        assert "[2, 7, 5]" in question.question
        assert ("k=1" in question.question) == (mask == 0)
        assert ("[5, 1, 7, 2]" in question.question) == (mask == 1)
    assert "f(???, k=1)" in by_mask[0].question
    reader = next(case for case in TRICKY if case.stdin)
    (question,) = ask(reader.trace(), kinds=["input_prediction"]).questions
    assert reader.stdin not in question.question
    assert question.answer == reader.stdin


def test_only_the_outcome_is_asked_where_only_the_outcome_is_sure() -> None:
    asked = ask(CASE.trace(), deterministic="result_only")
    assert {question.kind for question in asked.questions} == {"output_prediction", "input_prediction"}
    assert _reasons(asked)["variable_at_visit"] == "result_only"
    asked = ask(CASE.trace(), deterministic="no")
    assert not asked.questions
    assert _reasons(asked)["output_prediction"] == "not_deterministic"


@pytest.mark.parametrize("status", ["timeout", "event_limit", "memory_limit", "crash", "tampered"])
def test_nothing_is_asked_about_a_run_that_was_ended(status: str) -> None:
    asked = ask(_with(CASE, status=status))
    assert not asked.questions
    assert set(_reasons(asked).values()) == {"status"}


def test_the_type_of_an_exception_is_asked_only_where_one_ends_the_run() -> None:
    asked = ask(Case("divide", "def f(n):\n    m = n - 3\n    return 1 // m\n", "f", "3").trace())
    assert [(question.kind, question.answer, question.answer_type) for question in asked.questions] == [
        ("exception_prediction", "ZeroDivisionError", "exception"),
        ("exception_statement", "3", "int"),
    ]


def test_values_that_are_cut_short_are_never_asked_for() -> None:
    code = (
        "def f(n):\n    big = []\n    total = 0\n    for i in range(n):\n        big = big + [i] * 40\n"
        "        total = total + len(big)\n    return total\n"
    )
    case = Case("big", code, "f", "9")
    row = case.record(contents_items=100)
    assert row["truncated"]
    questions = ask(case.trace(row), per_kind=50).questions
    asked_for = [question for question in questions if question.target.get("variable") == "big"]
    assert asked_for
    assert all(len(question.answer) < 450 for question in asked_for)
    assert sum(question.target.get("variable") == "total" for question in questions) >= 9


@pytest.mark.parametrize(
    "code",
    [
        "def f(n):\n    o = object()\n    for i in range(n):\n        o = (object(), i)\n    return repr(o)\n",
        "import re\ndef f(n):\n    m = None\n    for i in range(n):\n        m = [re.compile(str(i))]\n    return m\n",
        "class P:\n    pass\ndef f(n):\n    p = None\n    for i in range(n):\n        p = {i: P()}\n    return p\n",
        "def f(n):\n    a = []\n    for i in range(n):\n        a = [a]\n        a.append(a)\n    return a\n",
    ],
)
def test_opaque_and_address_like_values_are_never_asked_for(code: str) -> None:
    questions = ask(Case("opaque", code, "f", "4").trace(), per_kind=50).questions
    assert {question.answer for question in questions if question.kind == "value_type"} <= {"NoneType", "dict", "list"}
    answers = {
        (question.target["variable"], question.answer)
        for question in questions
        if "variable" in question.target and question.kind != "value_type"
    }
    # What the variables hold before the loop, and before the list is put into itself, is plain.
    assert {answer for name, answer in answers if name != "i"} <= {"None", "[]", "[[]]"}
    assert not [question for question in questions if question.kind == "output_prediction"]


def test_what_can_be_read_off_is_not_asked() -> None:
    code = "def f(xs):\n    limit = 10\n    flag = False\n    for k in range(3):\n        flag = True\n    return 7\n"
    asked = ask(Case("constant", code, "f", "[1]").trace(), per_kind=50)
    assert _reasons(asked)["output_prediction"] == "trivial"
    for question in asked.questions:
        assert question.target.get("variable") != "limit"
        assert not (question.target.get("variable") == "flag" and question.kind == "variable_after_assignment")
        assert not (question.target.get("variable") == "k" and question.target.get("loop") == 3)
        assert question.kind != "loop_iterations"


def test_a_variable_that_nobody_reads_is_not_asked_for() -> None:
    code = (
        "def f(n):\n    t = 1\n    for _ in range(n):\n        t = t * 2\n    for _k in range(n):\n        t = t + _k\n"
        "    return t\n"
    )
    questions = ask(Case("idle", code, "f", "4").trace(), per_kind=80).questions
    assert {question.target.get("variable") for question in questions} == {None, "t", "_k"}


def test_calls_that_cannot_be_counted_are_not_named() -> None:
    code = (
        "from functools import lru_cache\n@lru_cache(None)\ndef g(n):\n    s = n\n    s = s + (g(n - 1) if n else 0)\n"
        "    return s\ndef walk(n):\n    for i in range(n):\n        j = i * i\n        yield j\n"
        "def f(n):\n    t = 0\n    for j in walk(n):\n        t = t + g(j) + (lambda q: q * 2)(j)\n    return t\n"
    )
    questions = ask(Case("cached", code, "f", "4").trace(), per_kind=80).questions
    assert {question.target["function"] for question in questions if "function" in question.target} == {"f"}


def test_choices_are_spread_over_the_run_and_lean_to_the_harder() -> None:
    case = next(case for case in embedded("algorithms", 3) if case.name == "bubble_sort-1")
    trace = case.trace()
    drawn = [ask(trace, seed=seed, per_kind=2, kinds=["variable_at_visit"]).questions for seed in range(25)]
    everything = ask(trace, per_kind=1000, kinds=["variable_at_visit"]).questions
    asked = [question for questions in drawn for question in questions]
    assert len({str(question.target) for question in asked}) > 25
    mean = sum(question.difficulty for question in asked) / len(asked)
    assert mean > sum(question.difficulty for question in everything) / len(everything)
    visits, half = [question.target["visit"] for question in asked], everything[len(everything) // 2].target["visit"]
    assert min(visits) < half < max(visits)


def test_long_inputs_and_values_are_left_out() -> None:
    long = Case("long", "def f(xs):\n    return len(xs)\n", "f", f"{list(range(5000))}")
    assert set(_reasons(ask(long.trace())).values()) == {"too_long", "status"}
    wide = Case("wide", "def f(n):\n    return list(range(n))\n", "f", "2000")
    assert _reasons(ask(wide.trace()))["output_prediction"] == "too_long"


@pytest.mark.parametrize("case", TRICKY[:4], ids=lambda case: case.name)
def test_of_one_run_no_more_is_asked_than_is_allowed(case: Case) -> None:
    trace = case.trace()
    everything = ask(trace, seed="s", per_kind=1)
    outcome = {question.kind for question in everything.questions if KINDS[question.kind].weight is None}
    drawn = set()
    for limit in (1, 5, 8, 100):
        asked = ask(trace, seed="s", per_kind=1, per_trace=limit)
        assert len(asked.questions) == min(limit, len(everything.questions))
        assert set(asked.questions) <= set(everything.questions)
        assert outcome <= {question.kind for question in asked.questions} or limit < len(outcome)
    for seed in range(40):
        drawn |= {question.kind for question in ask(trace, seed=seed, per_kind=1, per_trace=5).questions}
    assert drawn == {question.kind for question in everything.questions}


def test_the_page_about_the_kinds_is_printed_from_them() -> None:
    page = Path(__file__).resolve().parents[2] / "docs" / "questions.md"
    assert page.read_text(encoding="utf-8") == document()


def test_an_unknown_kind_is_refused() -> None:
    with pytest.raises(KeyError, match="nonsense"):
        ask(CASE.trace(), kinds=["nonsense"])


def test_every_kind_says_what_it_is() -> None:
    for name, kind in KINDS.items():
        assert kind.name == name
        assert all(text.endswith(".") for text in (kind.asks_for, kind.computed, kind.graded, kind.applies))


@pytest.mark.parametrize(
    "body",
    [
        "open('/no/such/file')",
        "try:\n        open('/no/such/file')\n    except OSError:\n        x = 5",
        "import no_such_package",
        "sys.stdout.buffer.write(b'caf\\xe9')",
        "raise_for(x)",
    ],
)
def test_nothing_is_asked_about_a_run_that_the_sandbox_decided(body: str) -> None:
    code = "import sys\n\n\ndef raise_for(x):\n    return open('/no/such/' + str(x))\n\n\n"
    case = Case("sandbox", f"{code}def f(x):\n    {body}\n    return x\n", "f", "1")
    asked = ask(case.trace())
    assert asked.questions == ()
    assert set(_reasons(asked)) == set(KINDS)
    assert set(_reasons(asked).values()) <= {"sandbox", "not_text"}


def test_a_module_that_lacks_a_package_is_decided_by_the_sandbox() -> None:
    asked = ask(Case("package", "import no_such_package\n\n\ndef f(x):\n    return x\n", "f", "1").trace())
    assert set(_reasons(asked).values()) == {"sandbox"}


def test_what_the_program_itself_raises_is_asked() -> None:
    code = (
        "def check(x):\n    if x > 0:\n        raise FileNotFoundError(x)\n    return x\n"
        "def f(x):\n    y = check(0)\n    return check(x)\n"
    )
    kinds = {question.kind: question.answer for question in ask(Case("own", code, "f", "1").trace()).questions}
    assert kinds["exception_prediction"] == "FileNotFoundError"
