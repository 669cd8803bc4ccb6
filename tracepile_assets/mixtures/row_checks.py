"""What is wrong with the rows that a mixture's query gives, told with the line and the remedy.

Belongs here: what every row must have. Does not belong here: columns and running the SQL (`selection`).

Rows are looked at part by part, as they come; what is wrong is told when all have been seen.
"""

from collections.abc import Sequence

import polars as pl

from tracepile_assets.mixtures.definition import Mixture
from tracepile_assets.mixtures.errors import MixtureError
from tracepile_assets.tables.schemas import FALSE_TABLES, STRIPE_TABLES

_NEEDS = {
    "text": "a rationale, and a question or the code",
    "messages": "a question, and a rationale or an answer",
    "pair": "a question, or the code",
    "prompt_answer": "a question with its id, and an answer",
}
_POOR = {
    "text": pl.col("question").is_null() & pl.col("code").is_null() | pl.col("rationale").is_null(),
    "messages": pl.col("question").is_null() | (pl.col("rationale").is_null() & pl.col("answer").is_null()),
    "pair": pl.col("question").is_null() & pl.col("code").is_null(),
    "prompt_answer": pl.col("question").is_null() | pl.col("answer").is_null() | pl.col("question_id").is_null(),
}
"""By format, the rows that no sample can be made of."""


class RowChecks:
    """Looks at the rows of one selection.

    Args:
        mixture: the mixture.
        counts: rows upstream, by table.
        order: the column by which the samples are ordered; None where the query gives none.
    """

    def __init__(self, mixture: Mixture, counts: dict[str, int], order: str | None) -> None:
        self._mixture = mixture
        self._counts = counts
        self._order = order
        self._poor = _POOR[mixture.format]
        self._seen = 0
        self._foreign = 0
        self._kindless = 0
        self._unplaced = 0
        self._poor_ones = 0
        self._example: dict[str, str] = {}

    def look_at(self, rows: pl.DataFrame) -> pl.DataFrame:
        """Look at some rows; gives them back."""
        self._seen += len(rows)
        self._foreign += self._count("foreign", rows.filter(pl.col("fact_source").is_null()))
        self._kindless += rows["kind"].null_count()
        if self._order is not None:
            placed = rows[self._order]
            self._unplaced += (placed.is_null() | ~placed.is_finite()).fill_null(True).sum()
        self._poor_ones += self._count("poor", rows.filter(self._poor))
        return rows

    def _count(self, what: str, rows: pl.DataFrame) -> int:
        if len(rows):
            self._example.setdefault(what, rows["program_id"][0])
        return len(rows)

    def refuse_doubled(self, number: int, ids: Sequence[str | None], times: int) -> None:
        """Say that so many rows come more than once; the last of the ids of one of them, which comes so many times."""
        example = next(each for each in reversed(ids) if each is not None)
        problem = f"{number} rows come more than once, such as the one of {example} ({times} times)"
        raise self._fault(problem, "a join multiplies rows: add a condition to it, or SELECT DISTINCT")

    def refuse_faulty(self) -> None:
        """Say what is wrong with the rows that were looked at, if anything is.

        Raises:
            MixtureError: there are none, they name programs that may not be in a mixture, or lack what a sample needs.
        """
        if not self._seen:
            raise self._none()
        if self._foreign:
            example = self._example["foreign"]
            problem = f"{self._foreign} rows name a program that may not be in a mixture, or does not exist, such as"
            remedy = "select from the views only; benchmark and rejected programs are not in them"
            raise self._fault(f"{problem} {example}", remedy)
        if self._kindless:
            raise self._fault(f"kind is null in {self._kindless} rows", "give every row its kind, such as q.kind")
        if self._unplaced:
            problem = f"{self._order} is no number in {self._unplaced} rows"
            raise self._fault(problem, "give each row a number, or leave the column out")
        if self._poor_ones:
            format_, example = self._mixture.format, self._example["poor"]
            problem = (
                f"{self._poor_ones} rows have nulls where {format_} needs {_NEEDS[format_]}, such as one of {example}"
            )
            raise self._fault(problem, "leave them out with a WHERE, or select the missing part")

    def _none(self) -> MixtureError:
        empty = [table for table in STRIPE_TABLES if self._counts.get(table) == 0]
        if empty == list(FALSE_TABLES):
            remedy = "raise [twins] share in tracepile.toml, and build the tables again: tracepile build"
        elif empty:
            remedy = "build the tables first: tracepile build"
        else:
            return self._fault("the query gives no rows", "loosen its conditions")
        return self._fault(f"the query gives no rows: {', '.join(empty)} has none", remedy)

    def _fault(self, problem: str, remedy: str) -> MixtureError:
        return MixtureError(self._mixture.file, problem, remedy, self._mixture.sql_line)
