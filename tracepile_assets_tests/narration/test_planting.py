"""Planted faults: the independent evaluator finds the texts false, and the verifier blocks them."""

from collections import Counter

import pytest

from tracepile_assets.narration import Narration, narrate, verify
from tracepile_assets.narration.planting import FAULTS, plant
from tracepile_assets.quality.independent import CannotTell, Document, document_of
from tracepile_assets.quality.independent.claims import Claims
from tracepile_assets.quality.independent.states import States
from tracepile_assets.trace_model.trace import Trace
from tracepile_assets_tests.narration.runs import SMALL, asking, embedded_runs, small


def _claims(trace: Trace) -> Claims:
    row = trace.recording.to_row()
    document = document_of(row, trace.code, trace.entry_point, trace.arguments, trace.stdin)
    return Claims(States(Document(document)), trace.recording.return_value)


def _told() -> list[tuple[Trace, str, object]]:
    runs = [small(name) for name in SMALL]
    runs += [trace for _, trace in list(embedded_runs("algorithms"))[::4] if len(trace) < 300]
    found = []
    for trace in runs:
        question = asking(trace.recording.return_value or "") if trace.entry_point else None
        told = narrate(trace, question, seed=1)
        if isinstance(told, Narration):
            found.append((trace, told.text, question))
    return found


@pytest.fixture(scope="module")
def told() -> list[tuple[Trace, str, object]]:
    return _told()


def test_the_independent_evaluator_agrees_with_every_verified_claim(told) -> None:
    outcomes: Counter[str] = Counter()
    for trace, text, question in told:
        claims = _claims(trace)
        for claim in verify(trace, text, question).claims:
            try:
                assert claims.holds(claim.kind, claim.event, claim.says), (claim, text)
                outcomes["holds"] += 1
            except CannotTell:
                outcomes["not judged"] += 1
    assert outcomes["holds"] > 900
    assert outcomes["not judged"] < 0.02 * outcomes["holds"]


def test_planted_faults_are_found_false_and_are_blocked(told) -> None:
    made: Counter[str] = Counter()
    aside: Counter[str] = Counter()
    for number, (trace, text, question) in enumerate(told):
        claims = _claims(trace)
        found = verify(trace, text, question).claims
        for planted in plant(text, found, trace.code, number, 2):
            made[planted.fault] += 1
            assert planted.text != text
            assert planted.text[planted.start : planted.end] == planted.says
            if _is_false(claims, planted):
                verdict = verify(trace, planted.text, question)
                assert not verdict.admitted, (planted.fault, planted.says, text)
            else:
                aside[planted.fault] += 1
    assert set(made) == set(FAULTS)
    assert sum(aside.values()) <= 0.03 * sum(made.values()), aside


def _is_false(claims: Claims, planted) -> bool:
    try:
        if planted.kind == "order":
            return not claims.in_order(*planted.moved)
        return not claims.holds(planted.kind, planted.event, planted.says)
    except CannotTell:
        return False


def test_planting_is_seeded(told) -> None:
    trace, text, question = told[0]
    found = verify(trace, text, question).claims
    assert plant(text, found, trace.code, "a") == plant(text, found, trace.code, "a")
    assert plant(text, found, trace.code, "a") != plant(text, found, trace.code, "b")


def test_the_evaluator_says_no(told) -> None:
    claims = _claims(small("search"))
    for kind, event, says in (
        ("assignment", 2, "mid = (0 + 6) // 2 = 4"),
        ("assignment", 1, "lo = 1"),
        ("answer", 3, "The answer is 5"),
        ("entry", 0, "We call search([2, 5, 8, 12, 16, 23], 16)"),
        ("return", len(claims.states.events) - 1, "The call returns mid = 5"),
    ):
        assert not claims.holds(kind, event, says), says
    with pytest.raises(CannotTell):
        claims.holds("assignment", 2, "something happens to mid")
    with pytest.raises(CannotTell):
        claims.holds("rumour", 2, "mid = 3")
