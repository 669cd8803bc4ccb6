"""Measures CPU time, and puts ratios into tables.

Belongs here: the clock and the arithmetic. Does not belong here: what is measured.
"""

import gc
import math
import resource
import time
from collections.abc import Callable, Iterable, Sequence
from typing import Any


def cpu_seconds(action: Callable[[], Any], at_least: float = 0.0) -> float:
    """CPU time of this thread that one call takes: the mean of as many calls as fill ``at_least`` seconds."""
    gc.collect()
    calls = 0
    start = time.thread_time()
    while True:
        action()
        calls += 1
        passed = time.thread_time() - start
        if passed >= at_least:
            return passed / calls


def cpu_of_children() -> float:
    """CPU seconds of all processes that this one has waited for, theirs included."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def cpu_of_this_process() -> float:
    """CPU seconds of this process, all threads, without its children."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def geometric_mean(values: Iterable[float]) -> float:
    """The geometric mean of positive numbers."""
    logs = [math.log(value) for value in values]
    return math.exp(sum(logs) / len(logs))


def number(value: float) -> str:
    """A figure with about three digits."""
    return f"{value:,.0f}" if value >= 100 else f"{value:.3g}"


def table(head: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """A table in Markdown; numbers are rounded to three digits."""
    lines = ["| " + " | ".join(head) + " |", "|" + "---|" * len(head)]
    for row in rows:
        cells = [number(cell) if isinstance(cell, float) else str(cell) for cell in row]
        lines.append("| " + " | ".join(cells) + " |")
    return "\n".join(lines)
