"""`tracepile release`, `diff`, `releases` and `gc` on a home that is built from a file of programs."""

import hashlib
import json
import os
import signal
import subprocess
import sys
from collections import Counter
from pathlib import Path

import polars as pl

from tracepile_assets import building
from tracepile_assets.building import build_features, build_mixture
from tracepile_assets.building.feature_units import features, place_of
from tracepile_assets.home import SourceEntry, Stripe
from tracepile_assets_tests.building.conftest import PROGRAMS, build_all, word_tokenizer, write_source
from tracepile_assets_tests.cli.built_home import NAME, samples
from tracepile_assets_tests.mixtures.corpus import ALL_ANSWERS, mixture_file

OF_ALL = ("feature=signatures", "feature=tokens-byte_estimate")
"""The features that the shipped mixtures read."""

LATE = {"late": ("def late(n):\n    while n > 3:\n        n -= 2\n    return n\n", ["9", "4"])}


def rebuild_with(home, tmp_path, programs):
    """Build again with these programs in a file beside the one that the home was built from."""
    write_source(tmp_path / "mine.jsonl", programs)
    entry = home.registry().get("mine")
    home.registry().replace(SourceEntry(**{**vars_of(entry), "path": str(tmp_path / "mine.jsonl")}))
    build_all(home)
    return build_mixture(home, NAME)


def vars_of(entry):
    return {name: getattr(entry, name) for name in entry.__dataclass_fields__}


def question_kinds(home):
    table = pl.read_parquet(home.tables / "tracing_questions" / "source=mine" / "00000.parquet")
    return dict(table["question_id", "kind"].iter_rows())


def one_line(result):
    return " ".join(result.output.split())


def shard_bytes(home):
    folder = home.tables / "training_mixtures" / NAME
    return {path.name: path.read_bytes() for path in folder.iterdir() if path.name != "manifest.json"}


def test_a_build_is_pinned_once_with_checksums_and_what_it_was_made_from(tracepile, built_home):
    home = built_home
    done = tracepile("release", NAME, "--note", "the first")
    assert done.exit_code == 0, done.output
    folder = home.root / "releases" / NAME / "r1"
    said = json.loads((folder / "release.json").read_text())
    built = samples(home)
    assert sum(said["splits"].values()) == len(built)
    assert said["tokens"] == built["n_tokens"].sum()
    files = {path.name for path in folder.iterdir()} - {"release.json"}
    assert {file["name"] for file in said["files"]} == files
    for file in said["files"]:
        raw = (folder / file["name"]).read_bytes()
        assert (file["bytes"], file["sha256"]) == (len(raw), hashlib.sha256(raw).hexdigest())
    rows = pl.read_parquet(folder / "sample_rows.parquet")
    programs = {row["sample_id"]: row["ancestors"][0]["program_id"] for row in built.to_dicts()}
    assert dict(rows["sample_id", "program_id"].iter_rows()) == programs
    assert set(rows["source"]) == {"mine"}
    assert said["made_from"]["sql"].startswith("-- name")
    [stripe] = said["made_from"]["tables"]["chains_of_execution"]
    assert stripe[0] == "mine/00000"
    # Pinned again it is the same release, unless it is to have another name.
    assert "is release r1 already" in one_line(tracepile("release", NAME))
    assert tracepile("release", NAME, "--name", "v1").exit_code == 0
    listed = [line.split("\t") for line in tracepile("releases", "list").stdout.splitlines()]
    assert [row[:2] + row[7:] for row in listed] == [[NAME, "r1", "the first"], [NAME, "v1", ""]]


def test_what_cannot_be_pinned_is_told(tracepile, built_home):
    home = built_home
    assert "mixture coe is not built yet; build it" in one_line(tracepile("release", "coe"))
    assert "there is no mixture nothing" in one_line(tracepile("release", "nothing"))
    for name in ("../out", "now", "", "a b"):
        assert "is no name for a release" in one_line(tracepile("release", NAME, "--name", name))
    assert tracepile("release", NAME, "--name", "v1").exit_code == 0
    (home.tables / "training_mixtures" / NAME / "manifest.json").unlink()
    assert "build it: tracepile build" in one_line(tracepile("release", NAME, "--name", "v2"))
    assert [path.name for path in (home.releases / NAME).iterdir()] == ["v1"]


