"""Tellings by a model: what is struck, what blocks, and that the prompt shows what the verifier admits."""

import pytest

from tracepile_assets.building.rows.model_narrator.asking import POLISH, TELL
from tracepile_assets.narration import admit, narrate, verify
from tracepile_assets_tests.narration.runs import asking, small

SEARCH = small("search")
TOLD = narrate(SEARCH, asking("4")).text


def test_a_text_in_which_everything_is_verified_is_stored_as_it_is():
    admission = admit(SEARCH, TOLD, asking("4"))
    assert (admission.text, admission.verdict.admitted, admission.faults) == (TOLD, True, ())


@pytest.mark.parametrize(
    "remark",
    ["Let us begin.", "Now we go on as before, with patience.", "Hier geht es weiter.", "Well, well."],
)
def test_a_sentence_that_says_nothing_of_the_run_is_struck_and_not_counted(remark):
    first, second, rest = TOLD.partition(" lo = ")
    text = f"{remark} {first} {remark}{second}{rest}"
    admission = admit(SEARCH, text, asking("4"))
    assert admission.verdict.admitted
    assert admission.text == TOLD
    assert admission.verdict == verify(SEARCH, TOLD, asking("4"))


@pytest.mark.parametrize("remark", ["lo is a fine start.", "The list is sorted and has 7 elements.", "`mid` is next."])
def test_what_is_said_of_the_run_and_cannot_be_read_is_struck_only_if_it_is_little(remark):
    assert not admit(SEARCH, f"{remark} {remark} {TOLD}", asking("4")).verdict.admitted
    long = narrate(small("evens")).text
    text = long + " nonsense about kept."
    admission = admit(small("evens"), text)
    assert admission.text in ("", long)


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        ("mid = (0 + 6) // 2 = 3", "mid = (1 + 5) // 2 = 3"),
        ("12 < 16, which holds", "12 < 16, which fails"),
        ("is 4", "is 5"),
    ],
)
def test_one_false_claim_blocks_whatever_else_is_struck(right, wrong):
    admission = admit(SEARCH, "Let us begin. " + TOLD.replace(right, wrong), asking("4"))
    assert not admission.verdict.admitted
    assert admission.text == ""
    assert admission.faults[0].verdict == "contradicted"


@pytest.mark.parametrize("text", ["", " ", "?", "The answer is 4.", TOLD[:200], TOLD.rpartition(" The answer")[0]])
def test_what_does_not_tell_the_run_is_blocked(text):
    assert not admit(SEARCH, text, asking("4")).verdict.admitted


def test_free_prose_is_not_stored_though_all_its_values_are_right():
    text = "We look for 16. The middle of the list is at index 3, and it holds 12. That is too small. 16 is at index 4."
    assert not admit(SEARCH, text, asking("4")).verdict.admitted


def test_the_example_that_a_model_is_shown_is_admitted():
    example = next(line for line in TELL.text.splitlines() if line.startswith("We call search([2, 5, 8, 12"))
    assert admit(SEARCH, f"{example} The answer is 4.", asking("4")).verdict.admitted
    assert f"{example} The answer is 4." == TOLD
    assert all("$mark" in prompt.text and "do not do it" in prompt.text for prompt in (TELL, POLISH))
