"""Looks for an input for every backward question of real programs, and counts what is found, told and admitted.

    python -m tracepile_assets_tests.narration.backward_corpus DATA --every 10 --jobs 2

DATA and the programs are as of `tracepile_assets_tests.questions.whole_corpus`. Per source it prints how many backward
questions there are, for how many an input was found, how many of those were worked out by inverse rules, how many are
not the input of the run, and how many tellings were admitted. It ends with 1 if the verifier blocks a telling.
"""

import argparse
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import orjson

from tracepile_assets.building.inputs_found import LIMITS, Found, with_found
from tracepile_assets.execution import Limits, Pool
from tracepile_assets.narration import Narration, narrate_backward, verify_backward
from tracepile_assets.questions import Question, ask
from tracepile_assets.trace_model.recording import Recording
from tracepile_assets.trace_model.trace import Trace
from tracepile_assets_tests.questions.whole_corpus import programs, rows


def asked(data: Path, every: int, inputs: int, jobs: int) -> Iterator[dict]:
    """Each run with the backward questions about it."""
    for variant, row, (payload, _) in rows(programs(data, every, inputs, jobs), inputs, jobs):
        code, entry_point, codec, arguments, stdin = payload["run"]
        trace = Trace(code, entry_point, Recording.from_row(row), arguments=arguments, stdin=stdin)
        found = ask(trace, seed=row["trace_id"], deterministic=row["deterministic"], codec=codec, per_kind=1)
        questions = [each for each in found.questions if each.direction == "backward"]
        yield payload | {
            "source": variant["source"],
            "asked": {f"{row['trace_id']}/{number}": each for number, each in enumerate(questions)},
            "questions": [
                {
                    "question_id": f"{row['trace_id']}/{number}",
                    "direction": each.direction,
                    "target": orjson.dumps(each.target).decode(),
                }
                for number, each in enumerate(questions)
            ],
        }


def outcome(payload: dict, question: Question, found: Found | None) -> list[str]:
    """What came of one question."""
    if found is None:
        return ["asked"]
    attempt, wanted = found.attempt, payload["trace"]["return_value"]
    counted = ["asked", "found"]
    counted += ["by rules"] if attempt.needs else []
    counted += ["another input"] if attempt.answer != question.answer else []
    code, entry_point, *_ = payload["run"]
    trace = Trace(code, entry_point, Recording.from_row(found.run), arguments=attempt.arguments)
    told = narrate_backward(trace, attempt, question.target, wanted)
    if not isinstance(told, Narration):
        return [*counted, f"untold: {told.reason}"]
    verdict = verify_backward(trace, told.text, question, wanted)
    if not verdict.admitted:
        print(f"{payload['trace']['trace_id']}: {verdict.reason}\n{told.text[:2000]}\n")
    return [*counted, "told", "admitted" if verdict.admitted else "blocked"]


def main() -> int:
    """Count."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path)
    parser.add_argument("--every", type=int, default=10)
    parser.add_argument("--inputs", type=int, default=1)
    parser.add_argument("--jobs", type=int, default=1)
    given = parser.parse_args()
    counts: dict[str, Counter[str]] = {}
    with Pool(given.jobs, LIMITS) as search_pool, Pool(given.jobs, Limits(events=50_000, wall_s=20)) as pool:
        payloads = asked(given.data, given.every, given.inputs, given.jobs)
        for payload, found in with_found(payloads, search_pool, pool):
            for question_id, each in found.items():
                counted = outcome(payload, payload["asked"][question_id], each)
                counts.setdefault(payload["source"], Counter()).update(counted)
    for source, counter in counts.items():
        print(source, dict(counter))
    return int(any(counter["blocked"] for counter in counts.values()))


if __name__ == "__main__":
    sys.exit(main())
