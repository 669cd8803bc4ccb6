"""The columns of `sample_rows`, by which builds of a mixture are compared. Not here: the samples themselves."""

import pyarrow as pa

from .fields import column

SAMPLE_ROWS = pa.schema(
    [
        column("sample_id", pa.string(), "id of the sample (`s_…`)"),
        column("split", pa.string(), "`train`, `validation` or `test`"),
        column("program_id", pa.string(), "program that it is made from; null for the user's own rows", True),
        column("source", pa.string(), "source of that program"),
        column("kind", pa.string(), "kind of sample, as the mixture's query gives it"),
        column("content", pa.string(), "digest of all that a model reads or writes of it in training"),
        column("n_tokens", pa.int32(), "tokens of the sample"),
    ]
)
