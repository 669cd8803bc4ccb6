"""Code with comments: the statements in the order in which they ran, each with what it did in a comment.

::

    # search(nums = [2, 5, 8], target = 5)
    lo, hi = 0, len(nums) - 1  # lo = 0, hi = 2
    while lo <= hi:  # True
        mid = (lo + hi) // 2  # mid = 1
        if nums[mid] == target:  # True
            return mid  # returns 1

A statement that runs code of the program's own is told without a comment; what it runs stands below it, further in, and
then its effect on a line of its own. The published form (NExT, arXiv 2404.14662) puts the values of all visits of a
line into one comment, which states what has not happened yet where it stands; here nothing does.
"""

from collections.abc import Iterator

from tracepile_assets.narration.narrators.notations.steps import Step, cells, one_line, opening, turn
from tracepile_assets.trace_model.trace import Trace


def lines(trace: Trace, told: Iterator[Step]) -> Iterator[str]:
    """The lines of code and comments, with their line ends."""
    waiting: tuple[int, str] | None = None
    bases: dict[int, int] = {}
    indents: dict[int, int] = {}
    for step in told:
        if waiting is not None and (waiting[0] != step.frame or step.kind == "line"):
            yield f"{waiting[1]}\n"
            waiting = None
        if step.kind == "line":
            indents[step.frame] = bases[step.frame] + 4 * _depth(trace, step.statement)
            waiting = step.frame, " " * indents[step.frame] + one_line(trace.syntax.header_source(step.statement))
            continue
        if step.kind == "call":
            parent = trace.frames[step.frame].parent
            bases[step.frame] = indents[step.frame] = indents[parent] + 4 if parent in indents else 4 * step.level
        elif step.kind == "resume":
            indents[step.frame] = bases[step.frame]
        if waiting is None:
            yield f"{' ' * indents[step.frame]}# {_comment(trace, step)}\n"
        else:
            yield f"{waiting[1]}  # {_comment(trace, step)}\n"
            waiting = None
    if waiting is not None:
        yield f"{waiting[1]}\n"


def _depth(trace: Trace, statement: int) -> int:
    """In how many statements of the same function a statement stands."""
    statements = trace.syntax.statements
    depth, at = 0, statements[statement]
    while at.parent is not None and statements[at.parent].function == at.function:
        at = statements[at.parent]
        depth += 1
    return depth


def _comment(trace: Trace, step: Step) -> str:
    if step.kind == "call":
        return opening(trace, step)
    if step.kind == "output":
        return f"prints {step.value!r}"
    if step.kind != "effect":
        return turn(trace, step)
    is_loop = trace.syntax.statements[step.statement].kind in ("For", "AsyncFor")
    way = [] if step.way is None else ["done" if is_loop else str(step.way)]
    return ", ".join([*way, *([cells(step.changed)] if step.changed else [])])
