"""What tellings and texts about one run share changes none of them: alone, each comes out the same."""

import random

import pytest

from tracepile_assets.narration import Narration, narrate, verify
from tracepile_assets.questions import ask
from tracepile_assets.trace_model.trace import Trace
from tracepile_assets_tests.narration.runs import asking, embedded_runs, small


def _again(trace: Trace) -> Trace:
    """The same run, of which nothing is known yet."""
    return Trace(trace.code, trace.entry_point, trace.recording, trace.arguments, trace.stdin)


@pytest.mark.parametrize("source", ["algorithms", "competition"])
@pytest.mark.parametrize("budget", [300, 800])
def test_a_telling_and_its_verdict_do_not_depend_on_what_was_told_before(source: str, budget: int) -> None:
    rng = random.Random(7)
    told_texts = too_long = 0
    for name, trace in list(embedded_runs(source))[::7]:
        asked = [q for q in ask(trace, seed=name, per_kind=2).questions if q.direction == "forward"]
        rng.shuffle(asked)
        for question in asked[:8]:
            told = narrate(trace, question, seed=name, budget=budget)
            assert told == narrate(_again(trace), question, seed=name, budget=budget), (name, question.kind)
            if not isinstance(told, Narration):
                too_long += told.reason == "over_budget"
                continue
            told_texts += 1
            for text in (told.text, _changed(told.text, rng), told.text):
                assert verify(trace, text, question) == verify(_again(trace), text, question), (name, text)
    assert told_texts > 10
    assert too_long or budget > 300


def _changed(text: str, rng: random.Random) -> str:
    """The text with a digit or a letter somewhere replaced."""
    place = rng.choice([index for index, letter in enumerate(text) if letter.isalnum()])
    return text[:place] + rng.choice("0123456789abin") + text[place + 1 :]


def test_what_comes_after_the_moment_of_one_question_may_come_before_that_of_another() -> None:
    trace = small("search")
    statement = next(
        s.number for s in trace.syntax.statements if trace.syntax.header_source(s.number) == "lo = mid + 1"
    )
    target = {"when": "before", "function": "search", "call": 1, "variable": "lo", "statement": statement, "visit": 1}
    whole, early = asking("4"), asking("0", "variable_at_visit", **target)
    told = narrate(trace, whole)
    assert isinstance(told, Narration)
    assert verify(trace, told.text, whole).admitted
    late = told.text.replace("The answer is 4.", "lo is now 0, so the answer is 0.")
    verdict = verify(trace, late, early)
    assert not verdict.admitted
    assert verdict == verify(_again(trace), late, early)
