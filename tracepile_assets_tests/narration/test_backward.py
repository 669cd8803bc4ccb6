"""Tellings from an outcome back to an input: what the search finds, that it works, and that the verifier can say no."""

from dataclasses import dataclass

import pytest

from tracepile_assets.execution.guest.recorder import record
from tracepile_assets.narration import Attempt, Narration, Verdict, attempts, narrate_backward, verify_backward
from tracepile_assets.questions import Question, ask, grade
from tracepile_assets.trace_model.recording import Recording
from tracepile_assets.trace_model.trace import Trace

SQUARE = "def f(n):\n    return n * n\n"
LINE = "def f(a, x, b):\n    scaled = a * x\n    return scaled + b\n"
LOOP = "def f(xs, k):\n    s = 0\n    for x in xs:\n        s = s + x * k\n    return s\n"


@dataclass
class Asked:
    """A backward question, and what it takes to answer it; `answer` is the input of the run, which nothing is told."""

    code: str
    question: Question
    outcome: str
    answer: str

    def run(self, attempt: Attempt) -> Trace:
        """The run of an attempt."""
        row = record(self.code, "f", attempt.arguments, None)
        return Trace(self.code, "f", Recording.from_row(row), arguments=attempt.arguments)

    def found(self) -> tuple[Attempt, Trace]:
        """The first attempt that works."""
        for attempt in attempts(self.code, self.question.target, self.outcome):
            trace = self.run(attempt)
            if trace.recording.status == "ok" and trace.recording.return_value == self.outcome:
                return attempt, trace
        raise AssertionError("nothing was found")

    def verdict(self, trace: Trace, text: str) -> Verdict:
        """What the verifier makes of a text."""
        return verify_backward(trace, text, self.question, self.outcome)


def asked(code: str, arguments: str, masked: object = "all") -> Asked:
    """The question that leaves these arguments open."""
    trace = Trace(code, "f", Recording.from_row(record(code, "f", arguments, None)), arguments=arguments)
    questions = ask(trace, kinds=["input_prediction"], per_kind=9).questions
    question = next(each for each in questions if each.target["masked"] == masked)
    return Asked(code, question, trace.recording.return_value or "", question.answer)


def tell(of: Asked) -> tuple[Trace, Attempt, str]:
    """The telling of the first attempt that works, which the verifier admits whole."""
    attempt, trace = of.found()
    told = narrate_backward(trace, attempt, of.question.target, of.outcome)
    assert isinstance(told, Narration), told
    assert (told.style, told.direction) == ("backward", "backward")
    verdict = of.verdict(trace, told.text)
    assert verdict.admitted, verdict.reason
    assert verdict.coverage == 1.0
    assert all(told.text[claim.start : claim.end] == claim.says for claim in verdict.claims)
    return trace, attempt, told.text


def test_an_input_is_worked_out_from_the_outcome_by_inverse_rules() -> None:
    of = asked(LINE, "3, 5, b=1", masked=1)
    _, attempt, text = tell(of)
    assert text == (
        "We look for x such that f(3, x, b=1) returns 16. The call returns `scaled + b`, which has to be 16. Then "
        "scaled can be 16 - 1 = 15. Then x can be 15 // 3 = 5. We call f(3, 5, b=1). scaled = 3 * 5 = 15; the call "
        "returns 15 + 1 = 16. So x = 5 works, and the answer is 5."
    )
    assert grade(of.question, attempt.answer).correct


def test_another_input_than_that_of_the_run_is_found_and_claimed_to_be_enough_only() -> None:
    _, attempt, text = tell(asked(SQUARE, "-4"))
    assert attempt.answer == "4"
    assert "-4" not in text
    assert text.endswith("So n = 4 works, and the answer is 4.")


@pytest.mark.parametrize(("masked", "wanted"), [(0, "We try xs = "), (1, "We try k = "), ("all", "We try xs = ")])
def test_where_no_rule_leads_back_inputs_are_tried(masked: object, wanted: str) -> None:
    of = asked(LOOP, "[1, 2, 3], 2", masked)
    _, _, text = tell(of)
    assert wanted in text
    assert "returns 12. " in text


