"""Applying a function to a stream of values in several processes, in order and in bounded memory.

For work that is pure Python and trusts its input; programs run in execution's pool instead.
"""

import gc
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future
from itertools import chain, islice
from typing import TypeVar

from loky import ProcessPoolExecutor

In = TypeVar("In")
Out = TypeVar("Out")

CHUNK = 8
AHEAD = 3


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
    pool = ProcessPoolExecutor(workers)
    waiting: deque[Future[list[Out]]] = deque()
    try:
        for some in lists:
            waiting.append(pool.submit(_uncollected, function, some))
            if len(waiting) >= workers * AHEAD:
                yield from waiting.popleft().result()
        while waiting:
            yield from waiting.popleft().result()
    finally:
        pool.shutdown(wait=True, kill_workers=True)


def _uncollected(function: Callable[[list[In]], list[Out]], values: list[In]) -> list[Out]:
    """Apply the function with the cyclic collector off: it would walk trees and states that all live to the end."""
    gc.disable()
    try:
        return function(values)
    finally:
        gc.enable()
