"""Running a mixture's SQL, and checking what comes out.

Belongs here: the columns that a query must give, its errors with the line in the file, the facts about each row that
the other modules need. Does not belong here: which rows stay (`choosing`) and what a sample looks like (`rendering`).
"""

import re
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

import duckdb
import polars as pl

from tracepile_assets.mixtures.definition import Mixture
from tracepile_assets.mixtures.errors import MixtureError
from tracepile_assets.mixtures.views import open_views
from tracepile_assets.tables.schemas import FALSE_TABLES, SCHEMAS, STRIPE_TABLES

ANCESTOR_IDS = ("program_id", "variant_id", "input_id", "trace_id", "question_id", "coe_id")

REQUIRED_PARTS = {
    "text": ("question", "rationale", "answer"),
    "messages": ("question", "rationale", "answer"),
    "prompt_answer": ("question", "answer"),
}
"""Text columns that a query gives for each format, beside the ids of all ancestors and `kind`. Any may be null where a
row has none of it: a telling of a whole run has no question, a direct answer no rationale."""

OPTIONAL_PARTS = {
    "text": ("title", "statement", "code", "entry_point", "arguments", "stdin"),
    "messages": ("system",),
    "prompt_answer": (),
}
"""Further text columns that a query may give. In a text without a question, the document begins with these."""

FACTS = {
    "domain": pl.String,
    "source": pl.String,
    "license": pl.String,
    "founder": pl.String,
    "narrator": pl.String,
    "style": pl.String,
    "opaque_fold": pl.Boolean,
    "also_near": pl.List(pl.String),
}
"""What is known about each selected row besides what the query gives."""

_WITH_FACTS = """
SELECT selected.*, p.domain AS fact_domain, p.source AS fact_source, p.license AS fact_license,
    coalesce(f.founder, p.family_id) AS fact_founder, coalesce(f.also_near, []) AS fact_also_near,
    c.narrator AS fact_narrator, c.style AS fact_style, coalesce(c.opaque_fold, false) AS fact_opaque_fold
FROM selected
LEFT JOIN raw_programs AS p ON p.program_id = selected.program_id
LEFT JOIN (
    SELECT family_id, any_value(founder) AS founder, any_value(also_near) AS also_near
    FROM program_families GROUP BY family_id
) AS f ON f.family_id = p.family_id
LEFT JOIN chains_of_execution AS c ON c.coe_id = selected.coe_id
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
    (SELECT count(*) FROM chains_of_execution)
"""
_TRUE_TABLES = tuple(table for table in STRIPE_TABLES if table not in FALSE_TABLES)
_STAGES = ("read", "unusable", "benchmark", *_TRUE_TABLES)


@dataclass(frozen=True, slots=True)
class Selection:
    """The rows that a mixture's SQL gives.

    Attributes:
        frame: one row per candidate, with the ids, `kind`, the parts of the format (absent optional ones null) and,
            under `fact_…`, the columns of `FACTS`.
        counts: rows upstream: programs read, unusable, of benchmarks, and what is admissible of each table.
    """

    frame: pl.DataFrame
    counts: dict[str, int]


def select(mixture: Mixture, tables: Path, sources: Collection[str] | None = None) -> Selection:
    """Run the mixture's SQL over the tables in this folder, all sources in them or only the ones named.

    Raises:
        MixtureError: the SQL does not parse or run, is no single SELECT, gives no rows, lacks a column or has one too
            many, gives a row more than once, or names programs that may not be in a mixture.
    """
    with open_views(tables, admissible=True, sources=sources) as connection:
        _run(connection, mixture)
        _check_columns(connection, mixture)
        counts = dict(zip(_STAGES, connection.execute(_STAGE_COUNTS).fetchall()[0], strict=True))
        facts = pl.DataFrame(connection.sql(_WITH_FACTS).to_arrow_table())
    return Selection(_checked(_complete(facts, mixture), mixture, counts), counts)


