"""`tracepile export` to folders and to an S3 server: whole or not at all, resumed, checked by its manifest."""

import hashlib
import json
import os
import shutil
import signal
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import polars as pl
import pytest

from tracepile_assets.building import build_mixture
from tracepile_assets.building.exporting import exports
from tracepile_assets.home import open_home
from tracepile_assets.mixtures import listed_plots, listed_shards
from tracepile_assets.tables.shipped import shipped_sql
from tracepile_assets_tests.cli.corpus_home import OF_EACH_FORMAT, corpus_home

NAME = "instruction_tuning"
MANIFEST = "tracepile-export.json"
UNFINISHED = "tracepile-export.unfinished.json"
TRACEPILE = Path(sys.executable).parent / "tracepile"


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    return corpus_home(tmp_path_factory.mktemp("corpus"))


@pytest.fixture
def home(made, tmp_path):
    shutil.copytree(made.root, tmp_path / "home")
    return open_home(tmp_path / "home")


def samples(home, name):
    shards = listed_shards(home.tables / "training_mixtures" / name)
    return {split: pl.concat([pl.read_parquet(path) for path in paths]).to_dicts() for split, paths in shards.items()}


def one_line(result):
    return " ".join(result.output.split())


def files(folder):
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def rows_of(folder, split):
    return [json.loads(line) for path in sorted((folder / split).iterdir()) for line in path.read_text().splitlines()]


def test_the_mixture_as_it_is_with_a_manifest_that_holds(tracepile, home, tmp_path):
    done = tracepile("export", NAME, "out")
    assert done.exit_code == 0, done.output
    found = files(tmp_path / "out")
    manifest = json.loads(found.pop(MANIFEST))
    assert {file["name"] for file in manifest["files"]} == found.keys()
    for file in manifest["files"]:
        raw = found[file["name"]]
        assert (file["bytes"], file["sha256"]) == (len(raw), hashlib.sha256(raw).hexdigest())
    published = home.tables / "training_mixtures" / NAME
    assert found == {name: raw for name, raw in files(published).items() if name != "manifest.json"}
    assert manifest["splits"] == {split: len(rows) for split, rows in samples(home, NAME).items()}
    assert len(manifest["splits"]) == 3
    checked = tracepile("export", NAME, "out", "--verify")
    assert checked.exit_code == 0, checked.output
    assert f"{len(found)} files of {NAME}" in one_line(checked)
    again = tracepile("export", NAME, "out")
    assert f"sent 0, there already {len(found)}" in one_line(again)


@pytest.mark.parametrize("kind", OF_EACH_FORMAT)
@pytest.mark.parametrize("format_", ["jsonl", "trl", "sharegpt", "alpaca"])
def test_every_format_holds_every_sample_in_its_order(tracepile, home, tmp_path, kind, format_):
    name = OF_EACH_FORMAT[kind]
    done = tracepile("export", name, "out", "--format", format_)
    if kind == "prompt_answer" and format_ in ("sharegpt", "alpaca"):
        assert done.exit_code == 1
        assert "cannot hold a mixture of format prompt_answer; choose one of parquet, jsonl, trl" in one_line(done)
        assert not (tmp_path / "out").exists()
        return
    assert done.exit_code == 0, done.output
    for split, expected in samples(home, name).items():
        rows = rows_of(tmp_path / "out", split)
        assert [row["sample_id"] for row in rows] == [row["sample_id"] for row in expected]
        for row, sample in zip(rows, expected, strict=True):
            texts = [
                sample[column] for column in ("text", "prompt", "chosen", "rejected") if sample[column] is not None
            ]
            if kind == "messages":
                texts = [message["content"] for message in sample["messages"]]
            held = json.dumps(row, ensure_ascii=False)
            assert all(json.dumps(text, ensure_ascii=False)[1:-1] in held for text in texts)
    assert tracepile("export", name, "out", "--verify").exit_code == 0


