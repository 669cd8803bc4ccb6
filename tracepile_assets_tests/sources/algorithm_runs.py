"""Runs embedded programs in the test's own process: their text is ours, so no jail is needed here."""

import copy
import sys
from collections.abc import Callable, Iterator
from functools import cache
from typing import Any

from tracepile_assets.sources.embedded import read
from tracepile_assets.sources.program import Program

INPUTS = 40


@cache
def programs(seed: int = 7) -> dict[str, Program]:
    """The programs of the domain by name, with generated inputs."""
    return {program.source_row: program for program in read("algorithms", INPUTS, seed)}


def function(program: Program) -> Callable[..., Any]:
    """The entry point of a freshly executed module."""
    namespace: dict[str, Any] = {}
    exec(compile(program.code, "<program>", "exec"), namespace)
    return namespace[program.entry_point]


def arguments(text: str) -> tuple[Any, ...]:
    """The values that an arguments text stands for."""
    return eval(f"(lambda *values: values)({text})")


def runs(name: str) -> Iterator[tuple[tuple[Any, ...], Any]]:
    """Arguments (as given, not as the program left them) and result of each input; a raised exception is the result."""
    program = programs()[name]
    for given in program.inputs:
        values = arguments(given.arguments)
        try:
            result = function(program)(*copy.deepcopy(values))
        except Exception as problem:
            result = problem
        yield values, result


def executed_lines(program: Program, text: str) -> int:
    """How many lines of the program a call executes."""
    entry = function(program)
    values = arguments(text)
    count = 0

    def trace(frame, event, _):
        nonlocal count
        if frame.f_code.co_filename != "<program>":
            return None
        count += event == "line"
        return trace

    before = sys.gettrace()
    sys.settrace(trace)
    try:
        entry(*values)
    except ValueError:
        pass
    finally:
        sys.settrace(before)
    return count
