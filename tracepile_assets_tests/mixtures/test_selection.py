"""What a mixture's SQL may give, and the messages for what it may not."""

import polars as pl
import pytest

from tracepile_assets.mixtures import MixtureError, find_mixtures, read_mixture, select, upstream_tables
from tracepile_assets_tests.mixtures.corpus import ALL_ANSWERS, mixture_file


def selected(tmp_path, tables, sql, **keys):
    return select(read_mixture(mixture_file(tmp_path, sql, **keys)), tables, tmp_path)


def rows_of(selection):
    return pl.concat(list(selection.parts()))


def test_rows_and_counts(tmp_path, tables):
    selection = selected(tmp_path, tables, ALL_ANSWERS)
    # 292 programs that may be used, two variants, two inputs, two questions each.
    assert len(rows_of(selection)) == 292 * 8
    assert selection.counts["read"] == 294
    assert selection.counts["benchmark"] == 1
    assert selection.counts["unusable"] == 1
    assert selection.counts["raw_programs"] == 292
    assert selection.counts["chains_of_execution"] == 291 * 12
    assert set(rows_of(selection)["fact_license"]) == {"MIT", "CC-BY-4.0"}


def test_shipped_mixtures_run(tables, tmp_path):
    for mixture in find_mixtures():
        assert len(rows_of(select(mixture, tables, tmp_path))) > 1000


@pytest.mark.parametrize(
    ("sql", "line", "says"),
    [
        ("SELEC 1", 7, "syntax error"),
        ("\nSELECT program_id\nFROM nowhere", 9, "nowhere does not exist"),
        ("SELECT program_id,\n    wrong\nFROM raw_programs", 8, '"wrong" not found'),
        ("SELECT 1; SELECT 2", 7, "one SELECT"),
        ("DROP VIEW raw_programs", 7, "one SELECT"),
        ("-- nothing here\nSELECT program_id FROM raw_programs", 8, "gives no column variant_id, input_id"),
        (ALL_ANSWERS.replace("answer\n", "answer, 1 AS extra\n"), 7, "unknown column extra"),
        (ALL_ANSWERS + " WHERE kind = 'absent'", 7, "no rows; loosen"),
        (ALL_ANSWERS + " UNION ALL " + ALL_ANSWERS, 7, "come more than once"),
        (ALL_ANSWERS.replace(" kind,", " NULL AS kind,"), 7, "kind is null in 2336 rows"),
        (
            ALL_ANSWERS.replace("question, NULL", "NULL AS question, NULL"),
            7,
            "needs a question, and a rationale or an answer",
        ),
        (
            ALL_ANSWERS.replace("SELECT program_id", "SELECT 'p_0' AS program_id"),
            7,
            "may not be in a mixture, or does not exist",
        ),
    ],
)
def test_faulty_sql(tmp_path, tables, sql, line, says):
    with pytest.raises(MixtureError) as caught:
        selected(tmp_path, tables, sql)
    assert str(caught.value).startswith(f"{tmp_path / 'mine.sql'}:{line}: ")
    assert says in str(caught.value)


def test_what_may_not_be_in_a_mixture_cannot_be_selected(tmp_path, tables):
    # Not through the views, not through what lies under them, not through the files, not by changing a setting.
    assert not rows_of(selected(tmp_path, tables, ALL_ANSWERS))["question"].str.contains("\\+ 290\\b|\\+ 291\\b").any()
    with pytest.raises(MixtureError, match="may not be in a mixture"):
        selected(tmp_path, tables, ALL_ANSWERS.replace("FROM tracing", "FROM all_tracing"))
    files = f"read_parquet('{tables}/tracing_questions/*/*.parquet')"
    with pytest.raises(MixtureError, match="may not be in a mixture"):
        selected(tmp_path, tables, ALL_ANSWERS.replace("tracing_questions", files))


