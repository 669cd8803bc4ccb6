"""Puts the interpreter back as it was, so that no run is seen by the next one in the same process.

Belongs here: process-wide state that a program can change from Python. Does not belong here: a run's own namespace and
streams (``recorder``).
"""

import _locale
import _signal
import calendar
import contextlib
import copyreg
import csv
import decimal
import functools
import gc
import locale
import os
import random
import signal
import sys
import time
import warnings
from operator import is_

from . import bare, draws
from .contents import MODULES, Group, all_same, same
from .library import CACHES, TAME_MODULES
from .reached import Reached

_FIRST_SEED = 1 << 61
"""Seeds begin here: no program that seeds the generator by itself uses one of these."""
_PACKAGE = __name__.partition(".")[0]
_CONTEXTS = decimal.DefaultContext, decimal.BasicContext, decimal.ExtendedContext
_copied, _told = decimal.Context.copy, decimal.Context.__reduce__


class Snapshot:
    """The state of the interpreter at one moment. ``seed`` is what the generator of random numbers starts from."""

    def __init__(self, seed: int):
        self.seed = _FIRST_SEED + seed
        MODULES.take()
        held = [getattr(module, "__dict__", None) for module in sys.modules.values()]
        self._contents = Group(each for each in held if type(each) is dict)
        caches = [_found(*place) for place in CACHES]
        self._caches = Group([*(each for each in caches if type(each) is dict), random._inst.__dict__])
        self._context = _copied(decimal.DefaultContext)
        self._contexts = list(map(_told, _CONTEXTS))
        self._limit = sys.getrecursionlimit()
        self._directory = os.getcwd()  # noqa: PTH109 - goes back into os.chdir
        self._path = list(sys.path)
        self._digits = sys.get_int_max_str_digits()
        self._filters = list(warnings.filters)
        self._lists = [(held, list(held)) for held in (sys.argv, sys.meta_path, sys.path_hooks, gc.callbacks)]
        lists = (sys.path, warnings.filters, *(held for held, _ in self._lists))
        self._all_lists = lists, tuple(map(tuple, lists))
        self._hooks = sys.get_asyncgen_hooks()
        self._interval = sys.getswitchinterval()
        self._locale = locale.setlocale(locale.LC_ALL)
        self._weekday = calendar.firstweekday()
        self._dialects = _dialects()
        self._field_size = csv.field_size_limit()
        self._loading = sys.getdlopenflags()
        self._environment = dict(os.environ)
        numbers = (signal.SIGINT, signal.SIGALRM, signal.SIGTERM, signal.SIGXCPU)
        self._handlers = {int(n): _signal.getsignal(n) for n in numbers}
        others = {int(n): _signal.getsignal(n) for n in _signal.valid_signals() if n not in self._handlers}
        # Of a handler that is none of Python's nothing is told.
        self._other_handlers = {n: handler for n, handler in others.items() if handler is not None}
        self._thresholds = gc.get_threshold()
        self._collecting = gc.isenabled()
        self._of_tame = self._of_others = Reached(())
        self.holds_all = False
        """Whether all is put back that a program can change: not what packages keep."""
        asked = [each for each in gc.get_objects() if type(each) is functools._lru_cache_wrapper]
        self._forget = [each.cache_clear for each in asked if not str(each.__module__).startswith(_PACKAGE)]
        self._forget_types = [each.cache_clear for each in asked if each.__module__ == "typing"]

    def take_insides(self) -> None:
        """From now on, what lies deeper than modules is to be as it is now."""
        self.holds_all = True
        for forget in self._forget:
            forget()
        spared = [sys.modules, sys.path, warnings.filters, os.environ._data, *self._caches.held]
        spared += [held for held, _ in self._lists]
        tame, others = [copyreg], []
        for name, module in list(sys.modules.items()):
            (tame if name in TAME_MODULES else others).append(module)
        self._of_tame = Reached(tame, spared)
        self._of_others = Reached(others, [*spared, *self._of_tame.found], strict=False)

    def restore(self) -> None:
        """Put everything back."""
        dying = self._put_back_common() + self._caches.put_back()
        dying += [list(sys.path), list(warnings.filters), list(sys.meta_path), *_handle_again(self._other_handlers)]
        sys.set_int_max_str_digits(self._digits)
        sys.path[:] = self._path
        warnings.filters[:] = self._filters
        sys.set_asyncgen_hooks(*self._hooks)
        sys.set_coroutine_origin_tracking_depth(0)
        if sys.getswitchinterval() != self._interval:
            sys.setswitchinterval(self._interval)
        if os.environ != self._environment:
            os.environ.clear()
            os.environ.update(self._environment)
            time.tzset()
        if locale.setlocale(locale.LC_ALL) != self._locale:
            locale.setlocale(locale.LC_ALL, self._locale)
        if calendar.firstweekday() != self._weekday:
            calendar.setfirstweekday(self._weekday)
        dialects = _dialects()
        if list(dialects) != list(self._dialects) or not same(dialects.values(), self._dialects.values()):
            for name in dialects:
                csv.unregister_dialect(name)
            for name, dialect in self._dialects.items():
                csv.register_dialect(name, dialect)
        csv.field_size_limit(self._field_size)
        sys.setdlopenflags(self._loading)
        os.chdir(self._directory)
        for forget in self._forget:
            forget()
        self.draw_anew()
        bare.drop(dying)

    def restore_common(self) -> None:
        """Put back what code of ours comes upon: modules, hooks that are called into it, limits."""
        dying = self._put_back_common()
        if dying:
            bare.drop(dying)

    def accept_modules(self) -> None:
        """What modules hold now counts as unchanged; what they are put back to stays the same."""
        MODULES.accept()
        self._contents.accept()

    def holds(self) -> bool:
        """Whether modules, their classes, and what else a program might change from Python are as they are to be."""
        return (
            MODULES.is_as_marked()
            and self._contents.are_as_marked()
            and self._of_tame.are_unchanged()
            and list(map(_told, _CONTEXTS)) == self._contexts
            and all_same(*self._all_lists)
            and all(map(is_, map(_signal.getsignal, self._handlers), self._handlers.values()))
            and sys.get_int_max_str_digits() == self._digits
            and sys.getswitchinterval() == self._interval
            and gc.get_threshold() == self._thresholds
            and gc.isenabled() == self._collecting
            and _locale.setlocale(_locale.LC_ALL, None) == self._locale
        )

    def insides_hold(self) -> bool:
        """Whether what lies deeper than modules, which nothing puts back, is as it was: every container that modules
        lead to, and how decimal numbers are rounded by default."""
        return (
            self._of_tame.are_unchanged()
            and self._of_others.are_unchanged()
            and list(map(_told, _CONTEXTS)) == self._contexts
        )

    def draw_anew(self) -> None:
        """Seed the generator of random numbers, and put back how decimal numbers are rounded."""
        draws.seed(self.seed)
        decimal.setcontext(_copied(self._context))

    def forget_types(self) -> None:
        """Have ``typing`` forget the types that it was asked for, which it would give to the next run, too."""
        for forget in self._forget_types:
            forget()

    def _put_back_common(self) -> list:
        modules = MODULES.put_back()
        dying: list = self._contents.put_back()
        if modules is not None:
            dying.append(modules)
        with contextlib.suppress(RecursionError):
            # A run that ends at a limit may still be deep; its process ends with it.
            sys.setrecursionlimit(self._limit)
        for held, before in self._lists:
            if not same(held, before):
                dying.append(list(held))
                held[:] = before
        dying += _handle_again(self._handlers)
        gc.set_threshold(*self._thresholds)
        (gc.enable if self._collecting else gc.disable)()
        return dying


def _handle_again(handlers: dict) -> list:
    """Have signals handled so; return what handled them otherwise."""
    return [_signal.signal(n, handler) for n, handler in handlers.items() if _signal.getsignal(n) is not handler]


def _found(module: str, *names: str) -> object:
    """What lies at a place of the library, if it is there."""
    held = sys.modules.get(module)
    for name in names:
        held = getattr(held, name, None)
    return held


def _dialects() -> dict:
    """The dialects of CSV by the names that are plain strings."""
    return {name: csv.get_dialect(name) for name in csv.list_dialects() if type(name) is str}
