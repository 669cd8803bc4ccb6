"""Does what Python does when a program ends: exit handlers, what streams keep back, destructors of what is left.

Belongs here: that, in Python's order, for programs whose run is their module body. Does not belong here: the run, and
the surroundings, which are still there. Nothing of it is recorded as an event: the run is over.
"""

import atexit
import gc
import operator
import sys
from functools import partial

from . import bare

_run_handlers, handlers = atexit._run_exitfuncs, atexit._ncallbacks
"""``handlers()`` is how many exit handlers there are."""
_collects_first = sys.version_info >= (3, 13)
_collect, _collects, _flush = gc.collect, gc.isenabled, operator.methodcaller("flush")


def run_handlers(before: int) -> None:
    """Run the exit handlers if there are others than ``before``."""
    if handlers() != before:
        bare.call(_run_handlers)


def flush(given: object) -> None:
    """Have standard output written that a program put in the place of what it was given."""
    found = sys.__dict__.get("stdout")
    if found is None or found is given:
        return
    raised: list = []
    try:
        bare.call(partial(_flush, found))
    except BaseException as error:
        raised.append(error)
    held = [raised, found]
    del raised, found
    bare.drop(held)


def destroy(held: list) -> None:
    """Let go of what a program left, and of all that only this reaches.

    In which order several destructors run is nobody's promise. It depends on what was collected before: this comes
    nearest to what Python does.
    """
    if _collects_first and _collects():
        bare.call(_collect)
    bare.drop(held)
    bare.call(_collect)
