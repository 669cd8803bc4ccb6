"""What a run draws at random or reads off a clock or an address, and whether its result depends on that.

Belongs here: seeding Python's generator, noticing draws from it, and running again with other seeds, clocks and
addresses. Does not belong here: the runs themselves (``zygote``, ``together``), the clock (``twin``), comparing a run
with its twin.

Two runs that draw one of two sides agree every other time by chance; so do the last digits of clocks and addresses. So
a run that drew without seeding, or read a clock, never counts as the same as its twin, whatever it drew, and the twin
runs again until chance is ruled out.

A program may put anything in the place of the functions of ``random``: what is done here goes past them, to the type in
C below.
"""

import _random
import dis
import random
from collections.abc import Callable, Iterator
from time import monotonic as _now
from time import process_time
from types import CodeType

from . import twin

_SHARED = random._inst
_held = _SHARED.__dict__
_state_of, _seed = _random.Random.getstate, _random.Random.seed
_NEVER_SEEDED = frozenset(["RAND_bytes", "SystemRandom", "getrandom", "secrets", "urandom", "uuid1", "uuid4"])
_OTHERS = _NEVER_SEEDED | frozenset(["Random", "RandomState", "default_rng", "numpy", "rvs", "scipy"])
"""Names without which nothing draws from anything but the generator that all of a process share."""
_UNCOUNTED = frozenset(
    ("process_time", "process_time_ns", "thread_time", "thread_time_ns", "getrusage", "timeit", "default_timer")
)
"""Clocks that are not shifted, and of which nobody counts how often they are read: to name one is to read it."""
_ADDRESSES = ("id", "hash")
"""Builtins that tell an address."""
_BY_NAME = frozenset(("LOAD_GLOBAL", "LOAD_NAME"))
_AGAIN = 16
"""A result that comes half of the time passes once in 32,768."""
_RESULT = ("status", "return_value", "stdout", "exception", "arguments_after", "beyond_result")
_ENDED_ITSELF = ("ok", "exception")


def seed(number: int) -> None:
    """Seed the generator that all of a process share, as ``random.seed`` does."""
    _seed(_SHARED, number)
    _held["gauss_next"] = None


class Draws:
    """Draws of the runs of one program.

    ``seed`` is what the generator starts from in this process; ``most_s`` is how long an input may be run again, in
    seconds of CPU and of wall-clock time; ``is_twin`` tells the second of two runs from the first; what the program
    observes of lifetimes it may find otherwise in a plain run; ``is_open``: nobody knows what it observes.
    """

    def __init__(
        self,
        text: str,
        code: CodeType,
        seed: int,
        most_s: float,
        is_twin: bool,
        observes_lifetimes: bool = False,
        is_open: bool = False,
    ):
        named = frozenset(_named(code))
        self._shares = "random" in text
        self._others = bool(named & _OTHERS)
        self._never_seeded = bool(named & _NEVER_SEEDED)
        self._addresses = any(name in named and _loads(code, name) for name in _ADDRESSES)
        self._watches = observes_lifetimes
        self._may_watch = is_open
        self._clocks = named
        self._read: dict[str, int] = {}
        self._seed = seed
        self._most_s = most_s
        self._is_twin = is_twin
        self._start: object = None
        self._end: object = None

    def begin(self) -> None:
        """Before a run, once the generator was seeded."""
        if self._shares:
            self._start = _state_of(_SHARED)
        self._read = twin.clocks_read()

    def note(self, row: dict) -> None:
        """After a run: put what was drawn into what its events are compared by."""
        if self._shares:
            self._end = _state_of(_SHARED)
            if self._end != self._start:
                row["beyond"] += f" drawn {hash(self._end):x}"
        if self._is_twin and (self._never_seeded or self._told_the_time()):
            row["beyond"] += " drawn"

    def _told_the_time(self) -> bool:
        """Whether the program named a clock that was read since this run began."""
        now = twin.clocks_read()
        read = {name for name, times in now.items() if times != self._read.get(name)}
        return not self._clocks.isdisjoint(_UNCOUNTED | read)

    def repeat(self, row: dict, again: Callable[[int], dict]) -> None:
        """After a run of a twin that drew: have it run again with other seeds, times and addresses, and mark its result
        if it varies.

        ``again`` runs the input with the generator seeded as it is told, and returns the result row. A run that a limit
        ended is not run again, one that takes long not to the end.
        """
        drew = self._shares and self._end != self._start
        others = self._others or self._addresses or self._told_the_time()
        watches = self._watches or self._addresses
        if row["status"] not in _ENDED_ITSELF or not (drew or others or watches or self._may_watch):
            return
        end = self._end
        rows = self._rows(again, others)
        first = next(rows)
        second = None
        if not watches and self._may_watch and not _same(row, first):
            # What differs from one plain run to the next may do so for what runs of this process leave behind.
            second = next(rows, first)
            watches = _same(first, second)
        if watches and not _same(row, first):
            # That it is recorded decides: a plain run, however often it is repeated, gives something else.
            row["beyond_result"] += " drawn"
            return
        if not others:
            if not drew:
                return
            if _state_of(_SHARED) == end:
                # The program seeds it.
                return
            if not _same(first, next(rows, first) if second is None else second):
                # It depends on what runs of this process leave behind: nothing can be told from that.
                return
        if not all(_same(first, other) for other in rows):
            row["beyond_result"] += " drawn"

    def _rows(self, again: Callable[[int], dict], others: bool) -> Iterator[dict]:
        """Result rows of more runs: two with one seed, if only that decides, and the others with one each."""
        cpu_s, wall_s = process_time(), _now()
        taken: list = []
        for number in range(_AGAIN):
            if others:
                twin.move_clock(number + 1)
                taken.append([[] for _ in range(number)])
            yield again(self._seed + 1 + (number if others else max(number, 1)))
            if max(process_time() - cpu_s, _now() - wall_s) > self._most_s:
                break
        twin.move_clock(0)


def _same(one: dict, other: dict) -> bool:
    return all(one[name] == other[name] for name in _RESULT)


def _loads(code: CodeType, name: str) -> bool:
    """Whether a program uses a name for itself, not only as an attribute's."""
    inside = [each for each in code.co_consts if isinstance(each, CodeType)]
    found = any(step.opname in _BY_NAME and step.argval == name for step in dis.get_instructions(code))
    return found or any(_loads(each, name) for each in inside)


def _named(code: CodeType) -> Iterator[str]:
    """Names that a program mentions in its code."""
    for name in code.co_names:
        yield from name.split(".")
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield from _named(constant)
