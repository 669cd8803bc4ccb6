"""Runs programs with nothing but `exec`: the independent truth about whether two programs behave alike."""

import ast
import contextlib
import io
import signal
import sys
from collections.abc import Iterator
from random import Random
from typing import Any

import libcst as cst

from tracepile_assets.rewriting import TRANSFORMS, Context
from tracepile_assets.rewriting.tree import parse

BY_NAME = {transform.NAME: transform for transform in TRANSFORMS}


class _TooLongError(BaseException):
    pass


@contextlib.contextmanager
def _alarm(cpu_s: float) -> Iterator[None]:
    def ring(*_: Any) -> None:
        raise _TooLongError

    # By the clock a program would take longer after it was rewritten than before, whenever the machine is busy.
    before = signal.signal(signal.SIGPROF, ring)
    signal.setitimer(signal.ITIMER_PROF, cpu_s)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)


def behaviour(code: str, entry_point: str | None, arguments: str | None = None, stdin: str = "") -> tuple[Any, ...]:
    """How a program ends, what it returns and prints and leaves in its arguments, all as text."""
    namespace: dict[str, Any] = {"__name__": "__main__"}
    printed = io.StringIO()
    given: Any = ()
    try:
        with _alarm(2), contextlib.redirect_stdout(printed), _input(stdin):
            exec(compile(code, "<program>", "exec"), namespace)
            if entry_point is None:
                return "ok", printed.getvalue()
            given = eval(f"(lambda *a, **k: (a, k))({arguments or ''})", namespace)
            value = eval(entry_point, namespace)(*given[0], **given[1])
            shown = repr(list(value)) if hasattr(value, "__next__") else repr(value)
    except _TooLongError:
        return ("too long",)
    except BaseException as error:
        return type(error).__name__, printed.getvalue(), repr(given)
    return "ok", shown, printed.getvalue(), repr(given)


@contextlib.contextmanager
def _input(text: str) -> Iterator[None]:
    before = sys.stdin
    sys.stdin = io.StringIO(text)
    try:
        yield
    finally:
        sys.stdin = before


def rewritten(
    name: str, code: str, entry_point: str | None = "f", arguments: tuple[str, ...] | None = (), seed: int = 0
) -> str | None:
    """What one transform makes of a program; None if it does not apply."""
    module = parse(code)
    text_before = module.code
    rewrite = BY_NAME[name].apply(module, Context.of(code, entry_point, arguments, Random(seed)))
    assert module.code == text_before, "a transform changed the tree that it was given"
    if rewrite is None:
        return None
    assert isinstance(rewrite.module, cst.Module)
    ast.parse(rewrite.module.code)
    return rewrite.module.code


def same_after(name: str, code: str, inputs: tuple[str, ...], entry_point: str = "f", seeds: int = 3) -> str:
    """What a transform makes of a program that it must apply to, having checked that plain runs show the same on every
    input, whatever the seed; inputs on which the program fails count too."""
    before = [behaviour(code, entry_point, given) for given in inputs]
    for seed in range(seeds):
        made = rewritten(name, code, entry_point, inputs, seed=seed)
        assert made is not None, "the transform does not apply"
        assert ast.dump(ast.parse(made)) != ast.dump(ast.parse(code))
        after = [behaviour(made, entry_point, given) for given in inputs]
        assert after == before, made
    return made
