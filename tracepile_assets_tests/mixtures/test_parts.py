"""A mixture is made a part at a time: how large the parts are changes nothing."""

import orjson
import pytest

from tracepile_assets.mixtures import find_mixtures, making, measures, render, samples, selection, write_shards

SHIPPED = {mixture.name: mixture for mixture in find_mixtures()}


@pytest.fixture
def instructions(tmp_path):
    """A user's own instruction set of a few hundred conversations."""
    folder = tmp_path / "instructions"
    folder.mkdir()
    rows = ({"instruction": f"Say {number}.", "output": str(number)} for number in range(300))
    (folder / "own.jsonl").write_bytes(b"".join(orjson.dumps(row) + b"\n" for row in rows))
    return folder


@pytest.mark.parametrize("name", ["curriculum", "two_stage_2_instruct", "preference_pairs"])
def test_small_parts_give_the_same_bytes(tables, tmp_path, instructions, monkeypatch, name):
    whole = render(SHIPPED[name], tables, instructions)
    for module, part in ((selection, "ROWS"), (making, "ROWS"), (measures, "_ROWS"), (samples, "STRETCH")):
        monkeypatch.setattr(module, part, 37)
    parted = render(SHIPPED[name], tables, instructions)
    assert parted.dropped == whole.dropped
    assert parted.drops.equals(whole.drops)
    assert parted.summary.equals(whole.summary)
    assert len(whole.summary) > 37 * 2
    first = write_shards(tmp_path / "parted", parted, 50)
    monkeypatch.undo()
    assert [shard.sha256 for shard in first] == [s.sha256 for s in write_shards(tmp_path / "whole", whole, 50)]


def test_a_slice_is_what_stands_there(tables, monkeypatch):
    whole = render(SHIPPED["rl_prompts"], tables).splits["train"].to_pylist()
    monkeypatch.setattr(samples, "STRETCH", 10)
    train = render(SHIPPED["rl_prompts"], tables).splits["train"]
    assert train.num_rows == len(whole) > 40
    for offset, length in ((0, 1), (0, 10), (3, 20), (9, 2), (20, 10), (train.num_rows - 1, 5), (train.num_rows, 3)):
        assert train.slice(offset, length).to_pylist() == whole[offset : offset + length]
    assert train.column("sample_id").to_pylist() == [row["sample_id"] for row in whole]
