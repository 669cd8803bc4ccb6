"""Runs a tame program on its inputs, one after the other, in surroundings that are set up once.

Belongs here: that loop, where each tape goes, and the proof at its end that nothing was changed. Does not belong here:
what makes a program tame (``execution.taming``) and a single run (``recorder``).

Each run has a module of its own, as ever. What else a program finds it cannot change, by its text: so nothing is put
back between two runs. What ``restore`` would put back is looked at once, after the last of them; if anything was
changed, or if this process dies, the parent believes none of the tapes and has each input run with care.

The tapes lie one behind the other. The parent is told, and waited for, only where there is no room for the next.
"""

import gc
import os
from collections.abc import Callable
from functools import partial

from . import confine, draws
from .draws import Draws
from .garbage import Garbage
from .library import DRAWN
from .prepared import PreparedProgram
from .programs import Program
from .recorder import Caps, Run
from .restore import Snapshot
from .surroundings import Standing
from .tape import behind, complete, conclude
from .tape_layout import SLOT_BYTES, layout

_COLLECT_AFTER = 10_000
"""New objects after which the cyclic collector runs. No tame program can tell when it does, and it seldom finds any."""


class Untame(BaseException):
    """A program, or one of its inputs, is not as tame as it looked."""


def run_together(job: dict, shared, snapshot: Snapshot, standing: Standing, hand_over: Callable[[], None]) -> None:
    """Run a job and end the process. ``hand_over`` is called where the tapes up to there are to be copied.

    Raises ``Untame``.
    """
    run_inputs(job, shared, snapshot, standing, hand_over)
    os._exit(0)


def run_inputs(job: dict, shared, snapshot: Snapshot, standing: Standing, hand_over: Callable[[], None]) -> None:
    """The same, but for the end of the process. A run that reaches a limit ends it."""
    caps = Caps(**job["caps"])
    first = place = layout(caps)
    cpu_s, wall_s = float(job["cpu_s"]), float(job["wall_s"])
    if job["prepared"]:
        program = PreparedProgram(job["prepared"], job["entry_point"])
    else:
        # The collector would look through all of it several times and find nothing.
        gc.disable()
        program = Program(job["code"], job["entry_point"])
        gc.enable()
    if program.names.observes_lifetimes:
        raise Untame
    has_state = any(name in job["code"] for name in DRAWN)
    has_types = "typing" in job["code"]
    most_s = min(cpu_s, wall_s) / 4
    drawn = Draws(job["code"], program.code, snapshot.seed, most_s, job["is_twin"])
    standing.output.limit = caps.output_bytes
    usual = gc.get_threshold()
    gc.set_threshold(_COLLECT_AFTER, *usual[1:])

    def leave(row: dict) -> None:
        code = 1
        try:
            confine.release_memory()
            complete(shared, place, row)
            end()
            code = 0
        finally:
            # The program may have used up all that it takes to get here.
            os._exit(code)

    def ended(row: dict) -> None:
        nonlocal allowed
        drawn.note(row)
        if given["expected"] is not None and row["status"] == "ok":
            allowed = confine.allow_cpu(min(cpu_s, confine.STATED_CPU_S), allowed)

    def end() -> None:
        gc.set_threshold(*usual)
        if standing.is_unchanged() and snapshot.holds():
            conclude(shared)

    allowed = 0
    garbage = Garbage()
    for number, given in enumerate(job["inputs"]):
        allowed = confine.allow_cpu(cpu_s, allowed)
        if number:
            place = behind(shared, first, place)
            if place is None:
                hand_over()
                place = first
            if has_state:
                snapshot.draw_anew()
            if has_types:
                snapshot.forget_types()
        drawn.begin()
        run = Run(program, caps, bool(job["record"]), wall_s, shared, number, job["recorder"], place, standing)
        run.leave = leave
        run.ended = ended
        row = run.record(given["arguments"], None, given["expected"], given["codec"])
        if job["is_twin"]:
            allowed = confine.allow_cpu(cpu_s, allowed)
            drawn.repeat(row, partial(_again, program, caps, given, snapshot, standing))
        # What is left for the collector may be what there was no room for.
        if standing.untame or row["status"] == "memory_limit":
            raise Untame
        try:
            complete(shared, place, row)
        except MemoryError:
            leave(row)
        run.release()
        garbage.collect()
    end()


def _again(program: Program, caps: Caps, given: dict, snapshot: Snapshot, standing: Standing, seed: int) -> dict:
    """The result row of another run of an input, untraced."""
    snapshot.draw_anew()
    snapshot.forget_types()
    draws.seed(seed)
    run = Run(program, caps, traced=False, buffer=bytearray(SLOT_BYTES), standing=standing)
    row = run.record(given["arguments"], None, None, given["codec"])
    run.release()
    return row
