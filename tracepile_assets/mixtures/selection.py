"""Running a mixture's SQL, and checking what comes out.

Belongs here: the columns that a query must give, its errors with the line in the file, the facts about each row that
the other modules need. Does not belong here: which rows stay (`choosing`) and what a sample looks like (`rendering`).
"""

import json
import re
from collections.abc import Collection, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import duckdb
import polars as pl
import pyarrow.parquet as pq

from tracepile_assets.mixtures.definition import Mixture
from tracepile_assets.mixtures.errors import MixtureError
from tracepile_assets.mixtures.row_checks import RowChecks
from tracepile_assets.tables.files import read_batches
from tracepile_assets.tables.schemas import FALSE_TABLES, STRIPE_TABLES
from tracepile_assets.tables.views import MADE_FROM, open_views

ANCESTOR_IDS = ("program_id", "variant_id", "input_id", "trace_id", "question_id", "coe_id")

REQUIRED_PARTS = {
    "text": ("question", "rationale", "answer"),
    "messages": ("question", "rationale", "answer"),
    "prompt_answer": ("question", "answer"),
    "pair": ("question", "chosen", "rejected"),
}
"""Text columns that a query gives for each format, beside the ids of all ancestors and `kind`. Any may be null where a
row has none of it: a telling of a whole run has no question, a direct answer no rationale. A pair also has its
`twin_id`."""

_RUN = ("title", "statement", "code", "entry_point", "arguments", "stdin")
OPTIONAL_PARTS = {"text": _RUN, "messages": ("system",), "prompt_answer": (), "pair": _RUN}
"""Further text columns that a query may give. Without a question, a text or the prompt of a pair begins with those of
the run."""

FACTS = {
    "domain": pl.String,
    "source": pl.String,
    "license": pl.String,
    "founder": pl.String,
    "narrator": pl.String,
    "style": pl.String,
    "fault_kind": pl.String,
    "difficulty": pl.Float64,
    "grading": pl.String,
    "opaque_fold": pl.Boolean,
    "also_near": pl.List(pl.String),
}
"""What is known about each selected row besides what the query gives."""

ROWS = 5_000
"""Rows that are in memory at a time."""

ORDER = "curriculum_quantile"
"""A number that a query may give in any format: the samples then stand in its order, lowest first."""

_WITH_FACTS = """
SELECT selected.*, p.domain AS fact_domain, p.source AS fact_source, p.license AS fact_license,
    coalesce(f.founder, p.family_id) AS fact_founder, coalesce(f.also_near, []) AS fact_also_near,
    c.narrator AS fact_narrator, c.style AS fact_style, coalesce(c.opaque_fold, false) AS fact_opaque_fold,
    {fault_kind} AS fact_fault_kind, {grading} AS fact_grading, t.difficulty AS fact_difficulty
FROM selected
LEFT JOIN raw_programs AS p ON p.program_id = selected.program_id
LEFT JOIN (
    SELECT family_id, any_value(founder) AS founder, any_value(also_near) AS also_near
    FROM program_families GROUP BY family_id
) AS f ON f.family_id = p.family_id
LEFT JOIN chains_of_execution AS c ON c.coe_id = selected.coe_id
LEFT JOIN (SELECT trace_id, difficulty FROM execution_traces) AS t ON t.trace_id = selected.trace_id
"""
_JOIN_TWINS = "LEFT JOIN corrupted_twins AS w ON w.twin_id = selected.twin_id"
_JOIN_QUESTIONS = "LEFT JOIN tracing_questions AS q ON q.question_id = selected.question_id"
_GRADING = "json_object('direction', q.direction, 'answer_type', q.answer_type, 'target', q.target::JSON)::VARCHAR"

# The text that is false must be known as such: `chosen` is the admitted telling to the letter, `rejected` its own twin.
_MISMATCHED = """
SELECT count(*), min(selected.program_id)
FROM selected
LEFT JOIN chains_of_execution AS c ON c.coe_id = selected.coe_id
LEFT JOIN corrupted_twins AS w ON w.twin_id = selected.twin_id
WHERE NOT coalesce(w.coe_id = c.coe_id AND selected.chosen = c.text AND selected.rejected = w.text, false)
"""

_DOUBLED = f"""
SELECT count(*) OVER () AS number, * FROM (
    SELECT count(*) AS times, {", ".join(ANCESTOR_IDS)} FROM selected GROUP BY kind, {", ".join(ANCESTOR_IDS)}
    HAVING count(*) > 1
)
ORDER BY {", ".join(ANCESTOR_IDS)} NULLS FIRST LIMIT 1
"""

