"""Every answer against what the program does when probes are written into its source: no recorder, no trace."""

import ast
import math
from collections import Counter, deque
from collections.abc import Iterator
from pathlib import Path

import pytest

from tracepile_assets.questions import Question, ask
from tracepile_assets_tests.questions.corpus import TRICKY, Case, embedded, mbpp
from tracepile_assets_tests.questions.instrument import Truth

NAMES = {"deque": deque, "Counter": Counter, "inf": math.inf, "nan": math.nan}


def _answer(truth: Truth, question: Question) -> str | None:
    target = question.target
    call = (target.get("function"), target.get("call"))
    match question.kind:
        case "output_prediction":
            return repr(truth.result)
        case "stdout_prediction":
            return truth.stdout
        case "container_slot" | "string_state":
            seen = truth.before[(*call, target["statement"], target["visit"])][target["variable"]]
            asked = target.get("drill", f"{target['variable']}{target.get('slot')}")
            return repr(eval(asked, {target["variable"]: eval(seen, NAMES)}))
        case "next_statement":
            places = [at for at, number in enumerate(truth.steps[call]) if number == target["statement"]]
            return repr(truth.nodes[truth.steps[call][places[target["visit"] - 1] + 1]].lineno)
        case "function_calls":
            return repr(truth.calls[target["function"]])
        case "first_moment":
            ends = truth.ends[(*call, target["loop"], target["run"])]
            met = (
                eval(target["condition"], {target["variable"]: eval(end[target["variable"]], NAMES)}) for end in ends
            )
            return repr(1 + next(at for at, held in enumerate(met) if held))
        case "call_argument":
            return next(seen for key, seen in truth.before.items() if key[:2] == call)[target["variable"]]
        case "variable_after_assignment":
            return truth.assigned[(*call, target["variable"])][target["assignment"] - 1]
        case "variable_at_visit":
            return truth.before[(*call, target["statement"], target["visit"])][target["variable"]]
        case "variable_at_iteration_end":
            ends = truth.ends[(*call, target["loop"], target["run"])]
            return ends[target["iteration"] - 1][target["variable"]]
        case "loop_iterations":
            return repr(len(truth.ends[(*call, target["loop"], target["run"])]))
        case "statement_count":
            return repr(truth.visits[(*call, target["statement"])])
        case "branch_taken":
            return repr(truth.went[(*call, target["statement"], target["visit"])])
    return None


def _same(answer: str, truth: str, answer_type: str) -> bool:
    if answer == truth:
        return True
    # Only sets may be written in another order, and whole values only.
    return answer_type not in ("stdout", "str") and ast.literal_eval(answer) == ast.literal_eval(truth)


def _check(cases: Iterator[Case], per_kind: int) -> int:
    checked = 0
    for case in cases:
        asked = ask(case.trace(case.record(events=20_000)), seed=case.name, per_kind=per_kind)
        if not asked.questions or asked.questions[0].answer_type == "exception":
            continue
        truth = Truth(case)
        for question in asked.questions:
            wanted = _answer(truth, question)
            if wanted is not None:
                assert _same(question.answer, wanted, question.answer_type), (case.name, question.kind, question.target)
                checked += 1
    return checked


@pytest.mark.parametrize("case", TRICKY, ids=lambda case: case.name)
def test_answers_about_tricky_programs(case: Case) -> None:
    assert _check(iter([case]), per_kind=40) >= 8


@pytest.mark.parametrize("source", ["algorithms", "mathematics", "competition"])
def test_answers_about_shipped_programs(source: str) -> None:
    assert _check(embedded(source, 1), per_kind=6) > 500


@pytest.mark.filterwarnings("ignore:invalid escape sequence")
def test_answers_about_mbpp(test_data: Path) -> None:
    assert _check(mbpp(test_data / "data" / "mbpp.jsonl", 8), per_kind=4) > 500
