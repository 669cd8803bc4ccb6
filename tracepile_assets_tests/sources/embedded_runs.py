"""Runs embedded programs of either kind in the test's own process: their text is ours, so no jail is needed here."""

import contextlib
import io
import sys
from collections.abc import Iterator
from functools import cache
from typing import Any

from tracepile_assets.sources import Program, ProgramInput
from tracepile_assets.sources.embedded import read

INPUTS = 40


@cache
def programs(collection: str, seed: int = 7) -> dict[str, Program]:
    """The programs of a collection by name, with generated inputs."""
    return {program.source_row: program for program in read(collection, INPUTS, seed)}


def arguments(text: str) -> tuple[tuple[Any, ...], dict[str, Any]]:
    """The values that an arguments text stands for."""
    return eval(f"(lambda *values, **named: (values, named))({text})")


def call(program: Program, given: ProgramInput) -> Any:
    """Result of the entry point on an input, in a fresh module."""
    namespace: dict[str, Any] = {"__name__": "program"}
    exec(compile(program.code, "<program>", "exec"), namespace)
    values, named = arguments(given.arguments)
    return eval(program.entry_point, namespace)(*values, **named)


def printed(program: Program, given: ProgramInput) -> str:
    """What a stdin program prints on an input."""
    out = io.StringIO()
    before = sys.stdin
    sys.stdin = io.StringIO(given.stdin)
    try:
        with contextlib.redirect_stdout(out):
            exec(compile(program.code, "<program>", "exec"), {"__name__": "__main__"})
    finally:
        sys.stdin = before
    return out.getvalue()


def calls(collection: str, name: str) -> Iterator[tuple[tuple[Any, ...], Any]]:
    """Arguments and result of each input; a raised exception is the result."""
    program = programs(collection)[name]
    for given in program.inputs:
        values, named = arguments(given.arguments)
        assert not named
        try:
            result = call(program, given)
        except Exception as problem:
            result = problem
        yield values, result


def events(program: Program, given: ProgramInput) -> int:
    """How many calls, lines and returns of the program a run has."""
    count = 0

    def trace(frame, _event, _value):
        nonlocal count
        if frame.f_code.co_filename != "<program>":
            return None
        count += 1
        return trace

    before = sys.gettrace()
    sys.settrace(trace)
    try:
        with contextlib.suppress(KeyError):
            call(program, given) if program.entry_point else printed(program, given)
    finally:
        sys.settrace(before)
    return count
