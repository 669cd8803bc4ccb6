"""What a run draws at random, and whether its result depends on that.

Belongs here: noticing draws from Python's generator, and running again with other seeds. Does not belong here: seeding
before a run (``restore``), the runs themselves (``zygote``, ``together``), comparing a run with its twin.

Two runs that draw one of two sides agree every other time by chance. So a run that drew without seeding never counts as
the same as its twin, whatever it drew, and the twin runs again until chance is ruled out.
"""

import random
from collections.abc import Callable
from time import process_time

_SOURCES = ("random", "secrets", "uuid", "rvs")
"""Names without which nothing is drawn: ``random`` stands in those of numpy and of the operating system too."""
_AGAIN = 16
"""A result that comes half of the time passes once in 65,536."""
_RESULT = ("status", "return_value", "stdout", "exception", "arguments_after", "beyond_result")
_ENDED_ITSELF = ("ok", "exception")


class Draws:
    """Draws of the runs of one program. ``seed`` is that of the process; ``cpu_s`` what a run may use."""

    def __init__(self, code: str, seed: int, cpu_s: float):
        self._may = any(name in code for name in _SOURCES)
        self._seed = seed
        self._longest_s = cpu_s / 4
        self._start: object = None
        self._began_s = 0.0

    def begin(self) -> None:
        """Before a run, once the generator was seeded."""
        if self._may:
            self._start = random.getstate()
            self._began_s = process_time()

    def note(self, row: dict) -> None:
        """After a run: put where the generator stands into what its events are compared by, if anything was drawn."""
        if self._may and (now := random.getstate()) != self._start:
            _, numbers, left_over = now
            row["beyond"] += f" drawn {hash((numbers, left_over or 0.0)):x}"

    def repeat(self, row: dict, again: Callable[[str], dict]) -> None:
        """After a run of a twin: have it run again with other seeds, and mark its result if one gives another.

        ``again`` runs the input with the generator seeded as it is told, and returns the result row. A run that a limit
        ended, or that took long, is not run again.
        """
        if not self._may or row["status"] not in _ENDED_ITSELF:
            return
        for number in range(_AGAIN):
            if process_time() - self._began_s > self._longest_s:
                return
            other = again(f"{self._seed} {number}")
            if any(row[name] != other[name] for name in _RESULT):
                row["beyond_result"] += " drawn"
                return
