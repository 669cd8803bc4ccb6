"""Makes a second zygote differ in everything that a deterministic program must not depend on.

Belongs here: the shifted clock and the padded heap; the hash seed comes from the environment, the random seed from
``restore``. Does not belong here: comparing the two runs.
"""

import ctypes
import datetime
import gc
import time

_SHIFT_S = (2 * 365 + 40) * 86_400 + 5 * 3_600 + 17 * 60 + 23
"""How far the twin's clock is ahead, in seconds: another year, month, weekday, hour, minute and second."""
_CPU_CLOCKS = frozenset((time.CLOCK_PROCESS_CPUTIME_ID, time.CLOCK_THREAD_CPUTIME_ID))
_kept: list = []


def differ() -> None:
    """Shift the clock and move the addresses of what will be allocated."""
    _shift_clock()
    _pad_heap()


def _pad_heap() -> None:
    for size in range(8, 520, 16):
        _kept.append([bytes(size) + bytes([n % 251]) for n in range(3 + size % 7)])
    _kept.append([object() for _ in range(37)])
    _kept.append([{n: n} for n in range(11)])
    _kept.append([[n] for n in range(13)])


def _shift_clock() -> None:
    def later(function, shift):
        def shifted():
            return function() + shift

        shifted.__name__ = shifted.__qualname__ = function.__name__
        return shifted

    for name in ("time", "monotonic", "perf_counter"):
        setattr(time, name, later(getattr(time, name), _SHIFT_S))
        setattr(time, f"{name}_ns", later(getattr(time, f"{name}_ns"), _SHIFT_S * 10**9))
    for name, shift in (("clock_gettime", _SHIFT_S), ("clock_gettime_ns", _SHIFT_S * 10**9)):
        setattr(time, name, _later_of(getattr(time, name), shift))
    for name in ("gmtime", "localtime", "ctime"):
        setattr(time, name, _default_now(getattr(time, name), time.time))
    localtime = time.localtime
    time.asctime = _default_now(time.asctime, localtime)
    strftime = time.strftime

    def shifted(format, t=None):
        return strftime(format, localtime() if t is None else t)

    shifted.__name__ = shifted.__qualname__ = "strftime"
    time.strftime = shifted
    real = datetime.datetime.now
    ahead = datetime.timedelta(seconds=_SHIFT_S)

    def now(cls, tz=None):
        moment = real(tz) + ahead
        return cls.fromtimestamp(moment.timestamp(), tz)

    def today(cls):
        moment = real() + ahead
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


def _later_of(function, shift):
    def shifted(clock):
        return function(clock) + (0 if clock in _CPU_CLOCKS else shift)

    shifted.__name__ = shifted.__qualname__ = function.__name__
    return shifted


def _default_now(function, clock):
    def shifted(seconds=None):
        return function(clock() if seconds is None else seconds)

    shifted.__name__ = shifted.__qualname__ = function.__name__
    return shifted
