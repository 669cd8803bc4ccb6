"""What runs leave behind in memory, where it would count against the runs after them in the same process.

Belongs here: when it is collected. Does not belong here: letting go of a run (``recorder``).
"""

import gc
import resource

from . import bare

# A program finds others under these names.
_collect = gc.collect
_usage, _SELF = resource.getrusage, resource.RUSAGE_SELF
_MUCH_KIB = 16 << 10
"""What the runs of a process may take, at most, without a collection after each of them."""


def peak_kib() -> int:
    """The most memory that this process has had."""
    return _usage(_SELF).ru_maxrss


class Garbage:
    """What runs of this process leave in cycles, from now on."""

    def __init__(self) -> None:
        self._most_kib = peak_kib() + _MUCH_KIB
        self._may_be_much = False

    def collect(self) -> None:
        """Collect it, if any run took so much memory that it may be much."""
        if self._may_be_much or peak_kib() > self._most_kib:
            self._may_be_much = True
            bare.call(_collect)
