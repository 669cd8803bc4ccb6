"""The events of a program are the same on CPython 3.11, 3.12 and 3.13: the recorder runs under each that is found here."""

import json
import os
import shutil
import subprocess
import sys
from functools import cache
from pathlib import Path
from textwrap import dedent

import pytest

from tracepile_assets import execution
from tracepile_assets.execution.guest.recorder import record

from .mbpp import tasks
from .programs import PROGRAMS
from .test_lifetimes import PROGRAMS as LIFETIMES

GUEST_PARENT = Path(execution.__file__).parent
SCRIPT = """
import json, sys
sys.path.insert(0, sys.argv[1])
from guest.recorder import Caps, record
for code, entry, arguments in json.load(sys.stdin):
    row = record(code, entry, arguments, None, None, Caps(events=5000))
    row.pop("python_version")
    print(json.dumps(row))
"""
MORE = [
    ("import sys\ndef f(n):\n    return f(n + 1)\n", "f", "0"),
    ("import sys\nsys.setrecursionlimit(300)\ndef f(n):\n    try:\n        return g(n)\n    except RecursionError:\n        return n\n"
     "def g(n):\n    return f(n + 1)\n", "f", "0"),
    ("def f():\n    while True:\n        x = 1\n        if x: return x\n", "f", ""),
    ("def f():\n    if True:\n        x = 1\n    if 0: y = 2\n    while 0: pass\n    while not 1: pass\n    else: z = 3\n    return x\n", "f", ""),
    ("def f():\n    for i in range(2):\n        pass\n    for i in range(2): continue\n    for i in range(2):\n        1\n"
     "    while i: i -= 1\n    with open('/nonexistent') as g: pass\n", "f", ""),
    ("import asyncio\nasync def w(n):\n    await asyncio.sleep(0)\n    return n\nasync def both():\n"
     "    return await asyncio.gather(w(1), w(2))\ndef f():\n    return asyncio.run(both())\n", "f", ""),
    ("def f():\n    try:\n        raise ExceptionGroup('g', [ValueError(1), TypeError(2)])\n    except* ValueError as e:\n        x = 1\n"
     "    except* TypeError:\n        y = 2\n    return x + y\n", "f", ""),
    ("def f():\n    def g():\n        try:\n            yield 1\n        except ValueError as e:\n            yield 2\n"
     "    k = g()\n    next(k)\n    a = k.throw(ValueError('x'))\n    k.close()\n    h = g()\n    return a, [x for x in h]\n", "f", ""),
    ("class A:\n    __slots__ = ('x', 'a')\n    def __init__(self):\n        self.x = 1\nclass B(str): pass\nclass C(int):\n    y = 5\n"
     "def f():\n    a = A(); b = B('t'); c = C(3); c.z = [1]; a.a = b\n    del a.x\n    return c\n", "f", ""),
]  # fmt: skip


@cache
def interpreter(version):
    """An interpreter of this version that starts, or None."""
    found = [shutil.which(f"python{version}")]
    found += sorted(Path.home().glob(f".pyenv/versions/{version}.*/bin/python{version}"))
    for candidate in filter(None, found):
        answer = subprocess.run([candidate, "-c", "import sys; print('%d.%d' % sys.version_info[:2])"], capture_output=True, text=True)
        if answer.stdout.strip() == version:
            return str(candidate)
    return None


def recorded(version, programs):
    executable = interpreter(version)
    if executable is None:
        pytest.skip(f"CPython {version} is not found on the PATH or among pyenv's versions")
    answer = subprocess.run(
        [executable, "-W", "ignore", "-c", SCRIPT, str(GUEST_PARENT)],
        input=json.dumps(programs), capture_output=True, text=True, env={**os.environ, "PYTHONHASHSEED": "0"},
    )  # fmt: skip
    assert answer.returncode == 0, answer.stderr[-2000:]
    return [json.loads(line) for line in answer.stdout.splitlines()]


OTHERS = [v for v in ("3.11", "3.12", "3.13") if v != f"{sys.version_info.major}.{sys.version_info.minor}"]
OWN = f"{sys.version_info.major}.{sys.version_info.minor}"


@pytest.mark.parametrize("version", OTHERS)
def test_traps_are_recorded_alike(version):
    programs = [[code, entry, arguments] for _, code, entry, arguments in PROGRAMS]
    programs += [[dedent(code), "f", ""] for code in LIFETIMES.values()]
    programs += [list(program) for program in MORE]
    for program, own, other in zip(programs, recorded(OWN, programs), recorded(version, programs), strict=True):
        assert own == other, program[0]


@pytest.mark.parametrize("version", OTHERS)
def test_mbpp_is_recorded_alike(version):
    programs = [[task.code, task.entry_point, task.arguments] for task in tasks(step=8)]
    own, other = recorded(OWN, programs), recorded(version, programs)
    differing = [p[1] for p, a, b in zip(programs, own, other, strict=True) if a != b]
    assert len(differing) <= 0.005 * len(programs), differing


def test_the_recorder_needs_nothing_of_ours_outside_its_folder():
    (row,) = recorded(OWN, [["def f(x):\n    return [x]\n", "f", "1"]])
    expected = record("def f(x):\n    return [x]\n", "f", "1")
    expected.pop("python_version")
    assert row == expected
