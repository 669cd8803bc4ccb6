"""Tellings that answer a question: told as far as the answer can be derived, and no answer stands before."""

import re
from itertools import pairwise

import pytest

from tracepile_assets.narration import Narration, Rejection, narrate, verify
from tracepile_assets.questions import ask
from tracepile_assets.trace_model.trace import Trace
from tracepile_assets_tests.narration.runs import SMALL, asking, run, small

SWEEPS = (
    "def sweep(items):\n"
    "    again = True\n"
    "    while again:\n"
    "        again = False\n"
    "        for k in range(len(items) - 1):\n"
    "            if items[k] > items[k + 1]:\n"
    "                items[k], items[k + 1] = items[k + 1], items[k]\n"
    "                again = True\n"
    "        if not again:\n"
    "            break\n"
    "    return items\n"
)


def _question(trace: Trace, kind: str, source: str) -> object:
    """The last question of a kind that is asked about a statement with this source."""
    number = next(s.number for s in trace.syntax.statements if trace.syntax.header_source(s.number) == source)
    asked = ask(trace, per_kind=500, kinds=[kind]).questions
    return [q for q in asked if number in (q.target.get("statement"), q.target.get("loop"))][-1]


def _told(trace: Trace, question: object, budget: int = 4096) -> str:
    told = narrate(trace, question, budget=budget)
    assert isinstance(told, Narration), told
    verdict = verify(trace, told.text, question)
    assert verdict.admitted, (verdict.reason, told.text)
    return told.text


def test_executions_are_counted_as_they_are_told() -> None:
    trace = run(SWEEPS, "sweep", "[3, 1, 2]")
    question = _question(trace, "statement_count", "items[k], items[k + 1] = items[k + 1], items[k]")
    text = _told(trace, question)
    assert re.findall(r"\((\w+) time\)", text) == ["1st", "2nd"]
    assert text.endswith("ran 2 times, so the answer is 2.")
    for wrong in (text.replace("2nd time", "3rd time"), text.replace(" (1st time)", "").replace("2nd", "1st")):
        assert not verify(trace, wrong, question).admitted


def test_a_count_goes_on_through_folded_iterations() -> None:
    code = "def f(n):\n    t = 0\n    for k in range(n):\n        if k % 3 == 0:\n            t += k\n    return t\n"
    trace = run(code, "f", "60")
    question = _question(trace, "statement_count", "t += k")
    text = _told(trace, question, budget=700)
    counts = [int(found) for found in re.findall(r"\((\d+) times? so far\)", text)]
    assert counts == list(range(1, 21))
    assert not verify(trace, text.replace("(7 times so far)", "(8 times so far)"), question).admitted


def test_a_statement_of_which_nothing_else_is_told_is_counted() -> None:
    code = (
        "def half(n):\n    return n // 2\ndef f(n):\n    got = []\n    while n > 1:\n        n = half(n)\n"
        "        if n % 2:\n            continue\n        got.append(n)\n    return got\n"
    )
    trace = run(code, "f", "29")
    for source, times in (("continue", 3), ("n = half(n)", 4)):
        text = _told(trace, _question(trace, "statement_count", source))
        assert f"`{source}` runs for the 2nd time" in text
        assert f"`{source}` ran {times} times" in text


def test_the_value_of_the_test_itself_is_told() -> None:
    trace = run(SWEEPS, "sweep", "[3, 1, 2]")
    question = _question(trace, "branch_taken", "if not again:")
    assert question.answer == "True"
    text = _told(trace, question)
    assert text.endswith("again is false. `not again` holds, so the answer is True.")
    assert not verify(trace, text.replace("`not again` holds", "`not again` fails"), question).admitted
    assert _told(trace, _question(trace, "branch_taken", "if items[k] > items[k + 1]:")).endswith(
        "2 > 3 fails, so the answer is False."
    )


def test_the_iteration_that_is_asked_about_is_not_folded_away() -> None:
    code = (
        "def fill(size, flow):\n    level = minute = 0\n    while level < size:\n        minute += 1\n"
        "        level += flow\n        if minute > 40:\n            return level\n    return minute\n"
    )
    trace = run(code, "fill", "900, 3")
    question = _question(trace, "branch_taken", "if minute > 40:")
    assert _told(trace, question, budget=900).endswith("41 > 40 holds, so the answer is True.")


def test_the_loop_that_is_asked_about_is_not_folded_away() -> None:
    code = (
        "def f(n):\n    total = 0\n    for a in range(n):\n        for b in range(a):\n            if total > 40:\n"
        "                break\n            total += b\n    return total\n"
    )
    trace = run(code, "f", "30")
    question = _question(trace, "loop_iterations", "for b in range(a):")
    assert question.target["run"] > 20
    assert "passes with a = 9 to a = 28. For a = 29 and b = 0, 41 > 40" in _told(trace, question, budget=600)


def test_a_value_too_long_to_be_told_is_not_left_out_in_silence() -> None:
    code = (
        "def f(n):\n    step = list(range(n))\n    total = len(step)\n    step = total * 2\n    for k in range(2):\n"
        "        step = step + k\n    return step\n"
    )
    trace = run(code, "f", "300")
    question = asking("601")
    text = _told(trace, question)
    assert "step is set to `list(range(n))`" in text
    assert not verify(trace, text.replace("list(range(n))", "list(range(2))"), question).admitted


