"""Rows of tracing_questions: one unit per trace, one row per question about it, or about its program beside it; and of
the runs made to answer them."""

from collections.abc import Iterable, Iterator
from dataclasses import asdict
from itertools import chain, groupby, islice
from operator import itemgetter

import orjson

from tracepile_assets.execution import Pool, packages
from tracepile_assets.planning import fingerprint
from tracepile_assets.questions import Alteration, AlteredRun, Question, ask, ask_companions, propose
from tracepile_assets.questions.choice import draw
from tracepile_assets.tables import ids
from tracepile_assets.trace_model.recording import Recording
from tracepile_assets.trace_model.trace import Trace
from tracepile_assets.tracing import trace

from ..execution import open_pool
from ..fan_out import apply_all
from . import parents
from .companions import Problems
from .unit import Context, Made, Row, Unit, rejection

_NOT_READ = ("program_id", "variant_id", "python_version", "recorder_version")

_TOGETHER = 64
"""Traces whose changed inputs are run in one go: enough to keep the workers busy, few enough to be held in memory."""

_ALTERED = 2
"""Changed inputs that are tried of each run: of many a change makes no difference, or ends in an exception."""


def units(context: Context) -> Iterator[Unit]:
    """One unit per trace, with the code of its variant and the input that it ran on."""
    variants = parents.variants(context)
    problems = Problems(context)
    given = {i["input_id"]: i for program in parents.programs(context).values() for i in program["inputs"]}
    for row in parents.rows_of(context, "execution_traces"):
        variant, input_ = variants[row["variant_id"]], given[row["input_id"]]
        run = [variant["code"], variant["entry_point"], input_["codec"], input_["arguments"], input_["stdin"]]
        problem = problems.of(row)
        decides = [run, [row[name] for name in row if name not in _NOT_READ], *packages.versions(variant["code"])]
        decides.append(problem and asdict(problem))
        yield Unit(
            row["trace_id"],
            fingerprint(context.base, decides),
            lambda row=row, run=run, problem=problem: {"trace": row, "run": run, "problem": problem},
        )


def read_trace(payload: Row) -> Trace:
    """The trace of a payload, ready to be read."""
    code, entry_point, _codec, arguments, stdin = payload["run"]
    recording = Recording.from_row(payload["trace"])
    return Trace(code, entry_point, recording, arguments=arguments, stdin=stdin)


def make(context: Context, stale: Iterable[Unit]) -> Iterator[Made]:
    """Run changed inputs of every stale trace, and ask about it."""
    questions = context.settings.questions
    with open_pool(context.settings) as pool:
        jobs = (
            (payload, altered, questions.seed, questions.per_kind, questions.per_trace)
            for payload, altered in with_altered(
                (unit.load() for unit in stale), pool, questions.seed, questions.what_ifs
            )
        )
        yield from apply_all(_ask_all, jobs, context.settings.compute.workers)


Altered = list[tuple[Alteration, Row]]
"""Changed inputs, each with the row of its run."""


def with_altered(payloads: Iterable[Row], pool: Pool, seed: int, share: float = 1.0) -> Iterator[tuple[Row, Altered]]:
    """What is known of each trace (`trace`, a row of execution_traces, and `run`, its code, entry point, codec,
    arguments and stdin), with its runs on changed inputs; that share of the traces has any."""
    source = iter(payloads)
    while some := list(islice(source, _TOGETHER)):
        proposed = [_proposed(payload, seed, share) for payload in some]
        variants = [_variant(*pair) for pair in zip(some, proposed, strict=True) if pair[1]]
        rows = {key: list(runs) for key, runs in groupby(trace(variants, pool), key=itemgetter("variant_id"))}
        for payload, alterations in zip(some, proposed, strict=True):
            runs = rows.get(payload["trace"]["trace_id"], [])
            yield payload, list(zip(alterations, runs, strict=True))