_STAGE_COUNTS = """
SELECT
    (SELECT count(*) FROM all_raw_programs),
    (SELECT count(*) FROM all_raw_programs WHERE status <> 'ok'),
    (SELECT count(*) FROM all_raw_programs WHERE status = 'ok' AND benchmark),
    (SELECT count(*) FROM raw_programs),
    (SELECT count(*) FROM code_variants),
    (SELECT count(*) FROM execution_traces),
    (SELECT count(*) FROM tracing_questions),
    (SELECT count(*) FROM chains_of_execution),
    {twins}
"""
_COUNT_TWINS = "(SELECT count(*) FROM corrupted_twins)"
_STAGES = ("read", "unusable", "benchmark", *STRIPE_TABLES)


def ancestor_ids(mixture: Mixture) -> tuple[str, ...]:
    """The columns that name the ancestors of a row: of a pair also the twin."""
    return (*ANCESTOR_IDS, "twin_id") if mixture.takes_false_texts else ANCESTOR_IDS


@dataclass(frozen=True, slots=True)
class Selection:
    """The rows that a mixture's SQL gives, in a file: one per candidate, with the ids, `kind`, the parts of the format
    (absent optional ones null) and, under `fact_…`, the columns of `FACTS`.

    Attributes:
        file: a Parquet file, which lies there as long as its folder does.
        counts: rows upstream: programs read, unusable, of benchmarks, and what is admissible of each table that the
            mixture may read.
    """

    file: Path
    counts: dict[str, int]

    def parts(self) -> Iterator[pl.DataFrame]:
        """The rows, some thousands at a time, always in the same order."""
        for batch in read_batches(self.file, rows=ROWS):
            yield pl.DataFrame(batch)


def select(mixture: Mixture, tables: Path, folder: Path, sources: Collection[str] | None = None) -> Selection:
    """Run the mixture's SQL over the tables in this folder, all sources in them or only the ones named.

    Args:
        mixture: the mixture.
        tables: folder that holds a folder for each table.
        folder: where the rows are put, and what does not fit into memory on the way.
        sources: the sources to read; all that have files if None.

    Raises:
        MixtureError: the SQL does not parse or run, is no single SELECT, gives no rows, lacks a column or has one too
            many, gives a row more than once, or names programs that may not be in a mixture.
    """
    upstream_tables(mixture)
    paired = mixture.takes_false_texts
    with open_views(tables, admissible=True, false_texts=paired, sources=sources, spill=folder) as connection:
        _run(connection, mixture)
        given = _check_columns(connection, mixture)
        rows = connection.execute(_STAGE_COUNTS.format(twins=_COUNT_TWINS if paired else "NULL")).fetchall()[0]
        counts = {stage: number for stage, number in zip(_STAGES, rows, strict=True) if number is not None}
        if paired:
            _check_pairs(connection, mixture)
        checks = RowChecks(mixture, counts, ORDER if ORDER in given else None)
        for number, times, *identity in connection.execute(_DOUBLED).fetchall():
            checks.refuse_doubled(number, identity, times)
        file = folder / "selected.parquet"
        found = connection.sql(_with_facts(mixture)).to_arrow_reader(ROWS)
        _write(file, (checks.look_at(_complete(pl.DataFrame(part), mixture)) for part in found))
    checks.refuse_faulty()
    return Selection(file, counts)


def _write(file: Path, parts: Iterator[pl.DataFrame]) -> None:
    with ExitStack() as stack:
        writer: pq.ParquetWriter | None = None
        for part in parts:
            rows = part.to_arrow()
            if writer is None:
                # Read once more, and then gone: what is quick to write.
                writer = stack.enter_context(
                    pq.ParquetWriter(file, rows.schema, compression="zstd", compression_level=1)
                )
            writer.write_table(rows)


def upstream_tables(mixture: Mixture) -> tuple[str, ...]:
    """The tables that the mixture is made from, in the order of the data flow; raw_programs is always among them.

    Raises:
        MixtureError: the SQL does not parse, or reads what is false on purpose and the format is another than pairs.
    """
    with duckdb.connect() as connection:
        (said,) = connection.execute("SELECT json_serialize_sql(?)", [_query(connection, mixture)]).fetchall()[0]
    tree = json.loads(said)
    # What DuckDB cannot write as a tree, such as a PIVOT, may read any table of what is true.
    named = set(STRIPE_TABLES).difference(FALSE_TABLES) if tree["error"] else set(_tables_in(tree))
    named = {MADE_FROM.get(name, name) for name in named}
    if (false := sorted(named.intersection(FALSE_TABLES))) and not mixture.takes_false_texts:
        problem = f"the query reads {', '.join(false)}, whose texts are false on purpose"
        remedy = 'read chains_of_execution, which holds the true ones; pairs of both are a mixture of format "pair"'
        raise MixtureError(mixture.file, problem, remedy, mixture.sql_line)
    return tuple(table for table in STRIPE_TABLES if table in named | {"raw_programs"})


