"""Tellings for a reader who has seen no code: in the problem's words, or after the program as the plan."""

import re
from types import SimpleNamespace

import pytest

from tracepile_assets.narration import Narration, narrate, verify
from tracepile_assets.narration.planting import plant
from tracepile_assets.quality.independent import CannotTell, Document, document_of
from tracepile_assets.quality.independent.claims import Claims
from tracepile_assets.quality.independent.states import States
from tracepile_assets.trace_model.trace import Trace
from tracepile_assets_tests.questions.corpus import TRICKY, Case, embedded

WORDED = Case(
    "pages",
    "def pages_tomorrow(page, pages):\n"
    "    # Julie read pages today.\n"
    "    today = pages * 2\n"
    "    # So there are pages left: not many\n"
    "    left = page - (pages + today)\n"
    "    # She reads half of them\n"
    "    tomorrow = left / 2\n"
    "    return tomorrow\n",
    "pages_tomorrow",
    "120, pages=12",
)
TEXT = (
    "Given page = 120 and pages = 12. Julie read pages today: today = 12 * 2 = 24. So there are pages left: not many: "
    "left = 120 - (12 + 24) = 84. She reads half of them: tomorrow = 84 / 2 = 42.0. The result is "
    "tomorrow = 42.0. The answer is 42.0."
)


def _asking(answer: str, outcome: str = "return") -> SimpleNamespace:
    return SimpleNamespace(
        kind="statement_prediction", direction="forward", answer=answer, answer_type="", target={"outcome": outcome}
    )


def _told(trace: Trace, question: SimpleNamespace) -> str:
    told = narrate(trace, question, seed=1)
    assert isinstance(told, Narration), told
    verdict = verify(trace, told.text, question)
    assert verdict.admitted and verdict.coverage == 1.0, verdict.reason
    assert all(told.text[claim.start : claim.end] == claim.says for claim in verdict.claims)
    assert [claim.start for claim in verdict.claims] == sorted(claim.start for claim in verdict.claims)
    return told.text


def test_calculations_are_told_in_the_words_of_their_problem() -> None:
    trace = WORDED.trace()
    assert _told(trace, _asking("42.0")) == TEXT
    kinds = [claim.kind for claim in verify(trace, TEXT, _asking("42.0")).claims]
    assert kinds == ["given", *["comment", "assignment"] * 3, "return", "answer"]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("page = 120", "page = 121"),
        ("pages = 12.", "books = 12."),
        ("Given page = 120 and", "Given 120 and"),
        ("Julie read pages today", "Julie read nothing today"),
        ("She reads half of them", "Julie read pages today"),
        ("Julie read pages today: today", "She reads half of them: today"),
        ("12 * 2 = 24", "12 * 2 = 25"),
        ("The result is tomorrow = 42.0", "The result is tomorrow = 43.0"),
        ("The result is tomorrow = 42.0. ", ""),
        ("answer is 42.0", "answer is 41.0"),
        ("Given page", "It is known that page"),
    ],
)
def test_what_is_false_in_them_is_blocked(old: str, new: str) -> None:
    assert old in TEXT
    assert not verify(WORDED.trace(), TEXT.replace(old, new, 1), _asking("42.0")).admitted


def test_any_other_program_is_given_as_the_plan_and_then_run() -> None:
    for case in (*TRICKY, *list(embedded("competition", 1))[:4]):
        trace = case.trace()
        recording = trace.recording
        if recording.status != "ok":
            continue
        called = case.entry_point is not None
        question = _asking(recording.return_value if called else recording.stdout, "return" if called else "stdout")
        told = narrate(trace, question, seed=2)
        if not isinstance(told, Narration):
            continue
        text = _told(trace, _asking(question.answer, question.target["outcome"]))
        code = case.code.removesuffix("\n")
        assert re.match(r"[A-Z][^\n]*:\n\n`{3,}python\n", text) and text.count(code) == 1
        plan = text.index(code)
        for changed in (
            text.replace(code, code.replace("1", "2", 1).replace("0", "1", 1), 1),
            text[:plan] + text[plan + len(code) :],
            text.replace("`\n\n", "\n\n", 1),
        ):
            assert changed == text or not verify(trace, changed, question).admitted


def test_the_independent_evaluator_judges_what_is_new_in_them() -> None:
    counted = 0
    for case in (WORDED, next(iter(embedded("algorithms", 1)))):
        trace = case.trace()
        question = _asking(trace.recording.return_value)
        text = _told(trace, question)
        document = document_of(trace.recording.to_row(), trace.code, trace.entry_point, trace.arguments, trace.stdin)
        claims = Claims(States(Document(document)), question.answer, question.target)
        found = verify(trace, text, question).claims
        assert all(claims.holds(claim.kind, claim.event, claim.says) for claim in found)
        for planted in plant(text, found, trace.code, 3, 3):
            try:
                false = planted.kind != "order" and not claims.holds(planted.kind, planted.event, planted.says)
            except CannotTell:
                continue
            if false:
                counted += 1
                assert not verify(trace, planted.text, question).admitted, planted.says
    assert counted > 15
    wrong = (("comment", 1, "She reads half of them"), ("given", 0, "Given page = 12."), ("plan", None, "A plan:\n\nx"))
    states = States(Document(document_of(WORDED.record(), WORDED.code, WORDED.entry_point, WORDED.arguments, None)))
    for kind, event, says in wrong:
        assert not Claims(states).holds(kind, event, says)


def test_a_budget_holds_for_the_plan_too() -> None:
    case = Case("sum", "def f(n):\n    s = 0\n    for i in range(n):\n        s += i\n    return s\n", "f", "9")
    whole = narrate(case.trace(), _asking("36"))
    assert isinstance(whole, Narration)
    less = narrate(case.trace(), _asking("36"), budget=whole.n_tokens - 1)
    assert not isinstance(less, Narration) or less.n_tokens < whole.n_tokens
    assert not isinstance(narrate(case.trace(), _asking("36"), budget=20), Narration)
