"""Two moments of one run never share a wording, and one moment has several."""

from collections import defaultdict

import pytest

from tracepile_assets.questions import KINDS
from tracepile_assets.questions.kind import Settled
from tracepile_assets.questions.run import Run
from tracepile_assets_tests.questions.corpus import TRICKY, Case, embedded

SEEDS = [str(number) for number in range(8)]

SAME_LINE = Case(
    "equal statements on one line",
    "def f(n):\n    x = n\n    x = x * 2 + 1; x = x * 2 + 1; x = x * 2 + 1\n    return x\n",
    "f",
    "3",
)


RUNS = [case for case in list(embedded("algorithms", 1))[::3] if case.record()["status"] == "ok"]


def _settled(case: Case) -> list[tuple[str, Settled]]:
    """Everything that could be asked about a run, all moments of all kinds."""
    run = Run(case.trace(), "full")
    found = []
    for kind in KINDS.values():
        if kind.unfit(run) is None:
            for candidate in kind.candidates(run):
                found += [(kind.name, each) for each in kind.settle(run, candidate) if isinstance(each, Settled)]
    return found


@pytest.mark.parametrize("case", [*TRICKY, SAME_LINE, *RUNS], ids=lambda case: case.name)
def test_no_wording_is_shared(case: Case) -> None:
    meant: dict[str, tuple] = {}
    moments: dict[tuple, set[str]] = defaultdict(set)
    for kind, settled in _settled(case):
        moment = (kind, str(sorted(settled.target.items(), key=str)))
        for seed in SEEDS:
            text = settled.asks(seed)
            assert meant.setdefault(text, moment) == moment, text
            moments[moment].add(text)
    assert len(moments) > 3
    assert min(len(texts) for texts in moments.values()) >= 3


def test_the_wording_is_canonical() -> None:
    case = next(case for case in TRICKY if case.name.startswith("recursion"))
    texts = [each.asks("0") for kind, each in _settled(case) if kind == "variable_at_visit"]
    assert any("call" in text and "`f`" in text and "line 6 (`right = f(n - 2, acc)`)" in text for text in texts)
    assert all("immediately before" in text.lower() for text in texts)


def test_else_if_is_shown_as_it_stands() -> None:
    code = (
        "def f(xs):\n    n = 0\n    for x in xs:\n        if x > 5:\n            n += 1\n        elif x > 2:\n"
        "            n += 2\n    return n\n"
    )
    labels = Run(Case("elif", code, "f", "[1, 4, 9]").trace(), "full").labels
    assert "line 6 (`elif x > 2:`)" in labels


def _iterations_asked(code: str, arguments: str) -> list[str]:
    found = _settled(Case("loops", code, "f", arguments))
    return [each.asks(seed) for kind, each in found if kind == "loop_iterations" for seed in SEEDS]


def test_a_loop_that_could_start_again_is_asked_for_by_the_entry() -> None:
    """Whether it does start again is not shown when the entry that is told has ended."""
    outer = "def f(n):\n    t = 0\n    while t < 1:\n        for k in range(n):\n            t += k\n    return t\n"
    asked = _iterations_asked(outer, "3")
    inner = [text for text in asked if "line 4" in text]
    assert inner
    assert all(", " in text and any(word in text for word in ("1st time", "1st run")) for text in inner)
    assert not any("1st time" in text or "1st run" in text for text in asked if "line 3" in text)


def test_the_entry_call_of_a_function_that_calls_itself_is_named() -> None:
    code = "def f(n):\n    t = 0\n    for k in range(n):\n        t += k\n    return f(1) if t > 99 else t\n"
    assert all("call" in text and "`f`" in text for text in _iterations_asked(code, "3"))
    once = code.replace("f(1) if t > 99 else t", "t")
    assert not any(" call" in text for text in _iterations_asked(once, "3"))
