"""From a mixture's definition to its samples, split by split.

Belongs here: the order of the steps (select, render, choose, join the user's instructions, split), and what is counted
on the way. Does not belong here: the steps themselves, and files.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from itertools import repeat
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import orjson
import polars as pl
import pyarrow as pa

from tracepile_assets.home.settings import PERMISSIVE
from tracepile_assets.mixtures.choosing import choose, cut_to_budget, priority
from tracepile_assets.mixtures.definition import Mixture
from tracepile_assets.mixtures.errors import MixtureError
from tracepile_assets.mixtures.features import Features
from tracepile_assets.mixtures.instructions import Instruction, read_instructions
from tracepile_assets.mixtures.left_out import KEPT_OUT, drops, kept_out
from tracepile_assets.mixtures.licenses import is_allowed
from tracepile_assets.mixtures.measures import Contamination, TokenCounts, digested, feature_files
from tracepile_assets.mixtures.near_duplicates import near_duplicates
from tracepile_assets.mixtures.rendering import Sample, parts_of, render_row
from tracepile_assets.mixtures.samples import Samples, SamplesWriter
from tracepile_assets.mixtures.selection import ANCESTOR_IDS, FACTS, ORDER, ROWS, Selection, ancestor_ids, select
from tracepile_assets.mixtures.splits import SPLITS, split_of
from tracepile_assets.tables import ids
from tracepile_assets.tables.files import as_table

OWN_SOURCE = "instructions (your own)"
"""What stands for source, kind and licence of the rows of the user's own instruction set."""

_DECIDING = ("opaque_fold", "also_near", "grading")
"""Facts that nothing is counted by."""

SUMMARY = (
    *("sample_id", "split", "n_tokens", "content", "program_id", "kind"),
    *(name for name in FACTS if name not in _DECIDING),
)
"""The columns of `Rendered.summary`: one row per sample, with what it can be counted by."""

_MOST_OVERLAPS = 20
"""Overlaps of one sample that its row in quarantine names."""


@dataclass(frozen=True, slots=True)
class Rendered:
    """A mixture's samples, and what became of all candidates.

    Attributes:
        mixture: its definition.
        splits: the samples of each split that has any, in the seeded order, or that of `curriculum_quantile` where the
            query gives it. They lie in files, which are gone when nothing holds them.
        summary: one row per sample, with the columns of `SUMMARY`.
        counts: rows upstream, as `Selection.counts` has them.
        selected: candidates: rows that the SQL gave, and the user's own instructions.
        drops: candidates that are no samples, in the schema of rejected (parent_id is the sample's id).
        kept_out: candidates that a policy keeps out, in the schema of quarantine (row_id is the sample's id).
        features: the features of samples that it was made by.
        benchmarks: for each benchmark that the mixture is decontaminated against, how many candidates overlap with it.
        own_instructions: conversations in the user's own set; None where the mixture takes none.
        notes: what a reader of the card must know about how it came out.
    """

    mixture: Mixture
    splits: dict[str, Samples]
    summary: pl.DataFrame
    counts: dict[str, int]
    selected: int
    drops: pa.Table
    kept_out: pa.Table
    features: Features
    benchmarks: dict[str, int]
    own_instructions: int | None
    notes: tuple[str, ...]

    @property
    def dropped(self) -> dict[str, int]:
        """The number of candidates dropped or kept out, by reason, most first."""
        reasons = pl.concat([pl.DataFrame(self.drops)["reason"], pl.DataFrame(self.kept_out)["check"].rename("reason")])
        counted = reasons.to_frame().group_by("reason").len().sort(["len", "reason"], descending=[True, False])
        return dict(counted.iter_rows())


