"""No telling has more tokens than it may have, by the tokenizer that is given."""

import os
from pathlib import Path

import pytest
from tokenizers import Tokenizer, models, pre_tokenizers, trainers

from tracepile_assets.narration import NOTATIONS, Narration, counter, narrate, notate, verify
from tracepile_assets_tests.narration.runs import SMALL, asking, embedded_runs, run, small

MIX = """\
def mix(n):
    a, b = 1, 2
    for i in range(n):
        c = a * 3 + b
        if c % 2 == 0:
            c = c // 2 + i
        a = b % 97
        b = c % 89
    return a, b
"""


@pytest.fixture(scope="module")
def tokenizer(tmp_path_factory) -> Path:
    """A byte-level BPE tokenizer of few entries: dense code takes more of its tokens than a quarter of the bytes."""
    os.environ["TOKENIZERS_PARALLELISM"] = "false"
    made = Tokenizer(models.BPE())
    made.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    trainer = trainers.BpeTrainer(
        vocab_size=600, initial_alphabet=pre_tokenizers.ByteLevel.alphabet(), show_progress=False
    )
    made.train_from_iterator([small(name).code for name in SMALL], trainer)
    path = tmp_path_factory.mktemp("tokenizer") / "tokenizer.json"
    made.save(str(path))
    return path


def encoded(tokenizer: Path, text: str) -> int:
    return len(Tokenizer.from_file(str(tokenizer)).encode(text, add_special_tokens=False).ids)


@pytest.mark.parametrize("budget", [400, 1_000, 2_000])
def test_a_long_run_is_folded_to_the_budget_of_the_tokenizer(tokenizer: Path, budget: int) -> None:
    count, folded = counter(str(tokenizer)), 0
    for n in range(2, 40, 3):
        trace = run(MIX, "mix", str(n))
        question = asking(trace.recording.return_value)
        by_estimate = narrate(trace, question, budget=budget)
        told = narrate(trace, question, budget=budget, count=count)
        if not isinstance(told, Narration):
            assert told.reason == "over_budget"
            continue
        assert told.n_tokens == encoded(tokenizer, told.text) <= budget
        assert verify(trace, told.text, question).admitted
        folded += isinstance(by_estimate, Narration) and encoded(tokenizer, by_estimate.text) > budget
    assert folded, "where the estimate is right throughout, nothing is shown"


def test_every_style_keeps_to_it(tokenizer: Path) -> None:
    count, told = counter(str(tokenizer)), 0
    for name, trace in embedded_runs("algorithms"):
        question = asking(trace.recording.return_value) if trace.recording.return_value else None
        found = [notate(trace, style, question, budget=1_500, count=count) for style in NOTATIONS]
        found += [
            narrate(trace, question, seed=name, style=s, budget=1_500, count=count) for s in ("narrative", "phases")
        ]
        for each in found:
            if isinstance(each, Narration):
                assert each.n_tokens == encoded(tokenizer, each.text) <= 1_500
                told += 1
    assert told > 20


def test_the_estimate_is_a_quarter_of_the_bytes() -> None:
    assert [counter("")(text) for text in ("", "a", "abcd", "abcde", "\u4e16\u754c")] == [0, 1, 1, 2, 2]
