"""Keeps a program from switching the tracing off frame by frame, and notes that it wants to trace itself.

Belongs here: what stands in for the attributes of frames that steer tracing, and for ``sys.settrace`` and its like.
Does not belong here: the rest of what a program finds around it (``surroundings``).
"""

import ctypes
import gc
import operator
from collections.abc import Callable
from types import FrameType, MappingProxyType, ModuleType

from .hiding import opaque

_held = gc.get_referents(FrameType.__dict__)[0]
_modified = ctypes.pythonapi.PyType_Modified
_modified.argtypes, _modified.restype = [ctypes.py_object], None
_NAMES = ("f_trace", "f_trace_lines", "f_trace_opcodes")
_OWN = {name: _held[name] for name in _NAMES}
set_opcodes = FrameType.f_trace_opcodes.__set__
"""Set whether a frame reports its instructions."""

# Functions of the interpreter's own, which lead nowhere: each read gives what holds before anything is set.
_NOBODY = property(MappingProxyType({}).get, slice, operator.not_)
_ALWAYS, _NEVER = property(bool, slice), property(operator.not_, slice)
_MONITORING = """
    use_tool_id free_tool_id get_tool register_callback set_events get_events set_local_events get_local_events
    restart_events
"""


def hold_frames() -> None:
    """From now on, setting these attributes of a frame does nothing."""
    _held.update(f_trace=_NOBODY, f_trace_lines=_ALWAYS, f_trace_opcodes=_NEVER)
    _modified(FrameType)


def release_frames() -> None:
    """Have frames as they were."""
    _held.update(_OWN)
    _modified(FrameType)


def refusing(name: str, note: Callable[[str], None]) -> Callable:
    """What stands in for a function that would have the program told of what is executed: it does nothing else than
    note that it was called, unless it was to stop."""

    def refuse(*given, **named) -> None:
        if given[:1] != (None,):
            note(f"the program asked to be told of what is executed ({name}), and is not while it is recorded")

    return opaque(refuse)


def monitoring(note: Callable[[str], None]) -> ModuleType:
    """What stands in for ``sys.monitoring``."""
    module = ModuleType("sys.monitoring")
    module.__dict__.update((name, refusing(f"sys.monitoring.{name}", note)) for name in _MONITORING.split())
    return module
