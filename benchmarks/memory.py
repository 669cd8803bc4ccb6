"""Memory of the process that has programs recorded, while it takes in very many short ones.

Belongs here: the parent's memory over time. Does not belong here: memory of the programs (the jail limits it).
"""

from collections.abc import Iterator
from pathlib import Path

from benchmarks.measuring import table
from tracepile_assets.execution import Job, Pool, RunInput

_CODE = """def f(n):
    total = {number}
    seen = []
    for i in range(n):
        total += i * i
        seen.append(total)
    return total, seen
"""
_PAGE_KIB = 4


def of(programs: int) -> str:
    """A table of resident memory after each tenth of so many programs."""
    rows = [["start", _resident_mb()]]
    with Pool(workers=2) as pool:
        for done, _ in enumerate(pool.run(_jobs(programs)), start=1):
            if done % max(1, programs // 10) == 0:
                rows.append([f"{done:,}", _resident_mb()])
    return table(["programs recorded", "resident memory of the parent, MB"], rows)


def _jobs(programs: int) -> Iterator[Job]:
    for number in range(programs):
        yield Job(str(number), _CODE.format(number=number), "f", (RunInput("0", arguments=str(number % 7)),))


def _resident_mb() -> float:
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * _PAGE_KIB / 1024
