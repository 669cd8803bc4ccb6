"""Corrupted twins: false in one place, true up to it, drawn by a share, traced both ways, and kept apart."""

import polars as pl
import pyarrow as pa
import pytest

from tracepile_assets.building import build_mixture, build_stripe, make_plan, read_funnel, stale_mixtures
from tracepile_assets.home import Stripe
from tracepile_assets.mixtures import listed_shards
from tracepile_assets.mixtures.shards import all_shards
from tracepile_assets.narration import verify
from tracepile_assets.tables.files import read_footer, read_table, write_tables
from tracepile_assets.tables.lineage import Lineage
from tracepile_assets.tables.schemas import SCHEMAS
from tracepile_assets.trace_model.recording import Recording
from tracepile_assets.trace_model.trace import Trace

from .conftest import build_all

STRIPE = Stripe("mine", "00000")


@pytest.fixture
def built(home):
    build_all(home)
    return home


def rows(home, table):
    return read_table(home.stripe_file(table, STRIPE), table).to_pylist()


def prose(home):
    return [
        row
        for row in rows(home, "chains_of_execution")
        if row["style"] in ("narrative", "phases") and row["direction"] != "backward" and row["check_trace_id"] is None
    ]


def test_every_telling_in_prose_has_a_twin_or_the_reasons_why_not(built):
    twins = {row["coe_id"]: row for row in rows(built, "corrupted_twins")}
    refused = read_table(built.side_file("rejected", "corrupted_twins", STRIPE), "rejected").to_pylist()
    told = {row["coe_id"]: row for row in prose(built)}
    assert len(twins) > 10
    assert told.keys() == twins.keys() | {row["parent_id"] for row in refused}
    assert len({row["fault_kind"] for row in twins.values()}) >= 4
    for coe_id, twin in twins.items():
        start, end = twin["wrong_span"]["start"], twin["wrong_span"]["end"]
        text, true = twin["text"], told[coe_id]["text"]
        assert text[:start] == true[:start]
        assert text != true
        assert twin["claim_kind"] == "order" or true.endswith(text[end:])
    stage = next(stage for stage in read_funnel(built) if stage.name == "twins")
    assert (stage.made, sum(stage.dropped.values())) == (len(twins), len(refused))


def test_the_verifier_blocks_the_twins_of_whole_runs(built):
    """It shares no code with the evaluator that found them false."""
    traces = {row["trace_id"]: row for row in rows(built, "execution_traces")}
    variants = {row["variant_id"]: row for row in rows(built, "code_variants")}
    given = {i["input_id"]: i for program in rows(built, "raw_programs") for i in program["inputs"]}
    whole = [row for row in rows(built, "corrupted_twins") if row["question_id"] is None]
    assert whole
    for twin in whole:
        variant, recording = variants[twin["variant_id"]], Recording.from_row(traces[twin["trace_id"]])
        arguments = given[twin["input_id"]]["arguments"]
        trace = Trace(variant["code"], variant["entry_point"], recording, arguments=arguments)
        assert not verify(trace, twin["text"], None).admitted, twin["text"]


def test_a_twin_walks_up_to_its_source_row_and_the_program_down_to_it(built):
    lineage = Lineage(built.tables, ["mine"], all_shards(built.tables))
    twin = rows(built, "corrupted_twins")[0]
    walk = lineage.up(twin["twin_id"])
    assert [walk[0].row_id, walk[1].row_id, walk[-1].row_id] == [twin["twin_id"], twin["coe_id"], twin["program_id"]]
    assert walk[-1].table == "raw_programs"
    assert twin["twin_id"] in lineage.down(twin["program_id"])["corrupted_twins"]
    assert lineage.down(twin["coe_id"])["corrupted_twins"] == [twin["twin_id"]]
    assert lineage.down(twin["twin_id"]) == {}


