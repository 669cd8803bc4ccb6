"""From a sample and a model's reply to a grade: what a reward in reinforcement learning is computed by.

Belongs here: finding the answer in a reply, and handing the question of a sample to its grader. Does not belong here:
what counts as right (questions/).
"""

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import orjson

from tracepile_assets.questions import Grade, grade

if TYPE_CHECKING:
    from tracepile_assets.execution import Pool

_ANSWER = re.compile(r"^[ \t]*(?:\*\*)?Answer:(?:\*\*)?[ \t]*", re.MULTILINE)


def question_of(sample: Mapping[str, Any]) -> dict[str, Any]:
    """The question of a sample of format `prompt_answer`, as `questions.grade` takes it.

    Args:
        sample: a row of the mixture: `prompt`, `answer`, `grader`, `grading`.

    Raises:
        ValueError: the sample has no grader.
    """
    if sample["grading"] is None:
        raise ValueError("the sample has no grading; only mixtures of format prompt_answer can be graded")
    question = {"kind": sample["grader"], "question": sample["prompt"], "answer": sample["answer"], "difficulty": 0.0}
    return question | orjson.loads(sample["grading"])


def grade_reply(sample: Mapping[str, Any], reply: str, pool: "Pool | None" = None) -> Grade:
    """Grade a reply to the prompt of a sample.

    The answer is what follows the last `Answer:` that begins a line, to the end of the reply; all of the reply where
    there is none. Lines of the right answer that begin so count as part of it. A program that was asked for is looked
    for in all of the reply.

    Args:
        sample: a row of a mixture of format `prompt_answer`.
        reply: what the model wrote; nothing in it is evaluated outside the sandbox.
        pool: the sandbox, open; needed where the answer is an input or a program, which are graded by running them.

    Raises:
        ValueError: the sample has no grader, or the answer has to be run and there is no pool.
    """
    question = question_of(sample)
    if question["answer_type"] == "program":
        return grade(question, reply, pool)
    marks = list(_ANSWER.finditer(reply))
    within = len(_ANSWER.findall(sample["answer"]))
    begin = marks[-1 - within].end() if len(marks) > within else 0
    return grade(question, reply[begin:].strip("\n"), pool)
