"""The tables of a data card: what is counted by split, by what samples are, and on the way to them.

Not here: the order and the words of the card (`text`).
"""

from collections.abc import Iterable, Iterator

import orjson
import polars as pl
import pyarrow.compute as pc

from tracepile_assets.mixtures.benchmarks import read_items
from tracepile_assets.mixtures.making import OWN_SOURCE, Rendered

_UPSTREAM = {
    "read": "programs read",
    "unusable": "of these left out as unusable",
    "benchmark": "of these left out as benchmark data",
    "raw_programs": "programs that may be used",
    "code_variants": "variants of them",
    "execution_traces": "traces",
    "tracing_questions": "questions",
    "chains_of_execution": "chains of execution, every claim verified",
    "corrupted_twins": "of these with a twin that has one planted false claim",
}
_DROPS = {
    "license_not_allowed": "licence not on the allow-list",
    "contaminated": "overlaps with a benchmark",
    "near_duplicate": "nearly the same telling as another of the same program and kind",
    "bridging_family": "near to programs of two splits",
    "opaque_fold": "part of the run is told as a summary that cannot be derived step by step",
    "duplicate": "same text as another sample",
    "per_program": "over the cap of its program",
    "per_family": "over the cap of its family",
    "per_kind": "over the cap of its kind",
    "per_narrator": "over the cap of its narrator",
    "per_kind_share": "its kind would have more than its share",
    "token_budget": "over the token budget",
    "over_ratio": "beyond the ratio of your own instructions to rows of this corpus",
}
_BANDS = 10
"""Parts of the scale of difficulty that are counted apart."""


def splits(rendered: Rendered) -> Iterator[str]:
    """Samples, tokens and families by split."""
    rows = []
    for split in rendered.splits:
        part = rendered.summary.filter(split=split)
        rows.append((split, len(part), int(part["n_tokens"].sum()), part["founder"].drop_nulls().n_unique()))
    yield from table(("split", "samples", "tokens", "families"), rows)


def lengths(rendered: Rendered) -> Iterator[str]:
    """Tokens of a sample by split."""
    rows = []
    for split in (*rendered.splits, "all"):
        part = rendered.summary if split == "all" else rendered.summary.filter(split=split)
        tokens = part["n_tokens"]
        median, most = (int(tokens.quantile(share, "lower")) for share in (0.5, 0.95))
        rows.append((split, tokens.min(), median, round(tokens.mean()), most, tokens.max()))
    yield from table(("split", "shortest", "median", "mean", "95 %", "longest"), rows)


def composition(summary: pl.DataFrame, column: str) -> Iterator[str]:
    """Samples and tokens by a column; nothing where no sample has it."""
    if summary[column].null_count() == len(summary):
        return
    yield from _by(summary.with_columns(pl.col(column).fill_null("none")), column, "samples")
    yield ""


def difficulty(summary: pl.DataFrame) -> Iterator[str]:
    """Samples and tokens by the difficulty of the run that they are about, in equal parts of the scale from 0 to 1."""
    band = (pl.col("difficulty") * _BANDS + 1e-9).floor().clip(0, _BANDS - 1).cast(pl.Int64)
    names = {number: f"{number / _BANDS:.1f} to {(number + 1) / _BANDS:.1f}" for number in range(_BANDS)}
    named = summary.with_columns(difficulty=band.replace_strict(names, return_dtype=pl.String).fill_null("not known"))
    yield from _by(named, "difficulty", "difficulty")


def _by(summary: pl.DataFrame, column: str, order: str) -> Iterator[str]:
    groups = summary.group_by(column).agg(pl.len().alias("samples"), pl.col("n_tokens").sum().alias("tokens"))
    groups = groups.sort([order, column], descending=[order == "samples", False])
    yield from table(
        (column, "samples", "share", "tokens"),
        ((name, samples, f"{samples / len(summary):.1%}", tokens) for name, samples, tokens in groups.iter_rows()),
    )


def funnel(rendered: Rendered) -> Iterator[str]:
    """From the programs that were read to the samples, with what was dropped and why."""
    rows: list[tuple[str, int]] = [
        (label, rendered.counts[key]) for key, label in _UPSTREAM.items() if key in rendered.counts
    ]
    rows.append(
        (
            "candidates: what the query gives" + (", and your own instructions" if rendered.own_instructions else ""),
            rendered.selected,
        )
    )
    rows += [
        (f"dropped: {_DROPS.get(reason, reason)} (`{reason}`)", number) for reason, number in rendered.dropped.items()
    ]
    rows.append(("samples", len(rendered.summary)))
    rows.append(("programs that these are about", rendered.summary["program_id"].drop_nulls().n_unique()))
    yield from table(("", "rows"), rows)


def licences(summary: pl.DataFrame) -> Iterator[str]:
    """Samples and programs by licence."""
    groups = summary.group_by("license").agg(
        pl.len().alias("samples"), pl.col("program_id").n_unique().alias("programs")
    )
    rows = groups.sort(["samples", "license"], descending=[True, False]).iter_rows()
    counted = ((name, samples, 0 if name == OWN_SOURCE else programs) for name, samples, programs in rows)
    yield from table(("licence, as the source states it", "samples", "programs"), counted)


def benchmarks(rendered: Rendered) -> Iterator[str]:
    """For each benchmark how many items it has, and what overlaps with it."""
    items: dict[str, set[str]] = {named: set() for named in rendered.benchmarks}
    for row in rendered.kept_out.filter(pc.field("check") == "contaminated").column("row").to_pylist():
        for hit in orjson.loads(row)["overlaps"]:
            items[hit["benchmark"]].add(hit["item"])
    rows = (
        (
            f"`{each.named}`",
            f"`{each.digest}`",
            len(read_items(each.paths, each.digest)),
            rendered.benchmarks[each.named],
            len(items[each.named]),
        )
        for each in rendered.features.hits
    )
    yield from table(
        (
            "benchmark",
            "content",
            "items",
            "candidates that overlap, and were left out",
            "items that these overlap with",
        ),
        rows,
    )


def table(head: tuple[str, ...], rows: Iterable[tuple[object, ...]]) -> Iterator[str]:
    """A table in Markdown; whole numbers are written with commas."""
    yield "| " + " | ".join(head) + " |"
    yield "|" + "---|" * len(head)
    for row in rows:
        cells = (f"{cell:,}" if isinstance(cell, int) else str(cell).replace("|", "\\|") for cell in row)
        yield "| " + " | ".join(cells) + " |"
