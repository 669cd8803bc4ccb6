"""Memory and time of making a mixture of very many samples: features, selection with its dedup, decontamination and
split, packing and export.

    TRACEPILE_TEST_DATA=... python -m benchmarks.mixing --samples 100000 500000 2600000 [--folder FOLDER]

Larger ones are made by more inputs for the same programs (`mixing_corpus`). Each step is a process of its own. Its time
is CPU time, its workers' with it; its peak is that of the resident memory of all its processes together, looked at ten
times a second. The exponent is that of the line through the times at all sizes, by least squares of the logarithms.

Belongs here: running and measuring. Does not belong here: the corpus.
"""

import argparse
import json
import math
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from benchmarks.measuring import cpu_of_children, number, table

MIXTURE = "continue_pretraining"
CONTEXT = 4096
BENCHMARKS = ("HumanEval.jsonl.gz", "mbpp.jsonl", "gsm8k-test.jsonl", "math-test.jsonl")
_LOOK_S = 0.1
_NAMED = "TRACEPILE_BENCH_AGAINST"
"""The variable by which the steps, each in a process of its own, know which benchmarks there are."""


def _corpus(folder: Path, samples: int) -> str:
    from benchmarks.mixing_corpus import mean_length, write_corpus

    made = write_corpus(folder / "home", samples, _benchmarks())
    return f"{made:,} questions told, of {mean_length(folder / 'home'):,.0f} characters with what is told"


def _tokenizer(folder: Path, samples: int) -> str:
    from tokenizers import ByteLevelBPETokenizer

    from benchmarks.mixing_corpus import tellings

    made = ByteLevelBPETokenizer()
    made.train_from_iterator(
        tellings(folder / "home", 2_000), 4_096, special_tokens=["<|endoftext|>"], show_progress=False
    )
    made.save(str(folder / "tokenizer.json"))
    return ""


def _features(kind: str) -> Callable[[Path, int], str]:
    def build(folder: Path, samples: int) -> str:
        from tracepile_assets.building import build_stripe
        from tracepile_assets.building.feature_units import features, place_of
        from tracepile_assets.home import open_home

        home = open_home(folder / "home")
        rows = 0
        for feature in features(home):
            if feature.kind == kind:
                for entry in home.registry().entries():
                    for stripe in home.stripe_map(entry.name).keys(entry.name):
                        rows += build_stripe(home, place_of(feature), stripe).rows
        return f"{rows:,} rows"

    return build


def _mixture(folder: Path, samples: int) -> str:
    from tracepile_assets.building import build_mixture
    from tracepile_assets.home import open_home

    report = build_mixture(open_home(folder / "home"), MIXTURE)
    left_out = ", ".join(f"{n:,} {reason}" for reason, n in report.rejected.items())
    return f"{report.rows:,} samples" + (f"; left out: {left_out}" if left_out else "")


def _export(format_: str, **options: object) -> Callable[[Path, int], str]:
    def export(folder: Path, samples: int) -> str:
        from tracepile_assets.building.exporting import export_mixture
        from tracepile_assets.home import open_home
        from tracepile_assets.mixtures.exporting.writing import Options

        if format_ == "packed":
            options["tokenizer"] = str(folder / "tokenizer.json")
        place = folder / f"out-{format_}"
        done = export_mixture(open_home(folder / "home"), MIXTURE, str(place), Options(format_, **options))
        size = sum(file.bytes for file in done.manifest.files) / 2**20
        shutil.rmtree(place)
        return f"{sum(file.rows for file in done.manifest.files):,} rows, {size:,.0f} MiB"

    return export


STEPS: dict[str, Callable[[Path, int], str]] = {
    "making the corpus": _corpus,
    "training a tokenizer": _tokenizer,
    "features: tokens": _features("tokens"),
    "features: signatures": _features("signatures"),
    "features: overlaps with benchmarks": _features("hits"),
    "mixture: select, dedup, decontaminate, split, write": _mixture,
    "export, packed": _export("packed", context=CONTEXT),
    "export, trl": _export("trl"),
}
_PREPARING = 2
"""Steps that only make what is measured."""


