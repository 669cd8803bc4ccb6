"""Measures what the kept inputs of a real data file reach against the given ones alone.

    python -m tracepile_assets_tests.building.coverage_report mbpp mbpp.jsonl --jobs 2

Mutants are added to the inputs of each program as a build does it; then the programs run on all their inputs, and ways
from tests (`if`, `while`, `for`: into the body or past it) are counted, first those that given inputs reach, then those
that all reach. A way counts as there to be reached if the text of the program has it. `--every 20` takes each twentieth
program. Programs without a test of their own in a function are left out of the means.
"""

import argparse
import time
from collections import Counter
from dataclasses import dataclass

from tracepile_assets.building.rows import mutated_inputs
from tracepile_assets.execution import Job, Limits, Outcome, Pool, RunInput
from tracepile_assets.sources import Program
from tracepile_assets.trace_model.coverage import possible_ways, reached
from tracepile_assets.trace_model.statements import Syntax
from tracepile_assets_tests.sources.layout_files import programs_of

LIMITS = Limits(events=100_000, cpu_s=10, wall_s=60)


@dataclass(frozen=True)
class Covered:
    """Ways of one program: those there are, and those that its given and all its inputs reach."""

    there: int
    given: int
    kept: int


def covered(program: Program, outcomes: list[Outcome]) -> Covered:
    """Count the ways that runs of a program went."""
    syntax = Syntax(program.code)
    there = possible_ways(syntax, in_module=program.entry_point is None)
    runs = [reached(syntax, ended.recording).ways & there for ended in outcomes]
    by_given = [ways for ways, given in zip(runs, program.inputs, strict=True) if given.origin != "mutated"]
    return Covered(len(there), len(frozenset().union(*by_given)), len(frozenset().union(*runs)))


def _job(program: Program) -> Job:
    inputs = enumerate(program.inputs)
    runs = (RunInput(str(n), codec=each.codec, arguments=each.arguments, stdin=each.stdin) for n, each in inputs)
    return Job(program.source_row, program.code, program.entry_point, tuple(runs))


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("files", nargs="+", metavar="LAYOUT PATH", help="layout and path, in pairs")
    parser.add_argument("--jobs", type=int, default=1)
    parser.add_argument("--every", type=int, default=1)
    parser.add_argument("--max-inputs", type=int, default=10)
    parser.add_argument("--show", type=int, default=0, help="how many programs with ways that nothing reaches to name")
    asked = parser.parse_args()
    everything: list[Covered] = []
    for layout, path in zip(asked.files[::2], asked.files[1::2], strict=True):
        programs = programs_of(layout, path, allow_benchmark=True)[:: asked.every]
        programs = [program for program in programs if program.status == "ok"]
        started = time.process_time()
        with Pool(asked.jobs, mutated_inputs.LIMITS) as pool:
            extended = list(mutated_inputs.extend(programs, pool, at_most=asked.max_inputs, seed=0))
        spent = time.process_time() - started
        counts: Counter[str] = Counter()
        found = []
        with Pool(asked.jobs, LIMITS) as pool:
            for program, (_, outcomes) in zip(extended, pool.run(map(_job, extended)), strict=True):
                found.append(covered(program, outcomes))
                counts.update(given.origin for given in program.inputs)
                mutants = [each for each, one in zip(outcomes, program.inputs, strict=True) if one.origin == "mutated"]
                counts.update(f"mutants ending as {each.status}" for each in mutants)
                if found[-1].kept < found[-1].there and asked.show > 0:
                    asked.show -= 1
                    print(f"{program.title}: {found[-1]}")
        print(f"\n{layout}: {dict(counts)}; {1000 * spent / len(programs):.1f} ms of our own CPU time for each program")
        _print(layout, found)
        everything += found
    if len(asked.files) > 2:
        _print("all", everything)


def _print(name: str, programs: list[Covered]) -> None:
    tested = [each for each in programs if each.there]
    below = [each for each in tested if each.given < each.there]
    print(f"{name}: {len(programs):,} programs, {len(tested):,} with tests, {len(below):,} below 100 % on given inputs")
    if not below:
        return
    given, kept = (sum(getattr(each, key) / each.there for each in below) / len(below) for key in ("given", "kept"))
    ways, by_given, by_kept = (sum(getattr(each, key) for each in below) for key in ("there", "given", "kept"))
    print(f"  of those, mean over programs: given {given:.1%}, kept {kept:.1%}: {100 * (kept - given):+.1f} points")
    print(f"  of those, ways together: given {by_given / ways:.1%}, kept {by_kept / ways:.1%} of {ways:,}")
    print(f"  at 100 %: given {len(tested) - len(below):,}, kept {sum(each.kept == each.there for each in tested):,}")


if __name__ == "__main__":
    main()
