"""Tellings in four phases: the outline of the code is checked as the run is, and nothing false gets through."""

import re

import pytest

from tracepile_assets.narration import Narration, narrate, verify_phases
from tracepile_assets.questions import ask

from .runs import asking, embedded_runs, small

WHOLE = asking("4")


def told(trace, question, **how):
    found = narrate(trace, question, style="phases", **how)
    return found.text if isinstance(found, Narration) else None


def test_it_reads_as_shown():
    trace = small("search")
    call, answer = "We call search([2, 5, 8, 12, 16, 23, 38], 16).", "The answer is 4."
    run = narrate(trace, WHOLE).text.removeprefix(f"{call} ").removesuffix(f" {answer}")
    assert told(trace, WHOLE) == (
        f"Understand:\n{call} We want what it returns.\n\n"
        "Plan:\n"
        "`search` takes nums and target; it sets lo and hi, then repeats while `lo <= hi`, then returns `-1`. "
        "Each pass of `while lo <= hi` sets mid, then tests `nums[mid] == target`, then tests `nums[mid] < target`. "
        "Where `nums[mid] == target` holds, it returns `mid`. Where `nums[mid] < target` holds, it sets lo. "
        "Where `nums[mid] < target` fails, it sets hi.\n\n"
        f"Execute:\n{run}\n\n"
        "Reflect:\n"
        f"`nums[mid] == target` held in 1 of 3 tests. `nums[mid] < target` held in 1 of 2 tests. {answer}"
    )


CHANGES = [
    ("what it returns", "what it prints"),
    ("what it returns", "something"),
    ("takes nums and target", "takes target and nums"),
    ("takes nums and target", "takes nums"),
    ("sets lo and hi, then", "sets lo, then"),
    ("sets lo and hi, then", "sets hi and lo, then"),
    ("sets lo and hi, then repeats while `lo <= hi`", "repeats while `lo <= hi`, then sets lo and hi"),
    ("repeats while `lo <= hi`", "repeats while `lo < hi`"),
    ("then returns `-1`", "then returns `1`"),
    (", then returns `-1`", ""),
    ("== target` holds, it returns", "== target` fails, it returns"),
    ("Each pass of `while lo <= hi`", "Each pass of `while lo >= hi`"),
    ("it sets hi", "it updates hi"),
    ("`nums[mid] == target` holds", "`nums[mid] == target  # never so` holds"),
    ("it sets hi.", "it sets hi. All is well."),
    ("held in 1 of 3", "held in 2 of 3"),
    ("held in 1 of 2", "held in 1 of 3"),
    ("`nums[mid] < target` held", "`nums[lo] < target` held"),
    ("held in 1 of 2 tests.", "held in 1 of 2 tests, as hoped."),
    ("hi = 5 - 1 = 4", "hi = 5 - 1 = 3"),
    ("The answer is 4", "The answer is 5"),
    ("Plan:\n", "Outline:\n"),
    ("Execute:\n", "Execute:\nIt is easy. "),
]


@pytest.mark.parametrize(("before", "after"), CHANGES)
def test_nothing_else_is_admitted(before, after):
    trace = small("search")
    text = told(trace, WHOLE)
    assert verify_phases(trace, text, WHOLE).admitted
    assert text.count(before) >= 1
    changed = text.replace(before, after, 1)
    verdict = verify_phases(trace, changed, WHOLE)
    assert not verdict.admitted
    assert verdict.offending


@pytest.mark.parametrize("source", ["algorithms", "mathematics", "competition"])
def test_all_tellings_of_the_shipped_programs_are_admitted(source):
    texts = 0
    for name, trace in list(embedded_runs(source))[::6]:
        for question in ask(trace, seed=name, per_kind=1).questions:
            text = told(trace, question, seed=name) if question.direction == "forward" else None
            if text is None:
                continue
            texts += 1
            verdict = verify_phases(trace, text, question)
            assert verdict.admitted, (name, question.kind, verdict.reason)
            assert verdict.coverage == 1.0
            assert all(text[claim.start : claim.end] == claim.says for claim in verdict.claims)
            counted = re.search(r"held in (\d+) of", text)
            if counted:
                wrong = text[: counted.start(1)] + str(int(counted[1]) + 1) + text[counted.end(1) :]
                assert not verify_phases(trace, wrong, question).admitted
    assert texts > 25


def test_code_without_an_outline_in_words_is_a_rejection():
    found = narrate(small("divide"), asking("-1"), style="phases")
    assert (found.unit, found.reason) == ("deterministic:phases", "not_narrated")
