"""Axolotl checks a training by its schema, and templates and tokenizes every sample of an export as it is. Run by
`make test-trainers`.
"""

import json
import os
import subprocess
from pathlib import Path

import polars as pl
import pytest

from tracepile_assets.mixtures import listed_shards
from tracepile_assets_tests.cli.corpus_home import OF_EACH_FORMAT

pytestmark = pytest.mark.axolotl

ROOT = Path(__file__).parents[2]
READS = Path(__file__).with_name("axolotl_reads.py")
END = "<|endoftext|>"
CONFIG = {
    **{"sequence_len": 65_536, "micro_batch_size": 1, "gradient_accumulation_steps": 1, "num_epochs": 1},
    **{"learning_rate": 1e-4, "val_set_size": 0, "dataset_num_proc": 1, "special_tokens": {"pad_token": END}},
}
READ_AS = {
    "text": ({}, {"type": "completion", "field": "text"}),
    "messages": ({"chat_template": "chatml"}, {"type": "chat_template", "field_messages": "messages"}),
    "pair": (
        {"chat_template": "chatml", "rl": "dpo"},
        {
            **{"type": "chat_template.default", "field_messages": "prompt"},
            **{"field_chosen": "chosen", "field_rejected": "rejected"},
        },
    ),
}
"""By format of the mixture, what the training and its data set say beside the rest."""


@pytest.fixture(scope="module")
def model(tmp_path_factory):
    """A folder with the settings of a model, without weights, and a byte-level tokenizer."""
    from tokenizers import Tokenizer, decoders, models, pre_tokenizers, trainers

    made = Tokenizer(models.BPE())
    made.pre_tokenizer, made.decoder = pre_tokenizers.ByteLevel(add_prefix_space=False), decoders.ByteLevel()
    special = [END, "<|im_start|>", "<|im_end|>"]
    alphabet = pre_tokenizers.ByteLevel.alphabet()
    trainer = trainers.BpeTrainer(vocab_size=300, special_tokens=special, initial_alphabet=alphabet)
    made.train_from_iterator(["def add(x):\n    return x\n"], trainer)
    folder = tmp_path_factory.mktemp("model")
    made.save(str(folder / "tokenizer.json"))
    said = {"tokenizer_class": "PreTrainedTokenizerFast", "eos_token": END, "pad_token": END}
    (folder / "tokenizer_config.json").write_text(json.dumps(said))
    sizes = {"hidden_size": 16, "num_hidden_layers": 1, "num_attention_heads": 2, "intermediate_size": 16}
    (folder / "config.json").write_text(
        json.dumps({"model_type": "llama", "vocab_size": made.get_vocab_size(), **sizes})
    )
    return folder


def read(kind, folder, split, model, place):
    """What Axolotl makes of a split of an export."""
    whole, of_data = READ_AS[kind]
    data = {"path": str(folder), "split": split, **of_data}
    folders = {"base_model": str(model), "output_dir": str(place), "dataset_prepared_path": str(place / "prepared")}
    config = place / "config.json"
    config.write_text(json.dumps({**CONFIG, **whole, **folders, "datasets": [data]}))
    python = os.environ.get("TRACEPILE_TEST_AXOLOTL", ROOT / ".venv-axolotl" / "bin" / "python")
    offline = {"HF_HUB_OFFLINE": "1", "AXOLOTL_DO_NOT_TRACK": "1"}
    said = {"PATH": os.environ["PATH"], "HOME": str(place), "HF_HOME": str(place), **offline}
    done = subprocess.run([python, READS, config], env=said, capture_output=True, text=True, timeout=900)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout.splitlines()[-1])


def turn(role, content):
    return f"<|im_start|>{role}\n{content}<|im_end|>\n"


def expected(kind, sample):
    """The texts that a training is to see of a sample."""
    if kind == "text":
        return {"read": sample["text"] + END, "learned": sample["text"] + END}
    if kind == "messages":
        replies = [message["content"] for message in sample["messages"] if message["role"] == "assistant"]
        return {"read": "".join(turn(**message) for message in sample["messages"]), "learned": "".join(replies)}
    sides = {side: sample[side] + "<|im_end|>" for side in ("chosen", "rejected")}
    prompt = turn("user", sample["prompt"]) + "<|im_start|>assistant\n"
    return {"prompt": prompt, **sides, "sample_id": sample["sample_id"]}


@pytest.mark.parametrize("kind", READ_AS)
def test_every_sample_is_seen_as_it_is(home, exported, model, tmp_path, kind):
    shards = listed_shards(home.tables / "training_mixtures" / OF_EACH_FORMAT[kind])["train"]
    samples = pl.concat([pl.read_parquet(path) for path in shards]).to_dicts()
    rows = read(kind, exported(kind, "trl"), "train", model, tmp_path)
    # In an order of Axolotl's own.
    assert sorted(map(str, rows)) == sorted(str(expected(kind, sample)) for sample in samples)
