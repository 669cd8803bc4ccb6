"""Which programs with generators are deterministic in plain interpreters, and what becomes of them in a build.

    python -m tracepile_assets_tests.sources.plain_runs codeio codeio-hq.jsonl.gz --jobs 2 --cpu 10

Two interpreters with unlike hash seeds run each program on the inputs that its generator draws from three seeds,
outside our jail and unrecorded. Where both end without an exception, the program counts as deterministic if they gave
the same results and as nondeterministic if not. It prints how many of the first a build runs, and how many of the
others it catches (`whole_files` says how a build runs them), and names those that it does not.

Belongs here: what plain interpreters say of a program. Does not belong here: running it as a build does.
"""

import argparse
import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from tracepile_assets.building.rows import drawn_inputs
from tracepile_assets.execution import Pool, packages
from tracepile_assets.sources import Program
from tracepile_assets_tests.sources.layout_files import programs_of
from tracepile_assets_tests.sources.whole_files import LIMITS, run

# Fresh for each program, so that none sees another; what takes long to import is there before. `random` seeds itself
# anew in each fork, numpy draws its first state once in each interpreter.
_RUNNER = """
import json, os, random, resource, signal, sys
for name in sys.argv[3].split():
    try:
        __import__(name)
    except ImportError:
        pass

def outcomes(asked):
    names = {"__name__": "program", "Random": random.Random}
    exec(compile(asked["code"], "<program>", "exec"), names)
    exec(compile(asked["generator"], "<generator>", "exec"), names)
    call = names[asked["call"]]
    for seed in range(3):
        rng = random.Random(seed)
        given = call(rng) if asked["takes_rng"] else call()
        yield repr(names[asked["entry_point"]](**given))

for line in sys.stdin:
    reading, writing = os.pipe()
    child = os.fork()
    if not child:
        os.close(reading)
        os.dup2(os.open(os.devnull, os.O_RDWR), 0)
        os.dup2(0, 1)
        os.dup2(0, 2)
        signal.alarm(int(sys.argv[2]))
        resource.setrlimit(resource.RLIMIT_CPU, (int(sys.argv[1]),) * 2)
        resource.setrlimit(resource.RLIMIT_AS, (4 << 30,) * 2)
        try:
            said = json.dumps(list(outcomes(json.loads(line))))
            with os.fdopen(writing, "w") as stream:
                stream.write(said)
        finally:
            os._exit(0)
    os.close(writing)
    with os.fdopen(reading) as stream:
        said = stream.read()
    os.waitpid(child, 0)
    print(said or "null", flush=True)
"""
_PRELOADED = "numpy scipy sympy pandas networkx"


def results(programs: Sequence[Program], hash_seed: int, cpu_s: int) -> Iterator[list[str] | None]:
    """What each program gives for three seeds in one plain interpreter, as text; None where a run did not end well."""
    held = ["bwrap", "--ro-bind", "/", "/", "--dev", "/dev", "--unshare-all", "--die-with-parent"]
    called = [sys.executable, "-c", _RUNNER, str(cpu_s), str(3 * cpu_s), _PRELOADED]
    env = {"PYTHONHASHSEED": str(hash_seed), "PYTHONPATH": str(packages.folder() or ""), "OMP_NUM_THREADS": "1"}
    env["TMPDIR"] = "/dev/shm"
    with tempfile.TemporaryFile("w+") as asked:
        for program in programs:
            generator = program.generator
            fields = {"code": program.code, "entry_point": program.entry_point, "generator": generator.code}
            asked.write(json.dumps({**fields, "call": generator.call, "takes_rng": generator.takes_rng}) + "\n")
        asked.seek(0)
        with subprocess.Popen([*held, *called], stdin=asked, stdout=subprocess.PIPE, text=True, env=env) as ran:
            for line in ran.stdout:
                yield json.loads(line)
        if ran.returncode:
            raise RuntimeError(f"the plain interpreter ended with exit code {ran.returncode}")


def told_apart(programs: Sequence[Program], cpu_s: int) -> tuple[set[str], set[str]]:
    """The rows of the programs that are deterministic, and of those that are not."""
    alike, unlike = set(), set()
    for program, one, other in zip(programs, *(results(programs, seed, cpu_s) for seed in (1, 2)), strict=True):
        if one is not None and other is not None:
            (alike if one == other else unlike).add(program.source_row)
    return alike, unlike


def main() -> None:
    """Count."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("layout")
    parser.add_argument("path", type=Path)
    parser.add_argument("--jobs", type=int, default=1)
    parser.add_argument("--every", type=int, default=1)
    parser.add_argument("--cpu", type=int, default=10, help="seconds of CPU time that a run may take")
    asked = parser.parse_args()
    programs = programs_of(asked.layout, asked.path, inputs_per_program=3)[:: asked.every]
    ready = [program for program in programs if program.generator is not None]
    alike, unlike = told_apart(ready, asked.cpu)
    with Pool(asked.jobs, drawn_inputs.LIMITS) as pool:
        drawn = list(drawn_inputs.draw(ready, pool))
    runs = caught = 0
    for ran in run(drawn, asked.jobs, replace(LIMITS, cpu_s=asked.cpu)):
        row, name = ran.program.source_row, ran.program.origin_uri.rpartition("#")[2]
        moved = any(each["deterministic"] != "full" for each in ran.rows)
        if row in alike:
            runs += ran.runs
            if not ran.runs:
                print(f"deterministic, does not run: {name}: {ran.why_not}"[:240])
        elif row in unlike:
            caught += moved
            if not moved:
                print(f"nondeterministic, not caught: {name}: {ran.program.title}"[:240])
    print(f"{len(programs):7,}  programs")
    print(f"{len(alike):7,}  deterministic in plain interpreters\n{runs:7,}  of them run")
    print(f"{len(unlike):7,}  nondeterministic\n{caught:7,}  of them caught")


if __name__ == "__main__":
    main()