def test_a_damaged_shard_is_not_pinned(tracepile, built_home):
    home = built_home
    shard = next(path for path in (home.tables / "training_mixtures" / NAME).glob("train-*"))
    raw = bytearray(shard.read_bytes())
    raw[len(raw) // 2] ^= 1
    shard.write_bytes(raw)
    refused = tracepile("release", NAME)
    assert refused.exit_code == 1
    assert f"{shard.name} is not what was built" in one_line(refused)
    assert not list((home.releases / NAME).iterdir())


def test_builds_are_compared_by_source_and_kind(tracepile, built_home, tmp_path):
    home = built_home
    before = samples(home)
    kinds = question_kinds(home)
    tracepile("release", NAME)
    nothing = one_line(tracepile("diff", NAME))
    assert f"r1 → now: 0 added, 0 removed, 0 changed {len(before)} the same" in nothing
    programs = {name: PROGRAMS[name] for name in PROGRAMS if name != "power"} | LATE
    rebuild_with(home, tmp_path, programs)
    after = samples(home)
    old, new = set(before["sample_id"]), set(after["sample_id"])
    assert old - new and new - old and old & new
    said = json.loads(tracepile("diff", NAME, "--json").stdout)
    found = {
        change: {row["sample_id"] for row in said["samples"] if row["change"] == change}
        for change in ("added", "removed", "changed")
    }
    assert found == {"added": new - old, "removed": old - new, "changed": set()}
    assert said["unchanged"] == len(old & new)
    assert said["tokens"] == [before["n_tokens"].sum(), after["n_tokens"].sum()]
    assert "chains_of_execution: mine/00000" in said["made_from"]
    kinds |= question_kinds(home)
    asked = {row["sample_id"]: row["ancestors"][0]["question_id"] for row in pl.concat([before, after]).to_dicts()}
    counted = {row["kind"]: row["added"] + row["removed"] for row in said["counts"]}
    assert counted == Counter(kinds[asked[sample]] for sample in old ^ new)
    shown = one_line(tracepile("diff", NAME, "now", "r1"))
    assert f"now → r1: {len(old - new)} added, {len(new - old)} removed, 0 changed" in shown
    unknown = tracepile("diff", NAME, "r7")
    assert unknown.exit_code == 1
    assert "there is no release 'r7' of instruction_tuning (there are: r1)" in one_line(unknown)
    assert "has no releases to compare with" in one_line(tracepile("diff", "rl_prompts"))


def test_another_text_of_the_same_rows_is_a_change(tracepile, built_home):
    home = built_home
    sql = home.mixture_folder / "mine.sql"
    tracepile("mixtures", "new", "mine")
    build_mixture(home, "mine")
    tracepile("release", "mine")
    front, _, query = sql.read_text().partition("\n\n")
    sql.write_text(
        f"{front}\n\nSELECT * REPLACE ('Well: ' || question AS question) FROM (\n{query.rstrip().rstrip(';')}\n)\n"
    )
    build_mixture(home, "mine")
    said = json.loads(tracepile("diff", "mine", "--json").stdout)
    assert {row["change"] for row in said["samples"]} == {"changed"}
    assert len(said["samples"]) == len(samples(home, "mine"))
    assert said["made_from"] == ["sql"]


def test_a_release_is_rolled_back_to_held_and_let_go(tracepile, built_home, tmp_path):
    home = built_home
    pinned = shard_bytes(home)
    lines = (home.exports / NAME / "train.jsonl").read_bytes()
    tracepile("release", NAME)
    rebuild_with(home, tmp_path, PROGRAMS | LATE)
    newer = shard_bytes(home)
    assert newer != pinned
    done = tracepile("releases", "rollback", NAME, "r1")
    assert done.exit_code == 0, done.output
    assert shard_bytes(home) == pinned
    assert (home.exports / NAME / "train.jsonl").read_bytes() == lines
    # A build leaves it there, though its tables are others.
    assert build_mixture(home, NAME).current
    rebuild_with(home, tmp_path, PROGRAMS)
    assert shard_bytes(home) == pinned
    assert "held" in tracepile("releases", "list").stdout
    assert "0 added, 0 removed, 0 changed" in one_line(tracepile("diff", NAME))
    refused = tracepile("releases", "remove", NAME, "r1")
    assert refused.exit_code == 1
    assert "is held at release r1; let go of it first: `tracepile releases follow" in one_line(refused)
    rebuild_with(home, tmp_path, PROGRAMS | LATE)
    assert tracepile("releases", "follow", NAME).exit_code == 0
    assert not build_mixture(home, NAME).current
    assert shard_bytes(home) == newer


def test_a_release_is_made_anew_and_mended(tracepile, built_home, tmp_path):
    home = built_home
    tracepile("release", NAME)
    folder = home.releases / NAME / "r1"
    shard = next(folder.glob("train-*"))
    raw = shard.read_bytes()
    shard.unlink()
    refused = tracepile("releases", "rollback", NAME, "r1")
    assert refused.exit_code == 1
    assert f"{shard.name} not as pinned; make them anew: `tracepile releases rebuild" in one_line(refused)
    assert build_mixture(home, NAME).current, "nothing is held"
    done = tracepile("releases", "rebuild", NAME, "r1")
    assert done.exit_code == 0, done.output
    assert "the same again, byte for byte" in done.output
    assert f"put back: {shard.name}" in done.output
    assert shard.read_bytes() == raw
    assert tracepile("releases", "rollback", NAME, "r1").exit_code == 0
    tracepile("releases", "follow", NAME)
    rebuild_with(home, tmp_path, PROGRAMS | LATE)
    other = tracepile("releases", "rebuild", NAME, "r1")
    assert other.exit_code == 1
    assert "comes out otherwise than it was pinned" in one_line(other)
    assert "chains_of_execution holds other rows now (mine/00000)" in one_line(other)
    assert not list((home.root / "staging").glob("releases--*"))


def test_what_comes_out_otherwise_is_not_put_back_in_the_place_of_what_was_pinned(tracepile, built_home):
    home = built_home
    tracepile("release", NAME)
    folder = home.releases / NAME / "r1"
    plot = next(folder.glob("plot-*.png"))
    drawn = plot.read_bytes()
    # Made anew, the card would be another than this.
    said = json.loads((folder / "release.json").read_text())
    for file in said["files"]:
        if file["name"] == "README.md":
            file["sha256"] = "0" * 64
    (folder / "release.json").write_text(json.dumps(said))
    for path in (plot, folder / "rejected.parquet"):
        path.unlink()
    done = tracepile("releases", "rebuild", NAME, "r1")
    assert done.exit_code == 1
    assert plot.read_bytes() == drawn and f"put back: {plot.name}" in done.output
    for name in ("README.md", "rejected.parquet"):
        assert f"put back: {name}" not in done.output
        assert f"{NAME} r1: {name} is not as pinned, and cannot be put back" in one_line(done)


def test_a_name_is_given_once(tracepile, built_home):
    home = built_home
    tracepile("release", NAME)
    assert tracepile("releases", "remove", NAME, "r1").exit_code == 0
    assert tracepile("releases", "list").stdout == ""
    assert "is not held" in tracepile("releases", "follow", NAME).output
    assert tracepile("release", NAME).exit_code == 0
    assert not (home.releases / NAME / "r1").exists()
    assert (home.releases / NAME / "r2" / "release.json").exists()
    assert "the name r1 was given already" in one_line(tracepile("release", NAME, "--name", "r1"))


def everything(home):
    return {path: path.read_bytes() for path in home.root.rglob("*") if path.is_file() and path.suffix != ".lock"}


def test_nothing_is_garbage_in_a_home_that_is_current(tracepile, built_home):
    home = built_home
    before = everything(home)
    assert "nothing to remove" in tracepile("gc").output
    assert "removed 0 things" in tracepile("gc", "--delete").output
    assert everything(home) == before


def test_garbage_is_named_with_its_size_then_removed(tracepile, built_home):
    home = built_home
    kept = everything(home)
    mixture = home.tables / "training_mixtures" / NAME
    garbage = {
        mixture / "train-00000-of-00001-00000000.parquet": "does not list",
        mixture / ".train-00000-of-00001.part": "does not list",
        home.root / "staging" / "code_variants--mine--00000" / "table.parquet": "not finished",
        home.root / "staging" / "sources" / "mine.part": "not finished",
        home.releases / NAME / ".r1.part" / "README.md": "not finished",
        home.exports / NAME / ".train.jsonl.part": "not finished",
        home.exports / "old" / "train.jsonl": "no SQL file",
        home.tables / "training_mixtures" / "old" / "README.md": "no SQL file",
        home.tables / "rejected" / "table=training_mixtures" / "source=old" / "00000.parquet": "no SQL file",
        home.tables / "raw_programs" / "source=mine" / "00001.parquet": "does not have any more",
        home.tables / "raw_programs" / "source=gone" / "00000.parquet": "not in the registry",
        home.tables / "units" / "table=raw_programs" / "source=gone" / "00000.parquet": "not in the registry",
        home.root / "stripes" / "gone" / "map.json": "not in the registry",
        home.root / "staging" / "sources" / "gone.sqlite": "not in the registry",
    }
    for path in garbage:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"x" * 1_000)
    shown = tracepile("gc")
    assert all(path.exists() for path in garbage)
    lines = shown.output.splitlines()
    for path, why in garbage.items():
        [line] = [line for line in lines if any(f" {p} " in line for p in (path, path.parent))]
        assert why in line and "1.0 kB" in line
    assert f"{len(garbage)} things, {len(garbage)}.0 kB; remove with tracepile gc --delete" in one_line(shown)
    removed = tracepile("gc", "--delete")
    assert f"removed {len(garbage)} things, {len(garbage)}.0 kB freed" in one_line(removed)
    assert everything(home) == kept
    assert not (home.root / "stripes" / "gone").exists()
    assert not (home.tables / "raw_programs" / "source=gone").exists()


