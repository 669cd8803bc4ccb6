"""Features of samples: measured once for each tokenizer, carried over, and read by mixtures."""

import pytest
from tokenizers.pre_tokenizers import Whitespace

from tracepile_assets.building import build_features, build_mixture, build_stripe, make_plan, read_funnel
from tracepile_assets.building.feature_units import features, place_of
from tracepile_assets.home import Stripe
from tracepile_assets.mixtures import MixtureError, listed_shards
from tracepile_assets.tables.files import read_footer, read_table
from tracepile_assets.tables.ids import part_digest

from ..mixtures.corpus import ALL_ANSWERS, mixture_file
from .conftest import PROGRAMS, build_all, word_tokenizer, write_source

STRIPE = Stripe("mine", "00000")
WORDS = Whitespace()


def rows(home, table):
    return read_table(home.stripe_file(table, STRIPE), table.split("/")[0]).to_pylist()


def words(text):
    return len(WORDS.pre_tokenize_str(text))


def test_every_question_and_rationale_is_measured_part_by_part(home):
    build_all(home)
    assert [feature.name for feature in features(home)] == ["signatures", "tokens-byte_estimate"]
    questions = {row["question_id"]: row for row in rows(home, "tracing_questions")}
    tellings = {row["coe_id"]: row for row in rows(home, "chains_of_execution")}
    counted = {row["row_id"]: row for row in rows(home, "sample_features/feature=tokens-byte_estimate")}
    assert counted.keys() == questions.keys() | tellings.keys()
    codes = {row["variant_id"]: row["code"] for row in rows(home, "code_variants")}
    for row_id, row in counted.items():
        if row["coe_id"] is None:
            asked = questions[row_id]
            assert row["question_tokens"] == -(-len(asked["question"].encode()) // 4)
            assert row["answer_tokens"] == -(-len(asked["answer"].encode()) // 4)
            assert row["answer_digest"] == part_digest(asked["answer"])
            assert row["rationale_tokens"] is row["context_tokens"] is None
        else:
            told = tellings[row_id]
            assert row["rationale_tokens"] == -(-len(told["text"].encode()) // 4)
            assert (row["context_tokens"] is None) == (told["question_id"] is not None)
            # The program, its call and a few words about them.
            least = len(codes[told["variant_id"]].encode()) / 4
            assert row["context_tokens"] is None or least < row["context_tokens"] < least + 60
            assert row["question_tokens"] is row["answer_tokens"] is None
        assert row["signature"] is row["hits"] is None
    signed = {row["row_id"]: row["signature"] for row in rows(home, "sample_features/feature=signatures")}
    assert signed.keys() == counted.keys()
    assert all((signature is None) == (row_id in questions) for row_id, signature in signed.items())
    by_text = {}
    for row_id, told in tellings.items():
        by_text.setdefault(told["text"], set()).add(signed[row_id])
    assert all(len(signatures) == 1 for signatures in by_text.values())
    assert len({next(iter(signatures)) for signatures in by_text.values()}) > 10
    stage = next(stage for stage in read_funnel(home) if stage.name == "rows of features")
    assert stage.breakdown == {"signatures": len(counted), "tokens-byte_estimate": len(counted)}


def test_another_tokenizer_is_another_feature_and_touches_no_other(home):
    build_all(home)
    before = {place_of(each): home.stripe_file(place_of(each), STRIPE).read_bytes() for each in features(home)}
    word_tokenizer(home.root / "words.json")
    mixture_file(home.mixture_folder, ALL_ANSWERS, tokenizer='"words.json"')
    (added,) = {place_of(each) for each in features(home)} - before.keys()
    plan, _ = make_plan(home)
    assert [(step.table, step.reasons) for step in plan.steps] == [(added, ("not built yet",))]
    report = build_features(home, STRIPE)
    assert not report.current
    assert report.rows == 3 * report.added
    assert {finding.check for finding in report.findings} == {"schema", "keys", "parents", "ranges"}
    assert all(finding.passed for finding in report.findings)
    assert {place: home.stripe_file(place, STRIPE).read_bytes() for place in before} == before
    asked = {row["question_id"]: row["question"] for row in rows(home, "tracing_questions")}
    for row in rows(home, added):
        if row["coe_id"] is None:
            assert row["question_tokens"] == words(asked[row["row_id"]])
    assert make_plan(home)[0].steps == ()
    assert build_features(home, STRIPE).current

    build_mixture(home, "mine")
    (shard,) = listed_shards(home.tables / "training_mixtures" / "mine")["train"]
    for sample in read_table(shard, "training_mixtures").to_pylist():
        # A chat template is taken to add four tokens to each of two messages.
        assert sample["n_tokens"] == sum(words(message["content"]) for message in sample["messages"]) + 8
    assert "words.json" in (home.tables / "training_mixtures" / "mine" / "README.md").read_text()

    word_tokenizer(home.root / "words.json", "[OTHER]")
    (other,) = {place_of(each) for each in features(home)} - before.keys()
    assert other != added


def test_a_changed_program_alone_is_measured_again(home, source):
    build_all(home)
    changed = {**PROGRAMS, "power": (PROGRAMS["power"][0].replace("r = 1", "r = 2"), PROGRAMS["power"][1])}
    write_source(source, changed)
    reports = {report.table: report for report in build_all(home)}
    report = reports["sample_features/feature=signatures"]
    assert 0 < report.carried < report.rows
    told = {row["program_id"] for row in rows(home, "chains_of_execution")}
    assert {row["program_id"] for row in rows(home, "sample_features/feature=signatures")} == told
    assert read_footer(home.stripe_file("sample_features/feature=signatures", STRIPE))["rows"] == report.rows


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ("nowhere.json", r"mine\.sql:6: the tokenizer: there is no file .*nowhere\.json; give a path.*byte_estimate"),
        ("faulty.json", r"mine\.sql:6: the tokenizer .*faulty\.json cannot be loaded .*; give a `tokenizer\.json`"),
        ("mixtures", r"mine\.sql:6: the tokenizer: .*mixtures is a folder; name the file in it"),
        ("nobody/nothing", r"mine\.sql:6: the tokenizer: .* the hub does not give nobody/nothing .*; correct the name"),
    ],
)
def test_a_tokenizer_that_cannot_be_loaded_is_told_and_is_in_nobody_elses_way(home, monkeypatch, given, message):
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_OFFLINE", True)
    (home.root / "faulty.json").write_text('{"model": 5}')
    mixture_file(home.mixture_folder, ALL_ANSWERS, tokenizer=f'"{given}"')
    build_all(home)
    with pytest.raises(MixtureError, match=message):
        build_mixture(home, "mine")
    assert build_mixture(home, "rl_prompts").rows > 0
    assert build_stripe(home, "sample_features/feature=signatures", STRIPE).current
