"""Whether corrupted twins are what they say: as the true text up to the wrong span, other there, and false.

Not here: planting (narration/), the evaluator that judges (`independent/`), rules that need no parent (`ranges`).
"""

import json
from collections.abc import Iterator, Mapping

import polars as pl

from .answers import documents, drawn
from .findings import Fault
from .independent.claims import ORDER, Claims, is_false
from .independent.states import States
from .references import Parents

_NEEDED = ("raw_programs", "code_variants", "execution_traces", "tracing_questions")


def corrupted(frame: pl.DataFrame, parents: Parents, sample: int, seed: int) -> Iterator[Fault]:
    """Twins that do not differ as they should from their true text, and of a sample those that are not false.

    Args:
        frame: rows of corrupted_twins.
        parents: raw_programs, code_variants, execution_traces, tracing_questions and chains_of_execution;
            where one is missing, what needs it is not checked.
        sample: at most so many twins are judged again, drawn by their ids.
        seed: seed of the draw.
    """
    if "chains_of_execution" not in parents:
        return
    true = parents["chains_of_execution"].lazy().select("coe_id", pl.col("text").alias("_true"))
    of_twins = true.filter(pl.col("coe_id").is_in(frame.get_column("coe_id").implode())).unique("coe_id").collect()
    joined = frame.join(of_twins, on="coe_id", how="inner", maintain_order="left")
    odd = tuple(row["twin_id"] for row in joined.iter_rows(named=True) if not _differs(row))
    if odd:
        says = "a twin differs from its true text in the wrong span and, but for an exchange, there alone"
        yield Fault(says, len(odd), odd)
    if any(parent not in parents for parent in _NEEDED):
        return
    keep = drawn(joined.get_column("twin_id").to_list(), sample, seed)
    judged = joined.filter(pl.col("twin_id").is_in(keep))
    asked = parents["tracing_questions"].lazy().select("question_id", "answer", "target")
    of_judged = asked.filter(pl.col("question_id").is_in(judged.get_column("question_id").implode()))
    judged = judged.join(of_judged.unique("question_id").collect(), on="question_id", how="left")
    false = set(_false(judged, parents))
    wrong = tuple(each for each in keep if each not in false)
    if wrong:
        yield Fault("the independent evaluator finds the wrong span false", len(wrong), wrong)


def _differs(row: Mapping[str, object]) -> bool:
    text, true = str(row["text"]), str(row["_true"])
    start, end = row["wrong_span"]["start"], row["wrong_span"]["end"]
    if text[:start] != true[:start] or text == true:
        return False
    if row["claim_kind"] == ORDER:
        return not true[start:].startswith(text[start:end])
    return true[start:].endswith(text[end:])


def _false(twins: pl.DataFrame, parents: Parents) -> Iterator[str]:
    for trace_id, document in documents(twins, parents):
        states = States(document)
        for row in twins.filter(pl.col("trace_id") == trace_id).iter_rows(named=True):
            claims = Claims(states, row["answer"], json.loads(row["target"]) if row["target"] else None)
            says = row["text"][row["wrong_span"]["start"] : row["wrong_span"]["end"]]
            if is_false(claims, row["claim_kind"], says, row["claim_events"], row["late_events"]):
                yield row["twin_id"]
