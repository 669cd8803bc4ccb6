"""Packing for pre-training: whole samples in rows of a context length, by a real tokenizer."""

import json

import datasets
import polars as pl
import pytest
from tokenizers import Tokenizer, decoders, models, pre_tokenizers, trainers

from tracepile_assets.mixtures import listed_shards
from tracepile_assets_tests.cli.corpus_home import corpus_home

NAME = "continue_pretraining"
END = "<|endoftext|>"


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    return corpus_home(tmp_path_factory.mktemp("corpus"))


@pytest.fixture(scope="module")
def tokenizer(tmp_path_factory):
    """A byte-level tokenizer that gives every text back, in a file."""
    made = Tokenizer(models.BPE())
    made.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    made.decoder = decoders.ByteLevel()
    alphabet = pre_tokenizers.ByteLevel.alphabet()
    trainer = trainers.BpeTrainer(
        vocab_size=500, special_tokens=[END, "<stop>"], initial_alphabet=alphabet, show_progress=False
    )
    made.train_from_iterator(["def add(x):\n    total = x + 1\n    return total\n"] * 4, trainer)
    path = tmp_path_factory.mktemp("tokenizer") / "tokenizer.json"
    made.save(str(path))
    return path


@pytest.fixture
def in_home(home, monkeypatch):
    """Lets `tracepile` work on the home of the corpus."""

    def enter():
        monkeypatch.setenv("TRACEPILE_HOME", str(home.root))

    return enter


def texts(home):
    shards = listed_shards(home.tables / "training_mixtures" / NAME)
    frames = {split: pl.concat([pl.read_parquet(path) for path in paths]) for split, paths in shards.items()}
    return {split: dict(frame["sample_id", "text"].iter_rows()) for split, frame in frames.items()}


def packed(tracepile, in_home, tokenizer, context, *more):
    in_home()
    return tracepile("export", NAME, "out", "--format", "packed", "--context", context, "--tokenizer", tokenizer, *more)


def lengths(tokenizer, samples):
    made = Tokenizer.from_file(str(tokenizer))
    return {sample: len(made.encode(text).ids) + 1 for sample, text in samples.items()}


def test_every_sample_is_in_one_row_and_whole(tracepile, in_home, home, tokenizer, tmp_path, monkeypatch):
    done = packed(tracepile, in_home, tokenizer, 1024)
    assert done.exit_code == 0, done.output
    made = Tokenizer.from_file(str(tokenizer))
    end = made.token_to_id(END)
    loaded = datasets.load_dataset(str(tmp_path / "out"), cache_dir=str(tmp_path / "cache"))
    expected = texts(home)
    assert loaded.keys() == expected.keys()
    for split, rows in loaded.items():
        seen = {}
        for row in rows:
            assert len(row["input_ids"]) == sum(row["seq_lengths"]) <= 1024
            assert len(row["seq_lengths"]) == len(row["sample_ids"])
            start = 0
            for sample, length in zip(row["sample_ids"], row["seq_lengths"], strict=True):
                *tokens, last = row["input_ids"][start : start + length]
                assert last == end and sample not in seen
                seen[sample] = made.decode(tokens)
                start += length
        assert seen == expected[split]
    # Next to no room is lost: no two rows could be one, but for those that were full when others were closed.
    train = [len(row["input_ids"]) for row in loaded["train"]]
    assert sum(train) / len(train) > 0.95 * 1024
    manifest = json.loads((tmp_path / "out" / "tracepile-export.json").read_text())
    assert manifest["splits"] == {split: len(rows) for split, rows in loaded.items()}
    again = packed(tracepile, in_home, tokenizer, 1024)
    assert "sent 0" in again.output


def test_a_sample_longer_than_the_context_is_left_out_and_counted(tracepile, in_home, home, tokenizer, tmp_path):
    every = {split: lengths(tokenizer, samples) for split, samples in texts(home).items()}
    context = sorted({n for found in every.values() for n in found.values()})[-2]
    too_long = sum(n > context for found in every.values() for n in found.values())
    assert too_long
    done = packed(tracepile, in_home, tokenizer, context)
    assert done.exit_code == 0, done.output
    assert f"left out: {too_long} samples longer than the context" in done.output
    assert json.loads((tmp_path / "out" / "tracepile-export.json").read_text())["left_out"] == {
        "longer than the context": too_long
    }
    rows = pl.read_parquet(tmp_path / "out" / "train" / "*.parquet")
    kept = {sample for sample, n in every["train"].items() if n <= context}
    assert set(rows["sample_ids"].explode()) == kept
    assert rows["input_ids"].list.len().max() <= context


def test_the_token_that_ends_a_text(tracepile, in_home, tokenizer, tmp_path):
    done = packed(tracepile, in_home, tokenizer, 512, "--end-token", "<stop>")
    assert done.exit_code == 0, done.output
    end = Tokenizer.from_file(str(tokenizer)).token_to_id("<stop>")
    rows = pl.read_parquet(tmp_path / "out" / "train" / "*.parquet")
    assert set(rows["input_ids"].list.last()) == {end}


def test_a_tokenizer_that_cannot_be_used(tracepile, in_home, tokenizer, tmp_path):
    (tmp_path / "bad.json").write_text("{}")
    for path in ("bad.json", "none.json"):
        refused = packed(tracepile, in_home, path, 512)
        assert refused.exit_code == 1
        assert f"{path}: cannot be read as a tokenizer" in " ".join(refused.output.split())
    refused = packed(tracepile, in_home, tokenizer, 512, "--end-token", "<none>")
    assert "has no token '<none>'; name the token that ends a text with --end-token" in " ".join(refused.output.split())
    assert not (tmp_path / "out").exists()