def test_what_holds_as_a_call_ends_is_told_within_it() -> None:
    code = (
        "def add(seen, k):\n    twice = k * 2\n    if k not in seen:\n        seen.append(twice)\n"
        "def f(n):\n    seen = [2]\n    for k in range(n):\n        add(seen, k)\n    return seen\n"
    )
    trace = run(code, "f", "3")
    asked = ask(trace, per_kind=500, kinds=["variable_after_assignment", "branch_taken"]).questions
    assert any(question.target["call"] == 3 and question.answer == "False" for question in asked)
    for question in asked:
        _told(trace, question)


def test_passes_are_named_so_that_none_can_be_taken_for_another() -> None:
    code = (
        "def f(edges):\n    best = [9, 9, 9]\n    for u, v in edges:\n        if best[v] > u:\n"
        "            best[v] = u\n    return best\n"
    )
    edges = [(9, 0), (9, 1), (7, 2), (9, 2), (9, 0), (3, 1), (8, 2), (8, 0), (9, 1), (2, 0), (9, 2)] * 3
    trace = run(code, "f", str(edges))
    text = _told(trace, asking("[2, 3, 7]"), budget=300)
    assert "othing changes in iterations 1 to 2 of the loop `for u, v in edges`" in text
    assert "fter the pass with u = 7 and v = 2: best = [9, 9, 7]" in text


def test_a_loop_inside_one_that_reads_the_same_is_told_as_the_inner_one() -> None:
    code = (
        "def f(n):\n    total = 0\n    while True:\n        if n == 0:\n            break\n        k = 0\n"
        "        while True:\n            if k == n:\n                break\n            k += 1\n"
        "            total += 1\n        n -= 1\n    return total\n"
    )
    trace = run(code, "f", "9")
    text = _told(trace, asking("45"), budget=900)
    assert "After iteration 1 of the inner loop `while True`: total = 1 and k = 1" in text
    assert not verify(trace, text.replace("of the inner loop", "of the loop", 1), asking("45")).admitted


@pytest.mark.parametrize("name", SMALL)
def test_no_answer_stands_before_it_can_be_derived(name: str) -> None:
    """Of the whole telling only the opening and the answer are left."""
    trace = small(name)
    early = 0
    for question in ask(trace, per_kind=3).questions:
        told = narrate(trace, question)
        if isinstance(told, Rejection) or "The whole output is" in told.text:
            continue
        assert verify(trace, told.text, question).admitted
        guess = f"{told.text[: told.text.index('. ') + 1]} The answer is {question.answer}."
        if guess != told.text:
            assert not verify(trace, guess, question).admitted, (question, guess)
            early += 1
    assert early


def test_what_is_true_and_not_tested_leads_to_nothing() -> None:
    code = "def f(a, b):\n    t = 1\n    if a:\n        t = len(b)\n    return t\n"
    trace = run(code, "f", "[1], [2, 3]")
    text = "We call f([1], [2, 3]). t = 1. {}, so t = 2. The call returns t = 2. The answer is 2."
    assert verify(trace, text.format("a is not empty"), asking("2")).admitted
    assert not verify(trace, text.format("b is not empty"), asking("2")).admitted


def test_nothing_is_told_from_the_moment_asked_about_on() -> None:
    trace = small("squares")
    for kind in ("variable_at_visit", "variable_at_iteration_end"):
        asked = ask(trace, per_kind=99, kinds=[kind]).questions
        assert len(asked) > 7
        for question, later in pairwise(asked):
            if {**question.target, "variable": ""} == {**later.target, "variable": ""}:
                continue
            text = _told(trace, later)
            body = text[: re.search(r"[.;] [^.;]*answer is", text).start()]
            late = verify(trace, f"{body}. The answer is {question.answer}.", question)
            assert any(claim.detail == "it happens after the moment asked about" for claim in late.offending)


def test_nothing_is_told_after_the_loop_asked_about() -> None:
    code = (
        "def f(n):\n    t = 0\n    for a in range(2):\n        for b in range(n):\n            t += b\n    return t\n"
    )
    trace = run(code, "f", "2")
    first, second = ask(trace, per_kind=9, kinds=["loop_iterations"]).questions
    text = _told(trace, second)
    assert text.replace("range(0, 2) is exhausted", "X", 1).count("range(0, 2) is exhausted") == 1
    assert not verify(trace, text, first).admitted


def test_what_is_bound_at_once_and_cannot_be_told_is_told_by_its_code() -> None:
    code = (
        "def f(n):\n    rows = [list(range(n)), list(range(n + 1))]\n"
        "    rows[0], rows[1] = rows[1], rows[0]\n    return len(rows[0])\n"
    )
    trace = run(code, "f", "300")
    text = _told(trace, asking("301"))
    assert "`rows[0], rows[1] = rows[1], rows[0]` runs" in text
    assert not verify(trace, text.replace("= rows[1], rows[0]`", "= rows[0], rows[1]`"), asking("301")).admitted
