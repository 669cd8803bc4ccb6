"""Stated answers against the independent evaluator, as an audit does it."""

import json

import pytest

from tracepile_assets.quality import Finding, audit, audit_parts
from tracepile_assets_tests.quality.world import World


def _answers(world: World, **settings: int) -> Finding:
    frame, parents = world.frame("tracing_questions"), world.parents()
    findings = audit("tracing_questions", frame, parents, **settings)
    assert audit_parts("tracing_questions", frame.iter_slices(7), parents, **settings) == findings
    return next(finding for finding in findings if finding.check == "answers")


def test_swapped_answers_are_found() -> None:
    world = World()
    rows = world.rows["tracing_questions"]
    one = next(row for row in rows if row["kind"] == "variable_at_visit")
    other = next(row for row in rows if row["kind"] == "variable_at_visit" and row["answer"] != one["answer"])
    one["answer"], other["answer"] = other["answer"], one["answer"]
    assert set(_answers(world, sample=10_000).failed_ids) == {one["question_id"], other["question_id"]}


@pytest.mark.parametrize(
    "kind",
    [
        "output_prediction",
        "input_prediction",
        "what_if",
        "container_slot",
        "function_calls",
        "call_argument",
        "call_return",
        "longest_value",
        "variable_changes",
        "first_moment",
        "next_statement",
        "unreached_statements",
        "variable_after_assignment",
        "variable_at_visit",
        "variable_at_iteration_end",
        "loop_iterations",
        "statement_count",
        "branch_taken",
    ],
)
def test_a_wrong_answer_of_any_kind_is_found(kind: str) -> None:
    world = World()
    row = next(row for row in world.rows["tracing_questions"] if row["kind"] == kind)
    row["answer"] += "0"
    assert _answers(world, sample=10_000).failed_ids == (row["question_id"],)


@pytest.mark.parametrize(
    "change", [{"call": 99}, {"statement": 10**6}, {"visit": 0}, {"variable": "nobody"}, {"call": None}]
)
def test_a_moment_that_there_is_not_is_a_wrong_answer(change: dict[str, object]) -> None:
    world = World()
    row = next(row for row in world.rows["tracing_questions"] if row["kind"] == "variable_at_visit")
    row["target"] = json.dumps({**json.loads(row["target"]), **change})
    assert _answers(world, sample=10_000).failed_ids == (row["question_id"],)


@pytest.mark.parametrize("target", ["{}", "{nonsense}", '{"outcome": "luck"}'])
def test_a_target_that_cannot_be_read_is_a_wrong_answer(target: str) -> None:
    world = World()
    row = next(row for row in world.rows["tracing_questions"] if row["kind"] == "output_prediction")
    row["target"] = target
    assert _answers(world, sample=10_000).failed_ids == (row["question_id"],)


def test_a_changed_trace_changes_the_answers() -> None:
    world = World()
    trace = world.rows["execution_traces"][0]
    trace["change_value"] = [str(int(v) + 77) if (v or "").isdigit() else v for v in trace["change_value"]]
    found = _answers(world, sample=10_000)
    of_trace = {row["question_id"] for row in world.rows["tracing_questions"] if row["trace_id"] == trace["trace_id"]}
    assert found.failed_ids
    assert set(found.failed_ids) <= of_trace


def test_an_answer_of_a_run_on_another_input_than_the_stated_one_is_wrong() -> None:
    for change in ({"arguments": "[1], 2"}, {"return_value": "77"}, {"exception": "KeyError: 1"}):
        world = World()
        made = world.rows["check_traces"][1]
        made.update(change)
        assert _answers(world, sample=10_000).failed_ids == (made["made_for"],)


def test_the_sample_is_seeded_and_of_the_size_asked_for() -> None:
    world = World()
    for row in world.rows["tracing_questions"]:
        row["answer"] += "0"
    first, again = _answers(world, sample=7, seed=1), _answers(world, sample=7, seed=1)
    assert first.failed_ids == again.failed_ids
    assert first.n_failed == 7
    assert set(first.failed_ids) != set(_answers(world, sample=7, seed=2).failed_ids)


def test_nothing_is_recomputed_for_questions_without_a_direction() -> None:
    world = World()
    world.rows["tracing_questions"][0] |= {"direction": "none", "kind": "explain", "target": "{}"}
    assert _answers(world, sample=10_000).passed
