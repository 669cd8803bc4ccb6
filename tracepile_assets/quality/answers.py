"""Recomputes a seeded sample of a stripe's answers with the independent evaluator.

Not here: the evaluator (`independent/`), and rules that need no trace (`ranges`).
"""

import hashlib
import heapq
import json
from collections.abc import Iterator

import polars as pl

from .findings import Fault
from .independent import CannotTell, Document, document_of
from .independent import recompute as answer_of
from .references import Parents

_DETERMINED = pl.col("direction") != "none"
_NEEDED = ("raw_programs", "code_variants", "execution_traces")


def recompute(frame: pl.DataFrame, parents: Parents, sample: int, seed: int) -> Iterator[Fault]:
    """Questions whose stated answer is not the one that the trace gives.

    Args:
        frame: rows of tracing_questions.
        parents: raw_programs, code_variants and execution_traces; without all of them nothing is checked. And
            check_traces, which hold the runs made for some of the questions.
        sample: at most so many questions, drawn by their ids.
        seed: seed of the draw.
    """
    if any(parent not in parents for parent in _NEEDED):
        return
    keep = drawn_questions(frame, sample, seed)
    questions = frame.filter(_DETERMINED & pl.col("question_id").is_in(keep))
    made = _made_for(questions, parents)
    wrong: set[str] = set()
    for trace_id, document in documents(questions, parents):
        for question in questions.filter(pl.col("trace_id") == trace_id).iter_rows(named=True):
            document.check = made.get(question["check_trace_id"])
            if not _holds(document, question):
                wrong.add(question["question_id"])
    if wrong:
        # Joins keep no order; a report of the same rows should be the same.
        ids = tuple(each for each in keep if each in wrong)
        yield Fault("the stated answer is what the independent evaluator gets from the trace", len(ids), ids)


def drawn_questions(frame: pl.DataFrame, sample: int, seed: int) -> list[str]:
    """The ids of the questions that `recompute` draws. What it draws of a table it draws of the parts of it, too."""
    return drawn(frame.filter(_DETERMINED).get_column("question_id").to_list(), sample, seed)


def _made_for(questions: pl.DataFrame, parents: Parents) -> dict[str, Document]:
    """The runs made for questions, by id."""
    if "check_traces" not in parents:
        return {}
    runs = _among(parents["check_traces"], "trace_id", questions.get_column("check_trace_id"))
    runs = runs.join(_codes(parents, runs), on="variant_id", how="inner")
    return {
        row["trace_id"]: Document(document_of(row, row["code"], row["entry_point"], row["arguments"], row["stdin"]))
        for row in runs.iter_rows(named=True)
    }


def drawn(ids: list[str | None], sample: int, seed: int) -> list[str]:
    """At most so many of these ids, drawn by what they are."""
    known = (each for each in ids if each is not None)
    return heapq.nsmallest(
        sample, known, key=lambda each: hashlib.blake2b(f"{seed}/{each}".encode(), digest_size=8).digest()
    )


def _among(rows: pl.DataFrame | pl.LazyFrame, column: str, values: pl.Series) -> pl.DataFrame:
    """The rows whose column has one of these values; others are not kept in memory."""
    wanted = values.drop_nulls().unique()
    return rows.lazy().filter(pl.col(column).is_in(wanted.implode())).collect(engine="streaming")


def _codes(parents: Parents, runs: pl.DataFrame) -> pl.DataFrame:
    """Code and entry point of the variants that were run."""
    variants = parents["code_variants"].lazy().select("variant_id", "code", "entry_point")
    return _among(variants, "variant_id", runs.get_column("variant_id")).unique("variant_id")


def documents(rows: pl.DataFrame, parents: Parents) -> Iterator[tuple[str, Document]]:
    """The traces that rows name by their trace_id, as documents, one after the other."""
    runs = _among(parents["execution_traces"], "trace_id", rows.get_column("trace_id")).unique("trace_id")
    programs = parents["raw_programs"].lazy().select("program_id", "inputs")
    inputs = _among(programs, "program_id", runs.get_column("program_id")).explode("inputs").drop_nulls("inputs")
    given = inputs.select("program_id", pl.col("inputs").struct.unnest()).unique(["program_id", "input_id"])
    traces = runs.join(_codes(parents, runs), on="variant_id", how="inner").join(
        given.select("program_id", "input_id", "arguments", "stdin"), on=["program_id", "input_id"], how="inner"
    )
    for row in traces.iter_rows(named=True):
        document = document_of(row, row["code"], row["entry_point"], row["arguments"], row["stdin"])
        yield row["trace_id"], Document(document)


def _holds(document: Document, question: dict[str, object]) -> bool:
    try:
        target = json.loads(str(question["target"]))
        return answer_of(document, str(question["kind"]), target) == question["answer"]
    except (CannotTell, KeyError, IndexError, TypeError, ValueError):
        # A target that cannot be read, or a moment that there is not, is as wrong as another answer.
        return False
