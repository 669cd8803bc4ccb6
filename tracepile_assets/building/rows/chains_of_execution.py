"""Rows of chains_of_execution: one unit per trace that was asked about, one row per admitted telling: of an answer, in
one style or several, or of a whole run that came to its end, in prose and in each notation."""

import importlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, fields
from itertools import groupby
from operator import attrgetter, itemgetter

import orjson
import pyarrow as pa

from tracepile_assets.home.settings import Narration as Settings
from tracepile_assets.narration import (
    NOTATIONS,
    Claim,
    Narration,
    Rejection,
    Verdict,
    counter,
    narrate,
    narrate_backward,
    notate,
    verify,
    verify_backward,
    verify_notation,
    verify_phases,
)
from tracepile_assets.planning import fingerprint
from tracepile_assets.similarity.diversity import diversities
from tracepile_assets.tables import ids
from tracepile_assets.trace_model.recording import Recording
from tracepile_assets.trace_model.trace import Trace

from ..checked import read_checks
from ..execution import open_pool
from ..fan_out import apply_all
from ..inputs_found import Found, open_search_pool, with_found
from . import parents
from .tracing_questions import check_row, read_trace
from .tracing_questions import units as trace_units
from .unit import Context, Made, Row, Unit, rejection

_READ = ("question_id", "kind", "direction", "answer", "answer_type", "target", "check_trace_id")

TABLE = "chains_of_execution"

MODEL_NARRATOR = "tracepile_assets.building.rows.model_narrator"
"""The module that has a language model tell runs, where the settings ask for that."""

WHOLE_RUN = "whole run"
"""Unit of the telling of a run that answers no question."""

_CLAIM = tuple(field.name for field in fields(Claim))
_CLAIM_VALUES = attrgetter(*_CLAIM)

_ENDED = ("ok", "exception")
"""Statuses of runs that came to an end of their own."""


@dataclass(frozen=True)
class AskedQuestion:
    """A question as a narrator and the verifier need it; `target` is the canonical moment, parsed. `question` is its
    prompt, which only a model's narrator reads: elsewhere it is empty."""

    question_id: str
    kind: str
    direction: str
    answer: str
    answer_type: str
    target: dict[str, object]
    check_trace_id: str | None = None
    question: str = ""


def units(context: Context) -> Iterator[Unit]:
    """One unit per trace with questions: the trace, its code and input, and the questions about it."""
    read = (*_READ, "question") if context.settings.asks_model(TABLE) else _READ
    asked = groupby(parents.rows_of(context, "tracing_questions", ("trace_id", *read)), key=itemgetter("trace_id"))
    checks = _Checks(context)
    waiting = next(asked, None)
    for unit in trace_units(context):
        if waiting is None:
            return
        trace_id, rows = waiting
        if unit.unit_id != trace_id:
            continue
        questions = [{name: row[name] for name in read} for row in rows]
        waiting = next(asked, None)
        runs = checks.of(question["check_trace_id"] for question in questions)
        yield Unit(
            trace_id,
            fingerprint(context.base, unit.fingerprint, questions, runs),
            lambda unit=unit, questions=questions, runs=runs: {**unit.load(), "questions": questions, "checks": runs},
        )


class _Checks:
    """The runs that were made to answer the questions, by id."""

    def __init__(self, context: Context) -> None:
        self._table = read_checks(context.home, "tracing_questions", context.stripe)
        self._place = {trace_id: place for place, trace_id in enumerate(self._table.column("trace_id").to_pylist())}

    def of(self, trace_ids: Iterable[str | None]) -> list[Row]:
        """The runs of these ids, in their order; null stands for none."""
        places = [self._place[trace_id] for trace_id in trace_ids if trace_id is not None]
        return self._table.take(pa.array(places)).to_pylist() if places else []


