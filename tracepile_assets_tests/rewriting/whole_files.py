"""How many proved variants the programs of whole files get, and by which transforms; run by hand, too slow for CI.

    python -m tracepile_assets_tests.rewriting.whole_files DATA [NAME ...] [--every N] [--variants N] [--inputs N]

``DATA`` holds the files that ``$TRACEPILE_TEST_DATA/data`` holds. Of each file every N-th program is taken (1: all),
and proved as by default, on fresh mutants of its inputs too. Printed are the programs with an input that can prove
anything, the share of all that gets three variants or more by transforms that neither rename nor insert dead code, and
what became of the candidates of each transform.
"""

import argparse
import time
from collections import Counter, defaultdict
from itertools import islice
from pathlib import Path
from typing import Any

from tracepile_assets.building.rows import drawn_inputs
from tracepile_assets.execution import Limits, Pool
from tracepile_assets.home.settings import Rewriting
from tracepile_assets.rewriting import ProvedProgram, fresh_inputs, prove
from tracepile_assets.rewriting.transforms import SURFACE
from tracepile_assets_tests.rewriting.corpus import as_rows, embedded, mbpp
from tracepile_assets_tests.sources.layout_files import programs_of

NAMES = ("embedded", "mbpp", "leetcode", "codeio-hq")
_FILES = {
    "leetcode": ("leetcode", "LeetCodeDataset-v0.2.0-train.jsonl.gz"),
    "codeio-hq": ("codeio", "codeio-hq.jsonl.gz"),
}
_WANTED = 3


def programs(name: str, data: Path, inputs: int, every: int) -> tuple[list[dict[str, Any]], int]:
    """Programs of a file, as `prove` takes them, and how many were read: some cannot be run, or have no inputs."""
    if name in ("embedded", "mbpp"):
        taken = list(islice(embedded(inputs) if name == "embedded" else mbpp(data), 0, None, every))
        return taken, len(taken)
    layout, file = _FILES[name]
    read = programs_of(layout, str(data / file), inputs_per_program=inputs)[::every]
    with Pool(2, drawn_inputs.LIMITS) as pool:
        drawn = list(drawn_inputs.draw(read, pool))
    return list(as_rows(program for program in drawn if program.status == "ok")), len(drawn)


def has_enough(proved: ProvedProgram) -> bool:
    """Whether a program has three variants or more that neither rename nor hold dead code."""
    return sum(not SURFACE & set(variant["rewrites"]) for variant in proved.variants[1:]) >= _WANTED


def report(name: str, taken: list[dict[str, Any]], variants: int, pool: Pool, fresh_pool: Pool) -> int:
    """Print what became of the programs; how many have enough variants."""
    begun = time.perf_counter()
    by_transform: dict[str, Counter[str]] = defaultdict(Counter)
    enough = provable = made = 0
    for proved in prove(taken, pool, seed=0, variants_per_program=variants, fresh_pool=fresh_pool):
        provable += proved.variants[0]["inputs_proved"] > 0
        enough += has_enough(proved)
        made += len(proved.variants) - 1
        for variant in proved.variants[1:]:
            by_transform["+".join(variant["rewrites"]) if len(variant["rewrites"]) == 1 else "chains"]["proved"] += 1
        for refused in proved.rejected:
            by_transform[refused.unit if "+" not in refused.unit else "chains"][refused.reason] += 1
    spent = time.perf_counter() - begun
    print(
        f"{name}: {len(taken)} programs, {provable} provable, {enough} with {_WANTED} structural variants or more "
        f"({enough / len(taken):.1%}), {made} variants, {spent:.0f} s",
        flush=True,
    )
    for unit, counts in sorted(by_transform.items()):
        print(f"    {unit:32}", ", ".join(f"{reason} {count}" for reason, count in counts.most_common()))
    return enough


def main() -> None:
    """Run the command."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("data", type=Path)
    parser.add_argument("names", nargs="*", default=NAMES, metavar="NAME", help=", ".join(NAMES))
    parser.add_argument("--every", type=int, default=1)
    parser.add_argument("--variants", type=int, default=Rewriting().variants_per_program)
    parser.add_argument("--inputs", type=int, default=3)
    parser.add_argument("--workers", type=int, default=2)
    options = parser.parse_args()
    totals = Counter()
    with (
        Pool(workers=options.workers, limits=Limits()) as pool,
        Pool(workers=options.workers, limits=fresh_inputs.LIMITS) as fresh_pool,
    ):
        for name in options.names:
            taken, read = programs(name, options.data, options.inputs, options.every)
            enough = report(name, taken, options.variants, pool, fresh_pool)
            print(f"{name}: {enough} of {read} programs read ({enough / read:.1%})")
            totals.update(programs=read, enough=enough)
    print(f"all: {totals['enough']} of {totals['programs']} ({totals['enough'] / totals['programs']:.1%})")


if __name__ == "__main__":
    main()