def test_features_that_nothing_names_any_more_are_garbage(tracepile, built_home):
    home = built_home
    before = everything(home)
    word_tokenizer(home.root / "words.json")
    sql = mixture_file(home.mixture_folder, ALL_ANSWERS, tokenizer='"words.json"')
    (place,) = {place_of(each) for each in features(home)} - {f"sample_features/{name}" for name in OF_ALL}
    assert build_features(home, Stripe("mine", "00000")).added
    build_mixture(home, "mine")
    tracepile("release", "mine")
    assert "nothing to remove" in tracepile("gc").output
    # A release names them still.
    sql.unlink()
    tracepile("gc", "--delete")
    measured = home.stripe_file(place, Stripe("mine", "00000"))
    assert measured.exists() and not (home.tables / "training_mixtures" / "mine").exists()
    tracepile("releases", "remove", "mine", "r1")
    # What a faulty file names cannot be known.
    faulty = mixture_file(home.mixture_folder, ALL_ANSWERS, name="faulty", sead="1")
    assert "nothing to remove" in tracepile("gc").output
    faulty.unlink()
    assert f"{measured} is of a tokenizer or benchmark" in one_line(tracepile("gc"))
    assert tracepile("gc", "--delete").exit_code == 0
    left = everything(home).keys() - before.keys()
    assert left == {home.root / "words.json", home.releases / "mine" / "r1.removed"}
    assert not (home.tables / place).exists()
    assert build_features(home, Stripe("mine", "00000")).current