def _tables_in(tree: object) -> Iterator[str]:
    """The names of tables and views in the tree of a query, in all its parts."""
    if isinstance(tree, dict):
        if tree.get("type") == "BASE_TABLE":
            yield tree["table_name"].lower()
        tree = list(tree.values())
    if isinstance(tree, list):
        for part in tree:
            yield from _tables_in(part)


def _query(connection: duckdb.DuckDBPyConnection, mixture: Mixture) -> str:
    try:
        statements = connection.extract_statements(mixture.sql)
    except duckdb.Error as error:
        raise _sql_error(mixture, error) from error
    if len(statements) != 1 or statements[0].type != duckdb.StatementType.SELECT:
        problem = "the file must hold one SELECT and nothing else"
        raise MixtureError(mixture.file, problem, "use WITH for what should come before it", mixture.sql_line)
    return statements[0].query.rstrip().rstrip(";")


def _run(connection: duckdb.DuckDBPyConnection, mixture: Mixture) -> None:
    query = _query(connection, mixture)
    try:
        # The query begins on the first line of the statement, so that line numbers in DuckDB's messages are right.
        connection.execute(f"CREATE TEMP TABLE selected AS {query}")
    except duckdb.Error as error:
        raise _sql_error(mixture, error) from error


def _sql_error(mixture: Mixture, error: duckdb.Error) -> MixtureError:
    said = str(error).strip()
    at = re.search(r"^LINE (\d+):", said, re.MULTILINE)
    line = mixture.sql_line + int(at.group(1)) - 1 if at else mixture.sql_line
    problem = " ".join(said.split("\n\nLINE ", 1)[0].split())
    remedy = "correct the SQL; it is DuckDB's, over the views that docs/mixtures.md lists"
    return MixtureError(mixture.file, problem, remedy, line)


def _check_columns(connection: duckdb.DuckDBPyConnection, mixture: Mixture) -> list[str]:
    given = connection.sql("SELECT * FROM selected").columns
    required = (*ancestor_ids(mixture), "kind", *REQUIRED_PARTS[mixture.format])
    # The order of a user's own conversations among ours would be nobody's.
    ordered = () if mixture.instructions_share is not None else (ORDER,)
    allowed = (*required, *OPTIONAL_PARTS[mixture.format], *ordered)
    lacking = [column for column in required if column not in given]
    if lacking:
        problem = f"the query gives no column {', '.join(lacking)}"
        remedy = f"a mixture of format {mixture.format} needs {', '.join(required)} (NULL AS … where a row has none)"
        raise MixtureError(mixture.file, problem, remedy, mixture.sql_line)
    unknown = [column for column in given if column not in allowed]
    if unknown:
        problem = f"the query gives the unknown column {', '.join(unknown)}"
        remedy = f"a mixture of format {mixture.format} has {', '.join(allowed)}"
        raise MixtureError(mixture.file, problem, remedy, mixture.sql_line)
    return given


def _check_pairs(connection: duckdb.DuckDBPyConnection, mixture: Mixture) -> None:
    number, example = connection.execute(_MISMATCHED).fetchall()[0]
    if number:
        problem = (
            f"in {number} rows `chosen` is not the text of the chain of execution, or `rejected` not that of its twin, "
            f"such as one of {example}"
        )
        remedy = "give c.text AS chosen and w.text AS rejected, of corrupted_twins AS w joined by its coe_id"
        raise MixtureError(mixture.file, problem, remedy, mixture.sql_line)


def _with_facts(mixture: Mixture) -> str:
    """The query for the rows selected and their facts, with the joins that the format needs."""
    paired, graded = mixture.takes_false_texts, mixture.format == "prompt_answer"
    head = _WITH_FACTS.format(fault_kind="w.fault_kind" if paired else "NULL", grading=_GRADING if graded else "NULL")
    return head + (_JOIN_TWINS if paired else "") + (_JOIN_QUESTIONS if graded else "")


def _complete(facts: pl.DataFrame, mixture: Mixture) -> pl.DataFrame:
    """The columns of the format in their order, all text but the order of the samples, optional ones null where the
    query does not give them.
    """
    texts = (*ancestor_ids(mixture), "kind", *REQUIRED_PARTS[mixture.format], *OPTIONAL_PARTS[mixture.format])
    columns = [
        pl.col(name).cast(pl.String) if name in facts.columns else pl.lit(None, pl.String).alias(name) for name in texts
    ]
    order = (pl.col(ORDER) if ORDER in facts.columns else pl.lit(None).alias(ORDER)).cast(pl.Float64, strict=False)
    return facts.select(*columns, order, *(pl.col(f"fact_{name}").cast(kind) for name, kind in FACTS.items()))
