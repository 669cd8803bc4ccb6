"""Memory and time of reading a very long source, planning it, and building its first and its last stripe.

Each step is a process of its own, so that its peak is its own. Belongs here: one long file of made functions, no two
alike. Does not belong here: running them (`memory`, `throughput`).
"""

import gzip
import json
import resource
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

from benchmarks.measuring import table

_CODE = """def f(values, step={number}):
    total = {number}
    for value in values:
        if value > total:
            total += value - step
        else:
            total -= step
    return total
"""


def of(rows: int) -> str:
    """A table of the peak of resident memory of each step, and its time."""
    measured = []
    with tempfile.TemporaryDirectory(prefix="tracepile-rows-") as folder:
        source, home = Path(folder, "long.jsonl.gz"), Path(folder, "home")
        _write(source, rows)
        for name, step in _STEPS.items():
            peak, seconds, says = _alone(step, source, home)
            measured.append([name, f"{peak:.0f}", f"{seconds:.1f}", says])
        size = source.stat().st_size / 2**20
        files = sum(path.stat().st_size for path in home.rglob("*") if path.is_file()) / 2**20
    note = f"\n{rows:,} rows; the file has {size:.0f} MiB, compressed; the home has {files:.0f} MiB after it."
    return table(["step", "peak resident memory, MiB", "seconds", ""], measured) + note


def _write(path: Path, rows: int) -> None:
    with gzip.open(path, "wt", encoding="utf-8", compresslevel=1) as stream:
        for number in range(rows):
            row = {"id": number, "code": _CODE.format(number=number), "entry_point": "f", "inputs": ["[3, 1, 2]"]}
            stream.write(json.dumps(row) + "\n")


def _alone(step: Callable[[Path, Path], str], source: Path, home: Path) -> tuple[float, float, str]:
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        return pool.submit(_measured, step, source, home).result()


def _measured(step: Callable[[Path, Path], str], source: Path, home: Path) -> tuple[float, float, str]:
    begun = time.perf_counter()
    says = step(source, home)
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, time.perf_counter() - begun, says


def _import(source: Path, home: Path) -> str:
    from tracepile_assets.building import build_stripe, make_plan  # noqa: F401  what every step loads

    return ""


def _read(source: Path, home: Path) -> str:
    from tracepile_assets.sources import open_source

    return f"{sum(1 for _ in open_source(_entry(source))):,} programs"


def _plan(source: Path, home: Path) -> str:
    from tracepile_assets.building import make_plan
    from tracepile_assets.home import open_home

    opened = open_home(home)
    registry = opened.registry()
    if "long" not in (entry.name for entry in registry.entries()):
        registry.add(_entry(source))
    plan, problems = make_plan(opened, ["long"])
    return "; ".join(problem.message for problem in problems) or f"{len(plan.stripes):,} stripes to build"


def _first(source: Path, home: Path) -> str:
    return _build(home, 0)


def _last(source: Path, home: Path) -> str:
    return _build(home, -1)


def _build(home: Path, number: int) -> str:
    from tracepile_assets.building import build_stripe
    from tracepile_assets.home import open_home

    opened = open_home(home)
    stripes = opened.stripe_map("long").keys("long")
    report = build_stripe(opened, "raw_programs", stripes[number])
    return f"{report.rows:,} rows of {report.key}"


def _entry(source: Path):
    from tracepile_assets.home import SourceEntry

    return SourceEntry("long", "functions", str(source), license="MIT")


_STEPS = {
    "nothing but loading the package": _import,
    "reading (`sources add`)": _read,
    "reading, stripe map and plan": _plan,
    "plan, nothing changed": _plan,
    "raw_programs of the first stripe": _first,
    "raw_programs of the last stripe": _last,
}