def test_nothing_outside_the_tables_can_be_read(tmp_path, tables):
    secret = tmp_path / "secret.csv"
    secret.write_text("a\n1\n")
    with pytest.raises(MixtureError, match="Permission Error"):
        selected(tmp_path, tables, f"SELECT * FROM read_csv('{secret}')")


def test_no_tables_yet(tmp_path):
    with pytest.raises(MixtureError, match=r"raw_programs.*has none; build the tables first: tracepile build"):
        selected(tmp_path, tmp_path / "nowhere", ALL_ANSWERS)


def test_blocked_chains_are_not_in_the_views(tmp_path, tables):
    sql = """SELECT c.program_id, c.variant_id, c.input_id, c.trace_id, c.question_id, c.coe_id, q.kind, q.question,
        c.text AS rationale, q.answer
    FROM chains_of_execution AS c JOIN tracing_questions AS q ON q.question_id = c.question_id"""
    frame = rows_of(selected(tmp_path, tables, sql))
    assert len(frame) == 291 * 8
    assert set(frame["fact_narrator"]) == {"deterministic"}


def test_upstream_tables():
    upstream = {mixture.name: upstream_tables(mixture) for mixture in find_mixtures()}
    assert upstream["two_stage_2_instruct"] == ("raw_programs", "tracing_questions")
    assert upstream["instruction_tuning"] == ("raw_programs", "tracing_questions", "chains_of_execution")
    assert "code_variants" in upstream["continue_pretraining"]


def test_no_mixture_reads_what_is_false_on_purpose(tmp_path, tables):
    reading = {mixture.name for mixture in find_mixtures() if "corrupted_twins" in upstream_tables(mixture)}
    assert reading == {mixture.name for mixture in find_mixtures() if mixture.format == "pair"} == {"preference_pairs"}
    sql = ALL_ANSWERS + " WHERE question_id NOT IN (SELECT question_id FROM corrupted_twins)"
    with pytest.raises(MixtureError, match="reads corrupted_twins, whose texts are false on purpose"):
        upstream_tables(read_mixture(mixture_file(tmp_path, sql)))
    with pytest.raises(MixtureError, match="reads corrupted_twins, whose texts are false on purpose"):
        selected(tmp_path, tables, sql)


@pytest.mark.parametrize(
    "file",
    [
        "corrupted_twins/source=alpha/00000.parquet",
        "raw_programs/../corrupted_twins/source=alpha/00000.parquet",
        "training_mixtures/preference_pairs/train-00000-of-00001-12345678.parquet",
        "rejected/table=chains_of_execution/source=alpha/00000.parquet",
        "quarantine/table=training_mixtures/source=preference_pairs/00000.parquet",
    ],
)
def test_what_is_false_is_in_no_file_that_a_query_can_name(tmp_path, small, file):
    small.add(1)
    tables = small.write()
    (tables / file).parent.mkdir(parents=True, exist_ok=True)
    twins = (tables / "corrupted_twins/source=alpha/00000.parquet").read_bytes()
    (tables / file).write_bytes(twins)
    files = f"(SELECT question_id FROM read_parquet('{tables}/{file}'))"
    with pytest.raises(MixtureError, match="Permission Error"):
        selected(tmp_path, tables, ALL_ANSWERS + f" WHERE question_id NOT IN {files}")


def test_a_view_stands_for_the_table_that_it_is_made_from(tmp_path):
    sql = ALL_ANSWERS + " JOIN curriculum USING (trace_id) JOIN program_inputs USING (program_id, input_id)"
    upstream = upstream_tables(read_mixture(mixture_file(tmp_path, sql)))
    assert upstream == ("raw_programs", "execution_traces", "tracing_questions")


def test_only_the_sources_named(tmp_path, tables):
    mixture = read_mixture(mixture_file(tmp_path, ALL_ANSWERS))
    assert set(rows_of(select(mixture, tables, tmp_path, ["alpha"]))["fact_source"]) == {"alpha"}
    with pytest.raises(MixtureError, match="raw_programs"):
        select(mixture, tables, tmp_path, [])
