"""Rows of tracing_questions: one unit per trace, one row per question about it."""

from collections.abc import Iterable, Iterator

import orjson

from tracepile_assets.planning import fingerprint
from tracepile_assets.questions import ask
from tracepile_assets.tables import ids
from tracepile_assets.trace_model.recording import Recording
from tracepile_assets.trace_model.trace import Trace

from ..fan_out import apply_all
from . import parents
from .unit import Context, Made, Row, Unit, rejection

_NOT_READ = ("program_id", "variant_id", "python_version", "recorder_version")


def units(context: Context) -> Iterator[Unit]:
    """One unit per trace, with the code of its variant and the input that it ran on."""
    variants = parents.variants(context)
    given = {i["input_id"]: i for program in parents.programs(context).values() for i in program["inputs"]}
    for row in parents.rows_of(context, "execution_traces"):
        variant, input_ = variants[row["variant_id"]], given[row["input_id"]]
        run = [variant["code"], variant["entry_point"], input_["codec"], input_["arguments"], input_["stdin"]]
        decides = [run, [row[name] for name in row if name not in _NOT_READ]]
        yield Unit(
            row["trace_id"],
            fingerprint(context.base, decides),
            lambda row=row, run=run: {"trace": row, "run": run},
        )


def read_trace(payload: Row) -> Trace:
    """The trace of a payload, ready to be read."""
    code, entry_point, _codec, arguments, stdin = payload["run"]
    recording = Recording.from_row(payload["trace"])
    return Trace(code, entry_point, recording, arguments=arguments, stdin=stdin)


def make(context: Context, stale: Iterable[Unit]) -> Iterator[Made]:
    """Ask about every stale trace."""
    questions = context.settings.questions
    jobs = ((unit.load(), questions.seed, questions.per_kind, questions.per_trace) for unit in stale)
    yield from apply_all(_ask_all, jobs, context.settings.compute.workers)


def _ask_all(jobs: list[tuple[Row, int, int, int]]) -> list[Made]:
    return [_ask_or_reject(*job) for job in jobs]


def _ask_or_reject(payload: Row, seed: int, per_kind: int, per_trace: int) -> Made:
    try:
        return _ask(payload, seed, per_kind, per_trace)
    except Exception as error:  # one trace that cannot be read must not cost its neighbours
        trace_id = payload["trace"]["trace_id"]
        return Made(trace_id, [], [rejection(trace_id, "questions", "fault", f"{type(error).__name__}: {error}")])


def _ask(payload: Row, seed: int, per_kind: int, per_trace: int) -> Made:
    row = payload["trace"]
    trace_id = row["trace_id"]
    asked = ask(
        read_trace(payload),
        seed=fingerprint(seed, trace_id),
        per_kind=per_kind,
        per_trace=per_trace,
        deterministic=row["deterministic"],
    )
    made = Made(trace_id)
    for question in asked.questions:
        target = orjson.dumps(question.target, option=orjson.OPT_SORT_KEYS).decode()
        made.rows.append(
            {
                "question_id": ids.question_id(trace_id, question.kind, target),
                "trace_id": trace_id,
                "input_id": row["input_id"],
                "variant_id": row["variant_id"],
                "program_id": row["program_id"],
                "kind": question.kind,
                "direction": question.direction,
                "question": question.question,
                "answer": question.answer,
                "answer_type": question.answer_type,
                "difficulty": question.difficulty,
                "target": target,
                "check_trace_id": None,
            }
        )
    made.rejected.extend(rejection(trace_id, r.unit, r.reason, r.detail) for r in asked.rejected)
    return made
