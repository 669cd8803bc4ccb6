"""Time of walks along the ids, up and down, at very many samples.

    python -m benchmarks.lineage HOME

HOME is what `python -m benchmarks.mixing --folder` leaves. Rows are taken evenly over a table, one at a time; each walk
opens the home anew, as the command does. Time is wall time, of the walk alone.

Belongs here: timing. Does not belong here: the walks.
"""

import argparse
import statistics
import time
from collections.abc import Callable
from pathlib import Path

import polars as pl

from benchmarks.measuring import table
from tracepile_assets.building.impact import impact_of
from tracepile_assets.home import open_home
from tracepile_assets.mixtures.shards import all_shards
from tracepile_assets.tables.lineage import Lineage

WALKS = 9


def _taken(files: list[Path], columns: list[str]) -> list[tuple]:
    frame = pl.scan_parquet(files, hive_partitioning=False).select(columns).collect()
    step = max(1, frame.height // WALKS)
    return frame.gather_every(step).head(WALKS).rows()


def _seconds(walk: Callable[[], object]) -> float:
    started = time.perf_counter()
    walk()
    return time.perf_counter() - started


def main() -> None:
    """Run the command."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.lineage", description=__doc__.split("\n\n")[0])
    parser.add_argument("home", type=Path)
    home = open_home(parser.parse_args().home, create=False)
    shards = all_shards(home.tables)
    walks = Lineage(home.tables, [entry.name for entry in home.registry().entries()], shards)
    told = sorted((home.tables / "chains_of_execution").glob("*/*.parquet"))
    programs = _taken(
        sorted((home.tables / "raw_programs").glob("*/*.parquet")), ["program_id", "source", "source_row"]
    )
    rationales = [coe_id for (coe_id,) in _taken(told, ["coe_id"])]
    samples = [sample_id for (sample_id,) in _taken(shards, ["sample_id"])] if shards else []
    timed = {
        "up from a sample": [_seconds(lambda each=each: walks.up(each)) for each in samples],
        "up from a rationale": [_seconds(lambda each=each: walks.up(each)) for each in rationales],
        "down from a rationale": [_seconds(lambda each=each: walks.down(each)) for each in rationales],
        "down from a program": [_seconds(lambda each=each[0]: walks.down(each)) for each in programs],
        "impact of a row": [_seconds(lambda each=each: impact_of(home, each[1], each[2])) for each in programs],
    }
    number = pl.scan_parquet(shards, hive_partitioning=False).select(pl.len()).collect().item() if shards else 0
    print(f"{number:,} samples; seconds\n")
    rows = [[name, f"{statistics.median(all_):.2f}", f"{max(all_):.2f}"] for name, all_ in timed.items() if all_]
    print(table(["walk", "median", "longest"], rows))


if __name__ == "__main__":
    main()
