"""Compares the events of whole sources on CPython 3.11, 3.12 and 3.13.

    TRACEPILE_TEST_DATA=... python3.11 -m benchmarks.versions record events-311.json
    TRACEPILE_TEST_DATA=... python3.12 -m benchmarks.versions record events-312.json
    TRACEPILE_TEST_DATA=... python3.13 -m benchmarks.versions record events-313.json
    python -m benchmarks.versions compare events-311.json events-312.json events-313.json

Each in an environment of its own in which the package is installed.

Belongs here: recording each run once, and counting the runs whose events are equal. Does not belong here: why some are
not (``docs/trace.md``).
"""

import argparse
import hashlib
import json
import platform
import sys
from pathlib import Path

from benchmarks.measuring import table
from benchmarks.workloads import Workload, named
from tracepile_assets.execution import Job, Limits, Outcome, Pool, RunInput

SOURCES = ("embedded", "mbpp", "leetcode")
_LIMITS = Limits(events=50_000, cpu_s=10.0, wall_s=30.0)
_EVENTS = ("event_", "change_", "frame_")
_RESULT = ("status", "return_value", "stdout", "exception", "arguments_after")


def main() -> None:
    """Run the command."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.versions", description="Compare events across CPythons."
    )
    commands = parser.add_subparsers(dest="command", required=True)
    recording = commands.add_parser("record", help="record all runs on this CPython, and write what they are known by")
    recording.add_argument("file", type=Path)
    recording.add_argument("--sources", nargs="+", choices=SOURCES, default=SOURCES)
    recording.add_argument("--inputs", type=int, default=2, help="inputs of each program (2)")
    recording.add_argument("--every", type=int, default=1, help="take every so many programs (1)")
    comparing = commands.add_parser("compare", help="count the runs whose events are equal, and name the others")
    comparing.add_argument("files", type=Path, nargs="+")
    options = parser.parse_args()
    if options.command == "compare":
        print(compared({path.name: json.loads(path.read_text(encoding="utf-8")) for path in options.files}))
        return
    sys.setrecursionlimit(20_000)
    found = {source: recorded(source, options.inputs, options.every) for source in options.sources}
    options.file.write_text(json.dumps(found), encoding="utf-8")
    print(platform.python_version(), {source: len(runs) for source, runs in found.items()})


def recorded(source: str, inputs: int, every: int) -> dict[str, list[str]]:
    """Of each run, by program and input: its status, and digests of its events and of how it ended.

    Raises ``FileNotFoundError`` if the data is not there.
    """
    works = [work for work in named(source, inputs) if work.inputs][::every]
    jobs = (Job(work.name, work.code, work.entry_point, _inputs(work)) for work in works)
    with Pool(workers=1, limits=_LIMITS) as pool:
        return {
            f"{job.job_id}, input {outcome.input_id}": _known_by(outcome)
            for job, outcomes in pool.run(jobs)
            for outcome in outcomes
        }


def _inputs(work: Workload) -> tuple[RunInput, ...]:
    return tuple(RunInput(str(number), arguments=given) for number, given in enumerate(work.inputs))


def _known_by(outcome: Outcome) -> list[str]:
    row = outcome.recording.to_row()
    events = {name: value for name, value in row.items() if name.startswith(_EVENTS)}
    return [row["status"], _digest(events), _digest([row[name] for name in _RESULT])]


def _digest(value: object) -> str:
    return hashlib.blake2b(json.dumps(value, default=str, sort_keys=True).encode(), digest_size=8).hexdigest()


def compared(files: dict[str, dict[str, dict[str, list[str]]]]) -> str:
    """A table by source of how many runs are equal in all files, and below it those that are not."""
    rows, others = [], []
    totals = [0, 0, 0]
    for source in SOURCES:
        runs = [found[source] for found in files.values() if source in found]
        if len(runs) < len(files):
            continue
        names = [name for name in runs[0] if all(name in found for found in runs)]
        known = {name: [found[name] for found in runs] for name in names}
        events = [name for name in names if len({each[1] for each in known[name]}) == 1]
        ends = [name for name in names if len({each[2] for each in known[name]}) == 1]
        differing = [name for name in names if name not in set(events) or name not in set(ends)]
        others += [f"{name}: {'; '.join(f'{s} {e[:6]} {r[:6]}' for s, e, r in known[name])}" for name in differing]
        counts = [len(names), len(events), len(ends)]
        totals = [a + b for a, b in zip(totals, counts, strict=True)]
        rows.append([source, *counts, f"{len(events) / len(names):.2%}"])
    rows.append(["all", *totals, f"{totals[1] / totals[0]:.2%}"])
    heads = [f"equal in {', '.join(files)}", "runs", "same events", "same result", "share of same events"]
    return "\n".join([table(heads, rows), "", "Others (status, events, result):", *others])


if __name__ == "__main__":
    main()
