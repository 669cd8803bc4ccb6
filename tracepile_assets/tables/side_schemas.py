"""The columns of the tables beside the row of tables: features of samples, and what is kept of units, rejections and
quarantine.

Not here: the tables that rows flow through (`schemas`).
"""

import pyarrow as pa

from .fields import HIT, column, list_of

SAMPLE_FEATURES = pa.schema(
    [
        column("row_id", pa.string(), "id of the question (`q_…`) or rationale (`c_…`)"),
        column(
            "question_id",
            pa.string(),
            "the question, or the one that the rationale answers; null for a whole run",
            True,
        ),
        column("coe_id", pa.string(), "the rationale; null for a question", True),
        column("trace_id", pa.string(), "id of the trace (`t_…`)"),
        column("program_id", pa.string(), "id of the program (`p_…`)"),
        *(
            column(
                f"{part}_tokens",
                pa.int32(),
                f"tokens of {what}, by the tokenizer of the feature; null where there is none, and in other features",
                True,
            )
            for part, what in (
                ("context", "the program and its call, which the document of a whole run begins with"),
                ("question", "the question"),
                ("answer", "the answer"),
                ("rationale", "the rationale"),
            )
        ),
        column(
            "signature",
            pa.binary(),
            "MinHash of the word triples of the rationale: 128 numbers of 32 bits; null for a question, and in other "
            "features",
            True,
        ),
        column(
            "hits",
            list_of(HIT),
            "items of the benchmark that it overlaps with: item, what matched (`text`, `code`), in which part (also "
            "`statement` and `original` of the program and `code` of the variant), the span there (characters), the "
            "share of the item's own 13-grams; null in other features",
            True,
        ),
        *(
            column(
                f"{part}_digest",
                pa.int64(),
                f"first 64 bits of the digest of the {part} that was measured; null where there is none",
                True,
            )
            for part in ("context", "question", "answer", "rationale")
        ),
    ]
)

REJECTED = pa.schema(
    [
        column("parent_id", pa.string(), "row that the unit worked on"),
        column("unit", pa.string(), "transform, kind of question, narrator, … that made no row"),
        column("reason", pa.string(), "why, one of a small set per unit"),
        column("detail", pa.string(), "what a person needs to look into it", True),
    ]
)

QUARANTINE = pa.schema(
    [
        column("row_id", pa.string(), "id of the row that was kept out"),
        column("check", pa.string(), "check that it failed"),
        column("reason", pa.string(), "what the check says"),
        column("row", pa.string(), "the row as JSON"),
    ]
)

UNITS = pa.schema(
    [
        column("unit_id", pa.string(), "parent row, or group of parent rows, that rows are made from"),
        column("fingerprint", pa.string(), "hash of the parent columns, settings and unit versions"),
        column("n_rows", pa.int32(), "rows made from it"),
        column("n_rejected", pa.int32(), "rejections made from it"),
    ]
)
