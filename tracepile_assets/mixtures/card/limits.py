"""What a mixture is not good for, as its data say.

Belongs here: one sentence for each thing that the samples lack, with the numbers that show it. Does not belong here:
what holds for some other mixture.
"""

from collections.abc import Iterator

import polars as pl

from tracepile_assets.mixtures.making import Rendered
from tracepile_assets.mixtures.splits import SPLITS

_TOLD_BY_RULE = frozenset({"deterministic"})
_MOST = 0.5
"""A larger share of the samples than this is worth a word."""

_FEW = 100
"""With fewer samples in a split, one more or less moves what is measured by a hundredth."""


def limits(rendered: Rendered) -> Iterator[str]:
    """One line for each thing."""
    for line in (
        *_measuring(rendered),
        *_content(rendered.summary),
        *_replies(rendered),
        *_balance(rendered.summary),
    ):
        yield f"- {line}"


def _measuring(rendered: Rendered) -> Iterator[str]:
    if rendered.benchmarks:
        yield "Measuring a model by other benchmarks than those above: no sample was checked against any other."
    else:
        yield "Measuring a model by a benchmark: no sample was checked for contamination with any."
    for split in SPLITS[1:]:
        number = rendered.splits[split].num_rows if split in rendered.splits else 0
        if number < _FEW:
            yield f"Measuring on the split `{split}`: it has {number or 'no'} samples."


def _content(summary: pl.DataFrame) -> Iterator[str]:
    ours = summary.filter(pl.col("program_id").is_not_null())
    programs, families = ours["program_id"].n_unique(), ours["founder"].n_unique()
    if len(ours):
        about = "every sample is" if len(ours) == len(summary) else f"{_share(len(ours), summary)} of the samples are"
        yield (
            f"Code unlike what it has: {about} about one of {programs:,} programs, of {families:,} families of "
            f"near-duplicates (domains: {', '.join(sorted(ours['domain'].unique()))})."
        )
    if len(ours) == len(summary):
        yield "Standing alone as a general instruction set: every sample is about a program."
    longest = summary["n_tokens"].max()
    yield f"Longer contexts than {longest:,} tokens: no sample is longer."
    known = summary["difficulty"].drop_nulls()
    if len(known):
        most = known.quantile(0.95, "lower")
        yield f"Harder runs than it has: for 95 % of the samples the difficulty is {most:.2f} or less, on a scale to 1."


def _replies(rendered: Rendered) -> Iterator[str]:
    summary, form = rendered.summary, rendered.mixture.format
    is_ours = pl.col("program_id").is_not_null()
    if form == "prompt_answer":
        yield "Training on replies: a sample has a prompt, and an answer to grade a reply by, and no reply."
        return
    if form == "text":
        yield "Chats: a sample is a document, without turns."
    if form == "messages" and summary.filter(is_ours).height == len(summary):
        yield "Conversations of several turns: each sample is one question and one reply."
    if form == "pair":
        yield "Fine-tuning on `rejected`, which has a false claim; nor is `chosen` better in style, only true."
    untold = summary.filter(is_ours & pl.col("narrator").is_null()).height
    if untold:
        untold_share = _share(untold, summary)
        yield f"Learning to work through a run from all of it: {untold_share} of the samples have no telling of one."
    narrators = set(summary["narrator"].drop_nulls().unique())
    if narrators and narrators <= _TOLD_BY_RULE:
        yield "Learning to write in many ways: all tellings are worded by rules, by no person and no language model."


def _balance(summary: pl.DataFrame) -> Iterator[str]:
    for column, things in (("source", "sources"), ("kind", "kinds")):
        largest = summary[column].value_counts(sort=True).sort(["count", column], descending=[True, False]).row(0)
        name, number = largest
        if number > _MOST * len(summary):
            yield f"Even shares of {things}: `{name}` has {_share(number, summary)} of the samples."


def _share(number: int, summary: pl.DataFrame) -> str:
    return f"{number / len(summary):.1%}"
