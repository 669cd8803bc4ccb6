"""Makes a second zygote differ in everything that a deterministic program must not depend on.

Belongs here: the shifted clock, the padded heap, the order of small sets, the numbers of lines; the hash seed comes
from the environment, the random seed from ``restore``. Does not belong here: comparing the two runs.
"""

import builtins
import ctypes
import datetime
import gc
import time
from collections import Counter

try:
    from ._recorder import differ_in_order
except ImportError:
    differ_in_order = None

_SHIFT_S = (2 * 365 + 41) * 86_400 + 5 * 3_600 + 17 * 60 + 23
"""How far the twin's clock is ahead, in seconds: another year, month, weekday, hour, minute and second."""
_STEP_S = (366 + 31) * 86_400 + 3_600 + 60 + 1
"""How much further it is moved at once: every part of a date and time becomes odd that was even."""
FIRST_LINE = 1_000_004
"""The line that a program's first statement has in the twin: one that reads its own lines is told others there."""
_CPU_CLOCKS = frozenset((time.CLOCK_PROCESS_CPUTIME_ID, time.CLOCK_THREAD_CPUTIME_ID))
_kept: list = []
_ahead = [_SHIFT_S]
_reads: Counter[str] = Counter()


def differ() -> None:
    """Shift the clock, move the addresses of what will be allocated, and have small sets of strings differ in order."""
    _shift_clock()
    _pad_heap()
    # Another hash seed alone leaves the order of two strings, and the last digit of a hash, as it was every other time.
    if differ_in_order is not None:
        builtins.hash = differ_in_order() or hash


def move_clock(steps: int) -> None:
    """Move the twin's clock to so many steps beyond where it was at first."""
    _ahead[0] = _SHIFT_S + steps * _STEP_S


def clocks_read() -> dict[str, int]:
    """How often each function that tells the time was called in the twin, by name."""
    return dict(_reads)


def _pad_heap() -> None:
    for size in range(8, 520, 16):
        _kept.append([bytes(size) + bytes([n % 251]) for n in range(3 + size % 7)])
    _kept.append([object() for _ in range(37)])
    _kept.append([{n: n} for n in range(11)])
    _kept.append([[n] for n in range(13)])


def _shift_clock() -> None:
    for name in ("time", "monotonic", "perf_counter"):
        _replace(name, lambda real: lambda: real() + _ahead[0])
        _replace(f"{name}_ns", lambda real: lambda: real() + _ahead[0] * 10**9)
    _replace("clock_gettime", lambda real: lambda clock: real(clock) + _shift_of(clock))
    _replace("clock_gettime_ns", lambda real: lambda clock: real(clock) + _shift_of(clock) * 10**9)
    for name in ("gmtime", "localtime", "ctime"):
        _replace_default(name, time.time)
    _replace_default("asctime", time.localtime)
    strftime, localtime = time.strftime, time.localtime

    def shifted(format, t=None):
        if t is None:
            _reads["strftime"] += 1
        return strftime(format, localtime() if t is None else t)

    time.strftime = _named(shifted, strftime)
    real = datetime.datetime.now

    def now(cls, tz=None):
        _reads["now"] += 1
        moment = real(tz) + datetime.timedelta(seconds=_ahead[0])
        return cls.fromtimestamp(moment.timestamp(), tz)

    def today(cls):
        _reads["today"] += 1
        moment = real() + datetime.timedelta(seconds=_ahead[0])
        return cls.fromtimestamp(moment.timestamp())

    # The types are static: only the dictionary behind the proxy can be written.
    for kind, changed in (
        (datetime.datetime, {"now": now, "today": today, "utcnow": today}),
        (datetime.date, {"today": today}),
    ):
        held = gc.get_referents(kind.__dict__)[0]
        for name, function in changed.items():
            _kept.append(held.get(name))
            held[name] = classmethod(function)
        ctypes.pythonapi.PyType_Modified(ctypes.py_object(kind))


def _shift_of(clock: int) -> int:
    return 0 if clock in _CPU_CLOCKS else _ahead[0]


def _replace(name: str, make) -> None:
    """Put what ``make`` makes of it in the place of a function of ``time``."""
    real = getattr(time, name)
    made = make(real)

    def shifted(*given):
        _reads[name] += 1
        return made(*given)

    setattr(time, name, _named(shifted, real))


def _replace_default(name: str, clock) -> None:
    """Have a function of ``time`` take what ``clock`` gives where it is given nothing."""
    real = getattr(time, name)

    def shifted(seconds=None):
        if seconds is None:
            _reads[name] += 1
        return real(clock() if seconds is None else seconds)

    setattr(time, name, _named(shifted, real))


def _named(shifted, real):
    shifted.__name__ = shifted.__qualname__ = real.__name__
    return shifted
