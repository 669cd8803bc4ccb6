"""Rows of corrupted_twins: one unit per trace with tellings that were drawn, at most one row per such telling.

Which tellings are drawn depends on their ids alone, so that one more or less leaves the others as they are. A telling
gets its faults in an order drawn too, and the first that the independent evaluator finds false is its twin.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter

import orjson

from tracepile_assets.narration.planting import Planted, plant_each
from tracepile_assets.planning import fingerprint
from tracepile_assets.quality.independent import Document, document_of
from tracepile_assets.quality.independent.claims import Claims, is_false
from tracepile_assets.quality.independent.states import States
from tracepile_assets.tables import ids

from ..fan_out import apply_all
from . import parents
from .unit import Context, Made, Row, Unit, rejection

PROSE = ("narrative", "phases")
"""Styles whose claims the independent evaluator can read."""
LONGEST_RUN = 20_000
"""Events of the longest run whose states are written out in full to judge a claim."""
PLANTING = "planting"
"""Unit of what has no twin at all."""

_TOLD = ("coe_id", "question_id", "trace_id", "text", "claims")
_PARENTS = ("trace_id", "input_id", "variant_id", "program_id")
_RUN = (
    *("return_value", "stdout", "exception", "frame_function"),
    *(f"event_{name}" for name in ("kind", "statement", "depth", "frame_id", "value")),
    *(f"change_{name}" for name in ("event", "place", "op", "value")),
)


@dataclass(frozen=True, slots=True)
class _Told:
    """A claim of a telling, as planting needs it."""

    start: int
    end: int
    kind: str
    says: str
    event: int | None


def units(context: Context) -> Iterator[Unit]:
    """One unit per trace with drawn tellings: the run, its code and input, and those tellings."""
    drawn = set(_drawn(context))
    told = parents.rows_of(context, "chains_of_execution", _TOLD, among=("coe_id", drawn))
    tellings = {trace_id: list(rows) for trace_id, rows in groupby(told, itemgetter("trace_id"))}
    asked = {row["question_id"] for rows in tellings.values() for row in rows} - {None}
    questions = {
        row["question_id"]: row
        for row in parents.rows_of(
            context, "tracing_questions", ("question_id", "answer", "target"), among=("question_id", asked)
        )
    }
    variants = parents.variants(context)
    given = {i["input_id"]: i for program in parents.programs(context).values() for i in program["inputs"]}
    for row in parents.rows_of(context, "execution_traces", (*_PARENTS, *_RUN), among=("trace_id", tellings)):
        variant, input_ = variants[row["variant_id"]], given[row["input_id"]]
        payload = {
            "trace": row,
            "run": [variant["code"], variant["entry_point"], input_["arguments"], input_["stdin"]],
            "tellings": [
                {**each, "question": questions.get(each["question_id"])} for each in tellings[row["trace_id"]]
            ],
        }
        yield Unit(row["trace_id"], fingerprint(context.base, payload), lambda payload=payload: payload)


def _drawn(context: Context) -> Iterator[str]:
    """The tellings of the stripe that get a twin, if one can be made."""
    twins = context.settings.twins
    columns = ("coe_id", "style", "direction", "check_trace_id")
    for row in parents.rows_of(context, "chains_of_execution", columns):
        # What a search tells is about another run than the trace; and another input than the stated may be right too.
        if row["style"] not in PROSE or row["direction"] == "backward" or row["check_trace_id"] is not None:
            continue
        if int(fingerprint(twins.seed, row["coe_id"])[:8], 16) < twins.share * 16**8:
            yield row["coe_id"]


def make(context: Context, stale: Iterable[Unit]) -> Iterator[Made]:
    """Plant faults in the drawn tellings of every stale trace, and keep what is false."""
    jobs = ((unit.load(), context.settings.twins.seed) for unit in stale)
    yield from apply_all(_corrupt_all, jobs, context.settings.compute.workers)


def _corrupt_all(jobs: list[tuple[Row, int]]) -> list[Made]:
    return [_corrupt(*job) for job in jobs]


def _corrupt(payload: Row, seed: int) -> Made:
    trace, tellings = payload["trace"], payload["tellings"]
    made = Made(trace["trace_id"])
    if len(trace["event_kind"]) > LONGEST_RUN:
        detail = f"{len(trace['event_kind'])} events"
        made.rejected.extend(rejection(each["coe_id"], PLANTING, "run too long to judge", detail) for each in tellings)
        return made
    try:
        code, entry_point, arguments, stdin = payload["run"]
        states = States(Document(document_of(trace, code, entry_point, arguments, stdin)))
        for telling in tellings:
            _twin(telling, trace, code, states, seed, made)
    except Exception as error:  # one run that cannot be judged must not cost its neighbours
        fault = f"{type(error).__name__}: {error}"
        made.rows.clear()
        made.rejected[:] = [rejection(each["coe_id"], PLANTING, "fault", fault) for each in tellings]
    return made


def _twin(telling: Row, trace: Row, code: str, states: States, seed: int, made: Made) -> None:
    """Add the twin of a telling, and a rejection for every fault that was set aside before."""
    question = telling["question"]
    answer, target = (question["answer"], orjson.loads(question["target"])) if question else (None, None)
    claims = Claims(states, answer, target)
    drawn = fingerprint(seed, telling["coe_id"])
    told = [_Told(**{name: claim[name] for name in _Told.__slots__}) for claim in telling["claims"]]
    none = True
    for each in plant_each(telling["text"], told, code, drawn):
        none = False
        single = () if each.event is None else (each.event,)
        events, late = each.moved if each.moved != ((), ()) else (single, ())
        verdict = is_false(claims, each.kind, each.says, events, late)
        if verdict:
            made.rows.append(_row(telling, trace, each, events, late))
            return
        reason = "not judged" if verdict is None else "still true"
        made.rejected.append(rejection(telling["coe_id"], f"{PLANTING}:{each.fault}", reason, each.says))
    if none:
        made.rejected.append(rejection(telling["coe_id"], PLANTING, "no place for a fault"))


def _row(telling: Row, trace: Row, planted: Planted, events: tuple[int, ...], late: tuple[int, ...]) -> Row:
    return {
        "twin_id": ids.twin_id(telling["coe_id"]),
        "coe_id": telling["coe_id"],
        "question_id": telling["question_id"],
        **{name: trace[name] for name in _PARENTS},
        "text": planted.text,
        "wrong_span": {"start": planted.start, "end": planted.end},
        "fault_kind": planted.fault,
        "claim_kind": planted.kind,
        "claim_events": list(events),
        "late_events": list(late),
    }
