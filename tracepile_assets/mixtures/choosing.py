"""Which of the candidates become samples: duplicates, caps, shares and the token budget, by seeded hash priority.

Belongs here: choosing rows by their identity, group and size. Does not belong here: texts.

A candidate's priority is a hash of the seed and of the ids of the rows that it is made from, so that a program that
changes moves no sample of another one, apart from those at the edge of a share or budget; and so that two mixtures with
one seed choose alike among the same rows, and put them in the same order.
"""

from collections.abc import Callable, Iterable

import polars as pl

from tracepile_assets.mixtures.definition import COUNT_CAPS, Caps
from tracepile_assets.tables.ids import digest

_GROUPS = {"per_program": "program_id", "per_family": "founder", "per_kind": "kind", "per_narrator": "narrator"}


def priority(seed: int, identity: Iterable[str | None]) -> int:
    """The place of a sample in the order of a mixture with this seed, as a number of 128 bits.

    Args:
        seed: the mixture's seed.
        identity: what tells the sample from all others of its mixture, whatever that is called.
    """
    return int(digest(("tracepile order", str(seed), *identity)), 16)


def choose(
    candidates: pl.DataFrame, caps: Caps, near: Callable[[pl.Series], list[int]] = lambda places: []
) -> pl.DataFrame:
    """Decide on each candidate.

    Args:
        candidates: place (where the candidate is found), sample_id, priority, reason (null, or why it is out already),
            content (digest of the rendered sample), program_id, founder, kind, narrator, n_tokens. They are not copied
            where they come in the order of their priority.
        caps: the mixture's caps.
        near: of the places of candidates in the order of their priority, those that are too near to one before them
            that stays, counted from 0.

    Returns:
        The candidates in the order of their priority, with a column `reason`: null for those that stay, else
        `duplicate`, `near_duplicate` or the name of the cap. Each is dropped for one reason only, the first that
        applies; one that comes with a reason keeps it.
    """
    frame = candidates.sort("priority")
    frame = _drop(frame, _rank("content") > 1, "duplicate")
    frame = _drop_near(frame, near)
    for cap in COUNT_CAPS:
        limit = getattr(caps, cap)
        if limit is not None:
            frame = _drop(frame, (_rank(_GROUPS[cap]) > limit) & pl.col(_GROUPS[cap]).is_not_null(), cap)
    if caps.per_kind_share is not None:
        sizes = frame.filter(pl.col("reason").is_null())["kind"].value_counts()["count"].to_list()
        limit = largest_equal_share(sizes, caps.per_kind_share)
        frame = _drop(frame, _rank("kind") > limit, "per_kind_share")
    return frame


def cut_to_budget(decided: pl.DataFrame, token_budget: int) -> pl.DataFrame:
    """Drop what comes, in the order of priority, after the tokens are used up; the reason is `token_budget`."""
    used = pl.when(_open()).then(pl.col("n_tokens")).otherwise(0).cum_sum()
    return _drop(decided.sort("priority"), used > token_budget, "token_budget")


def largest_equal_share(sizes: list[int], share: float) -> int:
    """The largest number c such that, with no group above c, none has more than `share` of what is left.

    With too few groups for the share to be met (one of two kinds always has at least half), all are cut to the
    smallest.
    """
    if not sizes:
        return 0
    low, high = min(sizes), max(sizes)
    while low < high:
        middle = (low + high + 1) // 2
        if min(middle, max(sizes)) <= share * sum(min(size, middle) for size in sizes):
            low = middle
        else:
            high = middle - 1
    return low


def _drop_near(frame: pl.DataFrame, near: Callable[[pl.Series], list[int]]) -> pl.DataFrame:
    numbered = frame.with_row_index("_row")
    still_in = numbered.select("_row", "place", "reason").filter(_open())
    rows = still_in["_row"].gather(near(still_in["place"]))
    return _drop(numbered, pl.col("_row").is_in(rows.implode()), "near_duplicate").drop("_row")


def _open() -> pl.Expr:
    return pl.col("reason").is_null()


def _rank(group: str) -> pl.Expr:
    """The number of a row, from 1, among the rows of its group that are still in."""
    return pl.col("reason").is_null().cast(pl.Int64).cum_sum().over(group)


def _drop(frame: pl.DataFrame, condition: pl.Expr, reason: str) -> pl.DataFrame:
    return frame.with_columns(reason=pl.when(_open() & condition).then(pl.lit(reason)).otherwise(pl.col("reason")))
