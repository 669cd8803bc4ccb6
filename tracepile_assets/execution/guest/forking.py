"""Forks a child and waits for its end.

Belongs here: the fork and the wait, for where the recorder in C is not there. Does not belong here: what the child
does, and what the end means (``zygote``).

Python code that runs while the child lives writes to pages that both share, each of which must be copied then; and
large pages fall apart into small ones, so that each later fork takes longer. In C nothing is written to.
"""

try:
    from ._recorder import fork_and_watch
except ImportError:
    import ctypes
    import os
    import select
    import signal

    _fork = ctypes.PyDLL(None).fork
    """Forks past ``os.fork``, which has modules make ready for threads that the zygote never has. In the child each of
    them writes to pages. What they would reset is put back by ``restore``."""

    def fork_and_watch(control: int) -> tuple[int, float, bool] | None:
        """Fork. None in the child; in the parent, once the child has ended: its status, its CPU time in seconds, and
        whether it was killed because there is something to read from a file. Raises ``OSError``."""
        child = _fork()
        if child == 0:
            return None
        if child < 0:
            raise OSError("the zygote cannot fork")
        alive = os.pidfd_open(child)
        poll = select.poll()
        for number in (alive, control):
            poll.register(number, select.POLLIN)
        is_told = alive not in dict(poll.poll())
        if is_told:
            os.kill(child, signal.SIGKILL)
        _, status, usage = os.wait4(child, 0)
        os.close(alive)
        return status, usage.ru_utime + usage.ru_stime, is_told


__all__ = ["fork_and_watch"]
