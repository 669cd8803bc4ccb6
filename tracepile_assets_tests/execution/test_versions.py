"""The events of a program are the same on CPython 3.11, 3.12 and 3.13, as far as they are found here.

Each recorder tells in each of them what the naive one observes there.
"""

import json
import subprocess
import sys
from pathlib import Path
from textwrap import dedent
from types import SimpleNamespace

import pytest

from tracepile_assets import execution
from tracepile_assets.execution.guest.recorder import record
from tracepile_assets.execution.guest.recorders import PYTHON_VERSION

from .agreement import compare
from .interpreters import OTHERS, OWN, elsewhere
from .mbpp import tasks
from .programs import PROGRAMS
from .random_programs import make
from .test_lifetimes import PROGRAMS as LIFETIMES

every_recorder = pytest.mark.parametrize("recorder", ["c", "python"])
every_other = pytest.mark.parametrize("version", OTHERS)
ALONE = """
import json, sys
sys.path.insert(0, sys.argv[1])
from guest.recorder import record
print(json.dumps(record("def f(x):\\n    return [x]\\n", "f", "1")))
"""
MORE = [
    """
    def f(n=0):
        return f(n + 1)
    """,
    """
    import sys
    sys.setrecursionlimit(300)
    def f(n=0):
        try:
            return g(n)
        except RecursionError:
            return n
    def g(n):
        return f(n + 1)
    """,
    """
    def deep(n):
        return deep(n + 1)
    def f():
        said = []
        for wrong in RecursionError, RecursionError('x'), deep:
            try:
                if wrong is deep: deep(0)
                raise wrong
            except RecursionError as error:
                said.append(error.args)
        raise RecursionError
    """,
    """
    def f():
        while True:
            x = 1
            if x: return x
    """,
    """
    def f():
        if True:
            x = 1
        if 0: y = 2
        while 0: pass
        while not 1: pass
        else: z = 3
        return x
    """,
    """
    def f():
        for i in range(2):
            pass
        for i in range(2): continue
        for i in range(2):
            1
        while i: i -= 1
        with open('/nonexistent') as g: pass
    """,
    """
    import asyncio
    async def w(n):
        await asyncio.sleep(0)
        return n
    async def both():
        return await asyncio.gather(w(1), w(2))
    def f():
        return asyncio.run(both())
    """,
    """
    def f():
        try:
            raise ExceptionGroup('g', [ValueError(1), TypeError(2)])
        except* ValueError as e:
            x = 1
        except* TypeError:
            y = 2
        return x + y
    """,
    """
    def f():
        def g():
            try:
                yield 1
            except ValueError as e:
                yield 2
        k = g()
        next(k)
        a = k.throw(ValueError('x'))
        k.close()
        h = g()
        return a, [x for x in h]
    """,
    """
    class A:
        __slots__ = ('x', 'a')
        def __init__(self):
            self.x = 1
    class B(str): pass
    class C(int):
        y = 5
    def f():
        a = A(); b = B('t'); c = C(3); c.z = [1]; a.a = b
        del a.x
        return c
    """,
    """
    def f():
        try:
            try:
                {}[1]
            except KeyError:
                raise
            finally:
                x = 1
        except LookupError:
            return x
    """,
]


OF_EACH_VERSION = {"the room of a class body", "members that are made by a method", "an enumeration made by a call"}
"""Show the namespace that a metaclass is given, in which 3.13 puts more (`docs/trace.md`), and what each version keeps
in a class while its members are made."""


def told(version, programs, recorder):
    rows = elsewhere(version, "record", recorder, programs)
    # Programs that can tell when an object dies are left to the Python recorder.
    assert PYTHON_VERSION.replace("python", recorder) in {row.pop("recorder_version") for row in rows}
    assert {row.pop("python_version") for row in rows} == {version}
    return rows


@every_recorder
@every_other
def test_traps_are_recorded_alike(version, recorder):
    programs = [[code, entry, arguments] for name, code, entry, arguments in PROGRAMS if name not in OF_EACH_VERSION]
    programs += [[dedent(code), "f", ""] for code in [*LIFETIMES.values(), *MORE]]
    own = told(OWN, programs, "python")
    for program, row, other in zip(programs, own, told(version, programs, recorder), strict=True):
        assert row == other, program[0]


@every_recorder
@every_other
def test_mbpp_is_recorded_alike(version, recorder):
    programs = [[task.code, task.entry_point, task.arguments] for task in tasks(step=8)]
    own, other = told(OWN, programs, "python"), told(version, programs, recorder)
    differing = [p[1] for p, a, b in zip(programs, own, other, strict=True) if a != b]
    assert len(differing) <= 0.005 * len(programs), differing


@every_recorder
@every_other
def test_what_is_recorded_there_is_what_happens_there(version, recorder):
    programs = [[code, entry, arguments] for _, code, entry, arguments in PROGRAMS]
    programs += [[p.code, p.entry_point, p.arguments] for p in map(make, range(20))]
    answers = elsewhere(version, "observe", recorder, programs, events=1_500)
    for (code, entry, arguments), (row, plain, observed) in zip(programs, answers, strict=True):
        compare(SimpleNamespace(code=code, entry_point=entry, arguments=arguments, stdin=None), row, observed)
        for name in ("status", "return_value", "stdout", "arguments_after") if observed.complete else ():
            assert row[name] == getattr(plain, name)


def test_the_recorder_needs_nothing_of_ours_outside_its_folder():
    parent = str(Path(execution.__file__).parent)
    done = subprocess.run([sys.executable, "-S", "-c", ALONE, parent], capture_output=True, text=True, check=True)
    assert json.loads(done.stdout) == record("def f(x):\n    return [x]\n", "f", "1")
