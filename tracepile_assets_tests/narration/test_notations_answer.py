"""Notations that answer a question: they go as far as it asks and no further, and end on an answer that is checked."""

import dataclasses
from collections import Counter

import pytest

from tracepile_assets.narration import NOTATIONS, Narration, Rejection, notate, verify_notation
from tracepile_assets.questions import ask

from .runs import embedded_runs, small

BUDGET = 4_096


def asked(trace, name, kinds=None):
    return [each for each in ask(trace, seed=name, per_kind=1, kinds=kinds).questions if each.direction == "forward"]


def told(trace, style, question):
    found = notate(trace, style, question, budget=BUDGET)
    return found.text if isinstance(found, Narration) else None


def other(question):
    """The question with another answer of its type."""
    answer = question.answer
    if answer in ("True", "False"):
        changed = str(answer == "False")
    elif question.answer_type in ("int", "float"):
        changed = f"{answer}1"
    elif question.answer_type == "stdout":
        changed = f"{answer}x\n"
    elif question.answer_type in ("type", "exception"):
        changed = "complex" if question.answer_type == "type" else "EOFError"
    else:
        changed = "(0, 'another')"
    return dataclasses.replace(question, answer=changed)


@pytest.mark.parametrize("source", ["algorithms", "mathematics", "competition"])
def test_every_kind_is_told_and_admitted_and_another_answer_is_not(source):
    kinds = Counter()
    for name, trace in list(embedded_runs(source))[::11]:
        for question in asked(trace, name):
            for style in NOTATIONS:
                text = told(trace, style, question)
                if text is None:
                    continue
                kinds[question.kind] += 1
                verdict = verify_notation(trace, text, style, question)
                assert verdict.admitted, (name, question.kind, style, verdict.reason, text)
                assert verdict.coverage == 1.0
                assert verdict.claims[-1].kind == "answer"
                wrong = other(question)
                changed = text[: verdict.claims[-1].start] + text[verdict.claims[-1].start :].replace(
                    question.answer, wrong.answer
                )
                for judged in (question, wrong):
                    # Neither a wrong answer to the question, nor one that a wrong question states.
                    assert not verify_notation(trace, changed, style, judged).admitted, (name, question.kind, changed)
    assert len(kinds) >= 14, kinds


def test_a_text_stops_at_the_moment_asked_about():
    trace = small("search")
    question = asked(trace, "a", ["variable_after_assignment"])[0]
    text = told(trace, "scratchpad", question)
    lines = text.split("\n")
    assert lines[-1] == f"answer: {question.answer}"
    assert f"{question.target['variable']} = {question.answer}" in lines[-2]
    whole = notate(trace, "scratchpad", budget=BUDGET).text
    assert whole.startswith("\n".join(lines[:-1]))
    assert not verify_notation(trace, f"{whole}\nanswer: {question.answer}", "scratchpad", question).admitted
    short = "\n".join([*lines[:-2], lines[-1]])
    assert "stops before" in verify_notation(trace, short, "scratchpad", question).reason
    assert "answer" in verify_notation(trace, "\n".join(lines[:-1]), "scratchpad", question).reason


def test_output_is_given_word_for_word():
    trace = small("sums")
    (question,) = asked(trace, "a", ["stdout_prediction"])
    text = told(trace, "inline", question)
    assert text.endswith("\nanswer:\n12\n42\n")
    assert verify_notation(trace, text, "inline", question).admitted
    assert not verify_notation(trace, text.replace("\n42\n", "\n43\n"), "inline", question).admitted


def test_what_the_frames_have_no_place_for_is_refused():
    trace = small("search")
    question = next(iter(asked(trace, "a", ["variable_after_assignment"])))
    assert notate(trace, "cwm", question, budget=BUDGET) == Rejection(
        unit="deterministic:cwm", reason="not_narrated", detail="variable_after_assignment, forward"
    )
