"""The scratchpad: each executed statement on a numbered line, and below it what it changed.

::

    search(nums = [2, 5, 8], target = 5)
      1. lo, hi = 0, len(nums) - 1
         lo = 0, hi = 2
      2. while lo <= hi:
         yes
      3. mid = (lo + hi) // 2
         mid = 1
      4. if nums[mid] == target:
         yes
      5. return mid
      returns 1

What a call does inside stands below the statement that calls, further in. The state table of the scratchpad paper (Nye
et al., arXiv 2112.00114) repeats all variables on every line; here a line shows what changed.
"""

from collections.abc import Iterator

from tracepile_assets.narration.narrators.notations.steps import Step, cells, one_line, opening, turn
from tracepile_assets.trace_model.trace import Trace


def lines(trace: Trace, told: Iterator[Step]) -> Iterator[str]:
    """The lines of the scratchpad, with their line ends."""
    number = 0
    for step in told:
        indent = "    " * step.level
        if step.kind == "call":
            yield f"{indent}{opening(trace, step)}\n"
        elif step.kind == "line":
            number += 1
            yield f"{indent}  {number}. {one_line(trace.syntax.header_source(step.statement))}\n"
        elif step.kind == "effect":
            if step.way is not None:
                yield f"{indent}     {_way(trace, step)}\n"
            if step.changed:
                yield f"{indent}     {cells(step.changed)}\n"
        elif step.kind == "output":
            yield f"{indent}     prints {step.value!r}\n"
        else:
            yield f"{indent}  {turn(trace, step)}\n"


def _way(trace: Trace, step: Step) -> str:
    """How a test or a loop's header came out."""
    if trace.syntax.statements[step.statement].kind in ("For", "AsyncFor"):
        return "done"
    return "yes" if step.way else "no"
