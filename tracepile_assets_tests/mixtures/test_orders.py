"""Orders that a query states: a curriculum, and two mixtures that have the same rows."""

import polars as pl
import pytest

from tracepile_assets.mixtures import MixtureError, find_mixtures, read_mixture, render
from tracepile_assets_tests.mixtures.corpus import ALL_ANSWERS, mixture_file

SHIPPED = {mixture.name: mixture for mixture in find_mixtures()}
QUANTILE = ", -len(question) AS curriculum_quantile\nFROM"


def samples(rendered):
    return [row for table in rendered.splits.values() for row in table.to_pylist()]


def test_a_curriculum_goes_from_easy_to_hard_in_every_split(tables):
    rendered = render(SHIPPED["curriculum"], tables)
    traces = pl.read_parquet(f"{tables}/execution_traces/*/*.parquet", columns=["trace_id", "difficulty"])
    difficulty = dict(traces.iter_rows())
    source = dict(pl.read_parquet(f"{tables}/raw_programs/*/*.parquet").select("program_id", "source").iter_rows())
    assert set(rendered.splits) == {"train", "validation", "test"}
    for split in rendered.splits.values():
        rows = split.to_pylist()
        places = [row["curriculum_quantile"] for row in rows]
        assert places == sorted(places)
        assert split.num_rows < 100 or len(set(places)) > 7
        for name in ("alpha", "beta"):
            own = [row["ancestors"][0] for row in rows if source[row["ancestors"][0]["program_id"]] == name]
            measured = [difficulty[ancestors["trace_id"]] for ancestors in own]
            assert measured == sorted(measured)
    # Those that are as easy stand in the order of the seed, not in that of the tables.
    ties = [row["ancestors"][0]["trace_id"] for row in samples(rendered) if row["curriculum_quantile"] == 0]
    assert ties != sorted(ties)
    assert samples(rendered) == samples(render(SHIPPED["curriculum"], tables))


def test_the_order_says_nothing_about_which_samples_stay(tmp_path, tables):
    sql = ALL_ANSWERS.replace("\nFROM", QUANTILE)
    caps = {"caps": "{per_program = 3}", "token_budget": "20_000"}
    ordered = render(read_mixture(mixture_file(tmp_path, sql, **caps)), tables)
    seeded = render(read_mixture(mixture_file(tmp_path, ALL_ANSWERS, **caps)), tables)
    assert ordered.dropped == seeded.dropped
    assert {row["sample_id"] for row in samples(ordered)} == {row["sample_id"] for row in samples(seeded)}
    lengths = [len(row["messages"][0]["content"]) for row in ordered.splits["train"].to_pylist()]
    assert lengths == sorted(lengths, reverse=True)


@pytest.mark.parametrize(
    ("quantile", "says"),
    [
        ("CASE WHEN kind = 'final_value' THEN 0.5 END", "curriculum_quantile is no number in 1168 rows"),
        ("'nan'::DOUBLE", "curriculum_quantile is no number in 2336 rows"),
        ("'easy'", "curriculum_quantile is no number"),
    ],
)
def test_a_row_without_a_place_is_refused(tmp_path, tables, quantile, says):
    sql = ALL_ANSWERS.replace("\nFROM", f", {quantile} AS curriculum_quantile\nFROM")
    with pytest.raises(MixtureError, match=f"mine.sql:7: {says}"):
        render(read_mixture(mixture_file(tmp_path, sql)), tables)


def test_an_order_does_not_go_with_a_share_of_own_instructions(tmp_path, tables):
    sql = ALL_ANSWERS.replace("\nFROM", QUANTILE)
    with pytest.raises(MixtureError, match="unknown column curriculum_quantile"):
        render(read_mixture(mixture_file(tmp_path, sql, instructions_share="0.5")), tables)


def test_the_two_sides_of_the_ablation_have_the_same_rows_in_the_same_order(tables):
    with_chain, bare = (render(SHIPPED[name], tables) for name in ("coe", "answer_only"))
    assert with_chain.splits.keys() == bare.splits.keys()
    long, short = samples(with_chain), samples(bare)
    assert len(long) == len(short) > 1000
    for told, said in zip(long, short, strict=True):
        assert (told["ancestors"], told["split"]) == (said["ancestors"], said["split"])
        assert told["messages"][0] == said["messages"][0]
        reply = said["messages"][1]["content"]
        assert reply == f"Answer: {said['answer']}"
        assert told["messages"][1]["content"].endswith("\n\n" + reply)


def test_the_two_sides_differ_in_the_rationale_and_in_nothing_else():
    with_chain, bare = SHIPPED["coe"], SHIPPED["answer_only"]
    assert with_chain.sql.replace("c.text AS rationale", "NULL AS rationale") == bare.sql
    assert with_chain.sql != bare.sql
    for setting in ("stage", "format", "seed", "caps", "token_budget", "instructions_share", "tokenizer"):
        assert getattr(with_chain, setting) == getattr(bare, setting)


def test_the_two_sides_keep_the_same_rows_where_questions_read_alike(small):
    """The chains of two programs of equal code differ, the bare answers do not: a duplicate on one side only."""
    code = "def add(x):\n    return x + 1\n"
    small.add(1, code=code, family="f_1")
    small.add(2, code=code, family="f_1", source="beta")
    for row in small.rows["chains_of_execution"]:
        row["text"] += f" So it is for {row['coe_id'][:6]}."
    tables = small.write()
    with_chain, bare = (render(SHIPPED[name], tables) for name in ("coe", "answer_only"))
    assert with_chain.dropped == bare.dropped == {}
    assert len(samples(bare)) < 16
    assert [row["ancestors"] for row in samples(with_chain)] == [row["ancestors"] for row in samples(bare)]