def test_the_share_decides_who_is_drawn_and_changes_nobody_else(built, monkeypatch):
    before = {row["coe_id"]: row for row in rows(built, "corrupted_twins")}
    monkeypatch.setenv("TRACEPILE_TWINS__SHARE", "0.5")
    plan, _ = make_plan(built)
    assert [(step.table, step.reasons) for step in plan.steps] == [
        ("corrupted_twins", ("setting twins.share changed from 1.0 to 0.5",))
    ]
    build_stripe(built, "corrupted_twins", STRIPE)
    after = {row["coe_id"]: row for row in rows(built, "corrupted_twins")}
    assert 0 < len(after) < len(before)
    assert after.items() <= before.items()
    monkeypatch.setenv("TRACEPILE_TWINS__SHARE", "0")
    assert build_stripe(built, "corrupted_twins", STRIPE).rows == 0


def samples(home, mixture):
    build_mixture(home, mixture)
    shards = listed_shards(home.tables / "training_mixtures" / mixture)
    return pl.concat([pl.read_parquet(path) for paths in shards.values() for path in paths])


def test_pairs_are_made_of_the_twins_and_again_when_these_change(built, monkeypatch):
    pairs = samples(built, "preference_pairs")
    twins = {row["twin_id"]: row for row in rows(built, "corrupted_twins")}
    true = {row["coe_id"]: row for row in prose(built)}
    for row in pairs.to_dicts():
        twin = twins[row["ancestors"][0]["twin_id"]]
        assert (row["rejected"], row["chosen"]) == (twin["text"], true[twin["coe_id"]]["text"])
    told = [twin for twin in twins.values() if not true[twin["coe_id"]]["opaque_fold"]]
    left_out = built.tables / "rejected" / "table=training_mixtures" / "source=preference_pairs" / "00000.parquet"
    near = [row for row in read_table(left_out, "rejected").to_pylist() if row["reason"] == "near_duplicate"]
    assert len(pairs) + len(near) == len(told)
    assert len(pairs) > len(near)

    lineage = Lineage(built.tables, ["mine"], all_shards(built.tables))
    sample = pairs.row(0, named=True)
    twin_id = sample["ancestors"][0]["twin_id"]
    walk = lineage.up(sample["sample_id"])
    assert [walk[1].row_id, walk[2].row_id] == [twin_id, twins[twin_id]["coe_id"]]
    assert lineage.down(twin_id) == {"training_mixtures": [sample["sample_id"]]}

    assert "preference_pairs" not in stale_mixtures(built)
    samples(built, "two_stage_1_coe")
    monkeypatch.setenv("TRACEPILE_TWINS__SHARE", "0.5")
    build_stripe(built, "corrupted_twins", STRIPE)
    stale = stale_mixtures(built)
    assert "preference_pairs" in stale
    assert "two_stage_1_coe" not in stale
    assert 0 < build_mixture(built, "preference_pairs").rows < len(pairs)


def test_without_twins_no_pairs_are_missed(built, monkeypatch):
    monkeypatch.setenv("TRACEPILE_TWINS__SHARE", "0")
    build_stripe(built, "corrupted_twins", STRIPE)
    assert "preference_pairs" not in stale_mixtures(built)


def test_no_text_of_a_twin_is_in_a_mixture(built):
    texts = samples(built, "continue_pretraining")["text"].to_list()
    assert texts
    false = [row["text"] for row in rows(built, "corrupted_twins")]
    assert not [text for text in texts if any(text.endswith(each) for each in false)]


def test_pairs_are_not_missed_where_every_twin_is_of_a_telling_that_nobody_can_follow(built):
    assert "preference_pairs" in stale_mixtures(built)
    path = built.stripe_file("chains_of_execution", STRIPE)
    told, said = read_table(path, "chains_of_execution"), read_footer(path)
    opaque = [{**row, "opaque_fold": True} for row in told.to_pylist()]
    write_tables(path, "chains_of_execution", [pa.Table.from_pylist(opaque, SCHEMAS["chains_of_execution"])], said)
    stale = stale_mixtures(built)
    assert "preference_pairs" not in stale
    assert "continue_pretraining" in stale
