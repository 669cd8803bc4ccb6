"""Samples that overlap with a benchmark are kept out, and it is told with which item and where."""

import gzip
import json

import polars as pl
import pytest

from tracepile_assets.building import build_mixture, make_plan, preview_mixture
from tracepile_assets.building.feature_units import features, place_of
from tracepile_assets.home import Home, Stripe, open_home
from tracepile_assets.mixtures import MixtureError, listed_shards
from tracepile_assets.tables.files import read_table

from ..building.conftest import build_all, small_home
from .corpus import ALL_ANSWERS, mixture_file

STRIPE = Stripe("mine", "00000")
PROBLEM = "Write a function that adds up all numbers of a list which are above two, and takes away each of the others."
SOLUTION = (
    "def total(xs):\n    s = 0\n    for x in xs:\n        if x > 2:\n            s += x\n"
    "        else:\n            s -= x\n    return s\n"
)
PROGRAMS = {
    "plain": ("def plain(n):\n    return n * n - 1\n", ["4", "5"]),
    "tally": (
        "def tally(values):\n    # the sum\n    outcome = 0\n    for value in values:\n        if value > 2:\n"
        "            outcome += value\n        else:\n            outcome -= value\n    return outcome\n",
        ["[1, 2, 3]"],
    ),
    "told": (f'def told(x):\n    """See: {PROBLEM.upper()}"""\n    return x + 1\n', ["1"]),
}