def upstream_tables(mixture: Mixture) -> tuple[str, ...]:
    """The tables that the mixture's SQL reads, in the order of the data flow; raw_programs is always among them.

    Raises:
        MixtureError: the SQL does not parse.
    """
    with duckdb.connect() as connection:
        query = _query(connection, mixture)
        for table, schema in SCHEMAS.items():
            connection.register("empty", schema.empty_table())
            connection.execute(f"CREATE TABLE {table} AS FROM empty")
        try:
            named = {name.rsplit(".", 1)[-1].strip('"') for name in connection.get_table_names(query)}
        except duckdb.Error as error:
            raise _sql_error(mixture, error) from error
    if false := sorted(named.intersection(FALSE_TABLES)):
        problem = f"the query reads {', '.join(false)}, whose texts are false on purpose"
        raise MixtureError(
            mixture.file, problem, "read chains_of_execution, which holds the true ones", mixture.sql_line
        )
    return tuple(table for table in STRIPE_TABLES if table in named | {"raw_programs"})


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


def _check_columns(connection: duckdb.DuckDBPyConnection, mixture: Mixture) -> None:
    given = connection.sql("SELECT * FROM selected").columns
    required = (*ANCESTOR_IDS, "kind", *REQUIRED_PARTS[mixture.format])
    allowed = (*required, *OPTIONAL_PARTS[mixture.format])
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


def _complete(facts: pl.DataFrame, mixture: Mixture) -> pl.DataFrame:
    """The columns of the format in their order, all text, optional ones null where the query does not give them."""
    texts = (*ANCESTOR_IDS, "kind", *REQUIRED_PARTS[mixture.format], *OPTIONAL_PARTS[mixture.format])
    columns = [
        pl.col(name).cast(pl.String) if name in facts.columns else pl.lit(None, pl.String).alias(name) for name in texts
    ]
    return facts.select(*columns, *(pl.col(f"fact_{name}").cast(kind) for name, kind in FACTS.items()))


def _checked(frame: pl.DataFrame, mixture: Mixture, counts: dict[str, int]) -> pl.DataFrame:
    def fault(problem: str, remedy: str) -> MixtureError:
        return MixtureError(mixture.file, problem, remedy, mixture.sql_line)

    if frame.is_empty():
        empty = [table for table in _TRUE_TABLES if not counts[table]]
        if empty:
            raise fault(
                f"the query gives no rows: {', '.join(empty)} has none", "build the tables first: tracepile build"
            )
        raise fault("the query gives no rows", "loosen its conditions")
    foreign = frame.filter(pl.col("fact_source").is_null())
    if len(foreign):
        example = foreign["program_id"][0]
        problem = (
            f"{len(foreign)} rows name a program that may not be in a mixture, or does not exist, such as {example}"
        )
        raise fault(problem, "select from the views only; benchmark and rejected programs are not in them")
    identity = [*ANCESTOR_IDS, "kind"]
    doubled = frame.group_by(identity).len().filter(pl.col("len") > 1).sort(identity)
    if len(doubled):
        first = doubled.row(0, named=True)
        example = next(first[name] for name in reversed(ANCESTOR_IDS) if first[name] is not None)
        problem = f"{len(doubled)} rows come more than once, such as the one of {example} ({first['len']} times)"
        raise fault(problem, "a join multiplies rows: add a condition to it, or SELECT DISTINCT")
    if frame["kind"].null_count():
        raise fault(f"kind is null in {frame['kind'].null_count()} rows", "give every row its kind, such as q.kind")
    _check_parts(frame, mixture, fault)
    return frame


def _check_parts(frame: pl.DataFrame, mixture: Mixture, fault) -> None:
    """Every row must have what its format needs to make a sample of it."""
    null = pl.col
    if mixture.format == "text":
        poor = null("question").is_null() & null("code").is_null() | null("rationale").is_null()
        needs = "a rationale, and a question or the code"
    elif mixture.format == "messages":
        poor = null("question").is_null() | (null("rationale").is_null() & null("answer").is_null())
        needs = "a question, and a rationale or an answer"
    else:
        poor = null("question").is_null() | null("answer").is_null() | null("question_id").is_null()
        needs = "a question with its id, and an answer"
    rows = frame.filter(poor)
    if len(rows):
        problem = (
            f"{len(rows)} rows have nulls where {mixture.format} needs {needs}, such as one of {rows['program_id'][0]}"
        )
        raise fault(problem, "leave them out with a WHERE, or select the missing part")
