"""LLaMA-Factory reads the exports by their dataset_info.json, every sample as it is. Run by `make test-trainers`."""

import json
import os
import subprocess
from pathlib import Path

import polars as pl
import pytest

from tracepile_assets.mixtures import listed_shards
from tracepile_assets_tests.cli.corpus_home import OF_EACH_FORMAT

pytestmark = pytest.mark.llamafactory

ROOT = Path(__file__).parents[2]
READS = Path(__file__).with_name("llamafactory_reads.py")


def read(folder, name, cache):
    python = os.environ.get("TRACEPILE_TEST_LLAMAFACTORY", ROOT / ".venv-llamafactory" / "bin" / "python")
    said = {"PATH": os.environ["PATH"], "HOME": str(cache), "HF_HOME": str(cache)}
    done = subprocess.run([python, READS, folder, name], env=said, capture_output=True, text=True, timeout=600)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout.splitlines()[-1])


def reply(text):
    return [{"role": "assistant", "content": text}]


@pytest.mark.parametrize("format_", ["sharegpt", "alpaca"])
@pytest.mark.parametrize("kind", ["text", "messages", "pair"])
def test_every_sample_is_read_as_it_is(home, exported, tmp_path, kind, format_):
    name = OF_EACH_FORMAT[kind]
    for split, shards in listed_shards(home.tables / "training_mixtures" / name).items():
        rows = read(exported(kind, format_), f"{name}_{split}", tmp_path)
        samples = pl.concat([pl.read_parquet(path) for path in shards]).to_dicts()
        assert len(rows) == len(samples)
        for row, sample in zip(rows, samples, strict=True):
            if kind == "messages":
                system, turns = "", sample["messages"]
                if turns[0]["role"] == "system":
                    system, turns = turns[0]["content"], turns[1:]
                assert row["_prompt"] == turns[:-1]
                assert row["_response"] == turns[-1:]
                assert row["_system"] == system
            elif kind == "pair":
                assert row["_prompt"] == [{"role": "user", "content": sample["prompt"]}]
                assert row["_response"] == [*reply(sample["chosen"]), *reply(sample["rejected"])]
            else:
                assert row["_prompt"] == [{"role": "user", "content": sample["text"]}]
                assert row["_response"] == []