def _proposed(payload: Row, seed: int, share: float) -> list[Alteration]:
    row, (_code, entry_point, codec, arguments, stdin) = payload["trace"], payload["run"]
    outcome = row["stdout"].strip() if entry_point is None else row["return_value"]
    if row["status"] != "ok" or row["deterministic"] == "no" or codec != "literal" or outcome in (None, "", "None"):
        return []
    if draw(seed, row["trace_id"], "what_ifs") >= share:
        return []
    return propose(arguments, stdin, fingerprint(seed, row["trace_id"]), _ALTERED)


def _variant(payload: Row, alterations: list[Alteration]) -> Row:
    """What has to be run, in the words of tracing; a trace stands for the variant here."""
    code, entry_point, codec, _arguments, _stdin = payload["run"]
    inputs = [
        {"input_id": str(number), "codec": codec, "arguments": each.arguments, "stdin": each.stdin, "expected": None}
        for number, each in enumerate(alterations)
    ]
    trace_id = payload["trace"]["trace_id"]
    return {
        "variant_id": trace_id,
        "program_id": payload["trace"]["program_id"],
        "code": code,
        "entry_point": entry_point,
        "inputs": inputs,
    }


def _ask_all(jobs: list[tuple[Row, Altered, int, int, int]]) -> list[Made]:
    return [_ask_or_reject(*job) for job in jobs]


def _ask_or_reject(payload: Row, altered: Altered, seed: int, per_kind: int, per_trace: int) -> Made:
    try:
        return _ask(payload, altered, seed, per_kind, per_trace)
    except Exception as error:  # one trace that cannot be read must not cost its neighbours
        trace_id = payload["trace"]["trace_id"]
        return Made(trace_id, [], [rejection(trace_id, "questions", "fault", f"{type(error).__name__}: {error}")])


def _ask(payload: Row, altered: Altered, seed: int, per_kind: int, per_trace: int) -> Made:
    row = payload["trace"]
    trace_id = row["trace_id"]
    run = read_trace(payload)
    about = {"seed": fingerprint(seed, trace_id), "deterministic": row["deterministic"]}
    asked = [ask(run, per_kind=per_kind, per_trace=per_trace, altered=altered_runs(payload, altered), **about)]
    if payload["problem"] is not None:
        asked.append(ask_companions(payload["problem"], run, codec=payload["run"][2], **about))
    made = Made(trace_id)
    for question in chain.from_iterable(one.questions for one in asked):
        target = orjson.dumps(question.target, option=orjson.OPT_SORT_KEYS).decode()
        question_id = ids.question_id(trace_id, question.kind, target)
        check = _check(question, question_id, payload, altered)
        made.checks.extend(check)
        made.rows.append(
            {
                "question_id": question_id,
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
                "check_trace_id": check[0]["trace_id"] if check else None,
            }
        )
    made.rejected.extend(rejection(trace_id, r.unit, r.reason, r.detail) for one in asked for r in one.rejected)
    return made


def altered_runs(payload: Row, altered: Altered) -> list[AlteredRun]:
    """The runs on changed inputs, ready to be asked about."""
    code, entry_point, *_ = payload["run"]
    return [
        AlteredRun(
            each,
            Trace(code, entry_point, Recording.from_row(run), arguments=each.arguments, stdin=each.stdin),
            run["deterministic"],
        )
        for each, run in altered
    ]


def _check(question: Question, question_id: str, payload: Row, altered: Altered) -> list[Row]:
    """The row of check_traces that a question's answer was taken from, if there is one."""
    change = question.target.get("change")
    if change is None:
        return []
    alteration, run = next(pair for pair in altered if pair[0].change == change)
    given = {"codec": payload["run"][2], "arguments": alteration.arguments, "stdin": alteration.stdin}
    return [check_row(run, payload["trace"], given, question_id)]


def check_row(run: Row, of: Row, given: Row, made_for: str) -> Row:
    """A row of check_traces.

    Args:
        run: the columns of the run.
        of: the row of execution_traces whose variant was run.
        given: codec, arguments and stdin of the input.
        made_for: the question or rationale that it was made for.
    """
    input_id = ids.input_id(of["program_id"], **given)
    return {
        **run,
        "trace_id": ids.check_trace_id(made_for, input_id),
        "variant_id": of["variant_id"],
        "program_id": of["program_id"],
        "input_id": input_id,
        **given,
        "made_for": made_for,
    }