KILLED = """
import os, signal, sys
from tracepile_assets import building, mixtures
from tracepile_assets.home import open_home

mixtures.making.choose = lambda *given: os.kill(os.getpid(), signal.SIGKILL)
building.build_mixture(open_home(sys.argv[1]), sys.argv[2])
"""
"""A build that is killed when it has read its candidates."""


def test_what_a_killed_build_of_a_mixture_left_is_garbage(tracepile, built_home, tmp_path):
    home = built_home
    before = everything(home)
    mixture_file(home.mixture_folder, ALL_ANSWERS)
    ended = subprocess.run(
        [sys.executable, "-c", KILLED, home.root, "mine"],
        cwd=Path(building.__file__).parents[2],
        env={**os.environ, "TMPDIR": str(tmp_path)},
        capture_output=True,
        check=False,
    )
    assert ended.returncode == -signal.SIGKILL, ended.stderr
    folder = home.root / "staging" / "making--mine"
    assert list(folder.glob("*/selected.parquet"))
    assert not list(tmp_path.glob("tracepile-*"))
    with home.lock("training_mixtures/mine"):
        assert "nothing to remove" in tracepile("gc").output
    assert f"{folder} was left by a build that was not finished" in one_line(tracepile("gc"))
    assert "removed 1 thing," in tracepile("gc", "--delete").output
    (home.mixture_folder / "mine.sql").unlink()
    assert everything(home) == before


def test_what_is_being_built_is_left_alone(tracepile, built_home):
    home = built_home
    staged = home.root / "staging" / "code_variants--mine--00000" / "table.parquet"
    shard = home.tables / "training_mixtures" / NAME / "train-00000-of-00001-00000000.parquet"
    for path in (staged, shard):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"x")
    with home.lock("code_variants/mine/00000"), home.lock(f"training_mixtures/{NAME}"):
        assert "nothing to remove" in tracepile("gc").output
        assert "removed 0 things" in tracepile("gc", "--delete").output
    assert staged.exists() and shard.exists()
    assert "removed 2 things" in tracepile("gc", "--delete").output


def test_what_a_release_was_made_from_is_kept_while_it_can_be_made_from_it(tracepile, built_home):
    home = built_home
    tracepile("release", NAME)
    tracepile("sources", "remove", "mine")
    before = everything(home)
    tracepile("gc", "--delete")
    after = everything(home)
    assert {path for path in before if path not in after} == {home.root / "staging" / "sources" / "mine.sqlite"}
    assert "byte for byte" in tracepile("releases", "rebuild", NAME, "r1").output
    tracepile("releases", "remove", NAME, "r1")
    assert "is of source mine, which is not in the registry" in tracepile("gc").output
    tracepile("gc", "--delete")
    assert not list(home.tables.glob("*/source=mine"))
