"""Tells ten thousand runs, one text per program and input, and measures the texts: sameness, budget, speed.

    TRACEPILE_TEST_DATA=... python -m benchmarks.narrations [--most 10000] [--tokenizer FILE] [--keep FILE]

Speed is the CPU time of narrating, one thread, with the collector of cyclic garbage off as in the workers of a build,
against encoding the same texts with a BPE tokenizer of `tokenizers`:
the one given, by which the budget is then kept too, or one trained on a tenth of the texts, which narrating does not
know of. The budget is kept where no text has more tokens than it may have.

Belongs here: telling, timing, printing. Does not belong here: what makes two sentences alike (`sameness`).
"""

import argparse
import gc
import json
import os
import sys
import time
from collections import Counter

from benchmarks.corruptions import SOURCES, runs
from benchmarks.sameness import Sameness, compressed
from tracepile_assets.narration import Narration, counter, narrate
from tracepile_assets.narration.narrators.deterministic import BUDGET
from tracepile_assets.quality.independent import document_of
from tracepile_assets.trace_model.trace import Trace


def raw(trace: Trace) -> str:
    """A run as raw as others train on it: the JSON of its events and changes."""
    document = document_of(trace.recording.to_row(), trace.code, trace.entry_point, trace.arguments, trace.stdin)
    return json.dumps(document["events"])


def measure(options: argparse.Namespace) -> None:
    """Tell, time, count."""
    sameness, texts, traces = Sameness(), [], []
    refused: Counter[str] = Counter()
    spent, events, over = 0.0, 0, 0
    os.environ["TOKENIZERS_PARALLELISM"] = "false"
    count = counter(options.tokenizer)
    for name, trace in runs(tuple(options.sources), options.every, options.inputs, options.events):
        if len(texts) >= options.most:
            break
        gc.disable()
        started = time.thread_time()
        told = narrate(trace, None, seed=name, count=count)
        passed = time.thread_time() - started
        gc.enable()
        if not isinstance(told, Narration):
            refused[told.reason] += 1
            continue
        spent, events = spent + passed, events + len(trace)
        over += count(told.text) > BUDGET
        sameness.add(name, told.text, trace.code)
        texts.append(told.text)
        if len(traces) < options.raw:
            traces.append(raw(trace))
    print(f"not told: {dict(refused)}\n")
    print(sameness.report())
    for what, some in (("narrations", texts[: options.raw]), ("raw traces of the same runs", traces)):
        if found := compressed(some):
            whole, packed = found
            print(f"\nzstd --long, {len(some):,} {what}: {whole:,} bytes to {packed:,}, ratio {whole / packed:.2f}")
    print(f"\nover the budget of {BUDGET:,} tokens, by what it was kept by: {over} of {len(texts):,}")
    _speed(texts, spent, events, options.tokenizer, options.keep)


def _speed(texts: list[str], spent: float, events: int, file: str, keep: str) -> None:
    from tokenizers import Tokenizer, decoders, models, pre_tokenizers, trainers

    if file:
        tokenizer = Tokenizer.from_file(file)
    else:
        tokenizer = Tokenizer(models.BPE())
        tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
        tokenizer.decoder = decoders.ByteLevel()
        alphabet = pre_tokenizers.ByteLevel.alphabet()
        trainer = trainers.BpeTrainer(vocab_size=32_000, initial_alphabet=alphabet, show_progress=False)
        tokenizer.train_from_iterator(texts[::10], trainer)
        if keep:
            tokenizer.save(keep)
    started = time.thread_time()
    tokens = [len(tokenizer.encode(text).ids) for text in texts]
    encoding = time.thread_time() - started
    bound = 5 * encoding + 2e-6 * events
    print(
        f"\nnarrating {spent:.1f} s, {1e6 * spent / max(events, 1):.1f} us per event; encoding {encoding:.2f} s, "
        f"{sum(tokens):,} tokens, {events:,} events; bound 5 x encoding + 2 us per event: {bound:.2f} s; "
        f"{spent / max(bound, 1e-9):.2f} times the bound"
    )
    print(f"over the budget by that tokenizer: {sum(each > BUDGET for each in tokens)} of {len(tokens):,}")


def main() -> None:
    """Run the command."""
    sys.setrecursionlimit(20_000)
    parser = argparse.ArgumentParser(prog="python -m benchmarks.narrations", description=__doc__.split("\n\n")[0])
    parser.add_argument("--sources", nargs="*", default=list(SOURCES), choices=SOURCES)
    parser.add_argument("--most", type=int, default=10_000, help="stop after so many texts")
    parser.add_argument("--every", type=int, default=1, help="take every so many-th program of MBPP and LeetCode")
    parser.add_argument("--inputs", type=int, default=4, help="inputs of a program")
    parser.add_argument("--events", type=int, default=20_000, help="events of the longest run")
    parser.add_argument("--raw", type=int, default=2_000, help="texts and traces that are compressed")
    parser.add_argument("--tokenizer", default="", help="a tokenizer.json; one is trained on the texts otherwise")
    parser.add_argument("--keep", default="", help="where to write the one that is trained")
    measure(parser.parse_args())


if __name__ == "__main__":
    main()
