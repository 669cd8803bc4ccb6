"""The independent evaluator: its own reading of state, agreement with the questions, and that it shares nothing."""

import ast
from importlib import resources
from pathlib import Path
from typing import Any

import pytest

from tracepile_assets.quality.independent import EVALUATORS, CannotTell, Document, document_of, recompute
from tracepile_assets.quality.independent.heap import Heap
from tracepile_assets.quality.independent.text import in_order, split
from tracepile_assets.questions import COMPANIONS, KINDS, ask
from tracepile_assets_tests.questions.corpus import TRICKY, Case, embedded, mbpp


def test_it_imports_nothing_of_ours_and_little_else() -> None:
    allowed = {"ast", "re", "collections", "dataclasses", "functools", "itertools", "typing"}
    allowed |= {"bisect", "math", "operator", "datetime", "decimal", "fractions"}
    for file in resources.files("tracepile_assets.quality.independent").iterdir():
        if file.name.endswith(".py"):
            for node in ast.walk(ast.parse(file.read_text())):
                if isinstance(node, ast.Import):
                    assert {alias.name.split(".")[0] for alias in node.names} <= allowed
                elif isinstance(node, ast.ImportFrom):
                    assert node.level == 1 or str(node.module).split(".")[0] in allowed


def test_it_knows_every_kind() -> None:
    assert set(EVALUATORS) == {*KINDS, *(name for name, kind in COMPANIONS.items() if kind.direction != "none")}


def _document(case: Case, row: dict[str, Any]) -> dict[str, Any]:
    return document_of(row, case.code, case.entry_point, case.arguments, case.stdin)


def _full_state(case: Case, row: dict[str, Any]) -> dict[str, Any]:
    """The document with the whole visible state at every event, as the trace model tells it."""
    trace, document = case.trace(row), _document(case, row)
    for index, event in enumerate(document["events"]):
        state = trace.state_at(index)
        seen = state.variables(None if event["function"] == "<module>" else event["frame_id"])
        event["state"] = {name: state.text(value, mark="...") for name, value in seen.items()}
        # Which object a value is cannot be seen in it: references are taken from the changes.
        event["changes"] = [change for change in event["changes"] if "#" in f"{change['place']}{change['value']}"]
    return document


def _check(case: Case, per_kind: int, full_state: bool = False) -> int:
    row = case.record(events=20_000)
    questions = ask(case.trace(row), seed=case.name, per_kind=per_kind).questions
    document = Document((_full_state if full_state else _document)(case, row))
    for question in questions:
        assert recompute(document, question.kind, question.target) == question.answer, (case.name, question.target)
    return len(questions)


@pytest.mark.parametrize("full_state", [False, True], ids=["from changes", "from full state"])
@pytest.mark.parametrize("case", TRICKY, ids=lambda case: case.name)
def test_answers_about_tricky_programs(case: Case, full_state: bool) -> None:
    assert _check(case, 30, full_state) > 8


@pytest.mark.parametrize("source", ["algorithms", "mathematics", "competition"])
def test_answers_about_shipped_programs(source: str) -> None:
    assert sum(_check(case, 5) for case in embedded(source, 1, seed=1)) > 500


@pytest.mark.filterwarnings("ignore:invalid escape sequence")
def test_answers_about_mbpp(test_data: Path) -> None:
    assert sum(_check(case, 3) for case in mbpp(test_data / "data" / "mbpp.jsonl", 9)) > 600


def _heap(*changes: tuple[str, str, str | None]) -> Heap:
    heap = Heap()
    for change in changes:
        heap.apply(*change)
    return heap


@pytest.mark.parametrize(
    ("changes", "wanted"),
    [
        ([("#0", "set", "[1, 'a, [b', (2, #1)]"), ("#1", "set", "{}")], "[1, 'a, [b', (2, {})]"),
        ([("#0", "set", "[1, 2, 3]"), ("#0[1]", "delta", "#1"), ("#1", "set", "set()")], "[1, set(), 3]"),
        ([("#0", "set", "[1, 2, 3, 4]"), ("#0[1:3]", "delta", "[9]")], "[1, 9, 4]"),
        ([("#0", "set", "[1]"), ("#0[1:1]", "delta", "[2, 'x#1']")], "[1, 2, 'x#1']"),
        ([("#0", "set", "{'a:b': 1}"), ("#0['a:b']", "delta", "2"), ("#0['c]']", "delta", "3")], "{'a:b': 2, 'c]': 3}"),
        ([("#0", "set", "{1: 1, 2: 2}"), ("#0[1]", "delete", None), ("#0[1]", "delta", "5")], "{2: 2, 1: 5}"),
        ([("#0", "set", "{3, 10}"), ("#0{-1}", "delta", "-1"), ("#0{10}", "delete", None)], "{-1, 3}"),
        ([("#0", "set", "set()"), ("#0{'b'}", "delta", None), ("#0{'a'}", "delta", None)], "{'a', 'b'}"),
        (
            [("#0", "set", "P(x=1, y=#1)"), ("#1", "set", "[]"), ("#0.x", "delta", "2"), ("#0.z", "delta", "0")],
            "P(x=2, y=[], z=0)",
        ),
        ([("#0", "set", "deque([1, 2], maxlen=3)"), ("#0[0]", "delta", "7")], "deque([7, 2], maxlen=3)"),
        ([("#0", "set", "Counter({'a': 1})"), ("#0['a']", "delta", "2")], "Counter({'a': 2})"),
        ([("#0", "set", "bytearray(b'ab')"), ("#0[0]", "delta", "99")], "bytearray(b'cb')"),
    ],
)
def test_changes_are_applied_to_text(changes: list[tuple[str, str, str | None]], wanted: str) -> None:
    heap = _heap(("f0.x", "set", "#0"), *changes)
    assert heap.variable("f0.x") == wanted


@pytest.mark.parametrize(
    "changes",
    [
        [("f0.x", "set", None)],
        [("f0.y", "set", "1")],
        [("f0.x", "set", "1"), ("f0.x", "delete", None)],
        [("f0.x", "set", "#0"), ("#0", "set", None)],
        [("f0.x", "set", "#0"), ("#0", "set", "[1]"), ("#0[0]", "delta", None), ("#0", "set", "[2]")],
        [("f0.x", "set", "#0"), ("#0", "set", "[#0]")],
        [("f0.x", "set", "(1, #0)"), ("#0", "set", "opaque(generator)")],
    ],
)
def test_what_is_not_known_is_not_told(changes: list[tuple[str, str, str | None]]) -> None:
    with pytest.raises(CannotTell):
        _heap(*changes).variable("f0.x")


def test_text_is_cut_outside_of_strings_and_brackets() -> None:
    assert split("1, 'a, \\' b', [2, (3, 4)], {5: \"x, y\"}") == ["1", "'a, \\' b'", "[2, (3, 4)]", '{5: "x, y"}']
    assert split("") == []
    assert in_order(["10", "9", "-1"]) == ["-1", "9", "10"]
    assert in_order(["'b'", "1", "#3", "#2"]) == ["#2", "#3", "'b'", "1"]
