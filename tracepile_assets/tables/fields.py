"""What columns are made of: a field with its meaning, lists, and the structs that lists hold.

Not here: the columns of a table (`schemas`).
"""

import pyarrow as pa


def column(name: str, type_: pa.DataType, description: str, nullable: bool = False) -> pa.Field:
    """A column with its meaning."""
    return pa.field(name, type_, nullable=nullable, metadata={"description": description})


def list_of(item: pa.DataType, nullable_items: bool = False) -> pa.DataType:
    """A list of items."""
    return pa.list_(pa.field("item", item, nullable=nullable_items))


INPUT = pa.struct(
    [
        pa.field("input_id", pa.string(), nullable=False),
        pa.field("codec", pa.string(), nullable=False),
        pa.field("arguments", pa.string()),
        pa.field("stdin", pa.string()),
        pa.field("expected", pa.string()),
        pa.field("origin", pa.string(), nullable=False),
    ]
)

NAME_PAIR = pa.struct(
    [pa.field(name, pa.string(), nullable=False) for name in ("function", "variable", "to_function", "to_variable")]
)

CLAIM = pa.struct(
    [
        pa.field("start", pa.int32(), nullable=False),
        pa.field("end", pa.int32(), nullable=False),
        pa.field("kind", pa.string(), nullable=False),
        pa.field("says", pa.string(), nullable=False),
        pa.field("event", pa.int32()),
        pa.field("verdict", pa.string(), nullable=False),
        pa.field("observed", pa.bool_(), nullable=False),
    ]
)

SPAN = pa.struct([pa.field(name, pa.int32(), nullable=False) for name in ("start", "end")])

HIT = pa.struct(
    [
        pa.field("item", pa.string(), nullable=False),
        pa.field("matched", pa.string(), nullable=False),
        pa.field("part", pa.string(), nullable=False),
        pa.field("start", pa.int32(), nullable=False),
        pa.field("end", pa.int32(), nullable=False),
        pa.field("share", pa.float64(), nullable=False),
    ]
)

ANCESTORS = pa.struct(
    [
        pa.field(name, pa.string())
        for name in ("program_id", "variant_id", "input_id", "trace_id", "question_id", "coe_id", "twin_id")
    ]
)

MESSAGE = pa.struct(
    [
        pa.field("role", pa.string(), nullable=False),
        pa.field("content", pa.string(), nullable=False),
    ]
)
