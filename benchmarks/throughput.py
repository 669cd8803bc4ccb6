"""Verified traces per second of CPU time: programs run in the jail, twice for each trace, against PySnooper in a
process of its own per trace.

Belongs here: whole traces, with everything that they cost: the jail, forks, transfer, checks of what arrives, the
second run that proves determinism. Does not belong here: what recording alone costs (``slowdown``).
"""

import subprocess
import sys
from collections import Counter
from collections.abc import Iterator

from benchmarks.measuring import cpu_of_children, cpu_of_this_process, table
from benchmarks.workloads import Workload, named
from tracepile_assets.execution import Job, Limits, Pool, RunInput

_LIMITS = Limits(wall_s=20.0, cpu_s=20.0)
_PEER = """
import sys, types
import pysnooper
code, entry, given = sys.stdin.read().split("\\0")
module = types.ModuleType("program")
sys.modules["program"] = module
exec(compile(code, "program.py", "exec"), module.__dict__)
function = eval(entry, module.__dict__)
told = []
snoop = pysnooper.snoop(output=told.append, depth=50, color=False, max_variable_length=None)
held = getattr(function, "__self__", None)
traced = snoop(getattr(function, "__func__", function))
if held is not None:
    traced = traced.__get__(held)
module.traced = traced
try:
    result = repr(eval(f"traced({given})", module.__dict__))
except Exception as error:
    result = repr(error)
print(result, *told)
"""


def of(source: str, programs: int, inputs: int, peers: int) -> str:
    """A table of traces per CPU second on that many programs, with at most so many inputs each.

    ``peers``: how many traces are made with PySnooper, spread evenly. Raises ``FileNotFoundError``.
    """
    works = [work for work in named(source, inputs) if work.inputs]
    works = works[:: max(1, len(works) // programs)][:programs]
    traces, verified, cpu = _ours(works)
    calls = [(work, given) for work in works for given in work.inputs]
    sample = calls[:: max(1, len(calls) // peers)][:peers]
    peer_cpu = sum(_peer(work, given) for work, given in sample) / len(sample)
    per_trace = cpu / verified
    rows = [
        ["ours, jail on, both runs counted", f"{verified} of {traces}", 1 / per_trace, peer_cpu / per_trace],
        ["PySnooper, a process per trace", len(sample), 1 / peer_cpu, 1.0],
    ]
    shown = f"{source}, {len(works)} programs, {inputs} inputs"
    return table([shown, "traces", "traces per CPU second", "times PySnooper"], rows)


def _ours(works: list[Workload]) -> tuple[int, int, float]:
    """Traces made, traces verified, and CPU seconds of all processes together."""
    before = cpu_of_children() + cpu_of_this_process()
    digests: dict[tuple[str, str], list[str]] = {}
    statuses: Counter[str] = Counter()
    with Pool(workers=1, limits=_LIMITS) as pool:
        for job, outcomes in pool.run(_jobs(works)):
            for outcome in outcomes:
                digests.setdefault((job.job_id, outcome.input_id), []).append(outcome.digest)
                statuses[outcome.recording.status] += 1
    cpu = cpu_of_children() + cpu_of_this_process() - before
    print("runs by status:", dict(statuses))
    verified = sum(len(found) == 2 and found[0] == found[1] for found in digests.values())
    return len(digests), verified, cpu


def _jobs(works: list[Workload]) -> Iterator[Job]:
    for number, work in enumerate(works):
        inputs = tuple(RunInput(str(i), arguments=given) for i, given in enumerate(work.inputs))
        for twin in (False, True):
            yield Job(f"{number} {work.name}", work.code, work.entry_point, inputs, twin=twin)


def _peer(work: Workload, given: str) -> float:
    before = cpu_of_children()
    text = "\0".join([work.code, work.entry_point, given])
    subprocess.run([sys.executable, "-I", "-c", _PEER], input=text, text=True, stdout=subprocess.DEVNULL, check=True)
    return cpu_of_children() - before
