"""`tracepile mixtures`: a file to begin with, what a build would make of it, and what is said of a faulty one."""

import json
import re
from collections import Counter
from itertools import chain

import polars as pl
import pytest

from tracepile_assets.building import build_mixture, mixture_counts
from tracepile_assets.home import SourceEntry, open_home
from tracepile_assets.mixtures import find_mixtures, listed_shards, read_mixture
from tracepile_assets.mixtures.definition import CAPS, OPTIONAL, REQUIRED
from tracepile_assets_tests.mixtures.corpus import ALL_ANSWERS, Corpus, mixture_file


@pytest.fixture
def home(tmp_path):
    """A home with the tables of twelve programs of two sources; the licence of the last is not allowed."""
    made = open_home(tmp_path / "home")
    for entry in made.registry().entries():
        made.registry().remove(entry.name)
    corpus = Corpus(made.tables)
    for source, numbers in (("alpha", range(8)), ("beta", range(8, 12))):
        made.registry().add(SourceEntry(source, "functions", str(tmp_path / f"{source}.jsonl")))
        for number in numbers:
            corpus.add(number, source=source, license="GPL-3.0-only" if number == 11 else None)
    corpus.write()
    return made


def files(home):
    return {path: (path.stat().st_mtime_ns, path.read_bytes()) for path in home.root.rglob("*") if path.is_file()}


def one_line(result):
    return " ".join(result.output.split())


def test_a_new_mixture_is_previewed_as_it_is_then_built(tracepile, home):
    made = tracepile("mixtures", "new", "mine")
    assert made.exit_code == 0, made.output
    assert str(home.mixture_folder / "mine.sql") in made.output
    before = files(home)
    shown = tracepile("mixtures", "preview", "mine", "--rows", "2")
    assert shown.exit_code == 0, shown.output
    assert files(home) == before

    build_mixture(home, "mine")
    shards = listed_shards(home.tables / "training_mixtures" / "mine")
    samples = pl.concat([pl.read_parquet(path) for path in chain.from_iterable(shards.values())])
    dropped = mixture_counts(home)["mine"].dropped
    tokens = samples["n_tokens"].sum()
    assert dropped == {"license_not_allowed": 8}
    assert f"{len(samples)} samples of {len(samples) + 8} candidates, {tokens:,} tokens (byte_estimate)" in shown.output
    assert "8 license_not_allowed" in one_line(shown)
    source_of = dict(pl.read_parquet(f"{home.tables}/raw_programs/*/*.parquet")["program_id", "source"].iter_rows())
    counts = Counter((source_of[row["ancestors"][0]["program_id"]], row["grader"]) for row in samples.to_dicts())
    assert len(counts) == 4
    for (source, kind), number in counts.items():
        assert f"{source} {kind} {number} " in one_line(shown)
    for sample in samples.to_dicts()[:2]:
        assert sample["sample_id"] in shown.output
        assert " ".join(sample["messages"][1]["content"].split()) in one_line(shown)
    assert samples["sample_id"][2] not in shown.output


def listed(tracepile):
    shown = tracepile("mixtures", "list")
    assert shown.exit_code == 0, shown.output
    return {line.split("\t")[0]: line.split("\t")[1:] for line in shown.output.splitlines()}


def test_all_mixtures_are_listed_with_what_there_is_of_each(tracepile, home):
    path = mixture_file(home.mixture_folder, ALL_ANSWERS)
    shipped = {mixture.name: mixture for mixture in find_mixtures()}
    before = listed(tracepile)
    assert before.keys() == {"mine", *shipped}
    for name, (whose, *said) in before.items():
        mixture = shipped.get(name) or read_mixture(path)
        assert whose == ("shipped" if name in shipped else "yours")
        assert said == [mixture.stage, mixture.format, "not built yet", "", mixture.description, mixture.file]
    assert before["mine"][-1] == str(path)

    build_mixture(home, "mine")
    built = listed(tracepile)
    shards = chain.from_iterable(listed_shards(home.tables / "training_mixtures" / "mine").values())
    assert built["mine"][3:5] == ["built", str(sum(len(pl.read_parquet(shard)) for shard in shards))]
    assert all(built[name] == before[name] for name in shipped)
    path.write_text(path.read_text().replace("seed = 5", "seed = 6"))
    assert listed(tracepile)["mine"][3:5] == ["stale", built["mine"][4]]
    path.write_text("SELECT 1")
    told = tracepile("mixtures", "list")
    assert told.exit_code == 1
    assert "mine.sql:1" in told.output


