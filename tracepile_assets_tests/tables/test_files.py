"""Files of rows: round trips, equal bytes, and refusals that name the remedy."""

import duckdb
import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tracepile_assets.tables.files import (
    ROW_GROUP,
    Slices,
    TableError,
    as_table,
    publish,
    read_batches,
    read_footer,
    read_table,
    write_rows,
    write_tables,
)
from tracepile_assets.tables.schemas import SCHEMA_VERSION

ROWS = [{"parent_id": f"p_{n:05d}", "unit": "u", "reason": "r", "detail": None} for n in range(2_345)]
FOOTER = {"table": "raw_programs", "inputs": "abc"}


def test_rows_come_back_as_they_were(tmp_path):
    path = tmp_path / "a" / "rejected.parquet"
    assert write_rows(path, "rejected", ROWS, FOOTER) == len(ROWS)
    assert read_table(path, "rejected").to_pylist() == ROWS
    assert read_footer(path) == {"schema_version": SCHEMA_VERSION, "rows": len(ROWS), **FOOTER}
    assert pl.read_parquet(path).to_dicts() == ROWS
    assert duckdb.connect().execute("select count(*) from read_parquet(?)", [str(path)]).fetchone() == (len(ROWS),)


def test_equal_rows_give_equal_bytes_however_they_arrive(tmp_path):
    whole = as_table("rejected", ROWS)
    pieces = [whole.slice(0, 7), whole.slice(7, 0), whole.slice(7, 1500), whole.slice(1507)]
    remade = [as_table("rejected", piece.to_pylist()) for piece in pieces]
    for name, parts in {"whole": [whole], "pieces": pieces, "remade": remade}.items():
        write_tables(tmp_path / name, "rejected", parts, FOOTER)
    assert (tmp_path / "whole").read_bytes() == (tmp_path / "pieces").read_bytes() == (tmp_path / "remade").read_bytes()


def test_a_footer_may_be_known_only_when_all_is_written(tmp_path):
    seen = []

    def parts():
        for row in ROWS:
            seen.append(row["parent_id"])
            yield as_table("rejected", [row])

    write_tables(tmp_path / "late", "rejected", parts(), lambda: {"last": seen[-1]})
    write_rows(tmp_path / "given", "rejected", ROWS, {"last": ROWS[-1]["parent_id"]})
    assert (tmp_path / "late").read_bytes() == (tmp_path / "given").read_bytes()


def test_slices_are_the_rows_that_stand_there(tmp_path):
    path = tmp_path / "t.parquet"
    write_rows(path, "rejected", ROWS, FOOTER)
    slices = Slices(path, "rejected")
    for first, number in ((0, 1), (0, 0), (5, 990), (999, 2), (0, 2_345), (2_340, 100), (1_000, 1_000), (2_345, 1)):
        assert slices.read(first, number).to_pylist() == ROWS[first : first + number]
    slices.close()
    write_rows(path, "rejected", [], FOOTER)
    assert Slices(path, "rejected").read(0, 3).num_rows == 0
    with pytest.raises(TableError, match="there is no such file"):
        Slices(tmp_path / "no.parquet", "rejected")


def test_row_groups_have_statistics_that_a_reader_can_skip_by(tmp_path):
    path = tmp_path / "t.parquet"
    write_rows(path, "rejected", ROWS, FOOTER)
    metadata = pq.read_metadata(path)
    assert [metadata.row_group(n).num_rows for n in range(metadata.num_row_groups)] == [ROW_GROUP, ROW_GROUP, 345]
    assert metadata.row_group(1).column(0).statistics.min == "p_01000"


def test_an_empty_table_is_a_whole_file(tmp_path):
    path = tmp_path / "empty.parquet"
    write_tables(path, "rejected", [], FOOTER)
    assert read_table(path, "rejected").num_rows == 0


def test_batches_are_bounded(tmp_path):
    path = tmp_path / "t.parquet"
    write_rows(path, "rejected", ROWS, FOOTER)
    sizes = [batch.num_rows for batch in read_batches(path, ["parent_id"], rows=400)]
    assert max(sizes) <= 400
    assert sum(sizes) == len(ROWS)


@pytest.mark.parametrize(
    ("row", "says"),
    [
        ({"parent_id": "p", "unit": "u", "reason": "r"}, "detail"),
        ({"parent_id": "p", "unit": "u", "reason": "r", "detail": None, "odd": 1}, "odd"),
        ({"parent_id": "p", "unit": "u", "reason": None, "detail": None}, "reason is null"),
        ({"parent_id": "p", "unit": 7, "reason": "r", "detail": None}, "does not fit"),
    ],
)
def test_a_row_that_does_not_fit_is_refused_by_name(row, says):
    with pytest.raises(TableError, match=says):
        as_table("rejected", [row])


def test_what_no_text_can_hold_is_stored_as_its_escape(tmp_path):
    row = {"parent_id": "p", "unit": "caf\u00e9", "reason": "E\ud800\U0001f600", "detail": "\udfff\\"}
    write_rows(tmp_path / "a.parquet", "rejected", [ROWS[0], row], FOOTER)
    stored = row | {"reason": "E\\ud800\U0001f600", "detail": "\\udfff\\"}
    assert read_table(tmp_path / "a.parquet", "rejected").to_pylist() == [ROWS[0], stored]


def test_faulty_files_are_refused_with_the_remedy(tmp_path):
    path = tmp_path / "t.parquet"
    assert read_footer(path) is None
    with pytest.raises(TableError, match=r"no such file; build it first"):
        read_table(path, "rejected")
    write_rows(path, "rejected", ROWS, FOOTER)
    path.write_bytes(path.read_bytes()[:-100])
    with pytest.raises(TableError, match=r"t\.parquet: not a whole Parquet file .* delete it and build again"):
        read_footer(path)
    pq.write_table(pa.table({"a": [1]}), path)
    with pytest.raises(TableError, match="not written by tracepile"):
        read_footer(path)
    write_rows(path, "rejected", ROWS, {**FOOTER, "schema_version": "0"})
    with pytest.raises(TableError, match=f"schema version 0, this program reads {SCHEMA_VERSION}"):
        read_table(path, "rejected")
    write_rows(path, "rejected", ROWS, FOOTER)
    with pytest.raises(TableError, match="other columns than quarantine"):
        read_table(path, "quarantine")


def test_publishing_replaces_the_file_whole(tmp_path):
    staged, final = tmp_path / "staged.parquet", tmp_path / "tables" / "final.parquet"
    for rows in (ROWS[:5], ROWS[:9]):
        write_rows(staged, "rejected", rows, FOOTER)
        publish(staged, final)
        assert read_table(final, "rejected").num_rows == len(rows)
    assert not staged.exists()
