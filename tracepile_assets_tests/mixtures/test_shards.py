"""Files of a mixture: shards, data card, JSON lines, and the reports that count them."""

import json
import re

import duckdb
import polars as pl
import pyarrow.parquet as pq
import pytest

from tracepile_assets.mixtures import (
    MixtureError,
    export_jsonl,
    find_mixtures,
    listed_shards,
    read_mixture,
    render,
    report,
    report_names,
    unlisted_files,
    write_card,
    write_shards,
)
from tracepile_assets.tables.files import write_rows
from tracepile_assets.tables.views import open_views
from tracepile_assets_tests.mixtures.corpus import ALL_ANSWERS, mixture_file

SHIPPED = {mixture.name: mixture for mixture in find_mixtures()}


def build(folder, mixture, tables, rows_per_shard=50_000):
    rendered = render(mixture, tables)
    shards = write_shards(folder, rendered, rows_per_shard)
    write_card(folder, rendered, shards)
    return rendered, shards


@pytest.fixture(scope="module")
def built(tables, tmp_path_factory):
    folder = tmp_path_factory.mktemp("mixture") / "instruction_tuning"
    rendered, shards = build(folder, SHIPPED["instruction_tuning"], tables, 500)
    return folder, rendered, shards


def test_shards_are_even_and_named_by_content(built):
    folder, rendered, shards = built
    train = [shard for shard in shards if shard.split == "train"]
    assert len(train) == -(-rendered.splits["train"].num_rows // 500) > 2
    assert max(shard.rows for shard in train) - min(shard.rows for shard in train) <= 1
    for shard in shards:
        assert re.fullmatch(r"(train|validation|test)-\d{5}-of-\d{5}-[0-9a-f]{8}\.parquet", shard.name)
        assert shard.name.endswith(f"-{shard.sha256[:8]}.parquet")
        assert (folder / shard.name).stat().st_size == shard.size
    assert sum(shard.tokens for shard in shards) == rendered.summary["n_tokens"].sum()


def test_two_builds_give_equal_bytes(built, tables, tmp_path):
    folder, _, _ = built
    build(tmp_path / "again", SHIPPED["instruction_tuning"], tables, 500)
    names = sorted(path.name for path in folder.iterdir())
    assert names == sorted(path.name for path in (tmp_path / "again").iterdir())
    for name in names:
        assert (folder / name).read_bytes() == (tmp_path / "again" / name).read_bytes()


def test_loading(built):
    folder, rendered, shards = built
    expected = sum(table.num_rows for table in rendered.splits.values())
    assert len(pl.read_parquet(folder / "*.parquet")) == expected
    assert duckdb.sql(f"SELECT count(*) FROM '{folder}/*.parquet'").fetchall() == [(expected,)]
    splits = duckdb.sql(f"SELECT DISTINCT split FROM '{folder}/validation-*.parquet'").fetchall()
    assert splits == [("validation",)]
    assert pq.read_metadata(folder / shards[0].name).num_rows == shards[0].rows


def test_only_listed_shards_count(built, tables, tmp_path):
    _, rendered, _ = built
    folder = tmp_path / "mixture"
    shards = write_shards(folder, rendered)
    assert listed_shards(folder) == {}
    write_card(folder, rendered, shards)
    stray = folder / "train-00000-of-00001-00000000.parquet"
    stray.write_bytes(b"of a killed build")
    listed = [path.name for paths in listed_shards(folder).values() for path in paths]
    assert listed == [shard.name for shard in shards]
    assert unlisted_files(folder) == [stray]
    (folder / shards[0].name).unlink()
    with pytest.raises(MixtureError, match=f"lists {shards[0].name}, which is not there; build"):
        listed_shards(folder)


def test_json_lines(built, tmp_path):
    folder, rendered, _ = built
    stale = tmp_path / "out" / "test.jsonl"
    stale.parent.mkdir()
    stale.write_text("old")
    written = export_jsonl(folder, tmp_path / "out")
    assert [path.name for path in written] == [f"{split}.jsonl" for split in rendered.splits]
    for split, table in rendered.splits.items():
        rows = [json.loads(line) for line in (tmp_path / "out" / f"{split}.jsonl").read_text().splitlines()]
        assert [row["sample_id"] for row in rows] == table.column("sample_id").to_pylist()
        assert all("text" not in row and row["messages"][0]["role"] == "user" for row in rows)


def test_json_lines_of_nothing(tmp_path):
    with pytest.raises(MixtureError, match="holds no mixture"):
        export_jsonl(tmp_path, tmp_path / "out")


def test_a_folder_that_cannot_be_written(built, tmp_path):
    folder, rendered, _ = built
    (tmp_path / "file").write_text("")
    with pytest.raises(MixtureError, match="cannot be written"):
        write_shards(tmp_path / "file" / "mixture", rendered)
    with pytest.raises(MixtureError, match="cannot be written"):
        export_jsonl(folder, tmp_path / "file")


def test_reports(small, tmp_path):
    for number in range(6):
        small.add(number, source="alpha" if number < 4 else "beta", benchmark=number == 5)
    tables = small.write()
    rejections = [
        {"parent_id": "v_1", "unit": "swap_branches", "reason": "does not apply", "detail": None},
        {"parent_id": "v_2", "unit": "swap_branches", "reason": "does not apply", "detail": None},
        {"parent_id": "v_3", "unit": "swap_branches", "reason": "refuted", "detail": "{}"},
        {"parent_id": "v_3", "unit": "rename_variables+swap_branches", "reason": "refuted", "detail": "{}"},
    ]
    write_rows(
        tables / "rejected" / "table=code_variants" / "source=alpha" / "00000.parquet", "rejected", rejections, {}
    )
    mixture = read_mixture(mixture_file(tmp_path, ALL_ANSWERS))
    rendered, _ = build(tables / "training_mixtures" / "mine", mixture, tables)
    assert report_names() == ["composition", "funnel", "inputs", "question_balance", "rewrites"]
    funnel = report("funnel", tables).to_pylist()
    assert {
        "step": 2,
        "stage": "code_variants",
        "outcome": "dropped",
        "unit": "swap_branches",
        "reason": "does not apply",
        "n_rows": 2,
    } in funnel
    made = [row for row in funnel if row["outcome"] == "made"]
    assert sum(row["n_rows"] for row in made if row["stage"] == "raw_programs") == 6
    assert sum(row["n_rows"] for row in made if row["stage"] == "training_mixtures") == len(rendered.summary) == 40
    composition = report("composition", tables).to_pylist()
    assert [(row["programs"], row["traces"], row["questions"]) for row in composition if row["benchmark"]] == [
        (1, 4, 8)
    ]
    assert sum(row["programs"] for row in composition) == 6
    balance = {row["kind"]: row for row in report("question_balance", tables).to_pylist()}
    assert balance["final_value"]["questions"] == 24
    assert balance["final_value"]["share"] == 0.5
    rewrites = {row["transform"]: row for row in report("rewrites", tables).to_pylist()}
    assert set(rewrites) == {"rename_variables", "swap_branches"}
    assert rewrites["rename_variables"]["proved_alone"] == 6
    assert rewrites["rename_variables"]["refuted_in_chains"] == 1
    swapped = rewrites["swap_branches"]
    assert (swapped["refuted_alone"], swapped["refuted_in_chains"], swapped["other"]) == (1, 1, 2)
    with pytest.raises(KeyError, match="the reports are composition, funnel"):
        report("nothing", tables)


def test_the_report_on_inputs(small):
    for number in range(3):
        small.add(number, source="alpha" if number < 2 else "beta")
    first, second = small.rows["raw_programs"][0]["inputs"]
    first |= {"origin": "given", "expected": "1"}
    second |= {"origin": "mutated"}
    # The traces of a program: two of the original, then two of its variant, which do not count.
    for trace, entered, agrees, status in zip(
        small.rows["execution_traces"],
        ([0, 1, 1, 2], [0, 1, 3, 3], [0, 9], [0, 8]),
        (False, None, False, False),
        ("ok", "exception", "ok", "ok"),
        strict=False,
    ):
        events = {
            "event_statement": entered,
            "event_kind": ["line"] * len(entered),
            "event_value": [None] * len(entered),
        }
        numbers = {name: [0] * len(entered) for name in ("event_line", "event_depth", "event_frame_id")}
        trace |= events | numbers | {"expected_agrees": agrees, "status": status}
    alpha, beta = report("inputs", small.write()).to_pylist()
    assert alpha == {
        "source": "alpha",
        "programs": 2,
        "given": 1,
        "generated": 2,
        "mutated": 1,
        "proposed": 0,
        "mutants_that_raise": 1,
        "stated": 1,
        "stated_otherwise": 1,
        "programs_stated_otherwise": 1,
        "statements_on_given": 3,
        "statements_entered": 4,
    }
    assert beta["generated"] == 2 and beta["statements_entered"] == 0


def test_where_a_trace_stands_among_those_of_its_source(small):
    for number in range(5):
        small.add(number, source="alpha" if number < 3 else "beta", benchmark=number == 2)
    traces = small.rows["execution_traces"]
    for number, trace in enumerate(traces):
        trace["difficulty"] = (number % 4) / 10
    traces[0]["n_events"] = 0
    with open_views(small.write(), admissible=True) as connection:
        rows = connection.sql("SELECT trace_id, source, curriculum_quantile FROM curriculum").fetchall()
    assert len(rows) == 15
    found = {trace: (source, quantile) for trace, source, quantile in rows}
    beta = [found[trace["trace_id"]] for trace in traces[12:]]
    # Two of each of four difficulties in eight traces.
    assert beta == [("beta", quantile / 7) for quantile in (0, 2, 4, 6)] * 2
    # Without the one that has no events; those of the benchmark are not there.
    assert traces[0]["trace_id"] not in found
    assert [found[trace["trace_id"]][1] for trace in traces[1:5]] == [1 / 6, 3 / 6, 5 / 6, 0]


def test_reports_of_nothing(tmp_path):
    for name in report_names():
        assert report(name, tmp_path).num_rows == 0
