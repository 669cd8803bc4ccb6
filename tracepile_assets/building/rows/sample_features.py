"""Rows of sample_features: one unit per trace, one row per question about it and per rationale of it, for one feature.

Not here: what is measured (measuring/), and which features there are (mixtures/).
"""

import importlib
from collections.abc import Iterable, Iterator
from itertools import groupby
from operator import itemgetter

from tracepile_assets.mixtures.documents import program_and_call
from tracepile_assets.planning import fingerprint
from tracepile_assets.tables.files import TableError
from tracepile_assets.tables.ids import part_digest
from tracepile_assets.tables.schemas import SCHEMAS

from ..fan_out import apply_all
from . import parents
from .unit import Context, Instrument, Made, Row, Unit

_ABOUT = ("statement", "original", "code")
_KEYS = ("row_id", "question_id", "coe_id", "trace_id", "program_id")
_DIGESTED = ("context", "question", "answer", "rationale")
_EMPTY = dict.fromkeys(SCHEMAS["sample_features"].names)


def units(context: Context) -> Iterator[Unit]:
    """One unit per trace that was asked about or told: the parts of its questions and rationales that are looked at."""
    wanted = set(importlib.import_module(context.instrument.module).PARTS)
    columns = ("trace_id", "program_id", "question_id", "variant_id", "question", "answer")
    asked = _by_trace(parents.rows_of(context, "tracing_questions", columns))
    columns = ("trace_id", "program_id", "question_id", "coe_id", "variant_id", "input_id", "text")
    told = _by_trace(parents.rows_of(context, "chains_of_execution", columns))
    has_about = not wanted.isdisjoint(_ABOUT)
    programs, variants = parents.programs(context), parents.variants(context)
    next_asked, next_told = next(asked, None), next(told, None)
    for (trace_id,) in _traces(context):
        rows: list[Row] = []
        if next_asked and next_asked[0] == trace_id:
            rows += [_question(row) for row in next_asked[1]]
            next_asked = next(asked, None)
        if next_told and next_told[0] == trace_id:
            rows += [_rationale(row, programs[row["program_id"]], variants[row["variant_id"]]) for row in next_told[1]]
            next_told = next(told, None)
        if rows:
            about = _about(programs[rows[0]["program_id"]], variants[rows[0]["variant_id"]]) if has_about else {}
            kept = [
                {name: text for name, text in row.items() if name in _KEYS or name in wanted} | about for row in rows
            ]
            yield Unit(trace_id, fingerprint(context.base, kept), lambda kept=kept: {"rows": kept})
    if left := next_asked or next_told:
        raise TableError(
            f"{context.stripe.key}: questions or rationales do not lie in the order of their traces (at {left[0]}); "
            "delete the files of that stripe and build again"
        )


def _about(program: Row, variant: Row) -> Row:
    """What the rows of a trace are about: the task of the program, the program, and the variant if it is another."""
    statement = "\n\n".join(text for text in (program["title"], program["statement"]) if text)
    other = variant["code"] if variant["code"] != program["code"] else None
    return {"statement": statement or None, "original": program["code"], "code": other}


def _traces(context: Context) -> Iterator[tuple[str]]:
    """The traces of the stripe, in the order in which questions and rationales lie."""
    return ((row["trace_id"],) for row in parents.rows_of(context, "execution_traces", ("trace_id",)))


def _by_trace(rows: Iterable[Row]) -> Iterator[tuple[str, list[Row]]]:
    return ((trace_id, list(group)) for trace_id, group in groupby(rows, itemgetter("trace_id")))


def _question(row: Row) -> Row:
    return {
        "row_id": row["question_id"],
        **row,
        "coe_id": None,
        "context": None,
        "rationale": None,
    }


def _rationale(row: Row, program: Row, variant: Row) -> Row:
    """A rationale; that of a whole run with the program and its call, which are in no question."""
    begins = None
    if row["question_id"] is None:
        given = next(each for each in program["inputs"] if each["input_id"] == row["input_id"])
        begins = program_and_call(
            {
                "title": program["title"],
                "statement": program["statement"],
                "code": variant["code"],
                "entry_point": variant["entry_point"],
                "arguments": given["arguments"],
                "stdin": given["stdin"],
            }
        )
    return {
        **{name: row[name] for name in ("question_id", "coe_id", "trace_id", "program_id", "variant_id")},
        "row_id": row["coe_id"],
        "context": begins,
        "question": None,
        "answer": None,
        "rationale": row["text"],
    }


def make(context: Context, stale: Iterable[Unit]) -> Iterator[Made]:
    """Measure the rows of every stale trace."""
    jobs = ((unit.unit_id, unit.load()["rows"], context.instrument) for unit in stale)
    yield from apply_all(_measure_all, jobs, context.settings.compute.workers)


def _measure_all(jobs: list[tuple[str, list[Row], Instrument]]) -> list[Made]:
    return [_measured(*job) for job in jobs]


def _measured(trace_id: str, rows: list[Row], instrument: Instrument) -> Made:
    measure = importlib.import_module(instrument.module).measurer(instrument.paths, instrument.digest)
    made = []
    for row in rows:
        parts = {name: text for name, text in row.items() if name not in _KEYS}
        digests = {f"{name}_digest": part_digest(parts[name]) for name in _DIGESTED if parts.get(name) is not None}
        made.append({**_EMPTY, **{name: row[name] for name in _KEYS}, **digests, **measure(parts)})
    return Made(trace_id, made)
