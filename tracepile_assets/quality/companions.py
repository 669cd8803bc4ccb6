"""Checks the answers of companion questions against the other rows of their programs: each kind by its own rule.

An answer to `equivalence` says what runs showed, one to `write` is the program itself. Belongs here: reading both off
the tables. Does not belong here: answers that a trace determines (`answers`).
"""

import json
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping

import polars as pl

from .findings import Fault
from .references import Parents

_NEEDED = ("code_variants", "execution_traces")
IS_COMPANION = pl.col("kind").is_in(["equivalence", "write"])
"""The rows of tracing_questions that are looked at: some of each program."""

_BLOCK = re.compile(r"^(`{3,})python\n(.*?)\n\1$", re.DOTALL | re.MULTILINE)
_RESULT = ("status", "return_value", "stdout")

_Results = dict[tuple[str, str], tuple[object, ...]]


def check_companions(frame: pl.DataFrame, parents: Parents) -> Iterator[Fault]:
    """Companion questions whose answer is not what the tables say.

    Of `equivalence`: both programs stand in the question, one is the original; with True the other is a proved variant
    whose runs on all inputs named gave what the original's gave, with False it is none. Of `write`: the answer is the
    original, and none of its runs failed or gave something else than the source states.

    Args:
        frame: rows of tracing_questions.
        parents: code_variants and execution_traces; without both nothing is checked.
    """
    if any(parent not in parents for parent in _NEEDED):
        return
    asked = frame.filter(IS_COMPANION).select("question_id", "program_id", "kind", "question", "answer", "target")
    if asked.is_empty():
        return
    wanted = asked.lazy().select("program_id").unique()
    variants = parents["code_variants"].lazy().select("variant_id", "program_id", "code", "equivalence")
    originals: dict[str, tuple[str, str]] = {}
    others: dict[str, list[tuple[str, str]]] = defaultdict(list)
    of_asked = variants.join(wanted, on="program_id", how="semi").collect()
    for variant_id, program_id, code, equivalence in of_asked.iter_rows():
        if equivalence == "original":
            originals[program_id] = (variant_id, code)
        else:
            others[program_id].append((variant_id, code))
    runs = parents["execution_traces"].lazy().join(wanted, on="program_id", how="semi")
    columns = runs.select("variant_id", "input_id", *_RESULT, "expected_agrees").collect()
    results: _Results = {(variant_id, input_id): tuple(rest) for variant_id, input_id, *rest in columns.iter_rows()}
    wrong = []
    for row in asked.iter_rows(named=True):
        original = originals.get(row["program_id"])
        holds = original is not None and (
            _compares(row, original, others[row["program_id"]], results)
            if row["kind"] == "equivalence"
            else _writes(row, original, results)
        )
        if not holds:
            wrong.append(row["question_id"])
    if wrong:
        yield Fault(
            "the answer of a companion question is what the variants and their runs say", len(wrong), tuple(wrong)
        )


def _compares(
    row: Mapping[str, str], original: tuple[str, str], others: list[tuple[str, str]], results: _Results
) -> bool:
    codes = [code for _, code in _BLOCK.findall(row["question"])]
    own = _plain(original[1])
    if len(codes) != 2 or own not in codes:
        return False
    codes.remove(own)
    same = [variant_id for variant_id, code in others if _plain(code) == codes[0]]
    if row["answer"] == "False":
        return not same and codes[0] != own
    inputs = json.loads(row["target"])["inputs"]
    return bool(inputs) and any(
        all(_result(results, variant_id, one) == _result(results, original[0], one) is not None for one in inputs)
        for variant_id in same
    )


def _result(results: _Results, variant_id: str, input_id: str) -> tuple[object, ...] | None:
    found = results.get((variant_id, input_id))
    return None if found is None or found[0] != "ok" else found[:3]


def _writes(row: Mapping[str, str], original: tuple[str, str], results: _Results) -> bool:
    codes = [code for _, code in _BLOCK.findall(row["answer"])]
    runs = [result for (variant_id, _), result in results.items() if variant_id == original[0]]
    sound = all(status in ("ok", "exception") and agrees is not False for status, *_, agrees in runs)
    return codes == [_plain(original[1])] and bool(runs) and sound


def _plain(code: str) -> str:
    return code.removesuffix("\n")
