"""Near-duplicates: tellings that are nearly the same, of one program and kind, and no others."""

import random
import re
import struct
from itertools import combinations

import polars as pl
import pytest

from tracepile_assets.mixtures import read_mixture, render
from tracepile_assets.mixtures.near_duplicates import near_duplicates
from tracepile_assets.similarity.texts import sign_text
from tracepile_assets.tables.files import write_rows
from tracepile_assets.tables.schemas import SCHEMAS
from tracepile_assets_tests.mixtures.corpus import Corpus, mixture_file

WORDS = [f"word{n}" for n in range(4_000)]


def write_signatures(path, texts):
    empty = dict.fromkeys(SCHEMAS["sample_features"].names)
    rows = [
        {**empty, "row_id": row_id, "coe_id": row_id, "trace_id": "t", "program_id": "p", "signature": sign_text(text)}
        for row_id, text in texts.items()
    ]
    write_rows(path, "sample_features", rows, {})
    return path


def near(rows, files, folder):
    """The rows that go, by place; the query gave them in the opposite order, and one more before them."""
    selected = folder / "selected.parquet"
    pl.DataFrame([{**rows[0], "coe_id": None}, *reversed(rows)]).write_parquet(selected)
    return near_duplicates(pl.Series(range(len(rows), 0, -1)), selected, files, folder)


def likeness(one, other):
    """The share of word triples in common, counted and not estimated."""
    one, other = ({tuple(words[i : i + 3]) for i in range(len(words) - 2)} for words in (one.split(), other.split()))
    return len(one & other) / len(one | other)


def test_what_is_near_goes_and_the_first_of_each_stays(tmp_path):
    rng = random.Random(3)
    texts = {}
    for family in range(40):
        base = rng.sample(WORDS, 200)
        for number in range(5):
            words = list(base)
            for _ in range((0, 1, 2, 12, 30)[number]):
                words[rng.randrange(len(words))] = rng.choice(WORDS)
            texts[f"c_{family:02d}{number}"] = " ".join(words)
    files = [write_signatures(tmp_path / "signatures.parquet", texts)]
    order = list(texts)
    rng.shuffle(order)
    rows = [{"coe_id": coe_id, "program_id": coe_id[:4], "kind": "value"} for coe_id in order]
    dropped = near(rows, files, tmp_path)
    gone = {order[place] for place in dropped}
    stayed = [coe_id for coe_id in order if coe_id not in gone]
    for one, other in combinations(stayed, 2):
        assert likeness(texts[one], texts[other]) < 0.95
    for coe_id in gone:
        before = [each for each in stayed if order.index(each) < order.index(coe_id)]
        assert max(likeness(texts[coe_id], texts[each]) for each in before) > 0.83
    assert len(gone) > 60
    assert near(rows, [], tmp_path) == []


def test_of_many_that_drift_apart_each_goes_that_is_near_to_one_that_stays(tmp_path):
    rng = random.Random(5)
    words, texts = rng.sample(WORDS, 200), {}
    for number in range(300):
        for _ in range(2):
            words[rng.randrange(len(words))] = rng.choice(WORDS)
        texts[f"c_{number:03d}"] = " ".join(words)
    order = list(texts)
    rng.shuffle(order)
    numbers = {coe_id: struct.unpack("<128I", sign_text(texts[coe_id])) for coe_id in order}
    stay: list[str] = []
    for coe_id in order:
        alike = (sum(map(int.__eq__, numbers[coe_id], numbers[each])) for each in stay)
        if all(agree < 0.9 * 128 for agree in alike):
            stay.append(coe_id)
    assert 20 < len(stay) < 200
    rows = [{"coe_id": coe_id, "program_id": "p", "kind": "value"} for coe_id in order]
    file = write_signatures(tmp_path / "signatures.parquet", texts)
    # A signature that is there twice is that of one telling all the same.
    for files in ([file], [file, file]):
        dropped = near(rows, files, tmp_path)
        assert [order[place] for place in dropped] == [coe_id for coe_id in order if coe_id not in stay]


@pytest.mark.parametrize("column", ["program_id", "kind"])
def test_other_programs_and_kinds_are_not_compared(tmp_path, column):
    files = [write_signatures(tmp_path / "signatures.parquet", dict.fromkeys(("c_1", "c_2"), " ".join(WORDS[:50])))]
    rows = [{"coe_id": coe_id, "program_id": "p", "kind": "value"} for coe_id in ("c_1", "c_2", None)]
    assert near(rows, files, tmp_path) == [1]
    rows[1][column] = "other"
    assert near(rows, files, tmp_path) == []


def test_signatures_estimate_likeness():
    words = WORDS[:300]
    for changed in (0, 3, 10, 40):
        other = [word if number % 300 >= changed else "else" for number, word in enumerate(words)]
        one, two = (sign_text(" ".join(each)) for each in (words, other))
        agree = sum(one[i : i + 4] == two[i : i + 4] for i in range(0, len(one), 4)) / 128
        assert agree == pytest.approx(likeness(" ".join(words), " ".join(other)), abs=0.1)


def test_a_mixture_drops_them_by_priority_and_says_so(tmp_path):
    corpus = Corpus(tmp_path / "tables")
    for number in range(1, 5):
        corpus.add(number, inputs=3)
    filler = " ".join(WORDS[:600])
    for row in corpus.rows["chains_of_execution"]:
        row["text"] = f"{filler} {row['text']}"
    tables = corpus.write()
    texts = {row["coe_id"]: row["text"] for row in corpus.rows["chains_of_execution"]}
    write_signatures(tables / "sample_features/feature=signatures/source=alpha/00000.parquet", texts)
    sql = """SELECT c.program_id, c.variant_id, c.input_id, c.trace_id, c.question_id, c.coe_id, q.kind, q.question,
    c.text AS rationale, q.answer FROM chains_of_execution AS c JOIN tracing_questions AS q USING (question_id)"""
    told = render(read_mixture(mixture_file(tmp_path, sql)), tables)
    groups = {(row["program_id"], row["kind"]) for row in told.summary.iter_rows(named=True)}
    assert len(told.summary) == len(groups) == 8
    assert told.dropped == {"near_duplicate": 4 * 2 * 3 * 2 - 8}
    again = render(read_mixture(mixture_file(tmp_path, sql)), tables)
    assert again.summary.equals(told.summary)
    # The answers alone of the same rows: what they name is as near.
    short = sql.replace("c.text AS rationale", "NULL AS rationale")
    answers = render(read_mixture(mixture_file(tmp_path, short, name="short")), tables)
    assert answers.summary["program_id"].sort().equals(told.summary["program_id"].sort())
    assert not re.search(r"word\d+", str(answers.splits["train"].to_pylist()))
