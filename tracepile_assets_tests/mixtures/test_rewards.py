"""The reward function as trainers call it: what is right gets 1.0, and nothing else does."""

import pytest

from tracepile_assets.mixtures.rewards import reward

PRINTED = '{"direction": "forward", "answer_type": "stdout", "target": {"outcome": "stdout"}}'
COLUMNS = {"answer": ["5"], "grader": ["stdout_prediction"], "grading": [PRINTED]}
REPLIES = {"Answer: 5": 1.0, "It prints 5.\n\nAnswer:\n5": 1.0, "Answer: 6": 0.0, "": 0.0, "5\nAnswer: none": 0.0}


def columns(number):
    return {name: values * number for name, values in COLUMNS.items()}


def test_completions_of_either_form_are_graded():
    replies, prompts = list(REPLIES), ["What is printed?"] * len(REPLIES)
    assert reward(prompts, replies, **columns(len(replies))) == list(REPLIES.values())
    chats = [[{"role": "assistant", "content": reply}] for reply in replies]
    asked = [[{"role": "user", "content": prompt}] for prompt in prompts]
    given = columns(len(replies)) | {"sample_id": ["s_1"] * len(replies), "trainer_state": None}
    assert reward(asked, chats, **given) == list(REPLIES.values())


def test_rows_without_a_grader_are_refused():
    with pytest.raises(ValueError, match="only mixtures of format prompt_answer can be graded"):
        reward(["What?"], ["Answer: 5"], answer=["5"], grader=[None], grading=[None])
