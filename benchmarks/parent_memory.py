"""Memory of the process that traces, while it traces many short programs; run by hand.

    python benchmarks/parent_memory.py --programs 100000 --workers 2

Every program is another one and is run twice, as for a table. The resident memory of this process (jails not counted)
is printed twenty times and must stay flat.
"""

import argparse
import time
from collections.abc import Iterator
from pathlib import Path

from tracepile_assets.execution import Limits, Pool
from tracepile_assets.tracing import trace

PROGRAM = """def f(n):
    total = {number}
    seen = []
    for i in range(n):
        total += i * {number}
        seen.append(total)
    return seen
"""


def variants(count: int, inputs: int) -> Iterator[dict]:
    """Programs that differ in a number, each with inputs that give 10 to 50 events."""
    nothing = {"codec": "literal", "stdin": None, "expected": None}
    for number in range(count):
        given = [{"input_id": f"i{number}.{n}", "arguments": str(3 + n % 10), **nothing} for n in range(inputs)]
        ids = {"variant_id": f"v{number}", "program_id": f"p{number}"}
        yield {**ids, "code": PROGRAM.format(number=number), "entry_point": "f", "inputs": given}


def resident_mib() -> float:
    """Resident memory of this process."""
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) / 1024
    raise RuntimeError("this system does not say how much memory a process has")


def main() -> None:
    """Trace and print."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--programs", type=int, default=100_000)
    parser.add_argument("--inputs", type=int, default=1)
    parser.add_argument("--workers", type=int, default=2)
    asked = parser.parse_args()
    step = max(1, asked.programs * asked.inputs // 20)
    begun = time.perf_counter()
    peak = 0.0
    with Pool(workers=asked.workers, limits=Limits()) as pool:
        for number, row in enumerate(trace(variants(asked.programs, asked.inputs), pool), 1):
            if (row["status"], row["deterministic"]) != ("ok", "full"):
                raise SystemExit(f"{row['variant_id']} ended as {row['status']}: {row['reason']}")
            if number % step == 0:
                held = resident_mib()
                peak = max(peak, held)
                cpu = time.process_time() / number * 1e3
                print(
                    f"{number:>9,} verified traces  {held:6.1f} MiB  {cpu:5.2f} ms of this process each  "
                    f"{time.perf_counter() - begun:7.1f} s",
                    flush=True,
                )
    print(f"peak {peak:.1f} MiB")


if __name__ == "__main__":
    main()