@pytest.fixture
def home(tmp_path, monkeypatch) -> Home:
    monkeypatch.setenv("TRACEPILE_COMPUTE__WORKERS", "1")
    monkeypatch.setenv("TRACEPILE_REWRITING__FRESH_INPUTS", "0")
    monkeypatch.setenv("TRACEPILE_REWRITING__VARIANTS_PER_PROGRAM", "1")
    rows = [
        {"id": name, "code": code, "entry_point": name, "inputs": inputs} for name, (code, inputs) in PROGRAMS.items()
    ]
    (tmp_path / "mine.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    return small_home(tmp_path / "home", tmp_path / "mine.jsonl")


def benchmark(home: Home, name: str = "bench.jsonl.gz") -> str:
    with gzip.open(home.root / name, "wt") as file:
        file.write(json.dumps({"task_id": 7, "text": PROBLEM, "code": SOLUTION}) + "\n")
    return name


def programs(home: Home) -> dict[str, str]:
    rows = read_table(home.stripe_file("raw_programs", STRIPE), "raw_programs").to_pylist()
    return {row["program_id"]: row["source_row"] for row in rows}


def used(home: Home, name: str = "mine") -> set[str]:
    shards = listed_shards(home.tables / "training_mixtures" / name)
    samples = pl.concat([pl.read_parquet(path) for paths in shards.values() for path in paths])
    return {programs(home)[ancestor["program_id"]] for row in samples["ancestors"] for ancestor in row}


def test_what_overlaps_is_in_quarantine_with_the_item_and_the_span(home):
    mixture_file(home.mixture_folder, ALL_ANSWERS, benchmarks=f'["{benchmark(home)}"]')
    mixture_file(home.mixture_folder, ALL_ANSWERS, name="unchecked")
    build_all(home)
    report = build_mixture(home, "mine")
    assert used(home) == {"plain"}
    (checked,) = [finding for finding in report.findings if finding.check == "decontamination"]
    assert checked.passed

    path = home.tables / "quarantine" / "table=training_mixtures" / "source=mine" / "00000.parquet"
    kept_out = read_table(path, "quarantine").to_pylist()
    assert {row["check"] for row in kept_out} == {"contaminated"}
    assert report.rejected["contaminated"] == len(kept_out)
    found = {}
    for row in kept_out:
        said = json.loads(row["row"])
        found.setdefault(programs(home)[said["program_id"]], []).extend(said["overlaps"])
    assert found.keys() == {"tally", "told"}
    assert {(hit["benchmark"], hit["item"]) for hits in found.values() for hit in hits} == {("bench.jsonl.gz", "7")}
    assert "code" in {hit["matched"] for hit in found["tally"]}
    assert {hit["matched"] for hit in found["told"]} == {"text"}
    code = PROGRAMS["told"][0]
    (of_program,) = {(hit["start"], hit["end"]) for hit in found["told"] if hit["part"] == "original"}
    assert code[slice(*of_program)] == PROBLEM.upper().removesuffix(".")
    (of_program,) = {(hit["start"], hit["end"], hit["share"]) for hit in found["tally"] if hit["part"] == "original"}
    assert PROGRAMS["tally"][0][slice(*of_program[:2])] == PROGRAMS["tally"][0].rstrip()
    assert of_program[2] == 1.0
    card = (home.tables / "training_mixtures" / "mine" / "README.md").read_text()
    (digest,) = {each.digest for each in features(home) if each.named == "bench.jsonl.gz"}
    assert f"| `bench.jsonl.gz` | `{digest}` | 1 | {len(kept_out):,} | 1 |" in card
    assert f"| sample_features/feature=hits-bench-{digest} | mine | 1 | `" in card

    report = build_mixture(home, "unchecked")
    assert used(home, "unchecked") == set(PROGRAMS)
    (checked,) = [finding for finding in report.findings if finding.check == "decontamination"]
    assert (checked.passed, checked.severity) == (False, "warn")
    assert "names benchmarks" in checked.description


def test_benchmarks_of_the_settings_hold_for_every_mixture_and_are_measured_once(home):
    named = benchmark(home)
    mixture_file(home.mixture_folder, ALL_ANSWERS, benchmarks=f'["{named}"]')
    build_all(home)
    before = {place_of(each) for each in features(home)}
    home.settings_file.write_text(f'[mixtures]\nbenchmarks = ["{home.root / named}"]\n')
    assert {place_of(each) for each in features(home)} == before
    assert make_plan(home)[0].steps == ()
    build_mixture(home, "rl_prompts")
    assert used(home, "rl_prompts") == {"plain"}
    home.settings_file.write_text('[mixtures]\nbenchmarks = ["gone.jsonl"]\n')
    with pytest.raises(MixtureError, match=r"tracepile\.toml: the benchmark gone\.jsonl: there is no file"):
        build_mixture(home, "coe")


def test_texts_that_are_in_no_table_are_looked_through_when_the_mixture_is_made(home):
    said = f"SELECT * REPLACE (question || chr(10) || '{PROBLEM}' AS question) FROM ({ALL_ANSWERS})"
    own = {"benchmarks": f'["{benchmark(home)}"]'}
    mixture_file(home.mixture_folder, said, name="written", **own)
    mixture_file(home.mixture_folder, ALL_ANSWERS, name="joined", instructions_share="0.5", **own)
    instructions = home.root / "instructions"
    instructions.mkdir()
    replies = {"Hello, how are you?": "Fine.", "Solve a task.": f"```python\n{SOLUTION.replace('xs', 'numbers')}```"}
    rows = [{"prompt": asked, "completion": reply} for asked, reply in replies.items()]
    (instructions / "own.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    build_all(home)
    with pytest.raises(MixtureError, match=r"all rows of the query were dropped \(contaminated\)"):
        build_mixture(home, "written")
    rendered = preview_mixture(home, "joined")
    texts = [row["messages"][0]["content"] for table in rendered.splits.values() for row in table.to_pylist()]
    assert "Hello, how are you?" in texts
    assert "Solve a task." not in texts


@pytest.mark.parametrize(
    ("named", "content", "message"),
    [
        ("gone.jsonl", None, r"mine\.sql:6: the benchmark gone\.jsonl: there is no file .*; give a path"),
        (
            "odd.jsonl",
            '{"title": "x"}\n',
            r"mine\.sql:6: .*odd\.jsonl:1: a row of an unknown layout, with title; rename",
        ),
        ("odd.jsonl", '{"text": "x"}\n5\n', r"mine\.sql:6: .*odd\.jsonl:2: a row of an unknown layout, with int"),
        ("cut.jsonl", '{"text": "x"}\n{"te', r"mine\.sql:6: .*cut\.jsonl:2: no line of JSON"),
        ("none.jsonl", "\n", r"mine\.sql:6: .*none\.jsonl holds no items of a benchmark"),
        ("odd.parquet", "text", r"mine\.sql:6: .*odd\.parquet cannot be read as Parquet"),
        ("odd.jsonl.gz", "text", r"mine\.sql:6: .*odd\.jsonl\.gz cannot be read .*; fetch the file again"),
    ],
)
def test_a_faulty_benchmark_is_told_with_file_line_and_remedy(tmp_path, named, content, message):
    home = open_home(tmp_path / "home")
    if content is not None:
        (home.root / named).write_text(content)
    mixture_file(home.mixture_folder, ALL_ANSWERS, benchmarks=f'["{named}"]')
    with pytest.raises(MixtureError, match=message):
        build_mixture(home, "mine")
    assert not [feature for feature in features(home) if feature.kind == "hits"]
