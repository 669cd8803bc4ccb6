"""The data card: its numbers against the samples and the tables, its plots, sentences that only some data make true."""

import io
import json
import re
from collections import Counter
from dataclasses import replace

import duckdb
import polars as pl
import pytest
from PIL import Image

from tracepile_assets.mixtures import (
    MixtureError,
    Origin,
    find_mixtures,
    listed_plots,
    read_mixture,
    render,
    unlisted_files,
    write_card,
    write_shards,
)
from tracepile_assets_tests.mixtures.corpus import ALL_ANSWERS, mixture_file

SHIPPED = {mixture.name: mixture for mixture in find_mixtures()}


def build(folder, mixture, tables, instructions=None, origin=None):
    rendered = render(mixture, tables, instructions)
    shards = write_shards(folder, rendered)
    return rendered, write_card(folder, rendered, shards, origin or Origin()).read_text()


@pytest.fixture(scope="module")
def built(tables, tmp_path_factory):
    folder = tmp_path_factory.mktemp("mixture") / "instruction_tuning"
    return folder, *build(folder, SHIPPED["instruction_tuning"], tables)


def section(card, heading):
    return card.split(f"\n## {heading}\n", 1)[1].split("\n## ", 1)[0]


def rows_of(card, heading, first):
    """The rows of the table in a section whose head begins with this column, cells as they are written."""
    lines = iter(section(card, heading).splitlines())
    for line in lines:
        if line.startswith(f"| {first} |"):
            break
    next(lines)
    found = []
    for line in lines:
        if not line.startswith("|"):
            break
        found.append([cell.strip() for cell in line.strip("|").split("|")])
    return found


def number(cell):
    return int(cell.replace(",", ""))


def counted(card, heading, first):
    return {row[0]: number(row[1]) for row in rows_of(card, heading, first)}


def test_what_is_counted_is_what_the_samples_and_the_tables_say(built, tables):
    folder, _, card = built
    with duckdb.connect() as connection:
        connection.execute(f"CREATE VIEW samples AS FROM '{folder}/*.parquet'")
        for table in ("raw_programs", "execution_traces", "chains_of_execution", "tracing_questions"):
            read = f"read_parquet('{tables}/{table}/*/*.parquet', hive_partitioning = false)"
            connection.execute(f"CREATE VIEW {table} AS FROM {read}")
        connection.execute(
            "CREATE VIEW told AS SELECT s.split, s.n_tokens, p.domain, p.source, p.license, q.kind, c.narrator, "
            "c.style, p.program_id, least(floor(t.difficulty * 10 + 1e-9), 9)::INT AS band "
            "FROM (SELECT *, unnest(ancestors) AS a FROM samples) AS s "
            "JOIN raw_programs AS p ON p.program_id = s.a.program_id "
            "JOIN execution_traces AS t ON t.trace_id = s.a.trace_id "
            "JOIN tracing_questions AS q ON q.question_id = s.a.question_id "
            "JOIN chains_of_execution AS c ON c.coe_id = s.a.coe_id"
        )

        def by(column):
            return dict(connection.sql(f"SELECT {column}, count(*) FROM told GROUP BY ALL").fetchall())

        for column in ("domain", "source", "kind", "narrator", "style"):
            assert counted(card, "Composition", column) == by(column)
        bands = {f"{band / 10:.1f} to {(band + 1) / 10:.1f}": many for band, many in by("band").items()}
        assert len(bands) > 3
        assert counted(card, "Difficulty", "difficulty") == bands
        assert counted(card, "Licences", "licence, as the source states it") == by("license")
        quantiles = "min(n_tokens), quantile_disc(n_tokens, 0.5), max(n_tokens)"
        expected = connection.sql(f"SELECT split, {quantiles} FROM told GROUP BY ALL").fetchall()
        said = {row[0]: row for row in rows_of(card, "Tokens", "split")}
        for split, least, median, most in expected:
            assert list(map(number, (said[split][i] for i in (1, 2, 5)))) == [least, median, most]
        splits = connection.sql("SELECT split, count(*), sum(n_tokens) FROM told GROUP BY ALL").fetchall()
        shown = {row[0]: (number(row[1]), number(row[2])) for row in rows_of(card, "Splits", "split")}
        assert shown == {split: (samples, tokens) for split, samples, tokens in splits}
        programs = connection.sql("SELECT count(DISTINCT program_id) FROM told").fetchall()[0][0]
    assert counted(card, "From programs to samples", "")["programs that these are about"] == programs


