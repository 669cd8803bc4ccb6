"""Applying a function to a stream of values in several processes, in order and in bounded memory.

For work that is pure Python and trusts its input; programs run in execution's pool instead.
"""

import gc
import os
import threading
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future
from itertools import chain, islice
from typing import TypeVar

from loky import get_reusable_executor

In = TypeVar("In")
Out = TypeVar("Out")

CHUNK = 2
AHEAD = 12

_LOOK_S = 1.0
"""Seconds between two looks of a worker at whether its parent still lives."""

_IDLE_S = 60
"""Seconds after which a worker that is given nothing ends. Until then the next table or stripe finds it ready: it takes
a worker longer to import what it needs than to tell a hundred runs."""


def apply_all(function: Callable[[list[In]], list[Out]], values: Iterable[In], workers: int) -> Iterator[Out]:
    """Apply a function to lists of values, one result per value, in the order of the values.

    Args:
        function: importable by name; takes a list of values, gives a list of as many results.
        values: the values; only a few lists ahead of the results are drawn.
        workers: processes; with one, all happens here.
    """
    stream = iter(values)
    lists = iter(lambda: list(islice(stream, CHUNK)), [])
    if workers == 1:
        yield from chain.from_iterable(map(function, lists))
        return
    # loky's workers neither fork a process that has threads nor import the caller's main module, as the standard
    # library's do.
    pool = get_reusable_executor(workers, timeout=_IDLE_S, initializer=_end_with, initargs=(os.getpid(),))
    waiting: deque[Future[list[Out]]] = deque()
    finished = False
    try:
        for some in lists:
            waiting.append(pool.submit(_uncollected, function, some))
            if len(waiting) >= workers * AHEAD:
                yield from waiting.popleft().result()
        while waiting:
            yield from waiting.popleft().result()
        finished = True
    finally:
        if not finished:
            pool.shutdown(wait=True, kill_workers=True)


def _end_with(parent: int) -> None:
    """See to it that this worker ends when the process that started it is killed: of that no message would tell it."""

    def watch() -> None:
        while os.getppid() == parent:
            time.sleep(_LOOK_S)
        os._exit(1)

    threading.Thread(target=watch, daemon=True).start()


def _uncollected(function: Callable[[list[In]], list[Out]], values: list[In]) -> list[Out]:
    """Apply the function with the cyclic collector off: it would walk trees and states that all live to the end."""
    gc.disable()
    try:
        return function(values)
    finally:
        gc.enable()