def test_the_card_goes_along_with_its_plots_and_says_how_to_load_what_is_there(tracepile, home, tmp_path):
    plots = listed_plots(home.tables / "training_mixtures" / NAME)
    assert len(plots) == 3
    tracepile("export", NAME, "out", "--format", "trl")
    assert listed_plots(tmp_path / "out") == {alt: tmp_path / "out" / path.name for alt, path in plots.items()}
    held = files(tmp_path / "out")
    assert all(held[path.name] == path.read_bytes() for path in plots.values())
    loading = held["README.md"].decode().split("\n## How to load it\n")[1].split("\n## ")[0]
    assert ".parquet" not in loading
    assert "TRL: `SFTTrainer` reads `messages`" in loading
    # Those of the build before go when another one is exported there.
    sql = (Path(str(shipped_sql("mixtures"))) / f"{NAME}.sql").read_text().replace(NAME, "mine", 1)
    home.mixture_folder.mkdir()
    (home.mixture_folder / "mine.sql").write_text(sql)
    build_mixture(home, "mine")
    tracepile("export", "mine", "other")
    (home.mixture_folder / "mine.sql").write_text(sql.replace("= 400", "= 2"))
    build_mixture(home, "mine")
    tracepile("export", "mine", "other")
    found = {path.name for path in (tmp_path / "other").glob("*.png")}
    assert found == {path.name for path in listed_plots(tmp_path / "other").values()}
    assert tracepile("export", "mine", "other", "--verify").exit_code == 0


def test_what_is_wrong_in_a_place_is_found_and_mended(tracepile, home, tmp_path):
    tracepile("export", NAME, "out", "--format", "trl")
    whole = files(tmp_path / "out")
    cut, other, gone = sorted(name for name in whole if name.endswith(".jsonl"))
    (tmp_path / "out" / cut).write_bytes(whole[cut][:-1])
    (tmp_path / "out" / other).write_bytes(whole[other].replace(b"total", b"TOTAL", 1))
    (tmp_path / "out" / gone).unlink()
    found = tracepile("export", NAME, "out", "--verify")
    assert found.exit_code == 1
    said = one_line(found)
    assert f"{cut} has {len(whole[cut]) - 1:,} bytes instead of {len(whole[cut]):,}" in said
    assert f"{other} has other bytes than were written" in said
    assert f"{gone} is missing" in said
    again = tracepile("export", NAME, "out", "--format", "trl")
    assert f"sent 3, there already {len(whole) - 4}" in one_line(again), "all but these and the manifest"
    assert files(tmp_path / "out") == whole


def test_another_build_takes_the_place_of_the_last_and_leaves_nothing_of_it(tracepile, home, tmp_path):
    tracepile("export", NAME, "out", "--format", "sharegpt")
    tracepile("release", NAME)
    (home.root / "tracepile.toml").write_text('[mixtures]\nlicenses = ["MIT"]\n')
    build_mixture(home, NAME)
    assert tracepile("export", NAME, "out", "--format", "alpaca").exit_code == 0
    fresh = tracepile("export", NAME, "fresh", "--format", "alpaca")
    assert fresh.exit_code == 0
    assert files(tmp_path / "out") == files(tmp_path / "fresh")
    # A release is exported as it was pinned.
    tracepile("export", NAME, "old", "--release", "r1")
    manifest = json.loads((tmp_path / "old" / MANIFEST).read_text())
    assert manifest["release"] == "r1"
    assert {row["name"] for row in manifest["files"]} - {
        path.name for path in (home.releases / NAME / "r1").iterdir()
    } == set()


