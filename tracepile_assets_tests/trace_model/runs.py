"""Runs programs for the tests of this room: recorded, and watched by a naive oracle.

The oracle is a plain ``sys.settrace`` function on the untouched source that writes out every variable in full at every
line: no heap numbers, no deltas, none of our code.
"""

import sys
from collections import deque

from tracepile_assets.execution.guest.recorder import record
from tracepile_assets.trace_model.recording import Recording
from tracepile_assets.trace_model.trace import Trace


def trace_of(
    code: str, entry_point: str | None = None, arguments: str | None = None, stdin: str | None = None
) -> Trace:
    """The trace of a recorded run."""
    row = record(code, entry_point, arguments, stdin)
    return Trace(code, entry_point, Recording.from_row(row), arguments, stdin)


def written(value: object, outer: tuple = ()) -> str:
    """Text of a value in full, by rules restated here: repr for plain builtins, sets sorted."""
    if id(value) in outer:
        return "{...}" if type(value) is dict else "[...]"
    outer = (*outer, id(value))
    kind = type(value)
    if kind is list:
        return "[" + ", ".join(written(v, outer) for v in value) + "]"
    if kind is tuple:
        return "(" + ", ".join(written(v, outer) for v in value) + (",)" if len(value) == 1 else ")")
    if kind in (set, frozenset):
        inner = "{" + ", ".join(written(v, outer) for v in sorted(value)) + "}"
        if kind is frozenset:
            return f"frozenset({inner})" if value else "frozenset()"
        return inner if value else "set()"
    if kind is dict:
        return "{" + ", ".join(f"{written(k, outer)}: {written(v, outer)}" for k, v in value.items()) + "}"
    if kind is deque:
        bound = "" if value.maxlen is None else f", maxlen={value.maxlen}"
        return "deque([" + ", ".join(written(v, outer) for v in value) + "]" + bound + ")"
    if isinstance(value, dict):
        return f"{kind.__name__}({written(dict(value), outer)})"
    if hasattr(value, "__dict__"):
        inner = ", ".join(f"{name}={written(v, outer)}" for name, v in vars(value).items())
        return f"{kind.__name__}({inner})"
    return repr(value)


def watched(code: str, function: str, arguments: str) -> list[tuple[str, int, dict[str, str]]]:
    """(function, line, variable -> text) at every line event of named functions, as CPython reports it."""
    seen: list[tuple[str, int, dict[str, str]]] = []
    namespace: dict = {"__name__": "program"}
    exec(compile(code, "<watched>", "exec"), namespace)

    def local(frame, event, argument):
        if event == "line":
            variables = {n: written(v) for n, v in frame.f_locals.items() if not callable(v) or hasattr(v, "__dict__")}
            variables = {n: v for n, v in variables.items() if not callable(frame.f_locals[n])}
            seen.append((frame.f_code.co_qualname, frame.f_lineno, variables))
        return local

    def start(frame, event, argument):
        named = frame.f_code.co_filename == "<watched>" and "<" not in frame.f_code.co_name
        return local if named else None

    sys.settrace(start)
    try:
        eval(f"{function}({arguments})", namespace)
    except Exception:
        pass
    finally:
        sys.settrace(None)
    return seen