def render(
    mixture: Mixture,
    tables: Path,
    instructions: Path | None = None,
    *,
    sources: Collection[str] | None = None,
    licenses: Collection[str] = PERMISSIVE,
    features: Features | None = None,
    scratch: Path | None = None,
) -> Rendered:
    """Make the samples of a mixture.

    Args:
        mixture: what to make.
        tables: folder that holds a folder for each table.
        instructions: folder with the user's own instruction set (`*.jsonl`); looked at only if the mixture takes a
            share of it.
        sources: the sources to read; all that have files if None.
        licenses: SPDX ids of the licences that may enter a mixture.
        features: the features of samples that it reads, if it names others than tokens by the byte-level estimate. What
            has no row in them is measured here.
        scratch: folder for what is not kept in memory; that of the system for temporary files if None. The samples are
            gone with it.

    Raises:
        MixtureError: the SQL is faulty, its rows cannot be used, nothing is left of them, or an instruction file is
            faulty.
    """
    held = TemporaryDirectory(prefix="tracepile-mixture-", dir=scratch)
    folder = Path(held.name)
    selection = select(mixture, tables, folder, sources)
    own = None
    if mixture.instructions_share is not None:
        own = read_instructions(instructions) if instructions is not None else []
    features = features or Features()
    counts = TokenCounts(tables, features, sources, selection.file, folder)
    contamination = Contamination(tables, features, sources, selection.file, folder)
    candidates = pl.concat(_candidates(mixture, selection, licenses, counts, contamination)).sort("priority")
    signed = feature_files(tables, features.signatures, sources)
    decided = choose(
        candidates,
        mixture.caps,
        lambda places: near_duplicates(places, selection.file, signed, folder),
    )
    del candidates
    if own:
        decided = _join(decided, _own_candidates(mixture, own, counts, contamination), mixture)
    if mixture.token_budget is not None:
        decided = cut_to_budget(decided, mixture.token_budget)
    kept = decided.filter(pl.col("reason").is_null()).sort(ORDER, "priority")
    if kept.is_empty():
        reasons = sorted(decided["reason"].unique())
        remedy = "loosen caps or budget"
        if "license_not_allowed" in reasons:
            found = ", ".join(sorted(decided["license"].unique()))
            remedy = (
                f"the licences are {found}: give a source its own with `license` in sources.toml, or allow it in "
                "tracepile.toml, [mixtures] licenses"
            )
        problem = f"all rows of the query were dropped ({', '.join(reasons)})"
        raise MixtureError(mixture.file, problem, remedy, 1)
    dropped = decided.filter(pl.col("reason").is_not_null())
    del decided
    return Rendered(
        mixture=mixture,
        splits=_splits(mixture, selection, own or [], kept, held),
        summary=kept.select(SUMMARY),
        counts=selection.counts,
        selected=len(kept) + len(dropped),
        drops=drops(mixture, dropped.filter(~pl.col("reason").is_in(KEPT_OUT))),
        kept_out=kept_out(dropped.filter(pl.col("reason").is_in(KEPT_OUT))),
        features=features,
        benchmarks=_overlapping(features, dropped),
        own_instructions=None if own is None else len(own),
        notes=tuple(_notes(mixture, own, kept, dropped)),
    )


def _candidates(
    mixture: Mixture,
    selection: Selection,
    licenses: Collection[str],
    counts: TokenCounts,
    contamination: Contamination,
) -> Iterator[pl.DataFrame]:
    """One row per selected row: its place in the selection and what choosing needs. Texts are rendered and let go."""
    known = zip(counts.known(), contamination.known(), strict=False)
    is_free = lru_cache(lambda license_: is_allowed(license_, licenses))
    first = 0
    for rows in selection.parts():
        made: list[dict[str, Any]] = []
        for place, (row, (counted, hits)) in enumerate(zip(rows.iter_rows(named=True), known, strict=False), first):
            sample = render_row(mixture, row)
            parts = digested(parts_of(mixture, row))
            found = contamination.of_row(hits, parts)
            identity = (*(row[name] for name in ANCESTOR_IDS), row["kind"])
            made.append(
                {
                    "place": place,
                    "sample_id": ids.sample_id(mixture.name, *identity),
                    "priority": priority(mixture.seed, identity),
                    ORDER: row[ORDER],
                    "content": ids.digest(sample.trained_on),
                    "split": split_of(row["fact_founder"]),
                    "n_tokens": counts.of_row(counted, parts, len(sample.messages or ())),
                    "reason": _policy(mixture, row, is_free(row["fact_license"]), bool(found)),
                    "overlaps": _as_json(found),
                    **{name: row[given] for name, given in _GIVEN.items()},
                }
            )
        first += len(rows)
        yield pl.DataFrame(made, schema=_CANDIDATE)


