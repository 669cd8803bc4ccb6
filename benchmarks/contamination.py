"""Hides benchmark items in programs, in six disguises, and counts those that decontamination finds; and counts what it
drops of programs that an independent matcher finds clean.

    TRACEPILE_TEST_DATA=... python -m benchmarks.contamination [--items 500] [--clean 5000]

Clean is a program that has no run of 13 words (`\\w+`) in common with any item of the benchmarks, and no function that
CPython compiles to the same instructions once names are left out.

Belongs here: the counting. Does not belong here: the disguises and that matcher (they are also the tests').
"""

import argparse
import gzip
import json
import os
import random
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from tracepile_assets.mixtures.benchmarks import read_items
from tracepile_assets.similarity.overlap import Item, Overlaps
from tracepile_assets_tests.similarity.disguises import function_shapes, plant, word_runs

BENCHMARKS = {
    "HumanEval": "HumanEval.jsonl.gz",
    "MBPP test": "mbpp.jsonl",
    "GSM8K test": "gsm8k-test.jsonl",
    "MATH test": "math-test.jsonl",
}


def data() -> Path:
    """The folder of the public data sets."""
    return Path(os.environ["TRACEPILE_TEST_DATA"]) / "data"


def texts_of(item: Item) -> list[str]:
    """All that an item says."""
    return [text for text in (item.problem, *item.others, item.code) if text]


def programs() -> Iterator[tuple[str, str, str]]:
    """Programs of the public sources: source, code and statement; MBPP's training tasks only."""
    with gzip.open(data() / "LeetCodeDataset-v0.2.0-train.jsonl.gz", "rt") as file:
        for line in file:
            row = json.loads(line)
            yield "LeetCode", row["completion"], row["query"]
    with gzip.open(data() / "codeio-hq.jsonl.gz", "rt") as file:
        for row in json.load(file):
            yield "codeio-hq", row["code_sample"], row["task_description"]
    with gzip.open(data() / "codeio.jsonl.gz", "rt") as file:
        for line in file:
            row = json.loads(line)
            yield "codeio", row["code_sample"], row["task_description"]
    with (data() / "mbpp.jsonl").open() as file:
        for line in file:
            row = json.loads(line)
            if row["task_id"] > 600:
                yield "MBPP training", row["code"].replace("\r\n", "\n"), row["text"]


def clean_programs(items: list[Item], most: int, seed: int) -> list[tuple[str, str, str]]:
    """Programs that the independent matcher finds clean, drawn from all."""
    runs = {run for item in items for text in texts_of(item) for run in word_runs(text)}
    shapes = {shape for item in items for shape in function_shapes(item.code)}
    every = list({code: (source, code, statement) for source, code, statement in programs()}.values())
    random.Random(seed).shuffle(every)
    found, dirty = [], Counter()
    for source, code, statement in every:
        if not runs.isdisjoint(word_runs(f"{code}\n{statement}")):
            dirty["a run of words in common"] += 1
        elif not shapes.isdisjoint(function_shapes(code)):
            dirty["an equal function"] += 1
        elif len(found) < most:
            found.append((source, code, statement))
    print(f"{len(every):,} programs, of which not clean: {dict(dirty)}; {len(found):,} clean ones are looked at")
    return found


def caught(benchmarks: dict[str, Overlaps], items: dict[str, list[Item]], number: int, seed: int) -> None:
    """Print how many of so many items are found, by benchmark and disguise."""
    rng = random.Random(seed)
    made: Counter[tuple[str, str]] = Counter()
    found: Counter[tuple[str, str]] = Counter()
    for name, overlaps in benchmarks.items():
        long = [item for item in items[name] if sum(len(text.split()) for text in texts_of(item)[:1]) >= 13]
        for item in rng.sample(long, min(number // len(benchmarks), len(long))):
            for disguise, code, statement in plant(item, f"{seed} {item.name}"):
                hits = [*overlaps.in_code(code), *overlaps.in_text(statement)]
                made[name, disguise] += 1
                if item.name in {hit.item for hit in hits}:
                    found[name, disguise] += 1
                else:
                    print(f"missed: {name} {item.name}, {disguise}")
    print("\n| benchmark | disguise | hidden | found |\n|---|---|---|---|")
    for key, hidden in made.items():
        print(f"| {key[0]} | {key[1]} | {hidden:,} | {found[key]:,} |")
    print(f"\n{sum(found.values()):,} of {made.total():,} found: {100 * found.total() / made.total():.2f} %")


def dropped(benchmarks: dict[str, Overlaps], clean: list[tuple[str, str, str]]) -> None:
    """Print how many clean programs would be dropped, and why."""
    why: Counter[str] = Counter()
    number = 0
    started = time.process_time()
    for source, code, statement in clean:
        hits = [
            (name, hit) for name, each in benchmarks.items() for hit in (*each.in_code(code), *each.in_text(statement))
        ]
        number += bool(hits)
        why.update({f"{name}, {hit.matched}, {source}" for name, hit in hits})
    spent = time.process_time() - started
    print(f"\n{number:,} of {len(clean):,} clean programs dropped: {100 * number / len(clean):.2f} %; {dict(why)}")
    print(f"{1000 * spent / len(clean):.1f} ms of CPU time for a program against {len(benchmarks)} benchmarks")


def main() -> None:
    """Run the command."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.contamination", description=__doc__.split("\n\n")[0])
    parser.add_argument("--items", type=int, default=500, help="benchmark items to hide")
    parser.add_argument("--clean", type=int, default=5000, help="clean programs to look at")
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    items = {name: list(read_items((data() / file,), "")) for name, file in BENCHMARKS.items()}
    benchmarks = {name: Overlaps(each) for name, each in items.items()}
    caught(benchmarks, items, options.items, options.seed)
    every = [item for each in items.values() for item in each]
    dropped(benchmarks, clean_programs(every, options.clean, options.seed))


if __name__ == "__main__":
    main()
