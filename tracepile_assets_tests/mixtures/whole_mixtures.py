"""Builds every shipped mixture from real programs, and looks at every row of each: does its grader take its answer, and
is no family on both sides of a split. Then the sources grow, all is built again and looked at again.

    python -m tracepile_assets_tests.mixtures.whole_mixtures DATA HOME --programs 60 --grown 75

DATA is a folder with `mbpp.jsonl`, `LeetCodeDataset-v0.2.0-train.jsonl.gz` and `codeio.jsonl.gz`, of which so many
programs are taken, spread evenly, beside as many of each embedded collection. HOME is made, or gone on with. With what
is grown comes a source of programs that are known to be others under new names. It ends with 1 if a row is at fault.

Belongs here: building, and counting faults. Does not belong here: what is looked at (`whole_rows`).
"""

import argparse
import ast
import gzip
import json
import random
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from tracepile_assets.building import build_families, build_mixture, build_stripe, make_plan
from tracepile_assets.execution import Limits, Pool
from tracepile_assets.home import Home, SourceEntry, open_home
from tracepile_assets.home.registry import EMBEDDED
from tracepile_assets.home.whole import write_whole
from tracepile_assets.mixtures import find_mixtures, listed_shards
from tracepile_assets_tests.mixtures.whole_rows import Seen, look_at
from tracepile_assets_tests.similarity.disguises import renamed_names, without_texts

FILES = {
    "mbpp": ("mbpp.jsonl", "CC-BY-4.0"),
    "leetcode": ("LeetCodeDataset-v0.2.0-train.jsonl.gz", "MIT"),
    "codeio": ("codeio.jsonl.gz", "Apache-2.0"),
}
BENCHMARKS = ("HumanEval.jsonl.gz", "mbpp.jsonl", "gsm8k-test.jsonl", "math-test.jsonl")
_FIRST_OF_MBPP = 511
"""The first task of MBPP that is no benchmark."""


def rows_of(data: Path, name: str) -> list[dict[str, Any]]:
    """The rows of a data set that may be a source."""
    file = data / FILES[name][0]
    with gzip.open(file, "rt") if file.suffix == ".gz" else file.open() as lines:
        rows = [json.loads(line) for line in lines]
    return [row for row in rows if row.get("task_id", _FIRST_OF_MBPP) >= _FIRST_OF_MBPP] if name == "mbpp" else rows


def spread(rows: Sequence[dict[str, Any]], number: int, most: int) -> list[dict[str, Any]]:
    """The first so many of the rows that are spread evenly over all; more of them when `number` grows."""
    step = max(1, len(rows) // most)
    return list(rows[::step][:number])


def other_names(programs: Sequence[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """Programs of MBPP under other names, as rows of the layout `functions`."""
    for row in programs:
        code = without_texts(row["code"].replace("\r\n", "\n"))
        named, names = renamed_names(code, random.Random(row["task_id"]))
        call = ast.parse(row["test_list"][0], mode="exec").body[0].test.left
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id in names:
            arguments = ", ".join(map(ast.unparse, call.args))
            yield {"id": row["task_id"], "code": named, "entry_point": names[call.func.id], "inputs": [arguments]}


def write_rows(path: Path, rows: Sequence[dict[str, Any]]) -> None:
    """Write rows as JSON lines."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")


def set_up(home: Home, data: Path, number: int, most: int) -> None:
    """The sources of the home, with so many programs each; those that are grown have the same ones first."""
    registry = home.registry()
    known = {entry.name: entry for entry in registry.entries()}
    benchmarks = [str((data / name).absolute()) for name in BENCHMARKS]
    write_whole(home.root / "tracepile.toml", f"[mixtures]\nbenchmarks = {json.dumps(benchmarks)}\n".encode())
    for name in EMBEDDED:
        registry.replace(replace(known[name], limit=number))
    for name, (_, license_) in FILES.items():
        path = home.root / "given" / f"{name}.jsonl"
        write_rows(path, spread(rows_of(data, name), number, most))
        if name not in known:
            registry.add(SourceEntry(name, name, str(path), license=license_, inputs_per_program=2, max_inputs=3))
    if number == most and "renamed" not in known:
        path = home.root / "given" / "renamed.jsonl"
        write_rows(path, list(other_names(spread(rows_of(data, "mbpp"), number // 2, most))))
        registry.add(SourceEntry("renamed", "functions", str(path), license="MIT", options={"id": "id"}, max_inputs=1))


def build(home: Home) -> None:
    """Build what is stale."""
    plan, problems = make_plan(home)
    if problems:
        sys.exit("; ".join(problem.message for problem in problems))
    for step in plan.steps:
        report = build_stripe(home, step.table, step.stripe)
        print(f"  {step.table} {report.key}: {report.rows:,} rows, {report.seconds:.0f} s", flush=True)
    build_families(home)
    for mixture in find_mixtures():
        report = build_mixture(home, mixture.name)
        print(f"  {mixture.name}: {report.rows:,} samples, {report.seconds:.0f} s", flush=True)


def checksums(home: Home) -> dict[str, list[str]]:
    """The names of the shards of each mixture, which end on a checksum."""
    folder = home.tables / "training_mixtures"
    listed = {mixture.name: listed_shards(folder / mixture.name) for mixture in find_mixtures()}
    return {name: [path.name for paths in shards.values() for path in paths] for name, shards in listed.items()}


def look(home: Home, before: Seen | None) -> Seen:
    """Look at every row of every mixture, and print what was found."""
    with Pool(2, Limits(wall_s=60.0, cpu_s=10.0, memory_mb=1024)) as pool:
        seen = look_at(home, [mixture.name for mixture in find_mixtures()], pool, before)
    for name, counted in seen.rows.items():
        print(f"  {name}: {', '.join(f'{number:,} {what}' for what, number in counted.items())}")
    print(f"  {len(seen.split_of_family):,} families, {seen.programs:,} programs; {len(seen.faults)} fault(s)")
    for fault in seen.faults[:20]:
        print(f"  FAULT {fault}")
    return seen


def main() -> None:
    """Run the command."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("data", type=Path)
    parser.add_argument("home", type=Path)
    parser.add_argument("--programs", type=int, default=60, help="programs of each source at first (60)")
    parser.add_argument("--grown", type=int, default=75, help="programs of each source when it has grown (75)")
    options = parser.parse_args()
    home = open_home(options.home)
    faults, before = 0, None
    for number in (options.programs, options.grown):
        started = time.monotonic()
        print(f"{number} programs of each source", flush=True)
        set_up(home, options.data, number, options.grown)
        build(home)
        before = look(home, before)
        faults += len(before.faults)
        print(f"  {time.monotonic() - started:.0f} s", flush=True)
    made = checksums(home)
    for mixture in find_mixtures():
        for path in (home.tables / "training_mixtures" / mixture.name).iterdir():
            path.unlink()
        build_mixture(home, mixture.name)
    differing = [name for name, shards in checksums(home).items() if shards != made[name]]
    print(f"built once more: {len(made) - len(differing)} of {len(made)} mixtures have the same checksums")
    sys.exit(1 if faults or differing else 0)


if __name__ == "__main__":
    main()