def test_the_funnel_adds_up(built, tables):
    _, rendered, card = built
    funnel = counted(card, "From programs to samples", "")
    dropped = {name: many for name, many in funnel.items() if name.startswith("dropped: ")}
    assert dropped
    assert funnel["candidates: what the query gives"] - sum(dropped.values()) == funnel["samples"]
    assert funnel["samples"] == len(rendered.summary)
    read = pl.read_parquet(f"{tables}/raw_programs/*/*.parquet")
    assert funnel["programs read"] == len(read)
    assert funnel["of these left out as benchmark data"] == read["benchmark"].sum()
    assert funnel["of these left out as unusable"] == (read["status"] != "ok").sum()


def test_what_it_is_made_from_is_named(tables, tmp_path):
    stripes = [["alpha/00000", "a" * 32], ["alpha/00001", "b" * 32], ["beta/00000", "c" * 32], ["beta/00001", None]]
    origin = Origin("e" * 32, {"raw_programs": stripes, "program_families": ["d" * 32]}, [["mine.jsonl", "f" * 64]])
    changed = Origin("e" * 32, {"raw_programs": [["alpha/00000", "0" * 32], *stripes[1:]]})
    _, card = build(tmp_path, SHIPPED["coe"], tables, origin=origin)
    _, other = build(tmp_path, SHIPPED["coe"], tables, origin=changed)
    assert "code `" + "e" * 32 in card
    assert "`mine.jsonl`: SHA-256 `" + "f" * 64 in card
    said, after = ({tuple(row[:2]): row[2:] for row in rows_of(c, "How it was made", "table")} for c in (card, other))
    assert {key: row[0] for key, row in said.items()} == {
        ("raw_programs", "alpha"): "2",
        ("raw_programs", "beta"): "1",
        ("program_families", "all"): "1",
    }
    assert said["raw_programs", "alpha"] != after["raw_programs", "alpha"]
    assert said["raw_programs", "beta"] == after["raw_programs", "beta"]


def test_plots_are_pictures_of_the_data_and_the_same_each_time(built, tables, tmp_path):
    folder, rendered, card = built
    plots = listed_plots(folder)
    assert [path.name.split("-")[1] for path in plots.values()] == ["tokens", "composition", "difficulty"]
    for alt, path in plots.items():
        assert f"\n![{alt}]({path.name})\n" in card
        picture = Image.open(io.BytesIO(path.read_bytes()))
        picture.load()
        assert picture.format == "PNG" and picture.width > 600 and len(picture.convert("RGB").getcolors(1_000)) > 8
        # What the event log takes in of each build.
        assert path.stat().st_size < 40_000
    assert unlisted_files(folder) == []

    import matplotlib

    with matplotlib.rc_context({"font.size": 30, "axes.facecolor": "black", "savefig.dpi": 10}):
        write_card(tmp_path, rendered, [])
    again = listed_plots(tmp_path)
    assert {alt: path.read_bytes() for alt, path in again.items()} == {a: p.read_bytes() for a, p in plots.items()}
    build(tmp_path, SHIPPED["rl_prompts"], tables)
    others = listed_plots(tmp_path)
    assert all(others[alt].read_bytes() != path.read_bytes() for alt, path in list(plots.items())[:2])
    # Those of the build before are garbage now, but for one that is the same.
    assert {*unlisted_files(tmp_path)} == {*again.values()} - {*others.values()}


