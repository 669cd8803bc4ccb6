"""Traces without holding on to what frames hold, for programs that can tell when an object dies.

Belongs here: a trace function below the level of ``sys.settrace``. Does not belong here: events (``tracer``).

Until 3.12 ``sys.settrace`` copies the variables of a frame into a dictionary around every call of a trace function,
and the copy outlives the variables. A function given to ``PyEval_SetTrace`` is called without that; what it reads of
a frame it clears again.
"""

import ctypes
import functools
import threading

_CALL, _EXCEPTION, _LINE, _RETURN, _OPCODE = 0, 1, 2, 3, 7
_NAMES = {_EXCEPTION: "exception", _LINE: "line", _RETURN: "return", _OPCODE: "opcode"}
_set_trace = ctypes.pythonapi.PyEval_SetTrace
_set_trace.argtypes = [ctypes.c_void_p, ctypes.py_object]
_set_trace.restype = None
_current = None


class _Raiser:
    """Sets a pending exception for the thread as it is dropped, without running a bytecode."""

    def __init_subclass__(cls, kind: type[BaseException]):
        set_pending = ctypes.pythonapi.PyThreadState_SetAsyncExc
        thread = ctypes.c_ulong(threading.get_ident())
        cls.__del__ = staticmethod(functools.partial(set_pending, thread, ctypes.py_object(kind)))


class _RecursionRaiser(_Raiser, kind=RecursionError):
    pass


def install(tracer, stop: type[BaseException]) -> None:
    """Have a tracer called for the frames of the current thread; ``stop`` may leave it."""

    class StopRaiser(_Raiser, kind=stop):
        pass

    global _current
    _current = (tracer, stop, StopRaiser)
    _set_trace(ctypes.cast(_HOOK, ctypes.c_void_p), None)


def remove() -> None:
    """Stop tracing."""
    global _current
    _set_trace(None, None)
    _current = None


def _called(nothing: object, frame: object, what: int, argument: int | None) -> int:
    if _current is None:
        return 0
    tracer, stop, raiser = _current
    if not tracer.owns(frame.f_code) or (what > _RETURN and what != _OPCODE):
        return 0
    # A local variable is dropped when this function has run its last bytecode.
    pending = None
    try:
        value = ctypes.cast(argument, ctypes.py_object).value if argument else None
        if what == _CALL:
            tracer.trace(frame, "call", None)
            if tracer.recursion.take_doom():
                pending = _RecursionRaiser()
        else:
            tracer.local(frame, _NAMES[what], value)
    except stop:
        remove()
        pending = raiser()  # noqa: F841
    finally:
        value = None
        tracer.let_go()
    return 0


_HOOK = ctypes.PYFUNCTYPE(ctypes.c_int, ctypes.py_object, ctypes.py_object, ctypes.c_int, ctypes.c_void_p)(_called)