def test_shipped_mixtures_have_previews_of_each_format(tracepile, home):
    for name, part in (("rl_prompts", "grader"), ("preference_pairs", "rejected"), ("continue_pretraining", "text")):
        shown = tracepile("mixtures", "preview", name)
        assert shown.exit_code == 0, shown.output
        assert f"\n{part}\n" in shown.output


def test_a_new_mixture_shows_every_key_and_each_can_be_used(tracepile, home):
    tracepile("mixtures", "new", "mine")
    path = home.mixture_folder / "mine.sql"
    text = path.read_text()
    shown = re.findall(r"^-- (# )?(\w+) = (.+)$", text, re.MULTILINE)
    assert {key for _, key, _ in shown} == {*REQUIRED, *OPTIONAL, *CAPS} - {"caps"}
    assert "-- [caps]" in text.splitlines()
    used = re.sub(r"^-- # (\w+ = )", r"-- \1", text, flags=re.MULTILINE)
    path.write_text(used)
    mixture = read_mixture(path)
    assert set(mixture.lines) == {*REQUIRED, *OPTIONAL}
    assert all(getattr(mixture.caps, key) is not None for key in CAPS)
    # Each has a line of its own, above which it is explained, or the table that it is in.
    lines = used.splitlines()
    for key in (*REQUIRED, *OPTIONAL):
        at = mixture.lines[key] - 1
        assert lines[at - 1].startswith("-- # ") or key == "description", key


def test_nothing_is_written_over(tracepile, home):
    assert tracepile("mixtures", "new", "mine").exit_code == 0
    path = home.mixture_folder / "mine.sql"
    path.write_text("my own")
    again = tracepile("mixtures", "new", "mine")
    assert again.exit_code == 1
    assert f"{path}: is there already; edit it, or choose another name" in one_line(again)
    assert path.read_text() == "my own"
    assert list(home.mixture_folder.iterdir()) == [path]


@pytest.mark.parametrize(
    "name", ["", "Mine", "1st", "my-mixture", "../mine", "mine.sql", "a b", "é", "m" * 61, "/tmp/x"]
)
def test_a_bad_name_is_refused(tracepile, home, name):
    before = files(home)
    refused = tracepile("mixtures", "new", name)
    assert refused.exit_code == 1
    assert "is no name for a mixture; use small letters, digits and `_`" in one_line(refused)
    assert files(home) == before


def test_the_name_of_a_shipped_mixture_is_refused(tracepile, home):
    refused = tracepile("mixtures", "new", "instruction_tuning")
    assert refused.exit_code == 1
    assert "instruction_tuning is the name of a shipped mixture; choose another name" in one_line(refused)
    assert not list(home.mixture_folder.glob("*.sql"))