def test_a_plot_that_was_deleted_is_missed(tables, tmp_path):
    build(tmp_path, SHIPPED["coe"], tables)
    path = next(iter(listed_plots(tmp_path).values()))
    path.unlink()
    with pytest.raises(MixtureError, match=f"shows {path.name}, which is not there; build"):
        listed_plots(tmp_path)


def test_the_front_matter_is_what_the_hub_reads(built):
    from huggingface_hub import DatasetCard

    _, rendered, card = built
    said = DatasetCard(card).data
    assert said["license"] == ["cc-by-4.0", "mit"]
    assert said["language"] == ["en"]
    assert said["tags"] == ["code", "reasoning", "execution-traces", "tracepile"]
    (config,) = said["configs"]
    assert [each["split"] for each in config["data_files"]] == list(rendered.splits)


def test_what_only_some_data_make_true_is_said_of_them_only(tables, tmp_path):
    _, told = build(tmp_path / "coe", SHIPPED["coe"], tables)
    _, untold = build(tmp_path / "answers", SHIPPED["rl_prompts"], tables)
    rows = [
        {"messages": [{"role": "user", "content": f"Erzähle {n}"}, {"role": "assistant", "content": "Gern."}]}
        for n in range(40)
    ]
    (tmp_path / "own").mkdir()
    (tmp_path / "own" / "mine.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    _, joined = build(tmp_path / "joined", SHIPPED["two_stage_2_instruct"], tables, tmp_path / "own")
    foreign = mixture_file(tmp_path, ALL_ANSWERS.replace("question,", "'Frage: ' || question AS question,", 1))
    _, own_words = build(tmp_path / "foreign", read_mixture(foreign), tables)
    for sentence, cards in {
        "worded by rules": [told],
        "- reasoning": [told],
        "have no telling of one": [joined, own_words],
        "a prompt, and an answer to grade a reply by, and no reply": [untold],
        "language:\n- en": [told, untold],
        "Standing alone as a general instruction set": [told, untold, own_words],
        "Conversations of several turns": [told, own_words],
        "Your own conversations (40 samples) are split by their content": [joined],
        "every sample is about one of": [told, untold, own_words],
        "50.0% of the samples are about one of": [joined],
    }.items():
        found = [sentence in card for card in (told, untold, joined, own_words)]
        assert found == [any(card is each for each in cards) for card in (told, untold, joined, own_words)], sentence


def test_a_family_on_two_sides_would_be_told(tables, tmp_path):
    rendered = render(SHIPPED["coe"], tables)
    one = rendered.summary["founder"].value_counts(sort=True)["founder"][0]
    rows = pl.int_range(pl.len()).over("founder")
    torn = pl.when((pl.col("founder") == one) & (rows == 0)).then(pl.lit("elsewhere")).otherwise("split")
    card = write_card(tmp_path, replace(rendered, summary=rendered.summary.with_columns(split=torn)), []).read_text()
    families = rendered.summary["founder"].n_unique()
    assert f"families in more than one split: 1 of {families}." in card


def test_a_text_that_has_fences_stays_within_its_own(tables, tmp_path):
    fences = "~~~~\n## Injected\n~~~~~~\n"
    query = ALL_ANSWERS.replace("question,", f"'{fences}' || question AS question,", 1)
    _, card = build(tmp_path / "out", read_mixture(mixture_file(tmp_path, query)), tables)
    outside, fence = [], None
    for line in card.splitlines():
        mark = re.match(r"~{3,}|`{3,}", line)
        if fence is None and mark:
            fence = mark[0]
        elif fence is not None and line.strip() == line and set(line) == {fence[0]} and len(line) >= len(fence):
            fence = None
        elif fence is None:
            outside.append(line)
    assert fence is None
    assert "## Its file" in outside and "## Injected" not in outside
    assert Counter(outside)["## A sample"] == 1


def test_the_card_of_stage_two_says_that_there_is_no_general_set(tables, tmp_path):
    _, card = build(tmp_path, SHIPPED["two_stage_2_instruct"], tables)
    assert "> **Note.** No general instruction set of your own was given" in card