def _policy(mixture: Mixture, row: Mapping[str, Any], is_free: bool, is_contaminated: bool) -> str | None:
    """Why a row may not stay, whatever else is chosen."""
    if not is_free:
        return "license_not_allowed"
    if len({split_of(founder) for founder in (row["fact_founder"], *row["fact_also_near"])}) > 1:
        return "bridging_family"
    if is_contaminated:
        return "contaminated"
    # Part of such a telling cannot be derived step by step: no model is to be taught to answer like that.
    return "opaque_fold" if row["fact_opaque_fold"] and mixture.stage != "continued_pretraining" else None


_COUNTED = {name: kind for name, kind in FACTS.items() if name not in _DECIDING}
_GIVEN = {"program_id": "program_id", "kind": "kind"} | {name: f"fact_{name}" for name in _COUNTED}
"""What candidates are counted by, and the columns of the selection that give it."""

# All candidates are in memory at once, and their texts never: names that many have in common are kept once.
_CANDIDATE = {
    "place": pl.Int64,
    "sample_id": pl.String,
    "priority": pl.UInt128,
    ORDER: pl.Float64,
    "content": pl.String,
    "split": pl.Categorical,
    "n_tokens": pl.Int64,
    "reason": pl.String,
    "overlaps": pl.String,
    "program_id": pl.Categorical,
    "kind": pl.Categorical,
    **{name: pl.Categorical if kind == pl.String else kind for name, kind in _COUNTED.items()},
}


def _as_json(overlaps: list[dict[str, Any]]) -> str | None:
    return orjson.dumps(overlaps[:_MOST_OVERLAPS]).decode() if overlaps else None


def _own_candidates(
    mixture: Mixture, own: list[Instruction], counts: TokenCounts, contamination: Contamination
) -> pl.DataFrame:
    """The same for the user's own rows; their places count down from -1."""
    made: list[dict[str, Any]] = []
    known = dict.fromkeys(_GIVEN) | dict.fromkeys(("domain", "source", "license"), OWN_SOURCE) | {"kind": "instruction"}
    for number, instruction in enumerate(own):
        sample_id = ids.sample_id(mixture.name, "instructions", instruction.content)
        texts = [message["content"] for message in instruction.messages]
        found = contamination.of_texts(texts)
        made.append(
            {
                "place": -1 - number,
                "sample_id": sample_id,
                "priority": priority(mixture.seed, (instruction.content,)),
                ORDER: None,
                "content": instruction.content,
                "split": split_of(instruction.content),
                "n_tokens": counts.of_texts(texts),
                "reason": "contaminated" if found else None,
                "overlaps": _as_json(found),
                **known,
            }
        )
    return pl.DataFrame(made, schema=_CANDIDATE)


def _join(ours: pl.DataFrame, own: pl.DataFrame, mixture: Mixture) -> pl.DataFrame:
    """Put both together at the mixture's ratio: what either side has too many of is dropped, lowest priority first."""
    share = mixture.instructions_share or 0.0
    n_ours, n_own = ours["reason"].null_count(), own["reason"].null_count()
    most_own = min(n_own, round(n_ours * share / (1 - share)))
    most_ours = min(n_ours, round(n_own * (1 - share) / share))
    together = pl.concat([ours, own.select(ours.columns)]).sort("priority")
    side = pl.col("place") < 0
    rank = pl.col("reason").is_null().cast(pl.Int64).cum_sum().over(side)
    over = pl.col("reason").is_null() & (rank > pl.when(side).then(most_own).otherwise(most_ours))
    return together.with_columns(reason=pl.when(over).then(pl.lit("over_ratio")).otherwise(pl.col("reason")))


