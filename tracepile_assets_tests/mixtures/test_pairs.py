"""Preference pairs: which text is the true one, and that what is false gets nowhere else."""

from itertools import chain

import polars as pl
import pytest

from tracepile_assets.mixtures import MixtureError, find_mixtures, read_mixture, render, select, write_card
from tracepile_assets_tests.mixtures.corpus import FALSE, mixture_file

SHIPPED = {mixture.name: mixture for mixture in find_mixtures()}
PAIRS = SHIPPED["preference_pairs"]


def samples(rendered):
    return [row for table in rendered.splits.values() for row in table.to_pylist()]


def own(tmp_path, old, new):
    assert PAIRS.sql.count(old) == 1
    sql = PAIRS.sql.replace(old, new)
    return read_mixture(mixture_file(tmp_path, sql, format='"pair"', stage='"preference"'))


def test_the_chosen_is_the_telling_and_the_rejected_its_twin(tables, tmp_path):
    rendered = render(PAIRS, tables)
    chains = pl.read_parquet(f"{tables}/chains_of_execution/*/*.parquet")
    true = dict(chains.select("coe_id", "text").iter_rows())
    twins = {row["twin_id"]: row for row in pl.read_parquet(f"{tables}/corrupted_twins/*/*.parquet").to_dicts()}
    asked = dict(
        pl.read_parquet(f"{tables}/tracing_questions/*/*.parquet").select("question_id", "question").iter_rows()
    )
    rows = samples(rendered)
    # All programs that may be used, but the one that was folded opaquely and the one whose tellings were not admitted.
    assert len(rows) == 290 * 12
    assert rendered.dropped == {"opaque_fold": 12}
    for row in rows:
        (ancestors,) = row["ancestors"]
        twin = twins[ancestors["twin_id"]]
        assert ancestors == {name: twin[name] for name in ancestors}
        assert (row["chosen"], row["rejected"]) == (true[ancestors["coe_id"]], twin["text"])
        assert FALSE in row["rejected"]
        assert FALSE not in row["prompt"] + row["chosen"]
        if ancestors["question_id"] is None:
            assert row["prompt"].startswith("```python\ndef add(x):")
            assert "The call is `add(" in row["prompt"]
            assert row["prompt"].endswith("step by step, and say what it comes to.")
        else:
            assert row["prompt"] == asked[ancestors["question_id"]]
        assert (row["answer"], row["grader"]) == (None, None)
    assert set(rendered.summary["fault_kind"]) == {"answer", "value"}
    card = write_card(tmp_path, rendered, []).read_text()
    assert "| answer | " in card
    assert "Fine-tuning on `rejected`, which has a false claim" in card


def test_no_other_mixture_has_a_word_of_it(tables):
    for name, mixture in SHIPPED.items():
        if name != PAIRS.name:
            rows = samples(render(mixture, tables))
            messages = chain.from_iterable(row["messages"] or () for row in rows)
            texts = [*(message["content"] for message in messages), *(row["text"] or row["prompt"] for row in rows)]
            assert not [text for text in texts if text and FALSE in text], name


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("c.text AS chosen", "w.text AS chosen"),
        ("w.text AS rejected", "c.text AS rejected"),
        ("w.text AS rejected", "'It is not so.' AS rejected"),
        ("c.coe_id = w.coe_id", "c.trace_id = w.trace_id AND c.coe_id > w.coe_id"),
    ],
)
def test_texts_that_are_not_what_they_stand_for_are_refused(tmp_path, small, old, new):
    small.add(1)
    with pytest.raises(MixtureError, match=r"mine.sql:\d+: in \d+ rows `chosen` is not the text .* such as one of p_"):
        select(own(tmp_path, old, new), small.write(), tmp_path)


def test_a_query_for_pairs_names_the_twin(tmp_path, small):
    small.add(1)
    with pytest.raises(MixtureError, match="gives no column twin_id"):
        select(own(tmp_path, "    w.twin_id,\n", ""), small.write(), tmp_path)


def test_where_there_are_no_twins_the_remedy_is_said(small, tmp_path):
    small.add(1)
    small.rows["corrupted_twins"].clear()
    with pytest.raises(MixtureError, match=r"corrupted_twins has none; raise \[twins\] share in tracepile.toml"):
        select(PAIRS, small.write(), tmp_path)
    with pytest.raises(MixtureError, match=r"raw_programs, .* has none; build the tables first"):
        select(PAIRS, small.folder / "nowhere", tmp_path)


def test_twins_of_benchmark_programs_and_of_licences_that_are_not_allowed_stay_out(small):
    small.add(1)
    small.add(2, benchmark=True)
    small.add(3, license="GPL-3.0-only")
    rendered = render(PAIRS, small.write())
    assert len(samples(rendered)) == rendered.dropped["license_not_allowed"] == 12
    assert rendered.selected == 24