def make(context: Context, stale: Iterable[Unit]) -> Iterator[Made]:
    """Tell the run for every question, verify what was told, keep what is admitted."""
    settings = context.settings
    with open_search_pool(settings) as search_pool, open_pool(settings) as pool:
        payloads = with_found((unit.load() for unit in stale), search_pool, pool)
        if settings.asks_model(TABLE):
            # By name, or what asks a model would count as deciding the tellings of homes that ask none.
            yield from importlib.import_module(MODEL_NARRATOR).tell(context, payloads)
            return
        jobs = ((payload, found, settings.narration) for payload, found in payloads)
        yield from apply_all(_tell_all, jobs, settings.compute.workers)


Sought = dict[str, Found | None]
"""What was found for each backward question of a trace."""


def _tell_all(jobs: list[tuple[Row, Sought, Settings]]) -> list[Made]:
    return [tell_unit(*job) for job in jobs]


def asked_of(payload: Row) -> list[AskedQuestion]:
    """The questions about a trace that a telling answers: not those about the program, beside the run."""
    rows = [row for row in payload["questions"] if row["direction"] != "none"]
    return [AskedQuestion(**{**row, "target": orjson.loads(row["target"])}) for row in rows]


def is_whole(payload: Row) -> bool:
    """Whether a run came to its end, always the same, so that it can be told as a whole."""
    return payload["trace"]["deterministic"] == "full" and payload["trace"]["status"] in _ENDED


def tell_unit(payload: Row, sought: Sought, settings: Settings) -> Made:
    """Tell the runs that a trace's questions are about, and the whole run, without a model."""
    trace = read_trace(payload)
    made = Made(payload["trace"]["trace_id"])
    runs = {run["trace_id"]: run for run in payload["checks"]}
    for question in asked_of(payload):
        if question.question_id in sought:
            _tell_back(payload, question, sought[question.question_id], settings, made)
            continue
        run = runs.get(question.check_trace_id)
        told = _tellings(trace if run is None else _check_trace(payload, run), question, settings, made)
        for (each, verdict), differs in zip(told, diversities([each.text for each, _ in told]), strict=True):
            made.rows.append(row_of(payload["trace"], question, each, verdict, differs))
    for style in ("narrative", *settings.notations) if is_whole(payload) else ():
        found = _telling(trace, None, style, settings, made)
        if found is not None:
            made.rows.append(row_of(payload["trace"], None, *found, None))
    return made


def _check_trace(payload: Row, run: Row) -> Trace:
    """The run that was made for a question: what has to be told is that one."""
    code, entry_point, *_ = payload["run"]
    return Trace(code, entry_point, Recording.from_row(run), arguments=run["arguments"], stdin=run["stdin"])


def _tellings(trace: Trace, question: AskedQuestion, settings: Settings, made: Made) -> list[tuple[Narration, Verdict]]:
    """As many admitted tellings of a question as are wanted, in styles drawn for it."""
    drawn = sorted(settings.styles, key=lambda style: fingerprint(settings.seed, question.question_id, style))
    found: list[tuple[Narration, Verdict]] = []
    for style in dict.fromkeys(drawn):
        if len(found) < settings.tellings:
            told = _telling(trace, question, style, settings, made)
            found += [told] if told is not None else []
    return found


def _telling(
    trace: Trace, question: AskedQuestion | None, style: str, settings: Settings, made: Made
) -> tuple[Narration, Verdict] | None:
    """A telling in one style with its verdict; a rejection is added to what was made where there is none."""
    try:
        told, verdict = _told(trace, question, style, settings, made.unit_id)
    except Exception as error:  # one run that cannot be told must not cost its neighbours
        fault = f"{type(error).__name__}: {error}"
        made.rejected.append(_rejection(question, made, style, "fault", fault))
        return None
    if verdict is None:
        made.rejected.append(_rejection(question, made, style, told.reason, told.detail))
        return None
    if not verdict.admitted:
        made.rejected.append(_rejection(question, made, style, "blocked", f"{verdict.reason}\n\n{told.text}"))
        return None
    return told, verdict