def _benchmarks() -> list[str]:
    names = os.environ.get(_NAMED, " ".join(BENCHMARKS)).split()
    return [str(Path(os.environ["TRACEPILE_TEST_DATA"]).absolute() / "data" / name) for name in names]


def measured(step: str, folder: Path, samples: int) -> tuple[float, float, str]:
    """Run a step in a process of its own: CPU seconds, peak in MiB, and what it says."""
    before = cpu_of_children()
    command = [sys.executable, "-m", "benchmarks.mixing", "--step", step, "--folder", folder, "--samples", str(samples)]
    with subprocess.Popen(list(map(str, command)), stdout=subprocess.PIPE, text=True) as running:
        peaks = [0.0]
        watcher = threading.Thread(target=_watch, args=(running, peaks))
        watcher.start()
        said = running.stdout.read().strip()
        running.wait()
        watcher.join()
    if running.returncode:
        sys.exit(f"{step}: failed")
    return cpu_of_children() - before, peaks[0], said


def _watch(running: subprocess.Popen, peaks: list[float]) -> None:
    while running.poll() is None:
        peaks[0] = max(peaks[0], _resident_mib(running.pid))
        time.sleep(_LOOK_S)


def _resident_mib(pid: int) -> float:
    """Resident memory of a process and of all below it."""
    total, below = 0, [pid]
    while below:
        process = Path("/proc", str(below.pop()))
        try:
            total += int((process / "statm").read_bytes().split()[1])
            for task in (process / "task").iterdir():
                below += map(int, (task / "children").read_bytes().split())
        except (OSError, IndexError):
            continue
    return total * os.sysconf("SC_PAGE_SIZE") / 2**20


def exponent(sizes: Sequence[int], seconds: Sequence[float]) -> float:
    """The slope of the line through the logarithms."""
    logs = [math.log(size) for size in sizes], [math.log(each) for each in seconds]
    return statistics.linear_regression(*logs).slope


def main() -> None:
    """Run the command."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.mixing", description=__doc__.split("\n\n")[0])
    parser.add_argument("--samples", type=int, nargs="+", default=[10_000, 40_000], help="sizes (10000 40000)")
    parser.add_argument("--folder", type=Path, help="where all is made, and stays; a temporary folder if not given")
    parser.add_argument(
        "--only", nargs="+", default=list(STEPS), help="the steps to take, by the first letters of each"
    )
    parser.add_argument("--benchmarks", nargs="*", default=BENCHMARKS, help="files of benchmarks (four)")
    parser.add_argument("--step", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.step:
        print(STEPS[options.step](options.folder, options.samples[0]))
        return
    os.environ[_NAMED] = " ".join(options.benchmarks)
    found: dict[str, dict[int, float]] = {step: {} for step in STEPS if step.startswith(tuple(options.only))}
    for samples in options.samples:
        with tempfile.TemporaryDirectory(prefix="tracepile-mixing-") as temporary:
            folder = Path(options.folder or temporary) / str(samples)
            folder.mkdir(parents=True, exist_ok=True)
            rows = []
            for step in found:
                cpu, peak, says = measured(step, folder, samples)
                found[step][samples] = cpu
                rows.append([step, number(cpu), f"{peak:,.0f}", says])
                print(json.dumps([samples, *rows[-1]]), file=sys.stderr, flush=True)
            print(f"\n{samples:,} samples\n")
            print(table(["step", "CPU seconds", "peak resident memory, MiB", ""], rows), flush=True)
    if len(options.samples) > 1:
        grown = [(step, f"{exponent(list(each), list(each.values())):.2f}") for step, each in found.items()]
        print("\n" + table(["step", "exponent"], grown[_PREPARING:]))


if __name__ == "__main__":
    main()