def test_nothing_of_anybody_elses_is_touched(tracepile, home, tmp_path):
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "README.md").write_text("my notes")
    refused = tracepile("export", NAME, "mine")
    assert refused.exit_code == 1
    assert "mine: is not empty, and holds no export; name an empty or a new folder" in one_line(refused)
    assert files(tmp_path / "mine") == {"README.md": b"my notes"}
    tracepile("export", NAME, "out")
    before = files(tmp_path / "out")
    refused = tracepile("export", "rl_prompts", "out")
    assert f"out: holds an export of {NAME}; name another folder" in one_line(refused)
    assert files(tmp_path / "out") == before
    # What a takedown has to find is what is there.
    assert [(Path(each.destination).name, each.mixture) for each in exports(home)] == [("out", NAME)]
    assert "not of rl_prompts" in one_line(tracepile("export", "rl_prompts", "out", "--verify"))
    (tmp_path / "file").write_text("")
    assert "file: is a file; name a folder" in one_line(tracepile("export", NAME, "file"))
    # What lies beside the files of an export stays.
    (tmp_path / "out" / "train.py").write_text("my script")
    assert tracepile("export", NAME, "out", "--format", "trl").exit_code == 0
    assert (tmp_path / "out" / "train.py").read_text() == "my script"


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["nothing", "out"], "there is no mixture nothing; there are"),
        (["coe", "out"], "mixture coe is not built; build it: tracepile build"),
        ([NAME, "out", "--format", "csv"], "csv: is no format of an export; the formats are parquet, jsonl, trl"),
        ([NAME, "out", "--format", "packed"], "holds mixtures of format text, and this one is messages"),
        (
            ["continue_pretraining", "out", "--format", "packed"],
            "needs a context length and a tokenizer; give --context",
        ),
        ([NAME, "out", "--release", "r1"], "there is no release 'r1'"),
        ([NAME, "out", "--verify"], "out: holds no export; run the export first"),
        ([NAME, "nosuch://out"], "nosuch://out: cannot be opened"),
    ],
)
def test_what_cannot_be_exported_is_told(tracepile, home, tmp_path, arguments, says):
    refused = tracepile("export", *arguments)
    assert refused.exit_code == 1
    assert isinstance(refused.exception, SystemExit)
    assert says in one_line(refused)
    assert not (tmp_path / "out").exists()


def in_a_process(home, *arguments, before=()):
    said = {**os.environ, "TRACEPILE_HOME": str(home.root)}
    command = [*before, TRACEPILE, "export", *arguments]
    return subprocess.Popen(command, env=said, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)


def test_a_killed_export_counts_for_nothing_and_is_resumed(tracepile, home, tmp_path):
    tracepile("export", NAME, "whole", "--format", "trl")
    whole = files(tmp_path / "whole")
    names = [file["name"] for file in json.loads(whole[MANIFEST])["files"] if file["name"].endswith(".jsonl")]
    out = tmp_path / "out"
    # The second file cannot be opened for writing until somebody reads from it: the export stops there.
    stuck = out / Path(names[1]).parent / f".{Path(names[1]).name}.part"
    stuck.parent.mkdir(parents=True)
    os.mkfifo(stuck)
    (out / UNFINISHED).write_text(json.dumps({"mixture": NAME}))
    running = in_a_process(home, NAME, str(out), "--format", "trl")
    until = time.monotonic() + 120
    while not (out / names[0]).exists() and running.poll() is None and time.monotonic() < until:
        time.sleep(0.05)
    assert running.poll() is None
    running.kill()
    assert running.wait(60) == -signal.SIGKILL
    assert not (out / MANIFEST).exists()
    unfinished = tracepile("export", NAME, out, "--verify")
    assert unfinished.exit_code == 1
    assert "holds an export that was not finished; run the same command again" in one_line(unfinished)
    stuck.unlink()
    first = (out / names[0]).stat()
    again = tracepile("export", NAME, out, "--format", "trl")
    assert again.exit_code == 0, again.output
    assert "there already 1" in one_line(again)
    assert (out / names[0]).stat().st_ino == first.st_ino
    assert files(out) == whole


SANDBOX = ["bwrap", "--dev-bind", "/", "/"]


def test_a_full_destination(home, tracepile, tmp_path):
    out = tmp_path / "out"
    out.mkdir()
    running = in_a_process(home, NAME, str(out), before=[*SANDBOX, "--size", "40960", "--tmpfs", str(out)])
    said, _ = running.communicate(timeout=120)
    assert running.returncode == 1, said
    said = " ".join(said.split())
    assert f"{out}: is full (No space left on device); free space there, and run the same command again" in said
    assert "Traceback" not in said


def test_a_destination_that_may_not_be_written(home, tmp_path):
    out = tmp_path / "out"
    out.mkdir()
    running = in_a_process(home, NAME, str(out), before=[*SANDBOX, "--ro-bind", str(out), str(out)])
    said, _ = running.communicate(timeout=120)
    assert running.returncode == 1, said
    assert f"{out}: may not be written (Read-only file system); get the right to, and run" in " ".join(said.split())
    assert not files(out)


@pytest.fixture
def bucket(monkeypatch):
    """An S3 server of this machine with an empty bucket; gives a client."""
    import boto3
    from moto.server import ThreadedMotoServer

    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "some")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0)
    server.start()
    _, port = server.get_host_and_port()
    monkeypatch.setenv("AWS_ENDPOINT_URL", f"http://127.0.0.1:{port}")
    client = boto3.client("s3")
    client.create_bucket(Bucket="bucket")
    yield client
    server.stop()