FAULTS = {
    "a typo in the front matter": (ALL_ANSWERS, {"sead": "1"}, 6, "unknown key `sead`; the keys are name, description"),
    "no TOML": (ALL_ANSWERS, {"seed": "one"}, 5, "the front matter is not TOML"),
    "no SQL": ("SELEC 1", {}, 7, "syntax error at or near"),
    "a fault further down": (ALL_ANSWERS.replace("answer\n", "answr\n"), {}, 8, '"answr" not found'),
    "no rows": (ALL_ANSWERS + " WHERE kind = 'none'", {}, 7, "the query gives no rows; loosen its conditions"),
    "a column that lacks": (
        ALL_ANSWERS.replace("NULL AS coe_id, ", ""),
        {},
        7,
        "the query gives no column coe_id; a mixture of format messages needs program_id",
    ),
    "rows twice": (
        ALL_ANSWERS + " JOIN (SELECT unnest([1, 2]) AS twice) ON true",
        {},
        7,
        "96 rows come more than once, such as the one of q_",
    ),
    "a cap that is none": (ALL_ANSWERS, {"caps": "{ per_progam = 3 }"}, 6, "unknown key `per_progam`; the keys are"),
    "a tokenizer that is not there": (
        ALL_ANSWERS,
        {"tokenizer": '"words.json"'},
        6,
        "the tokenizer: there is no file {home}/words.json; give a path, absolute or below {home}, or a name",
    ),
    "a tokenizer that cannot be loaded": (
        ALL_ANSWERS,
        {"tokenizer": '"broken.json"'},
        6,
        "the tokenizer {home}/broken.json cannot be loaded",
    ),
    "a benchmark that is not there": (
        ALL_ANSWERS,
        {"benchmarks": '["tests/humaneval.jsonl"]'},
        6,
        "the benchmark tests/humaneval.jsonl: there is no file {home}/tests/humaneval.jsonl; give a path",
    ),
    "a benchmark of another layout": (
        ALL_ANSWERS,
        {"benchmarks": '["odd.jsonl"]'},
        6,
        "benchmark odd.jsonl: {home}/odd.jsonl:2: a row of an unknown layout, with label, sentence; rename the",
    ),
    "a benchmark that is no JSON": (
        ALL_ANSWERS,
        {"benchmarks": '["broken.json"]'},
        6,
        "the benchmark broken.json: {home}/broken.json:1: no line of JSON",
    ),
    "a budget for nothing": (ALL_ANSWERS, {"token_budget": "1"}, 1, "dropped (license_not_allowed, token_budget)"),
}


@pytest.mark.parametrize("case", FAULTS)
def test_a_fault_is_told_with_file_line_and_remedy(tracepile, home, case):
    sql, keys, line, says = FAULTS[case]
    path = mixture_file(home.mixture_folder, sql, **keys)
    (home.root / "broken.json").write_text('{"version":\n')
    rows = [{"text": "Add two numbers."}, {"sentence": "Add two numbers.", "label": 1}]
    (home.root / "odd.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    before = files(home)
    told = tracepile("mixtures", "preview", "mine")
    assert told.exit_code == 1
    assert isinstance(told.exception, SystemExit)
    assert f"error: {path}:{line}: " in one_line(told)
    assert says.replace("{home}", str(home.root)) in one_line(told)
    assert "; " in one_line(told).split(f":{line}: ")[1]
    assert files(home) == before
    # It is nobody else's fault.
    assert tracepile("mixtures", "preview", "instruction_tuning", "--rows", "0").exit_code == 0


def test_a_budget_that_is_larger_than_the_corpus_is_told_and_no_error(tracepile, home):
    mixture_file(home.mixture_folder, ALL_ANSWERS, token_budget="1_000_000")
    told = tracepile("mixtures", "preview", "mine")
    assert told.exit_code == 0
    said = one_line(told)
    tokens = re.search(r"candidates, ([\d,]+) tokens", said)[1]
    assert f"The token budget of 1,000,000 was not reached: all there is are {tokens} tokens" in said


def test_a_mixture_that_is_not_there_is_told_with_those_that_are(tracepile, home):
    tracepile("mixtures", "new", "mine")
    told = tracepile("mixtures", "preview", "yours")
    assert told.exit_code == 1
    assert f"{home.mixture_folder}: there is no mixture yours; there are answer_only, coe, " in one_line(told)
    assert "instruction_tuning, mine, preference_pairs" in one_line(told)


def test_without_tables_the_remedy_is_to_build_them(tracepile, tmp_path):
    nowhere = tracepile("mixtures", "preview", "instruction_tuning")
    assert nowhere.exit_code == 1
    assert not (tmp_path / "home").exists()
    open_home(tmp_path / "home")
    empty = tracepile("mixtures", "preview", "instruction_tuning")
    assert empty.exit_code == 1
    assert "build the tables first: tracepile build" in one_line(empty)
