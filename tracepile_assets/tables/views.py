"""The tables as DuckDB views: what the SQL of mixtures, reports and lineage reads.

Belongs here: opening a connection over the Parquet files, keeping out what no mixture may contain. Does not belong
here: any query.

Views: raw_programs, code_variants, execution_traces, tracing_questions, chains_of_execution, corrupted_twins (where
false texts are asked for, or all that there is), program_families, and
program_inputs (one row per input of raw_programs.inputs, with its program_id), and curriculum (where a trace that has
events stands among those of its source by difficulty: trace_id, source, curriculum_quantile from 0 to 1). A table that
has no file yet is empty.
"""

import tempfile
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import duckdb
import pyarrow as pa

from .schemas import CHECKED_TABLES, FALSE_TABLES, SCHEMAS, STRIPE_TABLES

_SIDES = ("rejected", "quarantine")

MEMORY = "1GB"
"""What a query may hold in memory, whatever the tables hold."""

MADE_FROM = {"program_inputs": "raw_programs", "curriculum": "execution_traces"}
"""The views that are no tables, and the table that each is made from."""


@contextmanager
def open_views(
    tables: Path,
    *,
    admissible: bool,
    false_texts: bool = False,
    side_tables: bool = False,
    samples: Sequence[Path] = (),
    sources: Collection[str] | None = None,
    spill: Path | None = None,
) -> Iterator[duckdb.DuckDBPyConnection]:
    """Open a connection with the views over the tables in this folder.

    The connection reads nothing outside the folder, and in it only the tables that it shows.

    Args:
        tables: folder that holds a folder for each table.
        admissible: leave out whatever may not be in a mixture: benchmark programs and rejected ones, and all that is
            made from them; chains of execution that were not admitted; tables of what is false on purpose, and
            other mixtures. A query cannot get round it.
        false_texts: show what is false on purpose all the same, of admissible programs.
        side_tables: also give the views rejected and quarantine, with the columns of_table and source, check_traces,
            and training_mixtures.
        samples: the files that make up training_mixtures.
        sources: the sources to read; all that have files if None.
        spill: folder in which a folder is made for what does not fit into memory; that of the system if None.
    """
    with tempfile.TemporaryDirectory(prefix="tracepile-duckdb-", dir=spill) as beside, duckdb.connect() as connection:
        bounded(connection, Path(beside))
        shown = [table for table in STRIPE_TABLES if not (admissible and table in FALSE_TABLES and not false_texts)]
        read = [*shown, "program_families", *((*_SIDES, "check_traces", "training_mixtures") if side_tables else ())]
        folders = ", ".join(_quoted(f"{tables / table}/") for table in read)
        connection.execute(f"SET allowed_directories = [{folders}]")
        for table in shown:
            _files_view(connection, f"all_{table}", table, _stripes(tables / table, sources))
        families = sorted((tables / "program_families").glob("*.parquet"))
        _files_view(connection, "program_families", "program_families", families)
        if side_tables:
            for side in _SIDES:
                folders = sorted((tables / side).glob("table=*"))
                files = [file for folder in folders for file in _stripes(folder, sources)]
                _files_view(connection, f"all_{side}", side, files, hive=True)
                connection.execute(f'CREATE VIEW {side} AS SELECT * RENAME ("table" AS of_table) FROM all_{side}')
            beside = [tables / "check_traces" / f"table={of}" for of in CHECKED_TABLES]
            _files_view(connection, "check_traces", "check_traces", [f for b in beside for f in _stripes(b, sources)])
            _files_view(connection, "training_mixtures", "training_mixtures", list(samples))
        _program_views(connection, shown[1:], admissible)
        connection.execute("SET enable_external_access = false")
        connection.execute("SET lock_configuration = true")
        yield connection


def bounded(connection: duckdb.DuckDBPyConnection, spill: Path) -> None:
    """Have a connection use two threads and a bounded part of memory; what does not fit goes to the folder."""
    connection.execute("SET threads = 2")
    connection.execute(f"SET memory_limit = '{MEMORY}'")
    connection.execute("SET preserve_insertion_order = false")
    connection.execute(f"SET temp_directory = {_quoted(str(spill))}")


def _stripes(folder: Path, sources: Collection[str] | None) -> list[Path]:
    """The stripe files of a table, in order; a source that is no longer registered may have left some behind."""
    # What became of a mixture's candidates lies under the name of the mixture, not of a source.
    every = sources is None or folder.name == "table=training_mixtures"
    files = sorted(folder.glob("source=*/*.parquet"))
    return [file for file in files if every or file.parent.name.removeprefix("source=") in sources]


def _program_views(connection: duckdb.DuckDBPyConnection, tables: Sequence[str], admissible: bool) -> None:
    condition = " WHERE status = 'ok' AND NOT benchmark" if admissible else ""
    connection.execute(f"CREATE VIEW raw_programs AS SELECT * FROM all_raw_programs{condition}")
    for table in tables:
        narrow = " SEMI JOIN raw_programs USING (program_id)" if admissible else ""
        if admissible and table == "chains_of_execution":
            narrow += " WHERE verdict = 'admitted'"
        connection.execute(f"CREATE VIEW {table} AS SELECT * FROM all_{table}{narrow}")
    connection.execute(
        "CREATE VIEW program_inputs AS SELECT program_id, unnest(input) FROM "
        "(SELECT program_id, unnest(inputs) AS input FROM raw_programs)"
    )
    # A view of its own: a window over whole rows of execution_traces would hold their events in memory.
    connection.execute(
        "CREATE VIEW curriculum AS SELECT t.trace_id, p.source, "
        "percent_rank() OVER (PARTITION BY p.source ORDER BY t.difficulty) AS curriculum_quantile "
        "FROM (SELECT trace_id, program_id, difficulty FROM execution_traces WHERE n_events > 0) AS t "
        "JOIN (SELECT program_id, source FROM raw_programs) AS p USING (program_id)"
    )


def _files_view(
    connection: duckdb.DuckDBPyConnection, view: str, table: str, files: list[Path], *, hive: bool = False
) -> None:
    if files:
        listed = ", ".join(_quoted(str(file)) for file in files)
        partitions = "true, hive_types_autocast = false" if hive else "false"
        connection.execute(
            f"CREATE VIEW {view} AS SELECT * FROM read_parquet([{listed}], hive_partitioning = {partitions})"
        )
        return
    empty = SCHEMAS[table].empty_table()
    if hive:
        for column in ("table", "source"):
            empty = empty.append_column(column, pa.array([], pa.string()))
    connection.register(f"empty_{view}", empty)
    connection.execute(f"CREATE VIEW {view} AS SELECT * FROM empty_{view}")


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
