"""Puts the interpreter back as it was, so that no run is seen by the next one in the same process.

Belongs here: process-wide state that a program can change from Python. Does not belong here: a run's own namespace and
streams (``recorder``).
"""

import decimal
import gc
import os
import random
import signal
import sys
import warnings
from operator import is_


class Snapshot:
    """The state of the interpreter at one moment."""

    def __init__(self, seed: int):
        self._seed = seed
        self._modules = dict(sys.modules)
        self._contents = [(m.__dict__, dict(m.__dict__)) for m in self._modules.values() if hasattr(m, "__dict__")]
        self._limit = sys.getrecursionlimit()
        self._directory = os.getcwd()  # noqa: PTH109 - goes back into os.chdir
        self._path = list(sys.path)
        self._digits = sys.get_int_max_str_digits()
        self._filters = list(warnings.filters)
        self._environment = dict(os.environ)
        self._handlers = {
            n: signal.getsignal(n) for n in (signal.SIGINT, signal.SIGALRM, signal.SIGTERM, signal.SIGXCPU)
        }
        self._thresholds = gc.get_threshold()
        self._collecting = gc.isenabled()

    def restore(self) -> None:
        """Put everything back."""
        sys.modules.clear()
        sys.modules.update(self._modules)
        for held, before in self._contents:
            if len(held) != len(before) or not all(map(is_, held.values(), before.values())):
                held.clear()
                held.update(before)
        sys.setrecursionlimit(self._limit)
        sys.set_int_max_str_digits(self._digits)
        sys.path[:] = self._path
        warnings.filters[:] = self._filters
        if os.environ != self._environment:
            os.environ.clear()
            os.environ.update(self._environment)
        os.chdir(self._directory)
        random.seed(self._seed)
        decimal.setcontext(decimal.DefaultContext.copy())
        for number, handler in self._handlers.items():
            if signal.getsignal(number) is not handler:
                signal.signal(number, handler)
        gc.set_threshold(*self._thresholds)
        (gc.enable if self._collecting else gc.disable)()
