"""What is known of the texts of a mixture's candidates: read from the features of samples where these were measured on
the very text, measured here where not.

Belongs here: bringing both together. Does not belong here: which features there are (`features`).

A query may cut, join or write texts, and the user's own instructions are in no table: what such a text is made of is
seen by the digest of each part.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import polars as pl

from tracepile_assets.mixtures.features import Feature, Features
from tracepile_assets.mixtures.tokens import MESSAGE_TOKENS, counter
from tracepile_assets.tables.ids import part_digest
from tracepile_assets.tables.schemas import FEATURES

_OF_QUESTION = ("question", "answer")
_OF_RATIONALE = ("context", "rationale")
PARTS = (*_OF_QUESTION, *_OF_RATIONALE)


def feature_files(tables: Path, feature: Feature, sources: Collection[str] | None) -> list[Path]:
    """The files of a feature, of all sources or of those named."""
    files = sorted((tables / FEATURES / f"feature={feature.name}").glob("source=*/*.parquet"))
    return [file for file in files if sources is None or file.parent.name.removeprefix("source=") in sources]


class TokenCounts:
    """Counts the tokens of samples.

    Args:
        tables: folder that holds a folder for each table.
        features: the features of the mixture.
        sources: the sources to read; all that have files if None.
        rows: question_id and coe_id of the candidates.
    """

    def __init__(self, tables: Path, features: Features, sources: Collection[str] | None, rows: pl.DataFrame) -> None:
        feature = features.tokens
        self._count = counter(feature.paths[0] if feature.paths else None, feature.digest)
        self._short: dict[str, int] = {}
        self._known = _known_counts(feature_files(tables, feature, sources), rows)

    def known(self) -> Iterator[Mapping[str, Any]]:
        """For each of the rows given, in their order, what the features say of its question and of its rationale."""
        return self._known.iter_rows(named=True)

    def of_row(self, known: Mapping[str, Any], parts: Iterable[tuple[str, str]], messages: int) -> int:
        """Tokens of a sample: those of its parts, and what a chat template adds.

        Args:
            known: what the features say of its row.
            parts: what it is made of, as `rendering.parts_of` gives it.
            messages: messages that it has.
        """
        return sum(self._of_part(part, text, known) for part, text in parts) + messages * MESSAGE_TOKENS

    def of_texts(self, texts: Iterable[str]) -> int:
        """Tokens of texts that are in no table, and of a chat template for as many messages."""
        return sum(self._count(text) + MESSAGE_TOKENS for text in texts)

    def _of_part(self, part: str, text: str, known: Mapping[str, Any]) -> int:
        if part == "fixed":
            if text not in self._short:
                self._short[text] = self._count(text)
            return self._short[text]
        if part in PARTS and known[f"{part}_digest"] is not None and known[f"{part}_digest"] == part_digest(text):
            return known[f"{part}_tokens"]
        return self._count(text)


def _known_counts(files: list[Path], rows: pl.DataFrame) -> pl.DataFrame:
    """For each row the counts and digests of the parts of its question and of its rationale; null where not known."""
    columns = [f"{part}_{what}" for part in PARTS for what in ("tokens", "digest")]
    if not files:
        return rows.with_columns(pl.lit(None, pl.Int64).alias(name) for name in columns).select(columns)
    read = pl.scan_parquet(files, hive_partitioning=False)
    asked = _measured(read, rows, "question_id", _OF_QUESTION)
    told = _measured(read, rows, "coe_id", _OF_RATIONALE)
    placed = rows.select("question_id", "coe_id")
    return (
        placed.join(asked, left_on="question_id", right_on="row_id", how="left", maintain_order="left")
        .join(told, left_on="coe_id", right_on="row_id", how="left", maintain_order="left")
        .select(columns)
    )


def _measured(read: pl.LazyFrame, rows: pl.DataFrame, key: str, parts: tuple[str, ...]) -> pl.DataFrame:
    wanted = rows.select(pl.col(key).alias("row_id")).drop_nulls().unique().lazy()
    columns = [f"{part}_{what}" for part in parts for what in ("tokens", "digest")]
    return read.select("row_id", *columns).join(wanted, on="row_id", how="semi").unique("row_id").collect()
