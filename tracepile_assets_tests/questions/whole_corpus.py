"""Asks about every program of the embedded collections and of real data files, and counts what comes of it.

    python -m tracepile_assets_tests.questions.whole_corpus DATA --every 10 --jobs 2 --told

DATA is a folder with `mbpp.jsonl`, `LeetCodeDataset-v0.2.0-train.jsonl.gz` and `codeio-hq.jsonl.gz`; of the latter two
every n-th program is taken, MBPP and the embedded collections as a whole. All are traced and asked about as in a build.
Per kind it prints how many questions there are, their share of the corpus, how many answers the independent evaluator
recomputes, and with `--told` how many are narrated and admitted. It ends with 1 if an answer differs.
"""

import argparse
import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

from tracepile_assets.building.rows import drawn_inputs
from tracepile_assets.building.rows.tracing_questions import Altered, altered_runs, with_altered
from tracepile_assets.execution import Limits, Pool
from tracepile_assets.home.settings import Settings
from tracepile_assets.narration import Narration, narrate, verify
from tracepile_assets.quality.independent import CannotTell, Document, document_of, recompute
from tracepile_assets.questions import COMPANIONS, KINDS, Problem, Question, ask, ask_companions
from tracepile_assets.sources import Program, embedded
from tracepile_assets.trace_model.recording import Recording
from tracepile_assets.trace_model.trace import Trace
from tracepile_assets.tracing import trace
from tracepile_assets_tests.sources.layout_files import programs_of

FILES = (
    ("mbpp", "mbpp.jsonl"),
    ("leetcode", "LeetCodeDataset-v0.2.0-train.jsonl.gz"),
    ("codeio", "codeio-hq.jsonl.gz"),
)
COLLECTIONS = ("algorithms", "mathematics", "competition")
_ANSWERED = (*KINDS, *(name for name, kind in COMPANIONS.items() if kind.direction != "none"))
"""The kinds whose answer a run gives."""


def programs(data: Path, every: int, inputs: int, jobs: int) -> Iterator[tuple[str, Program]]:
    """The programs with their source."""
    for name in COLLECTIONS:
        yield from ((name, program) for program in embedded.read(name, inputs, 0))
    for layout, file in FILES:
        found = programs_of(layout, data / file, inputs_per_program=inputs)
        found = found if layout == "mbpp" else found[::every]
        if any(program.generator is not None for program in found):
            with Pool(jobs, drawn_inputs.LIMITS) as pool:
                found = list(drawn_inputs.draw(found, pool))
        yield from ((layout, program) for program in found)


def rows(
    found: Iterable[tuple[str, Program]], inputs: int, jobs: int
) -> Iterator[tuple[dict, dict, tuple[dict, Altered]]]:
    """Each variant with one of its runs, and what is run beside it: the input with one element changed."""
    known: dict[str, dict] = {}

    def variants() -> Iterator[dict]:
        for number, (source, program) in enumerate(found):
            if program.status != "ok":
                continue
            given = [
                {
                    "input_id": str(place),
                    **{name: getattr(each, name) for name in ("codec", "arguments", "stdin", "expected")},
                }
                for place, each in enumerate(program.inputs[:inputs])
            ]
            variant = {"variant_id": f"{source}/{number}", "program_id": program.source_row, "source": source}
            known[variant["variant_id"]] = variant | {
                "code": program.code,
                "entry_point": program.entry_point,
                "inputs": given,
                "statement": program.statement,
            }
            yield known[variant["variant_id"]]

    with Pool(jobs, Limits(events=50_000, wall_s=20)) as pool:
        payloads = (
            {"trace": row | {"trace_id": f"{row['variant_id']}/{row['input_id']}"}, "run": _run(known, row)}
            for row in trace(variants(), pool)
        )
        with Pool(jobs, Limits(events=50_000, wall_s=20)) as beside:
            for payload, altered in with_altered(payloads, beside, 0):
                yield known[payload["trace"]["variant_id"]], payload["trace"], (payload, altered)


def _run(known: dict[str, dict], row: dict) -> list[str | None]:
    variant = known[row["variant_id"]]
    given = variant["inputs"][int(row["input_id"])]
    return [variant["code"], variant["entry_point"], given["codec"], given["arguments"], given["stdin"]]


