"""Prompts for reinforcement learning: what a row holds is enough to grade any reply as its question would."""

import polars as pl
import pytest

from tracepile_assets.building import build_mixture
from tracepile_assets.execution import Limits, Pool
from tracepile_assets.home import Stripe
from tracepile_assets.mixtures import listed_shards
from tracepile_assets.mixtures.grading import grade_reply, question_of
from tracepile_assets.questions import grade
from tracepile_assets.tables.files import read_table

from .conftest import build_all


@pytest.fixture
def prompts(home):
    build_all(home)
    build_mixture(home, "rl_prompts")
    shards = listed_shards(home.tables / "training_mixtures" / "rl_prompts")
    rows = pl.concat([pl.read_parquet(path) for paths in shards.values() for path in paths]).to_dicts()
    asked = read_table(home.stripe_file("tracing_questions", Stripe("mine", "00000")), "tracing_questions").to_pylist()
    return rows, {row["question_id"]: row for row in asked}


def test_every_reply_is_graded_as_the_question_itself_grades_its_answer(prompts):
    rows, asked = prompts
    assert len(rows) > 20
    assert {asked[row["ancestors"][0]["question_id"]]["direction"] for row in rows} >= {"forward", "backward"}
    with Pool(workers=1, limits=Limits(wall_s=60.0, cpu_s=5.0, memory_mb=512)) as pool:
        for row in rows:
            question = asked[row["ancestors"][0]["question_id"]]
            stated = question_of(row)
            assert row["prompt"].startswith(question["question"])
            assert row["prompt"].endswith("a line that begins with `Answer:`, followed by the answer alone.")
            assert row["grader"] == question["kind"]
            assert grade(stated, question["answer"], pool).correct
            for reply in (f"We see.\n\nAnswer: {row['answer']}", f"**Answer:**\n{row['answer']}\n", row["answer"]):
                assert grade_reply(row, reply, pool).correct, (row["prompt"], reply)
            for wrong in ("", "Answer: ???", "Answer: 'no such value'"):
                given = wrong.removeprefix("Answer: ")
                assert grade_reply(row, wrong, pool) == grade(question, given, pool), row["prompt"]
                assert not grade_reply(row, wrong, pool).correct
            assert not grade_reply(row, f"Answer: {row['answer']}\nAnswer: ???", pool).correct


def test_an_answer_that_looks_like_the_mark_is_graded_whole():
    sample = {"prompt": "What is printed?", "answer": "Answer: 5\nAnswer: 7\n", "grader": "stdout_prediction"}
    sample["grading"] = '{"direction": "forward", "answer_type": "stdout", "target": {"outcome": "stdout"}}'
    assert grade_reply(sample, "It prints two lines.\n\nAnswer:\nAnswer: 5\nAnswer: 7").correct
    assert grade_reply(sample, "Answer: 5\nAnswer: 7").correct
    assert not grade_reply(sample, "Answer: 7").correct
    with pytest.raises(ValueError, match="only mixtures of format prompt_answer"):
        grade_reply({**sample, "grading": None}, "Answer: 5")