def _told(
    trace: Trace, question: AskedQuestion | None, style: str, settings: Settings, unit_id: str
) -> tuple[Narration, Verdict] | tuple[Rejection, None]:
    """A telling in one style and what the verifier says of it, or why there is none."""
    count = counter(settings.tokenizer)
    if style in NOTATIONS:
        told = notate(trace, style, question, budget=settings.token_budget, count=count)
    else:
        # One seed for a run: its tellings then begin alike, and are worded and checked once.
        seed = fingerprint(settings.seed, unit_id)
        told = narrate(trace, question, seed=seed, budget=settings.token_budget, style=style, count=count)
    if not isinstance(told, Narration):
        return told, None
    if style in NOTATIONS:
        return told, verify_notation(trace, told.text, style, question)
    return told, (verify_phases if style == "phases" else verify)(trace, told.text, question)


def _tell_back(payload: Row, question: AskedQuestion, found: Found | None, settings: Settings, made: Made) -> None:
    """Tell how an input follows from the outcome, and add the row with the run that shows it, or the rejection."""
    row, style = payload["trace"], "backward"
    if found is None:
        made.rejected.append(_rejection(question, made, style, "not_found", "no input that was tried works"))
        return
    given = {"codec": payload["run"][2], "arguments": found.attempt.arguments, "stdin": None}
    try:
        trace, outcome = _check_trace(payload, found.run | given), row["return_value"]
        seed = fingerprint(settings.seed, made.unit_id)
        told = narrate_backward(
            trace,
            found.attempt,
            question.target,
            outcome,
            seed=seed,
            budget=settings.token_budget,
            count=counter(settings.tokenizer),
        )
        verdict = None if isinstance(told, Rejection) else verify_backward(trace, told.text, question, outcome)
    except Exception as error:  # one run that cannot be told must not cost its neighbours
        made.rejected.append(_rejection(question, made, style, "fault", f"{type(error).__name__}: {error}"))
        return
    if verdict is None:
        made.rejected.append(_rejection(question, made, style, told.reason, told.detail))
    elif not verdict.admitted:
        made.rejected.append(_rejection(question, made, style, "blocked", f"{verdict.reason}\n\n{told.text}"))
    else:
        made.rows.append(row_of(row, question, told, verdict, None))
        made.checks.append(check_row(found.run, row, given, made.rows[-1]["coe_id"]))
        made.rows[-1]["check_trace_id"] = made.checks[-1]["trace_id"]


def _rejection(question: AskedQuestion | None, made: Made, style: str, reason: str, detail: str | None) -> Row:
    """Why a question has no telling in a style, or the trace none as a whole."""
    if question is not None:
        return rejection(question.question_id, f"deterministic:{style}", reason, detail)
    return rejection(made.unit_id, WHOLE_RUN if style == "narrative" else f"{WHOLE_RUN}:{style}", reason, detail)


def row_of(
    trace: Row, question: AskedQuestion | None, told: Narration, verdict: Verdict, diversity: float | None
) -> Row:
    """The row of an admitted telling; which model told it is added by what asked one."""
    question_id = None if question is None else question.question_id
    return {
        "coe_id": ids.coe_id(question_id, trace["trace_id"], told.narrator, told.style),
        "question_id": question_id,
        "trace_id": trace["trace_id"],
        "input_id": trace["input_id"],
        "variant_id": trace["variant_id"],
        "program_id": trace["program_id"],
        "narrator": told.narrator,
        "style": told.style,
        "direction": told.direction,
        "text": told.text,
        "claims": [dict(zip(_CLAIM, _CLAIM_VALUES(claim), strict=True)) for claim in verdict.claims],
        "n_claims": len(verdict.claims),
        "claim_coverage": verdict.coverage,
        "n_steps": told.n_steps,
        "n_tokens": told.n_tokens,
        "opaque_fold": told.opaque_fold,
        "diversity": diversity,
        "check_trace_id": None if question is None else question.check_trace_id,
        "verdict": "admitted",
        "stands_in_for": None,
        "model": None,
        "model_revision": None,
        "temperature": None,
        "seed": None,
    }