def _splits(
    mixture: Mixture, selection: Selection, own: list[Instruction], kept: pl.DataFrame, held: TemporaryDirectory
) -> dict[str, Samples]:
    """The samples that are kept, split by split, in the order of `kept`."""
    needed = kept.select("place", "split", "sample_id", "n_tokens")
    placed = needed.with_columns(rank=pl.int_range(pl.len()).over("split")).sort("place")
    del needed
    with SamplesWriter(held) as writer:
        for chosen, rows in _chosen(selection, placed):
            made = as_table("training_mixtures", list(_rows(mixture, chosen, rows, own)))
            for split in chosen["split"].unique():
                of_split = (chosen["split"] == split).to_numpy()
                writer.add(split, made.filter(of_split), chosen["rank"].to_numpy()[of_split])
    return {split: samples for split in SPLITS if (samples := writer.samples_of(split)).num_rows}


def _chosen(selection: Selection, placed: pl.DataFrame) -> Iterator[tuple[pl.DataFrame, Iterable[Mapping[str, Any]]]]:
    """What is kept, some at a time, in the order of the selection, with the rows that the query gave for it; the user's
    own, which it did not give, with none.
    """
    for some in placed.filter(pl.col("place") < 0).iter_slices(ROWS):
        yield some, repeat({})
    first = 0
    for rows in selection.parts():
        begin, end = (placed["place"].search_sorted(edge) for edge in (first, first + len(rows)))
        if len(some := placed[begin:end]):
            yield some, rows[some["place"] - first].iter_rows(named=True)
        first += len(rows)


def _rows(
    mixture: Mixture, chosen: pl.DataFrame, rows: Iterable[Mapping[str, Any]], own: list[Instruction]
) -> Iterator[dict[str, Any]]:
    for each, row in zip(chosen.iter_rows(named=True), rows, strict=False):
        if each["place"] < 0:
            sample, ancestors, order = Sample(messages=own[-1 - each["place"]].messages), [], None
        else:
            sample, order = render_row(mixture, row), row[ORDER]
            ancestors = [{name: row[name] for name in ancestor_ids(mixture)}]
        yield {
            "sample_id": each["sample_id"],
            "mixture": mixture.name,
            "stage": mixture.stage,
            "split": each["split"],
            "text": sample.text,
            "messages": None if sample.messages is None else list(sample.messages),
            "prompt": sample.prompt,
            "answer": sample.answer,
            "grader": sample.grader,
            "grading": sample.grading,
            "chosen": sample.chosen,
            "rejected": sample.rejected,
            ORDER: order,
            "n_tokens": each["n_tokens"],
            "ancestors": ancestors,
        }


def _overlapping(features: Features, dropped: pl.DataFrame) -> dict[str, int]:
    found = [orjson.loads(overlaps) for overlaps in dropped["overlaps"].drop_nulls()]
    return {
        each.named: sum(any(hit["benchmark"] == each.named for hit in hits) for hits in found) for each in features.hits
    }


def _notes(mixture: Mixture, own: list[Instruction] | None, kept: pl.DataFrame, dropped: pl.DataFrame) -> Iterator[str]:
    if own is not None and not own:
        yield (
            "No general instruction set of your own was given, so this mixture holds rows of this corpus only. Put "
            "one as JSON lines into the folder `instructions/` of the home; it is then joined in at the mixture's "
            "`instructions_share`."
        )
    if own and dropped.filter((pl.col("reason") == "over_ratio") & (pl.col("place") >= 0)).height:
        yield (
            f"Your own instruction set ({len(own)} conversations) is smaller than its share of "
            f"{mixture.instructions_share:.0%} asks for; rows of this corpus were left out to keep the ratio."
        )
    if mixture.token_budget is not None:
        used = kept["n_tokens"].sum()
        if not dropped.filter(pl.col("reason") == "token_budget").height:
            yield f"The token budget of {mixture.token_budget:,} was not reached: all there is are {used:,} tokens."
    share = mixture.caps.per_kind_share
    if share is not None:
        largest = kept.filter(pl.col("place") >= 0)["kind"].value_counts(sort=True)
        if len(largest) and largest["count"][0] > share * largest["count"].sum():
            yield f"No kind was to have more than {share:.0%} of the samples; there are too few kinds for that."