@pytest.mark.parametrize(
    ("code", "arguments"),
    [
        ("def f(s):\n    return s[::-1].upper()\n", "'abc'"),
        ("def f(n):\n    return -(n // 3) + 7\n", "10"),
        ("def f(words):\n    return ' '.join(words)\n", "['a', 'b']"),
        ("def f(n):\n    return n % 5\n", "13"),
        ("def f(n, k):\n    return n > k\n", "3, 9"),
        ("def f(xs):\n    return sorted(xs)\n", "[3, 1]"),
        ("def f(xs):\n    return sum(xs) * 2\n", "[3, 1]"),
        ("def f(n):\n    return not n == 3\n", "4"),
        ("def f(a, b):\n    return b - a\n", "4, 1"),
        ("def f(s):\n    return ' '.join(reversed(s.split()))\n", "'a b'"),
        ("def f(r, h):\n    return 2 * 3.5 * r * r + 2 * 3.5 * r * h\n", "1, 4"),
        ("def f(s, t='x'):\n    return s + t\n", "'ab'"),
    ],
)
def test_what_follows_from_the_outcome_is_verified_step_by_step(code: str, arguments: str) -> None:
    _, attempt, text = tell(asked(code, arguments))
    assert attempt.needs
    assert "which has to be" in text


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("returns 16. The", "returns 17. The"),
        ("look for x", "look for a"),
        ("f(3, x, b=1)", "f(4, x, b=1)"),
        ("`scaled + b`", "`scaled - b`"),
        ("which has to be 16", "which has to be 15"),
        ("can be 16 - 1 = 15", "can be 17 - 2 = 15"),
        ("can be 16 - 1 = 15", "can be 16 - 1 = 14"),
        ("15 // 3 = 5", "15 // 3 = 6"),
        ("Then x can", "Then a can"),
        ("Then scaled can", "Then `scaled * 2` can"),
        ("scaled = 3 * 5 = 15", "scaled = 3 * 5 = 14"),
        ("the call returns 15 + 1 = 16", "the call returns 15 + 1 = 17"),
        ("So x = 5 works", "So x = 6 works"),
        ("answer is 5", "answer is 6"),
        (" So x = 5 works, and the answer is 5.", ""),
        ("We look for x such that f(3, x, b=1) returns 16. ", ""),
        ("Then x", "It is easy. Then x"),
    ],
)
def test_a_single_fault_is_blocked(old: str, new: str) -> None:
    of = asked(LINE, "3, 5, b=1", masked=1)
    trace, _, text = tell(of)
    assert old in text
    assert not of.verdict(trace, text.replace(old, new)).admitted


def test_an_argument_by_keyword_is_looked_for_by_its_keyword() -> None:
    _, _, text = tell(asked("def f(n, k):\n    return n * 2 - k\n", "n=3, k=4", masked=1))
    assert text.startswith("We look for k such that f(n=3, k=k) returns 2. ")
    assert "Then k can be (3 * 2) - 2 = 4." in text


def test_a_run_that_does_not_give_the_outcome_shows_nothing() -> None:
    of = asked(LOOP, "[1, 2, 3], 2")
    trace, _, text = tell(of)
    other = Attempt("[1], 5", "[1], 5", (("xs", "[1]"), ("k", "5")), ())
    told = narrate_backward(of.run(other), other, of.question.target, of.outcome)
    assert isinstance(told, Narration)
    verdict = of.verdict(of.run(other), told.text)
    assert not verdict.admitted
    assert "does not return 12" in (verdict.reason or "")
    assert not of.verdict(of.run(other), text).admitted
    assert not verify_backward(trace, text, of.question, "13").admitted


def test_the_search_is_the_same_whatever_the_input_of_the_run_was() -> None:
    one, two = asked(SQUARE, "-4"), asked(SQUARE, "4")
    assert one.answer != two.answer
    assert attempts(SQUARE, one.question.target, one.outcome) == attempts(SQUARE, two.question.target, two.outcome)


@pytest.mark.parametrize(
    "text", ["", ".", "We look for n such that f(n) returns 16.", "So n = 4 works, and the answer is 4."]
)
def test_a_text_that_is_no_telling_is_blocked(text: str) -> None:
    of = asked(SQUARE, "4")
    assert not of.verdict(of.found()[1], text).admitted


@pytest.mark.parametrize(
    ("code", "target", "outcome"),
    [
        ("def f(n:\n", {"masked": "all", "entry_point": "f"}, "1"),
        (SQUARE, {"masked": "all", "entry_point": "g"}, "1"),
        (SQUARE, {"masked": "stdin"}, "1"),
        (SQUARE, {"masked": "all", "entry_point": "f"}, "Node(val=1)"),
    ],
)
def test_where_nothing_can_be_tried_nothing_is(code: str, target: dict[str, object], outcome: str) -> None:
    assert attempts(code, target, outcome) == []
