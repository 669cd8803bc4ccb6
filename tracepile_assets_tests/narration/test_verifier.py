"""Each kind of claim is checked against the run, in its order, and what cannot be read blocks."""

import pytest

from tracepile_assets.narration import verify
from tracepile_assets_tests.narration.runs import asking, run, small

_OPENING = "We call search([2, 5, 8, 12, 16, 23, 38], 16). lo = 0 and hi = 7 - 1 = 6. "
_FIRST = "0 <= 6, so mid = (0 + 6) // 2 = 3. "


def _first_wrong(name: str, text: str) -> tuple[str, str, str | None]:
    offending = verify(small(name), text).offending
    assert offending, text
    return offending[0].kind, offending[0].verdict, offending[0].detail


@pytest.mark.parametrize(
    ("text", "kind", "verdict"),
    [
        ("We call search([2, 5, 8, 12, 16, 23, 38], 15).", "entry", "contradicted"),
        (_OPENING.replace("lo = 0", "lo = 1"), "assignment", "contradicted"),
        (_OPENING.replace("7 - 1 = 6", "8 - 2 = 6"), "assignment", "contradicted"),
        (_OPENING + "0 <= 6 fails.", "test", "contradicted"),
        (_OPENING + "0 < 6, so mid = 3.", "test", "contradicted"),
        (_OPENING + "0 <= 6, so mid = (1 + 6) // 2 = 3.", "assignment", "contradicted"),
        (_OPENING + _FIRST + "nums[3] is 8.", "reading", "contradicted"),
        (_OPENING + _FIRST + "nums[4] is 16, and 16 == 16, so it returns 4.", "test", "contradicted"),
        (_OPENING + _FIRST + "The loop ends after 1 iteration.", "loop_end", "contradicted"),
        (_OPENING + _FIRST + "This is a clever trick.", "unparsed", "ungrounded"),
        (_OPENING + _FIRST + "The call returns 5.", "return", "contradicted"),
        (_OPENING + _FIRST + "This prints 4.", "output", "ungrounded"),
    ],
)
def test_false_and_unreadable_claims_block(text: str, kind: str, verdict: str) -> None:
    found = _first_wrong("search", text)
    assert found[:2] == (kind, verdict), found


def test_the_same_step_may_be_told_in_other_words() -> None:
    text = (
        _OPENING
        + "lo <= hi holds, so mid becomes (0 + 6) // 2 = 3. nums[3] is 12, and 12 == 16 is false. 12 < 16 is true, so "
        "the if branch is taken: lo goes up to 3 + 1 = 4. 4 <= 6, so mid = 10 // 2 = 5. 23 == 16 fails and 23 < 16 "
        "fails, so the else branch runs: hi is set to 5 - 1 = 4. 4 <= 4 holds and mid = 4. nums[4] is 16, and "
        "16 == 16. The call returns 4."
    )
    verdict = verify(small("search"), text)
    assert verdict.admitted, verdict.reason
    assert verdict.coverage == 1.0


def test_a_step_told_twice_is_blocked() -> None:
    assert _first_wrong("search", _OPENING + _FIRST + "lo = 0.")[1] == "contradicted"


def test_nothing_may_follow_the_end() -> None:
    text = "We call fib(1). 1 < 2, so it returns 1. 1 < 2 holds."
    verdict = verify(run("def fib(n):\n    if n < 2:\n        return n\n    return fib(n - 1)\n", "fib", "1"), text)
    assert not verdict.admitted


def test_calls_nest_and_arguments_are_checked() -> None:
    good = (
        "We call fib(2). 2 < 2 fails. This calls fib(1). 1 < 2, so it returns 1. "
        "This calls fib(0). 0 < 2, so it returns 0. "
    )
    trace = run("def fib(n):\n    if n < 2:\n        return n\n    return fib(n - 1) + fib(n - 2)\n", "fib", "2")
    assert verify(trace, good + "The call returns 1 + 0 = 1.").admitted
    assert not verify(trace, good.replace("fib(0)", "fib(1)") + "The call returns 1 + 0 = 1.").admitted
    assert not verify(trace, good + "The call returns 0 + 1 = 1.").admitted


def test_counts_and_reasons_of_loops_are_checked() -> None:
    text = "We call squares(2). total = 0. For i = 0, total = 0 + 0 * 0 = 0. For i = 1, total = 0 + 1 * 1 = 1. "
    trace = run(
        "def squares(n):\n    total = 0\n    for i in range(n):\n        total = total + i * i\n    return total\n",
        "squares",
        "2",
    )
    end = "range(2) is exhausted after 2 iterations. The call returns 1."
    assert verify(trace, text + end).admitted
    for wrong in (
        end.replace("2 iter", "3 iter"),
        end.replace("range(2)", "range(3)"),
        end.replace("returns 1", "returns 2"),
    ):
        assert not verify(trace, text + wrong).admitted


def test_exceptions_are_checked_where_they_start_and_are_caught() -> None:
    trace = small("divide")
    text = (
        "We call divide(7, 0). This calls share(7, 0). "
        "This raises ZeroDivisionError('integer division or modulo by zero'). "
        "Nothing in share catches it. The `except ZeroDivisionError` clause catches it. part = -1. The call returns -1."
    )
    verdict = verify(trace, text)
    assert verdict.admitted, verdict.reason
    assert not verify(trace, text.replace("`except ZeroDivisionError`", "`except ValueError`")).admitted
    assert not verify(trace, text.replace("Nothing in share", "Nothing in divide")).admitted


def test_the_answer_is_that_of_the_question() -> None:
    trace = run("def double(n):\n    return n * 2\n", "double", "4")
    text = "We call double(4). The call returns 4 * 2 = 8. The answer is 8."
    assert verify(trace, text, asking("8")).admitted
    assert not verify(trace, text, asking("9")).admitted
    assert not verify(trace, "We call double(4). The call returns 4 * 2 = 8.", asking("8")).admitted


def test_claims_carry_their_span_event_and_verdict() -> None:
    trace = run("def double(n):\n    m = n * 2\n    return m\n", "double", "4")
    text = "We call double(4). m = 4 * 2 = 8. The call returns 8."
    verdict = verify(trace, text)
    told = [(claim.kind, text[claim.start : claim.end], claim.verdict) for claim in verdict.claims]
    assert told == [
        ("entry", "We call double(4)", "verified"),
        ("assignment", "m = 4 * 2 = 8", "verified"),
        ("return", "The call returns 8", "verified"),
    ]
    assert trace.event(verdict.claims[1].event or 0).kind == "line"


@pytest.mark.parametrize("text", ["", "   ", ".", "```", "x" * 5_000, "lo = ", "1 2 3", "(((((", "`lo", "\u202eabc."])
def test_any_text_gets_a_verdict(text: str) -> None:
    assert not verify(small("search"), text).admitted
