"""Finds inputs for backward questions by running what the narrators propose, and traces the first that works.

Belongs here: how attempts are run, which one counts, and the rows of its run. Does not belong here: what is proposed,
and the telling (narration/).

An attempt counts if the call returns exactly what the question states, within few events. What is found depends on the
program, the question and the outcome, never on the input of the run asked about.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from typing import Any

import orjson

from tracepile_assets.execution import Job, Limits, Pool, RunInput
from tracepile_assets.home import Settings
from tracepile_assets.narration import Attempt, attempts
from tracepile_assets.tracing import trace

from .rows.unit import Row

LIMITS = Limits(events=2_000, wall_s=20.0, cpu_s=2.0, memory_mb=512, output_bytes=20_000)
"""What one attempt may use: a run that takes more makes no telling that anybody wants to read."""

_TOGETHER = 64
"""Traces whose questions are searched in one go."""


@dataclass(frozen=True)
class Found:
    """An input that was found for a question, and the run that shows that it works (columns of execution_traces)."""

    attempt: Attempt
    run: Row


@dataclass(frozen=True)
class _Search:
    question_id: str
    code: str
    entry_point: str
    codec: str
    outcome: str
    attempts: list[Attempt]

    def inputs(self, chosen: Iterable[int]) -> list[dict[str, Any]]:
        return [
            {"input_id": str(number), "codec": self.codec, "arguments": self.attempts[number].arguments}
            for number in chosen
        ]


def open_search_pool(settings: Settings) -> Pool:
    """Make the pool that attempts are run in, to be used in a `with` statement. Raises ``SandboxUnavailable``."""
    return Pool(
        workers=settings.compute.workers,
        isolation=settings.compute.isolation,
        recorder=settings.recording.recorder,
        limits=LIMITS,
    )


def with_found(payloads: Iterable[Row], search_pool: Pool, pool: Pool) -> Iterator[tuple[Row, dict[str, Found | None]]]:
    """Each trace with what was found for its backward questions, by question; None where nothing was.

    Args:
        payloads: a row of execution_traces (`trace`), its code, entry point, codec, arguments and stdin (`run`) and its
            `questions`.
        search_pool: where attempts are run.
        pool: where the one that works is traced twice.
    """
    source = iter(payloads)
    while some := list(islice(source, _TOGETHER)):
        searches = [search for payload in some for search in _searches(payload)]
        found = _traced(searches, _chosen(searches, search_pool), pool)
        for payload in some:
            asked = [row["question_id"] for row in payload["questions"] if row["direction"] == "backward"]
            yield payload, {question_id: found.get(question_id) for question_id in asked}


def _searches(payload: Row) -> Iterator[_Search]:
    row, (code, entry_point, codec, _arguments, _stdin) = payload["trace"], payload["run"]
    if row["status"] != "ok" or row["deterministic"] == "no" or entry_point is None or codec != "literal":
        return
    for question in payload["questions"]:
        if question["direction"] == "backward" and row["return_value"] is not None:
            tried = attempts(code, orjson.loads(question["target"]), row["return_value"])
            if tried:
                yield _Search(question["question_id"], code, entry_point, codec, row["return_value"], tried)


def _chosen(searches: list[_Search], pool: Pool) -> dict[str, int]:
    """Of each search the first attempt that works."""
    jobs = (
        Job(
            search.question_id,
            search.code,
            search.entry_point,
            tuple(RunInput(**given) for given in search.inputs(range(len(search.attempts)))),
        )
        for search in searches
    )
    found: dict[str, int] = {}
    for search, (_, outcomes) in zip(searches, pool.run(jobs), strict=True):
        for number, outcome in enumerate(outcomes):
            if outcome.status == "ok" and outcome.recording.return_value == search.outcome:
                found[search.question_id] = number
                break
    return found


def _traced(searches: list[_Search], chosen: Mapping[str, int], pool: Pool) -> dict[str, Found]:
    """The runs of the attempts that work, as far as a second run confirms them."""
    working = [search for search in searches if search.question_id in chosen]
    variants = [
        {
            "variant_id": search.question_id,
            "program_id": "",
            "code": search.code,
            "entry_point": search.entry_point,
            "inputs": search.inputs([chosen[search.question_id]]),
        }
        for search in working
    ]
    found: dict[str, Found] = {}
    for search, run in zip(working, trace(variants, pool), strict=True):
        if run["deterministic"] == "full" and run["status"] == "ok" and run["return_value"] == search.outcome:
            found[search.question_id] = Found(search.attempts[chosen[search.question_id]], run)
    return found
