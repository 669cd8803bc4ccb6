"""What free prose says in words, in tables, behind a "would" or in other writing is held against the run as well."""

import pytest

from tracepile_assets.narration import narrate, verify
from tracepile_assets_tests.narration.runs import SMALL, run, small
from tracepile_assets_tests.narration.test_prose import FIB, SEARCH, SQUARES

CASES = [
    ("search", "target never changes.", "mid never changes."),
    ("search", "target is always 16.", "lo is always 0."),
    ("search", "hi is never 5.", "hi is never 4."),
    ("search", "nums is a list.", "nums is a string."),
    ("search", "mid is odd at first.", "target is odd."),
    ("search", "nums is sorted.", "nums is sorted in descending order."),
    ("search", "hi is positive.", "hi is negative."),
    ("search", "lo is four in the end.", "lo is three in the end, or so."),
    ("search", "mid goes from three to five.", "mid goes from three to seventeen."),
    ("search", "target is sixteen.", "target is twenty-three."),
    ("search", "In the third round it is found.", "In the seventh round it is found."),
    ("search", "It is found in the 3rd round.", "It is found in the 9th round."),
    ("search", "The search would be over, and lo is 4.", "As one would expect, lo is 7."),
    ("search", "lo is 4 in the end.", "lo is \uff17 in the end."),
    ("squares", "total is 140 later on.", "total is 1,140 later on."),
    ("search", "(4 + 6) // 2 = 5.", "(3 + 7) // 2 = 5."),
    ("search", "lo and hi are both 4.", "lo and hi are the same object."),
    ("search", "lo is no copy of anything.", "lo is an alias of hi."),
    ("search", "The loop runs.", "The loop never runs."),
    ("search", "The function returns.", "The function never returns."),
    ("search", "It is over.", "La función termina y el valor es falso."),
    ("search", "It is over.", "Die Schleife endet nicht und der Wert ist falsch."),
    ("search", "It is over.", "循环运行了很多次。"),
    ("search", "It is over.", "`False or True` = True."),
    ("search", "\n| lo | hi |\n|---|---|\n| 0 | 6 |\n| 4 | 4 |\n", "\n| lo | hi |\n|---|---|\n| 0 | 6 |\n| 5 | 4 |\n"),
    ("fib", "The answer is three.", "The answer is two hundred and five."),
    ("squares", "In the ninth round i is 8.", "In the tenth round i is 8."),
]
TRUE = {"search": SEARCH, "fib": FIB, "squares": SQUARES}


@pytest.mark.parametrize(("name", "true", "false"), CASES)
def test_a_false_sentence_more_blocks_and_a_true_one_does_not(name: str, true: str, false: str) -> None:
    verdict = verify(small(name), f"{TRUE[name]} {true}", strict=False)
    assert verdict.admitted, verdict.reason
    assert not verify(small(name), f"{TRUE[name]} {false}", strict=False).admitted


@pytest.mark.parametrize(
    "said",
    [
        "n never exceeds 2.",
        "The list is sorted in descending order.",
        "The loop never ends.",
        "Nothing is returned.",
        "It prints three lines.",
        "Das ist nicht der Fall.",
        "It is found in the \uff11st try.",
    ],
)
def test_a_remark_in_a_telling_leaves_the_run_alone(said: str) -> None:
    """Of a text in the verifier's forms a tenth may be remarks, but only such as say nothing of the run."""
    trace = run(*SMALL["fib"][:2], "6")
    told = narrate(trace).text
    assert verify(trace, f"Well now. {told}", strict=False).admitted
    assert not verify(trace, f"{said} {told}", strict=False).admitted
