"""From a source to mixtures without Dagster: the funnel adds up, lineage walks both ways, families keep their
founders.
"""

import polars as pl
import pytest

from tracepile_assets.building import build_families, build_mixture, read_funnel, stale_mixtures
from tracepile_assets.home import Stripe
from tracepile_assets.mixtures import MixtureError, listed_shards
from tracepile_assets.mixtures.shards import all_shards
from tracepile_assets.tables.files import read_table
from tracepile_assets.tables.ids import sample_id
from tracepile_assets.tables.lineage import Lineage, UnknownId

from .conftest import PROGRAMS, build_all, write_source

STRIPE = Stripe("mine", "00000")


@pytest.fixture
def built(home, monkeypatch):
    monkeypatch.setenv("TRACEPILE_COMPUTE__WORKERS", "2")
    monkeypatch.delenv("TRACEPILE_REWRITING__FRESH_INPUTS")
    build_all(home)
    for name in stale_mixtures(home):
        build_mixture(home, name)
    return home


def test_the_funnel_adds_up(built):
    stages = {stage.name: stage for stage in read_funnel(built)}
    assert stages["programs"].made == len(PROGRAMS)
    variants = read_table(built.stripe_file("code_variants", STRIPE), "code_variants").to_pylist()
    programs = read_table(built.stripe_file("raw_programs", STRIPE), "raw_programs").to_pylist()
    n_inputs = {program["program_id"]: len(program["inputs"]) for program in programs}
    assert stages["variants"].made == len(variants)
    assert stages["traces"].made == sum(n_inputs[variant["program_id"]] for variant in variants)
    told = stages["narrations"]
    wholly = sum(number for reason, number in told.dropped.items() if reason.startswith("whole run:"))
    answered = told.made - sum(number for kind, number in told.breakdown.items() if kind.startswith("whole run:"))
    questions = read_table(built.stripe_file("tracing_questions", STRIPE), "tracing_questions").to_pylist()
    assert stages["questions"].made == len(questions)
    # What is asked of a program, and not of a run, is answered by no telling.
    of_runs = sum(question["direction"] != "none" for question in questions)
    assert of_runs == answered + sum(told.dropped.values()) - wholly
    for name, stage in stages.items():
        assert stage.made == sum(stage.breakdown.values()), name
    samples = stages["samples of instruction_tuning"]
    shards = [
        path
        for paths in listed_shards(built.tables / "training_mixtures" / "instruction_tuning").values()
        for path in paths
    ]
    assert samples.made == sum(pl.scan_parquet(path).select(pl.len()).collect().item() for path in shards) > 0


def test_a_sample_walks_back_to_its_source_row_and_the_program_down_to_the_sample(built, source):
    lineage = Lineage(built.tables, ["mine"], all_shards(built.tables))
    shards = listed_shards(built.tables / "training_mixtures" / "instruction_tuning")
    samples = pl.concat([pl.read_parquet(path) for paths in shards.values() for path in paths])
    sample = samples.row(0, named=True)
    walk = lineage.up(sample["sample_id"])
    assert [ancestor.table for ancestor in walk] == [
        "training_mixtures",
        "chains_of_execution",
        "tracing_questions",
        "execution_traces",
        "inputs",
        "code_variants",
        "raw_programs",
    ]
    assert str(source) in walk[-1].says["origin_uri"]
    assert walk[-1].says["source_row"] in PROGRAMS
    for ancestor in walk[1:]:
        assert sample["sample_id"] in lineage.down(ancestor.row_id)["training_mixtures"]
    program = walk[-1].row_id
    down = lineage.down(program)
    questions = read_table(built.stripe_file("tracing_questions", STRIPE), "tracing_questions").to_pylist()
    assert sorted(down["tracing_questions"]) == sorted(
        q["question_id"] for q in questions if q["program_id"] == program
    )


