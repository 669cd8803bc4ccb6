"""Answers of companion questions against the rows that they are made from: right ones hold, wrong ones are found."""

import json
from typing import Any

import polars as pl
import pytest

from tracepile_assets.quality.companions import check_companions

CODE = "def f(n):\n    return n + 1\n"
VARIANT = "def f(n):\n    return 1 + n\n"
MUTANT = "def f(n):\n    return n - 1\n"


def _fence(code: str) -> str:
    return f"```python\n{code}```"


def _asked(kind: str, answer: str, other: str = VARIANT, inputs: tuple[str, ...] = ("i_1",)) -> dict[str, str]:
    return {
        "question_id": "q_1",
        "program_id": "p_1",
        "kind": kind,
        "question": f"Program A:\n\n{_fence(CODE)}\n\nProgram B:\n\n{_fence(other)}\n\nEqual?",
        "answer": answer,
        "target": json.dumps({"inputs": list(inputs)}),
    }


def _faults(asked: dict[str, str], **of_run: Any) -> int:
    variants = [("v_1", "p_1", CODE, "original"), ("v_2", "p_1", VARIANT, "proved")]
    run = {"program_id": "p_1", "status": "ok", "stdout": "", "expected_agrees": None}
    runs = [
        run | {"variant_id": variant, "input_id": given, "return_value": value}
        for variant in ("v_1", "v_2")
        for given, value in (("i_1", "2"), ("i_2", "3"))
    ]
    runs[3] |= of_run
    parents = {
        "code_variants": pl.DataFrame(variants, ["variant_id", "program_id", "code", "equivalence"], orient="row"),
        "execution_traces": pl.DataFrame(runs, schema_overrides={"expected_agrees": pl.Boolean}),
    }
    return sum(fault.n_failed for fault in check_companions(pl.DataFrame([asked]), parents))


@pytest.mark.parametrize(
    "asked",
    [
        _asked("equivalence", "True", inputs=("i_1", "i_2")),
        _asked("equivalence", "False", MUTANT),
        _asked("write", _fence(CODE)),
        _asked("output_prediction", "nonsense"),
    ],
)
def test_right_answers_hold(asked: dict[str, str]) -> None:
    assert _faults(asked) == 0


@pytest.mark.parametrize(
    ("asked", "of_run"),
    [
        (_asked("equivalence", "True", MUTANT), {}),
        (_asked("equivalence", "False"), {}),
        (_asked("equivalence", "False", CODE), {}),
        (_asked("equivalence", "True", inputs=()), {}),
        (_asked("equivalence", "True", inputs=("i_1", "i_3")), {}),
        (_asked("equivalence", "True", inputs=("i_1", "i_2")), {"return_value": "4"}),
        (_asked("equivalence", "True", inputs=("i_2",)), {"status": "exception"}),
        (_asked("write", _fence(VARIANT)), {}),
        (_asked("write", CODE), {}),
        (_asked("write", _fence(CODE)), {"variant_id": "v_1", "expected_agrees": False}),
        (_asked("write", _fence(CODE)), {"variant_id": "v_1", "status": "timeout"}),
    ],
)
def test_wrong_answers_are_found(asked: dict[str, str], of_run: dict[str, Any]) -> None:
    assert _faults(asked, **of_run) == 1