def examine(
    variant: dict, row: dict, beside: tuple[dict, Altered], settings: Settings, told: bool
) -> list[tuple[str, str, str]]:
    """What came of each question about a run: its source, its kind, and what is to be counted of it."""
    given = variant["inputs"][int(row["input_id"])]
    run = Trace(
        variant["code"],
        variant["entry_point"],
        Recording.from_row(row),
        arguments=given["arguments"],
        stdin=given["stdin"],
    )
    found = ask(
        run,
        seed=f"{variant['variant_id']}/{row['input_id']}",
        per_kind=settings.questions.per_kind,
        per_trace=settings.questions.per_trace,
        deterministic=row["deterministic"],
        codec=given["codec"],
        altered=altered_runs(*beside),
    )
    sound = row["status"] == "ok" and row["expected_agrees"] is not False
    # Of the questions about its program, only the one that its run answers.
    problem = Problem(statement=variant["statement"], holds_input=False, is_first=False, is_sound=sound)
    about = ask_companions(problem, run, seed=variant["variant_id"], deterministic=row["deterministic"])
    document = Document(document_of(row, run.code, run.entry_point, run.arguments, run.stdin))
    source, counted = variant["source"], []
    for question in (*found.questions, *about.questions):
        counted.append((source, question.kind, "asked"))
        made = _made_for(question, beside)
        document.check = None if made is None else Document(document_of(*made))
        try:
            answer = recompute(document, question.kind, question.target)
        except (CannotTell, KeyError, IndexError, TypeError, ValueError) as error:
            answer = f"{type(error).__name__}: {error}"
        if answer == question.answer:
            counted.append((source, question.kind, "equal"))
        else:
            print(f"{variant['program_id']}: {question.kind} {question.target}: {question.answer!r}, not {answer!r}")
        counted.append((source, question.kind, f"answer {question.answer}"))
        if told:
            told_of = run if made is None else _trace(*made)
            telling = narrate(told_of, question, seed=variant["variant_id"], budget=settings.narration.token_budget)
            if isinstance(telling, Narration):
                verdict = verify(told_of, telling.text, question)
                counted.append((source, question.kind, "told" if verdict.admitted else f"blocked: {verdict.reason}"))
            else:
                counted.append((source, question.kind, f"untold: {telling.reason}"))
    return counted


def _made_for(question: Question, beside: tuple[dict, Altered]) -> tuple | None:
    """The run made for a question, if there is one: its row, code, entry point, arguments and stdin."""
    payload, altered = beside
    for alteration, row in altered:
        if alteration.change == question.target.get("change"):
            return row, *payload["run"][:2], alteration.arguments, alteration.stdin
    return None


def _trace(row: dict, code: str, entry_point: str | None, arguments: str | None, stdin: str | None) -> Trace:
    return Trace(code, entry_point, Recording.from_row(row), arguments=arguments, stdin=stdin)


def main() -> int:
    """Count."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path)
    parser.add_argument("--every", type=int, default=10)
    parser.add_argument("--inputs", type=int, default=2)
    parser.add_argument("--jobs", type=int, default=1)
    parser.add_argument("--told", action="store_true")
    parser.add_argument("--per-trace", type=int, default=None, help="instead of the setting; 0 for no limit")
    asked = parser.parse_args()
    settings = Settings()
    if asked.per_trace is not None:
        questions = settings.questions.model_copy(update={"per_trace": asked.per_trace or None})
        settings = settings.model_copy(update={"questions": questions})
    counts: Counter[tuple[str, str, str]] = Counter()
    traces: Counter[str] = Counter()
    found = rows(programs(asked.data, asked.every, asked.inputs, asked.jobs), asked.inputs, asked.jobs)
    with ProcessPoolExecutor(asked.jobs) as workers:
        waiting = []
        for variant, row, beside in found:
            traces[variant["source"]] += 1
            waiting.append(workers.submit(examine, variant, row, beside, settings, asked.told))
            while len(waiting) > 200:
                counts.update(waiting.pop(0).result())
        for each in waiting:
            counts.update(each.result())
    return report(counts, traces)


def report(counts: Counter[tuple[str, str, str]], traces: Counter[str]) -> int:
    """Print the table; 1 if an answer differs."""
    total, by_kind = Counter(), Counter()
    commonest: dict[str, Counter[str]] = {kind: Counter() for kind in _ANSWERED}
    reasons: Counter[str] = Counter()
    for (_, kind, what), number in counts.items():
        total[what] += number
        by_kind[kind, what] += number
        if what.startswith("answer "):
            commonest[kind][what] += number
        elif what.startswith(("blocked", "untold")):
            reasons[f"{kind} {what}"[:160]] += number
    print(f"{sum(traces.values()):,} traces {dict(traces)}, {total['asked']:,} questions")
    print(f"{'kind':28}{'asked':>8}{'share':>8}{'equal':>9}{'told':>8}{'commonest answer':>18}")
    for kind in _ANSWERED:
        number = by_kind[kind, "asked"]
        share, equal, told = number / max(total["asked"], 1), by_kind[kind, "equal"], by_kind[kind, "told"]
        (_, most), *_ = commonest[kind].most_common(1) or [("", 0)]
        of = max(number, 1)
        print(f"{kind:28}{number:8,}{share:8.1%}{equal:9,}{told / of:8.1%}{most / of:18.1%}")
    for reason, number in reasons.most_common(60):
        print(f"{number:7,}  {reason}")
    shared = sum(by_kind[kind, "asked"] >= 0.01 * total["asked"] for kind in KINDS)
    print(
        f"{shared} kinds have at least 1 % each; {total['equal']:,} of {total['asked']:,} answers are recomputed equal"
    )
    return int(total["equal"] != total["asked"])


if __name__ == "__main__":
    sys.exit(main())
