"""Has a tame program run on all its inputs in one child, and takes the tapes when it has ended.

Belongs here: the parent's side of that, and when what came of it is believed. Does not belong here: which programs are
tame (``taming``), the child's side (``guest.together``), and running inputs with care (``worker``).
"""

import ast
import functools
import time
from collections.abc import Sequence
from typing import TYPE_CHECKING

from .guest.prepared import written
from .guest.statements import foldable, walked
from .guest.tape_layout import SLOTS, Layout
from .jobs import Job, Limits, Outcome, RunInput
from .parsing import parsed
from .received import Arrived, arrived, is_complete, outcomes_of, says_unchanged

if TYPE_CHECKING:
    from .worker import Zygote

_LONGEST = 10_000
"""Characters of a program that is made ready here, where nothing limits what that takes."""
_LARGEST_BYTES = 1 << 16
"""Size of a program made ready that is kept for the children to come."""
MOST_WAITING_BYTES = 16 << 20
"""Size of the tapes of one program that are checked together."""
ENDED_EARLY = frozenset({"timeout", "event_limit", "output_limit", "memory_limit", "crash"})
"""What a child says of an input after which it leaves on purpose."""


def run_together(
    zygote: "Zygote", message: dict, job: Job, inputs: Sequence[RunInput], areas: Layout, limits: Limits
) -> list[Outcome]:
    """What came of the first inputs, up to one that a limit ended; nothing if they are to be run with care instead.

    They are where the child died, was late or forged an answer, does not say that nothing was changed, or left a tape
    that contradicts itself. Raises ``Closed`` if the zygote is gone.
    """
    zygote.submit(message)
    outcomes: list[Outcome] = []
    arrivals: list[Arrived] = []
    waiting_bytes = 0
    progress = 0
    spoiled = False
    started = time.monotonic()

    def run() -> int:
        return len(outcomes) + len(arrivals)

    def goes_on() -> bool:
        nonlocal progress
        before, progress = progress, run() + _complete(zygote.shared, run())
        return progress > before

    while True:
        said = zygote.answer(limits.wall_s, goes_on)
        if said in ("late", "forged"):
            spoiled = True
            continue
        found = 0 if spoiled else _complete(zygote.shared, run())
        found = min(found, len(inputs) - run())
        first = run()
        arrivals += [arrived(zygote.shared, areas, first + slot, limits, slot) for slot in range(found)]
        waiting_bytes += sum(came.n_bytes for came in arrivals[len(arrivals) - found :])
        if waiting_bytes > MOST_WAITING_BYTES or said != "done":
            walls = [(time.monotonic() - started) / max(1, run())] * len(arrivals)
            outcomes += outcomes_of(job, inputs[len(outcomes) :], arrivals, walls)
            arrivals, waiting_bytes = [], 0
            spoiled = spoiled or any(outcome.status == "tampered" for outcome in outcomes)
        if said == "done" and (spoiled or not found):
            spoiled = True
            zygote.kill()
        elif said == "done":
            zygote.go_on()
        else:
            last = outcomes[-1].status if outcomes else ""
            # What runs before it left may have used up the memory.
            is_whole = (len(outcomes) == len(inputs) or last in ENDED_EARLY) and last != "memory_limit"
            believed = not spoiled and is_whole and said["exit"] == 0 and says_unchanged(zygote.shared)
            return outcomes if believed else []


@functools.lru_cache(maxsize=256)
def prepared(code: str, entry_point: str, recorder: str) -> bytes:
    """A tame program made ready, which spares its children the work; nothing if they are to do it.

    A child does it four times as slowly: whatever it writes to for the first time is copied.
    """
    if len(code) > _LONGEST:
        return b""
    try:
        made = b"" if _may_grow(code) else written(parsed(code), entry_point, recorder)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return b""
    return made if len(made) <= _LARGEST_BYTES else b""


def _may_grow(code: str) -> bool:
    """Whether the compiler may make far more of a text than there is of it.

    It writes a ``finally`` down for each way that leads into it, each of which may hold another one; and it works out
    what is made of constants, and keeps each text on the way.
    """
    return "finally" in code or ("*" in code and any(map(_multiplies_text, parsed(code).nodes)))


def _multiplies_text(node: ast.AST) -> bool:
    if not (isinstance(node, ast.BinOp) and isinstance(node.op, ast.Mult)):
        return False
    if not (foldable(node.left) and foldable(node.right)):
        return False
    held = [each.value if isinstance(each, ast.Constant) else each for each in walked(node)]
    return any(isinstance(each, (str, bytes, ast.Tuple)) for each in held)


def _complete(shared, run: int) -> int:
    """How many tapes are complete, from that of the input numbered ``run`` on, in the first slots."""
    return next((slot for slot in range(SLOTS) if not is_complete(shared, slot, run + slot)), SLOTS)
