"""Makes event loops of asyncio that need no file: no system call has to be allowed for them.

Belongs here: what takes the place of a loop's selector and of the pair of sockets by which it wakes itself. Does not
belong here: the system-call filter (``seccomp``), and which programs with loops may share a process (``sharing``).

A loop is woken from outside by threads and by signals, and in the jail there are neither. What is left are callbacks
that are due and the time at which the next one is: for these waiting is enough, and ``poll`` of no file does that.

The functions are compiled with the loop's own module as their globals: nothing of ours is reached through them.
"""

import asyncio.selector_events
import selectors

_METHODS = """
class _SelfPipe:
    '''Stands for both ends. A file of the number -1 is none: `signal.set_wakeup_fd` takes it for that.'''
    def fileno(self):
        return -1
    def send(self, data):
        return len(data)
    def close(self):
        pass

def _make_self_pipe(self):
    self._ssock = self._csock = _SelfPipe()
    self._internal_fds += 1

def _close_self_pipe(self):
    self._ssock = self._csock = None
    self._internal_fds -= 1
"""


def need_no_file() -> None:
    """Have every loop that is made from now on do without files of its own.

    ``selectors`` itself takes ``poll`` where a sandbox forbids the calls of ``epoll``, but it was loaded before ours
    does.
    """
    selectors.DefaultSelector = selectors.PollSelector
    module = asyncio.selector_events
    made: dict = {}
    exec(compile(_METHODS, module.__file__, "exec"), module.__dict__, made)
    made["_make_self_pipe"].__globals__["_SelfPipe"] = made["_SelfPipe"]
    for name in ("_make_self_pipe", "_close_self_pipe"):
        setattr(module.BaseSelectorEventLoop, name, made[name])
