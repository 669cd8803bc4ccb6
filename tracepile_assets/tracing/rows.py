"""Makes the rows of execution_traces, but for their ids.

Belongs here: variants in, rows out, as a stream. Does not belong here: what two runs agree on (``determinism``).
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from tracepile_assets.execution import Job, Pool, RunInput

from .determinism import judge
from .difficulty import measure


def trace(variants: Iterable[Mapping[str, Any]], pool: Pool) -> Iterator[dict[str, Any]]:
    """Run each variant on each of its inputs, twice, and yield a row per pair in that order.

    A variant has ``variant_id``, ``program_id``, ``code``, ``entry_point`` (None: reads standard input) and
    ``inputs``, each with ``input_id``, ``codec``, ``arguments``, ``stdin`` and ``expected``. A row has the three ids,
    the columns of the recording with ``n_events``, ``deterministic``, the measures and ``difficulty``. Nothing that a
    program does raises here.
    """
    waiting: list[Mapping[str, Any]] = []

    def jobs() -> Iterator[Job]:
        for variant in variants:
            waiting.append(variant)
            for twin in (False, True):
                yield _job(variant, twin)

    first = None
    for job, outcomes in pool.run(jobs()):
        if not job.twin:
            first = outcomes
            continue
        variant = waiting.pop(0)
        for one, two in zip(first, outcomes, strict=True):
            verdict = judge(one, two)
            measures = measure(verdict.recording)
            yield {
                "variant_id": variant["variant_id"],
                "program_id": variant["program_id"],
                "input_id": one.input_id,
                **verdict.recording.to_row(),
                "deterministic": verdict.deterministic,
                **measures.columns(),
                "difficulty": measures.difficulty(),
            }


def _job(variant: Mapping[str, Any], twin: bool) -> Job:
    inputs = tuple(
        RunInput(
            input_id=given["input_id"],
            codec=given.get("codec") or "literal",
            arguments=given.get("arguments"),
            stdin=given.get("stdin"),
            expected=given.get("expected"),
        )
        for given in variant["inputs"]
    )
    return Job(variant["variant_id"], variant["code"], variant["entry_point"], inputs, twin=twin)
