"""Plants single faults in the deterministic tellings of a corpus, and counts those that the verifier lets through.

    TRACEPILE_TEST_DATA=... python -m benchmarks.corruptions --most 20000

A planted fault counts if the independent evaluator finds the text false; one that it finds still true, or cannot judge,
is set aside and counted. Beside the verifier stands the check that published pipelines make: the output occurs in the
text.

Belongs here: the counting. Does not belong here: planting (`narration.planting`), judging (`quality.independent`).
"""

import argparse
import sys
import time
from collections import Counter
from collections.abc import Iterator
from typing import Any

from benchmarks.workloads import Workload, named
from tracepile_assets.execution import Job, Limits, Pool, RunInput
from tracepile_assets.narration import Narration, narrate, verify
from tracepile_assets.narration.planting import FAULTS, Planted, plant
from tracepile_assets.quality.independent import Document, document_of
from tracepile_assets.quality.independent.claims import Claims, is_false
from tracepile_assets.quality.independent.states import States
from tracepile_assets.questions import ask
from tracepile_assets.trace_model.trace import Trace

SOURCES = ("embedded", "mbpp", "leetcode")


def runs(sources: tuple[str, ...], every: int, inputs: int, events: int) -> Iterator[tuple[str, Trace]]:
    """Recorded runs of the programs of these sources, each twentieth or so of the two files."""
    work: list[tuple[str, Workload]] = []
    for source in sources:
        step = 1 if source == "embedded" else every
        work += [(f"{source} {each.name}", each) for each in named(source, inputs)[::step]]
    jobs = [Job(str(number), each.code, each.entry_point, _inputs(each)) for number, (_, each) in enumerate(work)]
    with Pool(workers=2, limits=Limits(events=events, cpu_s=5, wall_s=20)) as pool:
        for job, outcomes in pool.run(jobs):
            name, each = work[int(job.job_id)]
            for outcome, given in zip(outcomes, each.inputs, strict=True):
                recording = outcome.recording
                if recording.status not in ("ok", "exception"):
                    print(f"no run: {name}: {recording.status}: {recording.reason}")
                if recording.status in ("ok", "exception") and recording.n_events and not recording.truncated:
                    yield f"{name}({given})", Trace(each.code, each.entry_point, recording, arguments=given)


def _inputs(work: Workload) -> tuple[RunInput, ...]:
    return tuple(RunInput(str(number), arguments=given) for number, given in enumerate(work.inputs))


def tellings(name: str, trace: Trace, most: int) -> Iterator[tuple[Any, str, tuple[Any, ...]]]:
    """Admitted tellings of a run: of the whole, and of the answers to a few questions; those that are blocked are
    named."""
    asked = [each for each in ask(trace, seed=name, per_kind=1).questions if each.direction == "forward"]
    for question in [None, *asked][:most]:
        told = narrate(trace, question, seed=name)
        if not isinstance(told, Narration):
            continue
        verdict = verify(trace, told.text, question)
        if verdict.admitted:
            yield question, told.text, verdict.claims
        else:
            print(f"blocked though true: {name} {getattr(question, 'kind', 'whole run')}: {verdict.reason}")


def judged(claims: Claims, planted: Planted) -> bool | None:
    """Whether a text with a planted fault is false; None where that cannot be told."""
    events, late = planted.moved if planted.moved != ((), ()) else ((planted.event,), ())
    return is_false(claims, planted.kind, planted.says, events, late)


class Tally:
    """Counts by kind of fault."""

    def __init__(self) -> None:
        """Nothing yet."""
        self.counts: Counter[tuple[str, str]] = Counter()

    def add(self, fault: str, what: str) -> None:
        """Count one."""
        self.counts[fault, what] += 1

    def total(self, what: str) -> int:
        """Of all kinds."""
        return sum(self.counts[fault, what] for fault in FAULTS)

    def table(self) -> str:
        """Markdown."""
        lines = [
            "| kind | made | still true | not judged | counted | caught | missed | caught % | published check % |",
            "|---|---|---|---|---|---|---|---|---|",
        ]
        for fault in (*FAULTS, "all"):
            made, true, unknown, caught, missed, seen = (
                self.total(what) if fault == "all" else self.counts[fault, what]
                for what in ("made", "still true", "not judged", "caught", "missed", "published")
            )
            counted = caught + missed
            shares = [f"{100 * part / counted:.2f}" if counted else "" for part in (caught, seen)]
            lines.append(
                f"| {fault} | {made:,} | {true:,} | {unknown:,} | {counted:,} | {caught:,} | {missed:,} "
                f"| {shares[0]} | {shares[1]} |"
            )
        made, aside = self.total("made"), self.total("still true") + self.total("not judged")
        lines += ["", f"Set aside: {aside:,} of {made:,} ({100 * aside / max(made, 1):.2f} %)."]
        return "\n".join(lines)


def measure(options: argparse.Namespace) -> None:
    """Plant, judge, verify, count."""
    tally, texts, shown, started = Tally(), 0, 0, time.process_time()
    for name, trace in runs(tuple(options.sources), options.every, options.inputs, options.events):
        if tally.total("made") >= options.most:
            break
        row = {**trace.recording.to_row(), "return_value": trace.recording.return_value}
        document = document_of(row, trace.code, trace.entry_point, trace.arguments, trace.stdin)
        states = States(Document(document))
        for question, text, found in tellings(name, trace, options.tellings):
            texts += 1
            claims = Claims(states, getattr(question, "answer", None), getattr(question, "target", None))
            output = getattr(question, "answer", None) or trace.recording.return_value or ""
            for planted in plant(text, found, trace.code, f"{options.seed} {name} {texts}", options.each):
                tally.add(planted.fault, "made")
                false = judged(claims, planted)
                if false is not True:
                    tally.add(planted.fault, "not judged" if false is None else "still true")
                    if options.show_aside:
                        print(f"aside ({false}) {planted.fault} {planted.kind}: {planted.says[:150]!r} {name[:60]}")
                    continue
                if output not in planted.text:
                    tally.add(planted.fault, "published")
                if not verify(trace, planted.text, question).admitted:
                    tally.add(planted.fault, "caught")
                    continue
                tally.add(planted.fault, "missed")
                if shown < options.show:
                    shown += 1
                    asks = getattr(question, "kind", "whole run")
                    print(f"missed: {planted.fault} {planted.kind} {planted.says[:200]!r} in {name[:80]}, {asks}")
    print(f"\n{texts:,} tellings, {time.process_time() - started:.0f} s of CPU time\n")
    print(tally.table())


def main() -> None:
    """Run the command."""
    sys.setrecursionlimit(20_000)
    parser = argparse.ArgumentParser(prog="python -m benchmarks.corruptions", description=__doc__.split("\n\n")[0])
    parser.add_argument("--sources", nargs="*", default=list(SOURCES), choices=SOURCES)
    parser.add_argument("--most", type=int, default=20_000, help="stop after so many planted faults")
    parser.add_argument("--each", type=int, default=3, help="faults of one kind in one telling")
    parser.add_argument("--tellings", type=int, default=6, help="tellings of one run")
    parser.add_argument("--every", type=int, default=3, help="take every so many-th program of MBPP and LeetCode")
    parser.add_argument("--inputs", type=int, default=1, help="inputs of a program")
    parser.add_argument("--events", type=int, default=2_000, help="events of the longest run")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--show", type=int, default=40, help="missed faults to name")
    parser.add_argument("--show-aside", action="store_true", help="name those set aside")
    measure(parser.parse_args())


if __name__ == "__main__":
    main()
