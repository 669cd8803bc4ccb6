"""Runs the benchmarks and prints their tables: ``make bench``, or ``python -m benchmarks [NAME ...]``.

    make bench BENCH_ARGS=slowdown
    make bench BENCH_ARGS="throughput --programs 30 --peers 60"
    make bench BENCH_ARGS="memory --short-programs 100000"
    make bench BENCH_ARGS="rows --rows 1000000"
    make bench BENCH_ARGS="rewriting --rewritten 100"

MBPP and LeetCode are measured where ``$TRACEPILE_TEST_DATA/data`` has them.

Belongs here: the command line. Does not belong here: measuring.
"""

import argparse
import platform
import sys
from collections.abc import Callable

from benchmarks import memory, ours, rewriting, rows, slowdown, throughput

_NAMES = ("slowdown", "throughput", "data", "memory", "rows", "rewriting")


def main() -> None:
    """Run the command."""
    sys.setrecursionlimit(20_000)
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description="Measure the recorders and their peers.")
    parser.add_argument("names", nargs="*", choices=_NAMES, default=_NAMES, help="what to measure: all, unless named")
    parser.add_argument("--programs", type=int, default=10, help="programs whose throughput is measured (10)")
    parser.add_argument("--inputs", type=int, default=20, help="inputs of each (20)")
    parser.add_argument("--peers", type=int, default=20, help="traces made with PySnooper to compare with (20)")
    parser.add_argument("--data-programs", type=int, default=40, help="programs of each data set (40)")
    parser.add_argument("--short-programs", type=int, default=2_000, help="programs of the memory test (2,000)")
    parser.add_argument("--rows", type=int, default=50_000, help="rows of the long source that is read (50,000)")
    parser.add_argument("--rewritten", type=int, default=30, help="programs of each source that are rewritten (30)")
    options = parser.parse_args()
    recorders = ", ".join(ours.NAMES)
    print(f"{platform.python_implementation()} {platform.python_version()}; recorders of ours: {recorders}")
    if "slowdown" in options.names:
        _show("Slowdown on the ten programs", slowdown.of_the_ten)
    if "throughput" in options.names:
        _show(
            "Verified traces per CPU second",
            lambda: throughput.of("embedded", options.programs, options.inputs, options.peers),
        )
    if "data" in options.names:
        for source in ("mbpp", "leetcode"):
            _show(f"Slowdown on {source}", lambda source=source: slowdown.of_data(source, options.data_programs))
            _show(
                f"Verified traces per CPU second on {source}",
                lambda source=source: throughput.of(source, options.data_programs, options.inputs, options.peers),
            )
    if "memory" in options.names:
        _show("Memory of the parent", lambda: memory.of(options.short_programs))
    if "rows" in options.names:
        _show("A long source", lambda: rows.of(options.rows))
    if "rewriting" in options.names:
        for source in ("embedded", "mbpp", "leetcode"):
            _show(f"Proved variants of {source}", lambda source=source: rewriting.of(source, options.rewritten, 3))


def _show(title: str, measure: Callable[[], str]) -> None:
    print(f"\n## {title}\n", flush=True)
    try:
        print(measure(), flush=True)
    except FileNotFoundError as error:
        print(f"not measured: {error}", flush=True)


if __name__ == "__main__":
    main()