def test_each_run_that_ended_is_told_once_as_a_whole_in_prose_and_in_each_notation(built):
    tellings = read_table(built.stripe_file("chains_of_execution", STRIPE), "chains_of_execution").to_pylist()
    whole = [row for row in tellings if row["question_id"] is None]
    asked = {row["trace_id"] for row in tellings}
    for style in ("narrative", "scratchpad", "inline", "cwm"):
        assert sorted(row["trace_id"] for row in whole if row["style"] == style) == sorted(asked), style
    shards = listed_shards(built.tables / "training_mixtures" / "continue_pretraining")
    samples = pl.concat([pl.read_parquet(path) for paths in shards.values() for path in paths]).to_dicts()
    used = {row["ancestors"][0]["coe_id"]: row["text"] for row in samples}
    rejected = built.tables / "rejected" / "table=training_mixtures" / "source=continue_pretraining" / "00000.parquet"
    near = {
        row["parent_id"]
        for row in read_table(rejected, "rejected").to_pylist()
        if row["reason"] in ("duplicate", "near_duplicate")
    }
    columns = ("program_id", "variant_id", "input_id", "trace_id", "question_id", "coe_id")
    for row in whole:
        if row["coe_id"] in used:
            assert used[row["coe_id"]].rstrip().endswith(row["text"])
        else:
            names = (row[column] for column in columns)
            assert sample_id("continue_pretraining", *names, "whole_run") in near
    assert len(used) > len(near)


def test_an_id_that_is_not_there_is_said_so(built):
    lineage = Lineage(built.tables, ["mine"], all_shards(built.tables))
    with pytest.raises(UnknownId, match="no row of execution_traces has the id t_0"):
        lineage.up("t_0")
    with pytest.raises(UnknownId, match="is not an id of any table"):
        lineage.up("sample 7")
    assert "mine" not in str(Lineage(built.tables, []).tables.name)
    with pytest.raises(UnknownId):
        Lineage(built.tables, []).up(lineage.row(next(iter(read_ids(built))))[1]["program_id"])


def read_ids(home):
    return read_table(home.stripe_file("raw_programs", STRIPE), "raw_programs", ["program_id"]).column(0).to_pylist()


def test_mixtures_are_made_once_and_again_when_their_rows_change(built, source):
    assert stale_mixtures(built) == {}
    assert build_mixture(built, "instruction_tuning").current
    write_source(
        source, {**PROGRAMS, "late": ("def late(n):\n    while n > 3:\n        n -= 2\n    return n\n", ["9", "4"])}
    )
    build_all(built)
    assert "instruction_tuning" in stale_mixtures(built)
    report = build_mixture(built, "instruction_tuning")
    assert report.added > 0
    assert report.removed == 0
    assert report.carried > 0
    with pytest.raises(MixtureError, match="there is no mixture nothing"):
        build_mixture(built, "nothing")


def test_a_source_that_is_removed_leaves_the_mixtures_and_keeps_its_families(built, tmp_path):
    from tracepile_assets.home import SourceEntry

    ledger = built.tables / "program_families" / "families.parquet"
    before = ledger.read_bytes()
    other = tmp_path / "other.jsonl"
    write_source(
        other,
        {
            "twice": (
                "def twice(n):\n    out = []\n    for i in range(n):\n        out.append(i * 2)\n    return out\n",
                ["3"],
            )
        },
    )
    built.registry().remove("mine")
    entry = SourceEntry("other", "functions", str(other), license="MIT", options={"id": "id"}, max_inputs=1)
    built.registry().add(entry)
    build_all(built)
    build_mixture(built, "instruction_tuning")
    shards = listed_shards(built.tables / "training_mixtures" / "instruction_tuning")
    samples = pl.concat([pl.read_parquet(path) for paths in shards.values() for path in paths])
    programs = {ancestor["program_id"] for ancestors in samples["ancestors"] for ancestor in ancestors}
    [program] = read_table(
        built.stripe_file("raw_programs", Stripe("other", "00000")), "raw_programs", ["program_id"]
    ).to_pylist()
    assert programs == {program["program_id"]}
    families = read_table(ledger, "program_families").to_pylist()
    assert len(families) == len(PROGRAMS) + 1
    assert ledger.read_bytes() != before
    assert build_families(built).current
