"""Rewards for reinforcement learning on `prompt_answer` mixtures: for TRL's GRPO trainer, and as an environment.

    GRPOTrainer(model, reward_funcs=reward, train_dataset=load_dataset("export in format trl", split="train"))
    environment = load_environment("export in format trl")      # of the package `verifiers`

Belongs here: fitting the graders to how trainers call a reward. Does not belong here: grading (grading.py, questions/).
"""

import atexit
import threading
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from typing import TYPE_CHECKING, Any

from tracepile_assets.mixtures.grading import grade_reply

if TYPE_CHECKING:
    from tracepile_assets.execution import Pool

_GRADED = ("answer", "grader", "grading")


def reward(
    prompts: Sequence[Any],
    completions: Sequence[Any],
    *,
    answer: Sequence[str],
    grader: Sequence[str],
    grading: Sequence[str],
    **_: object,
) -> list[float]:
    """1.0 for each completion whose answer is right, 0.0 for each other one, as TRL calls a reward function.

    Answers that are inputs or programs are graded by running them in the sandbox, which is opened at the first use and
    closed when the process ends.

    Args:
        prompts: the prompts, as texts or as chats.
        completions: what the model wrote to each, likewise.
        answer: the column of that name, and so are `grader` and `grading`.

    Raises:
        ValueError: a row has no grading: the mixture is of another format than `prompt_answer`.
        SandboxUnavailable: something has to be run, and cannot be.
    """
    samples = (
        {"prompt": _text(prompt), **dict(zip(_GRADED, graded, strict=True))}
        for prompt, *graded in zip(prompts, answer, grader, grading, strict=True)
    )
    return [score(sample, _text(completion)) for sample, completion in zip(samples, completions, strict=True)]


def score(sample: Mapping[str, Any], reply: str) -> float:
    """1.0 if a reply to the prompt of a sample is right, else 0.0; see `grading.grade_reply`."""
    return float(grade_reply(sample, reply, _SANDBOX.pool()).correct)


def load_environment(place: str, split: str = "train") -> Any:
    """An environment of the package `verifiers` with one turn: the prompts of an export, and the same reward.

    Args:
        place: an export of a `prompt_answer` mixture in format `trl`.
        split: which split of it.

    Raises:
        ImportError: `verifiers` or `datasets` is not installed.
    """
    import datasets
    import verifiers

    rows = datasets.load_dataset(place, split=split)
    # What a rubric is handed beside the answer goes through `info`.
    held = rows.map(
        lambda row: {"info": {"grader": row["grader"], "grading": row["grading"]}},
        remove_columns=[name for name in rows.column_names if name not in ("prompt", "answer")],
    )
    return verifiers.SingleTurnEnv(dataset=held, rubric=verifiers.Rubric(funcs=[_of_environment]))


def _of_environment(prompt: Any, completion: Any, answer: str, info: Mapping[str, str], **_: object) -> float:
    return score({"prompt": _text(prompt), "answer": answer, **info}, _text(completion))


def _text(said: Any) -> str:
    """The text of a prompt or completion: of a chat, that of its last message."""
    if isinstance(said, str):
        return said
    last = said[-1]
    return (last["content"] if isinstance(last, Mapping) else last.content) or ""


class _Sandbox:
    """The sandbox of this process, opened when it is first needed."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._stack = ExitStack()
        self._pool: Pool | None = None

    def pool(self) -> "Pool":
        with self._lock:
            if self._pool is None:
                from tracepile_assets.execution import Pool

                self._pool = self._stack.enter_context(Pool(workers=1))
                atexit.register(self._stack.close)
            return self._pool


_SANDBOX = _Sandbox()
