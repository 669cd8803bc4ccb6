"""Prints docs/tables.md from the schemas: `python -m tracepile_assets.tables.document > docs/tables.md`.

Not here: what a trace means (docs/trace.md).
"""

import pyarrow as pa

from .schemas import SCHEMAS, SUMMARIES

_INTRODUCTION = """# Tables

Every column of every table. A stripe of a table lies at
`$TRACEPILE_HOME/tables/<table>/source=<source>/<stripe>.parquet`, its side files (`units`, `rejected`, `quarantine`,
`check_traces`) at
`$TRACEPILE_HOME/tables/<side>/table=<table>/source=<source>/<stripe>.parquet`; side files count only where their
footer names the
same `inputs` as the table's own. The stripes of `sample_features` lie at
`$TRACEPILE_HOME/tables/sample_features/feature=<feature>/source=<source>/<stripe>.parquet`, with side files of their
own. `training_mixtures` lie at `$TRACEPILE_HOME/tables/training_mixtures/<name>/<split>-<n>-of-<N>-<hash8>.parquet`.

Ids are 128-bit hashes with a prefix, of the parents' ids and a row's own discriminators: the same in every build, on
every machine. What the event and change columns mean is told in [trace.md](trace.md), the kinds of question in
[questions.md](questions.md).

This page is printed from the schemas by `python -m tracepile_assets.tables.document`.
"""


def type_text(type_: pa.DataType) -> str:
    """Name an Arrow type as a person would."""
    if pa.types.is_list(type_):
        return f"list of {type_text(type_.value_type)}"
    if pa.types.is_struct(type_):
        return "struct(" + ", ".join(f"{field.name}: {type_text(field.type)}" for field in type_) + ")"
    return str(type_)


def document() -> str:
    """The text of docs/tables.md."""
    parts = [_INTRODUCTION]
    for table, schema in SCHEMAS.items():
        parts.append(f"\n## {table}\n\n{SUMMARIES[table]}\n\n| column | type | null | meaning |\n|---|---|---|---|\n")
        for column in schema:
            meaning = column.metadata[b"description"].decode().replace("|", "\\|")
            parts.append(
                f"| {column.name} | {type_text(column.type)} | {'yes' if column.nullable else ''} | {meaning} |\n"
            )
    return "".join(parts)


if __name__ == "__main__":
    print(document(), end="")
