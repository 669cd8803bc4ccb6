"""The front matter of a data card: what the hub and `datasets` read of it. Not here: what a person reads (`text`)."""

import json
from collections.abc import Iterator, Sequence

import polars as pl

from tracepile_assets.mixtures.definition import is_shipped
from tracepile_assets.mixtures.making import Rendered
from tracepile_assets.mixtures.shards import Shard, front_matter

_HUB_LICENSES = frozenset(
    {
        "apache-2.0",
        "bsd-2-clause",
        "bsd-3-clause",
        "cc-by-4.0",
        "cc-by-sa-3.0",
        "cc-by-sa-4.0",
        "cc0-1.0",
        "isc",
        "mit",
        "mpl-2.0",
        "odc-by",
        "unlicense",
    }
)
"""Names of licences in the front matter of a card, of those that sources are likely to have
(https://huggingface.co/docs/hub/repositories-licenses)."""


def head(rendered: Rendered, shards: Sequence[Shard]) -> Iterator[str]:
    """Its lines, with the marks around them."""
    summary = rendered.summary
    yield "---"
    yield f"pretty_name: {json.dumps('TracePile: ' + rendered.mixture.name)}"
    if is_shipped(rendered.mixture) and not rendered.own_instructions:
        # A query of one's own may write in any language.
        yield "language:\n- en"
    yield from _license(summary)
    yield "task_categories:\n- text-generation"
    yield "tags:"
    if summary["program_id"].drop_nulls().len():
        yield "- code"
    if summary["narrator"].drop_nulls().len():
        yield "- reasoning\n- execution-traces"
    yield "- tracepile"
    yield f"size_categories:\n- {_size_category(sum(shard.rows for shard in shards))}"
    yield from front_matter(shards)
    yield "---"


def _license(summary: pl.DataFrame) -> Iterator[str]:
    """The licences of the samples by their names on the hub; ``other`` for one that it does not know."""
    stated = {name.lower() for name in summary.get_column("license").unique() if name}
    names = sorted({name if name in _HUB_LICENSES else "other" for name in stated}) or ["other"]
    yield f"license: {names[0]}" if len(names) == 1 else "license:\n" + "\n".join(f"- {name}" for name in names)


def _size_category(rows: int) -> str:
    edges = [
        (1_000, "n<1K"),
        (10_000, "1K<n<10K"),
        (100_000, "10K<n<100K"),
        (1_000_000, "100K<n<1M"),
        (10_000_000, "1M<n<10M"),
    ]
    return next((name for edge, name in edges if rows < edge), "n>10M")