def objects(client):
    listed = client.list_objects_v2(Bucket="bucket").get("Contents", [])
    return {each["Key"]: client.get_object(Bucket="bucket", Key=each["Key"]) for each in listed}


def test_a_bucket_holds_the_same_and_is_resumed_and_checked(tracepile, home, tmp_path, bucket):
    tracepile("export", NAME, "whole", "--format", "trl")
    whole = files(tmp_path / "whole")
    place = "s3://bucket/some/prefix"
    done = tracepile("export", NAME, place, "--format", "trl")
    assert done.exit_code == 0, done.output
    held = {key.removeprefix("some/prefix/"): found["Body"].read() for key, found in objects(bucket).items()}
    assert held == whole
    assert tracepile("export", NAME, place, "--verify").exit_code == 0
    # As a killed export leaves it.
    lost = next(name for name in whole if name.startswith("train/"))
    for name in (lost, MANIFEST):
        bucket.delete_object(Bucket="bucket", Key=f"some/prefix/{name}")
    assert "holds no export" in one_line(tracepile("export", NAME, place, "--verify"))
    bucket.put_object(Bucket="bucket", Key=f"some/prefix/{UNFINISHED}", Body=json.dumps({"mixture": NAME}).encode())
    before = {key: found["LastModified"] for key, found in objects(bucket).items()}
    time.sleep(1.1)  # the server tells seconds
    again = tracepile("export", NAME, place, "--format", "trl")
    assert again.exit_code == 0, again.output
    after = objects(bucket)
    kept = {key for key, found in after.items() if found["LastModified"] == before.get(key)}
    assert kept == {f"some/prefix/{name}" for name in whole} - {f"some/prefix/{name}" for name in (lost, MANIFEST)}
    bucket.put_object(Bucket="bucket", Key=f"some/prefix/{lost}", Body=b"?" * len(whole[lost]))
    damaged = tracepile("export", NAME, place, "--verify")
    assert damaged.exit_code == 1
    assert f"{lost} has other bytes than were written" in one_line(damaged)


def allow_requests(number):
    """So many more may be made by whom the server does not know, which is everybody."""
    address = f"{os.environ['AWS_ENDPOINT_URL']}/moto-api/reset-auth"
    headers = {"Content-Type": "text/plain"}
    request = urllib.request.Request(address, str(number).encode(), headers, method="POST")
    urllib.request.urlopen(request).close()


def test_a_bucket_that_is_not_there_or_forbidden(tracepile, home, bucket):
    missing = tracepile("export", NAME, "s3://nobucket/prefix")
    assert missing.exit_code == 1
    assert "s3://nobucket/prefix: is not there" in one_line(missing)
    assert "make the bucket" in one_line(missing)
    allow_requests(0)
    try:
        forbidden = tracepile("export", NAME, "s3://bucket/prefix")
    finally:
        allow_requests("inf")
    assert forbidden.exit_code == 1
    assert "s3://bucket/prefix: may not be" in one_line(forbidden)


def test_nobody_there(tracepile, home, monkeypatch):
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:1")
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "some")
    away = tracepile("export", NAME, "s3://away/prefix")
    assert away.exit_code == 1
    assert "s3://away/prefix: cannot be read" in one_line(away)
    assert "see that it can be reached" in one_line(away)


@pytest.mark.parametrize("format_", ["parquet", "jsonl", "trl", "sharegpt", "alpaca"])
@pytest.mark.parametrize("name", OF_EACH_FORMAT.values())
def test_datasets_loads_the_folder(tracepile, home, tmp_path, monkeypatch, name, format_):
    if tracepile("export", name, "out", "--format", format_).exit_code:
        assert (name, format_) in {("rl_prompts", "sharegpt"), ("rl_prompts", "alpaca")}
        return
    monkeypatch.setenv("HF_HOME", str(tmp_path / "hub"))
    import datasets

    loaded = datasets.load_dataset(str(tmp_path / "out"), cache_dir=str(tmp_path / "cache"))
    expected = samples(home, name)
    assert {split: part["sample_id"] for split, part in loaded.items()} == {
        split: [row["sample_id"] for row in rows] for split, rows in expected.items()
    }
