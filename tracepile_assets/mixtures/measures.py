"""What is known of the texts of a mixture's candidates: read from the features of samples where these were measured on
the very text, measured here where not.

Belongs here: bringing both together. Does not belong here: which features there are (`features`).

A query may cut, join or write texts, and the user's own instructions are in no table: what such a text is made of is
seen by the digest of each part.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from itertools import repeat
from pathlib import Path
from typing import Any

import duckdb

from tracepile_assets.mixtures.benchmarks import overlaps
from tracepile_assets.mixtures.features import Feature, Features
from tracepile_assets.mixtures.tokens import MESSAGE_TOKENS, counter
from tracepile_assets.tables.files import read_batches
from tracepile_assets.tables.ids import part_digest
from tracepile_assets.tables.schemas import FEATURES, SCHEMAS
from tracepile_assets.tables.views import bounded

_OF_QUESTION = ("question", "answer")
_OF_RATIONALE = ("context", "rationale")
PARTS = (*_OF_QUESTION, *_OF_RATIONALE)

_ROWS = 10_000


@dataclass(frozen=True, slots=True)
class Part:
    """A text that a sample is made of.

    Attributes:
        name: what it is, as `rendering.parts_of` says.
        text: the text.
        digest: its digest; None for what is measured of no row.
    """

    name: str
    text: str
    digest: int | None

    def is_of(self, known: Mapping[str, Any]) -> bool:
        """Whether it is the text that features were measured on."""
        return self.digest is not None and known[f"{self.name}_digest"] == self.digest


def digested(parts: Iterable[tuple[str, str]]) -> list[Part]:
    """The parts of a sample with their digests."""
    return [Part(name, text, part_digest(text) if name in PARTS else None) for name, text in parts]


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
        selected: Parquet file with question_id and coe_id of the candidates.
        folder: where what the features say of them is put.
    """

    def __init__(
        self, tables: Path, features: Features, sources: Collection[str] | None, selected: Path, folder: Path
    ) -> None:
        feature = features.tokens
        self._count = counter(feature.paths[0] if feature.paths else None, feature.digest)
        self._short: dict[str, int] = {}
        counts = {part: f"{part}_tokens" for part in PARTS}
        asked, told = ([counts[part] for part in parts] for parts in (_OF_QUESTION, _OF_RATIONALE))
        self._known = _known(feature_files(tables, feature, sources), selected, folder / "tokens.parquet", asked, told)

    def known(self) -> Iterator[Mapping[str, Any]]:
        """For each candidate, in their order, what the features say of its question and of its rationale."""
        return _rows(self._known)

    def of_row(self, known: Mapping[str, Any], parts: Iterable[Part], messages: int) -> int:
        """Tokens of a sample: those of its parts, and what a chat template adds.

        Args:
            known: what the features say of its row.
            parts: what it is made of.
            messages: messages that it has.
        """
        return sum(self._of_part(part, known) for part in parts) + messages * MESSAGE_TOKENS

    def of_texts(self, texts: Iterable[str]) -> int:
        """Tokens of texts that are in no table, and of a chat template for as many messages."""
        return sum(self._count(text) + MESSAGE_TOKENS for text in texts)

    def _of_part(self, part: Part, known: Mapping[str, Any]) -> int:
        if part.name == "fixed":
            if part.text not in self._short:
                self._short[part.text] = self._count(part.text)
            return self._short[part.text]
        return known[f"{part.name}_tokens"] if part.is_of(known) else self._count(part.text)


class Contamination:
    """Finds what samples have in common with the benchmarks of a mixture; see `TokenCounts` for the arguments."""

    def __init__(
        self, tables: Path, features: Features, sources: Collection[str] | None, selected: Path, folder: Path
    ) -> None:
        self._benchmarks = features.hits
        hits = "CASE WHEN len(hits) > 0 THEN hits END AS {}_hits"
        asked, told = [hits.format("question")], [hits.format("rationale")]
        self._known = [
            _known(feature_files(tables, each, sources), selected, folder / f"{each.name}.parquet", asked, told)
            for each in features.hits
        ]

    def known(self) -> Iterator[tuple[Mapping[str, Any], ...]]:
        """For each candidate, in their order, what the features say of it, benchmark by benchmark."""
        if not self._known:
            return repeat(())
        return zip(*map(_rows, self._known), strict=True)

    def of_row(self, known: Sequence[Mapping[str, Any]], parts: Sequence[Part]) -> list[dict[str, Any]]:
        """What a sample, and the program that it is about, have in common with the benchmarks.

        Args:
            known: what the features say of its row.
            parts: what it is made of.

        Returns:
            One entry for each item and place: benchmark, item, matched, part, start, end (characters) and share.
        """
        found: list[dict[str, Any]] = []
        for feature, said in zip(self._benchmarks, known, strict=True):
            hits = [*(said["question_hits"] or ()), *(said["rationale_hits"] or ())]
            found += [{"benchmark": feature.named, **hit} for hit in hits]
            for part in parts:
                if part.name != "fixed" and not part.is_of(said):
                    found += self._in_text(feature, part.text, part.name)
        return found

    def of_texts(self, texts: Iterable[str]) -> list[dict[str, Any]]:
        """What texts that are in no table have in common with the benchmarks."""
        return [hit for text in texts for feature in self._benchmarks for hit in self._in_text(feature, text, "own")]

    def _in_text(self, feature: Feature, text: str, part: str) -> list[dict[str, Any]]:
        where = {"benchmark": feature.named, "part": part}
        return [where | asdict(hit) for hit in overlaps(feature.paths, feature.digest).in_text(text)]


def _known(files: list[Path], selected: Path, found: Path, of_question: list[str], of_rationale: list[str]) -> Path:
    """Write for each candidate, in their order, what features say of its question and rationale, with digests; null
    where they say nothing.

    Args:
        files: files of sample_features.
        selected: the candidates.
        found: file to write.
        of_question: what is read of the row of its question, as SQL.
        of_rationale: what is read of that of its rationale.
    """
    with duckdb.connect() as connection:
        bounded(connection, found.parent)
        if files:
            measured = connection.read_parquet([str(file) for file in files], hive_partitioning=False)
        else:
            measured = connection.from_arrow(SCHEMAS[FEATURES].empty_table())
        measured.create_view("measured")
        connection.read_parquet(str(selected), file_row_number=True).create_view("selected")
        asked, told = (
            f"(SELECT DISTINCT ON (row_id) row_id, {', '.join([*columns, *(f'{part}_digest' for part in parts)])} "
            f"FROM measured WHERE {which})"
            for parts, columns, which in (
                (_OF_QUESTION, of_question, "coe_id IS NULL"),
                (_OF_RATIONALE, of_rationale, "coe_id IS NOT NULL"),
            )
        )
        connection.sql(
            f"SELECT a.* EXCLUDE row_id, t.* EXCLUDE row_id FROM selected AS s LEFT JOIN {asked} AS a "
            f"ON a.row_id = s.question_id LEFT JOIN {told} AS t ON t.row_id = s.coe_id ORDER BY s.file_row_number"
        ).write_parquet(str(found), row_group_size=_ROWS)
    return found


def _rows(file: Path) -> Iterator[Mapping[str, Any]]:
    for batch in read_batches(file, rows=_ROWS):
        yield from batch.to_pylist()
