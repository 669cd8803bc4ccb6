"""Our recorders, called in this process as the jail calls them.

Belongs here: which there are. Does not belong here: how they record.
"""

from collections.abc import Callable
from importlib.util import find_spec

from benchmarks.workloads import Workload
from tracepile_assets.execution.guest import recorder
from tracepile_assets.execution.guest.recorder import Caps, Program, Run

NAMES = ["Python"]
"""The recorders that can be had here, the fastest first."""
if find_spec("tracepile_assets.execution.guest._recorder"):
    NAMES.insert(0, "C")


def runner(name: str, work: Workload, given: str) -> Callable[[], None]:
    """A function that runs a program on one input and records it. What is done once for a program is done here."""
    program = Program(work.code, work.entry_point)
    caps = Caps()
    choice = {"recorder": name.lower()} if hasattr(recorder, "chosen") else {}
    tape = recorder.blank(caps)

    def run() -> None:
        Run(program, caps, buffer=tape, **choice).record(given, None, None)

    return run
