"""Tame programs run on all their inputs without anything being put back: what comes of that is what comes of care."""

import ast
import os
import resource
import subprocess
import sys

import pytest

from tracepile_assets.execution import Job, Limits, Pool, RunInput, worker
from tracepile_assets.execution.taming import is_tame
from tracepile_assets.sources import embedded

from .programs import PROGRAMS

LIMITS = Limits(events=20_000, wall_s=60.0, cpu_s=20.0)
UNTAME = {
    "other modules": "import os",
    "a package": "import numpy as np",
    "reaching for modules": "import sys\ndef f(): return sys.modules",
    "a stream": "import sys\ndef f(): sys.stdout.write('x')",
    "a module's attribute": "import math\ndef f(): math.pi = 3",
    "a function that is put in place": "import sys\ndef f():\n    g = sys.setrecursionlimit\n    g.x = 1",
    "one name for two": "from collections import Counter as c\n"
    "def g():\n    from math import sqrt as c\ndef f(): return [c]",
    "another name for isinstance": "from collections import Counter\n"
    "def isinstance(a, b): b.x = 1\ndef f(): isinstance(1, Counter)",
    "the name of what may be a class": "def f(kind): kind.__name__ = 'x'",
    "names from texts": "from collections import namedtuple\ndef f(names): return namedtuple('P', names)",
    "a module in a variable": "import math\ndef f():\n    m = math\n    m.pi = 3",
    "a class of a module": "from collections import Counter\ndef f(): Counter.x = 1",
    "such a class in a variable": "from collections import Counter\ndef f():\n    c = Counter\n    c.x = 1",
    "such a class as an argument": "from collections import Counter\ndef f(): g(Counter)",
    "such a function in a list": "import heapq\ndef f(): return [heapq.merge]",
    "such a class from its object": "from collections import Counter\ndef f():\n    c = type(Counter())\n    c.x = 1",
    "such a class by its attribute": "from fractions import Fraction\ndef f():\n    Fraction().__class__.x = 1",
    "the order of classes": "from collections import Counter\nclass A(Counter): pass\ndef f(): A.mro()[1].x = 1",
    "special attributes": "def f(): f.__globals__['x'] = 1",
    "builtins": "def f(): __builtins__.x = 1",
    "builtins of a builtin": "def f(): print.__self__.x = 1",
    "eval": "def f(): eval('1')",
    "setattr": "def f(): setattr(f, 'x', 1)",
    "getattr of anything": "def f(n): return getattr(f, n)",
    "getattr of something special": "def f(n): return getattr(f, '__globals__')",
    "another name for getattr": "def f(n):\n    g = getattr\n    return g(f, n)",
    "attrgetter": "from operator import *\ndef f(): return attrgetter('__class__')",
    "frames": "def f(): return (i for i in 'a').gi_frame",
    "tracebacks": "def f(e): return e.__traceback__",
    "registers": "from collections.abc import Sized\nclass A: pass\nSized.register(A)",
    "metaclasses": "class M(type): pass\nclass A(metaclass=M): pass",
    "destructors": "class A:\n    def __del__(self): pass",
    "coroutines": "async def f(): pass",
    "what does not parse": "def f(:",
}
TAME = {
    "plain": "def f(n):\n    return [i * i for i in range(n)]",
    "library": "import math, heapq\nfrom collections import Counter, defaultdict, deque\n"
    "def f(n):\n    d = defaultdict(list)\n    heapq.heappush(d[0], math.gcd(n, 2))\n    return Counter(d[0]), deque()",
    "functions in C as values": "import math, operator\nfrom functools import reduce\n"
    "def f(n): return reduce(operator.add, map(math.sqrt, range(n)))",
    "types": "from typing import List, Optional\nGrid = List[List[int]]\n"
    "def f(g: Grid, n: Optional[int] = None) -> List[int]:\n    return g[0] if isinstance(n, (int, float)) else []",
    "classes": "from dataclasses import dataclass\nfrom abc import ABC, abstractmethod\n"
    "@dataclass\nclass P:\n    x: int = 0\n"
    "class B(ABC):\n    @abstractmethod\n    def g(self): ...\n"
    "class N:\n    def __init__(self):\n        self._next = None\n"
    "    def __repr__(self):\n        return type(self).__name__\n"
    "def f(n):\n    a = N()\n    a._next = N()\n    return a",
    "names that stars bind": "from functools import *\nfrom itertools import *\n"
    "def f(n):\n    cache, count = {}, 0\n    cache[n] = count\n    return cache",
    "tables of tables": "from collections import Counter, defaultdict\ndef f(): return defaultdict(Counter)",
    "private names": "class A:\n    def __init__(self): self.__n = 1\ndef f(): return A()",
    "recursion": "import sys\nsys.setrecursionlimit(10**6)\nfrom functools import lru_cache\n@lru_cache(None)\n"
    "def f(n): return n and f(n - 1)",
}


@pytest.mark.parametrize("code", UNTAME.values(), ids=UNTAME)
def test_what_may_change_more_than_its_own_is_not_tame(code):
    assert not is_tame(code, "f")


@pytest.mark.parametrize("code", TAME.values(), ids=TAME)
def test_what_keeps_to_its_own_is_tame(code):
    ast.parse(code)
    assert is_tame(code, "f")


@pytest.mark.parametrize("entry", [None, "f.__globals__", "__import__('os')", "f if 1 else f", "f()()"])
def test_an_entry_point_is_a_name(entry):
    assert not is_tame(TAME["plain"], entry)


@pytest.fixture(scope="module")
def pool():
    with Pool(workers=1, limits=LIMITS) as made:
        yield made


def outcomes(pool, code, entry, arguments, expected=None, **job):
    inputs = tuple(RunInput(str(n), arguments=given, expected=expected) for n, given in enumerate(arguments))
    ((_, found),) = pool.run([Job("j", code, entry, inputs, **job)])
    return found


def with_care(monkeypatch, *given, **job):
    with monkeypatch.context() as patched:
        patched.setattr(worker, "is_tame", lambda code, entry: False)
        return outcomes(*given, **job)


def assert_as_with_care(monkeypatch, pool, *given, **job):
    together, alone = outcomes(pool, *given, **job), with_care(monkeypatch, pool, *given, **job)
    for one, two in zip(together, alone, strict=True):
        assert one.recording == two.recording
        assert (one.digest, one.result_digest) == (two.digest, two.result_digest)


def test_all_sorts_of_programs_give_what_they_give_with_care(monkeypatch, pool):
    tame = [row for row in PROGRAMS if is_tame(row[1], row[2])]
    assert len(tame) > len(PROGRAMS) // 4
    for _, code, entry, arguments in tame:
        assert_as_with_care(monkeypatch, pool, code, entry, [arguments] * 3, expected="[1]")


def test_embedded_programs_give_what_they_give_with_care(monkeypatch, pool):
    for program in list(embedded.read("algorithms", 4, 0))[::6]:
        if program.entry_point and is_tame(program.code, program.entry_point):
            arguments = [given.arguments for given in program.inputs]
            assert_as_with_care(monkeypatch, pool, program.code, program.entry_point, arguments, twin=True)


LONG = "def f(n, seen=[]):\n    seen.append(n)\n" + "    n += 1\n" * 2_000 + "    return n, seen\n"
FINAL = """
def f(n):
    seen = []
    for k in range(n):
        try:
            seen.append(1 // k)
        except ZeroDivisionError:
            continue
        finally:
            seen.append(k)
    return seen
"""


@pytest.mark.parametrize("code", [LONG, FINAL], ids=["long", "with a finally"])
def test_a_program_that_is_made_ready_in_the_child_gives_what_it_gives_with_care(monkeypatch, pool, code):
    assert is_tame(code, "f")
    assert_as_with_care(monkeypatch, pool, code, "f", ["0", "1", "3"])


FINALLY = "".join(" " * n + f"try:\n{' ' * n} n += 1\n{' ' * n}finally:\n" for n in range(1, 18))
GROWING = {
    "each finally is compiled twice, with all in it": "def f(n):\n" + FINALLY + (" " * 18 + "n += 1\n") * 100,
    "each sum of texts is kept": "def f(n):\n    return " + "+".join(["'\U0001f600'*4096"] * 900) + "\n",
}


@pytest.mark.parametrize("code", GROWING.values(), ids=GROWING)
def test_the_parent_compiles_nothing_that_grows_without_limit(code):
    assert is_tame(code, "f")
    peak_kib = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with Pool(workers=1, limits=Limits(cpu_s=2.0, wall_s=20.0, memory_mb=256)) as pool:
        statuses = {outcome.status for outcome in outcomes(pool, code, "f", ["1", "2"])}
    assert statuses <= {"ok", "cpu_limit", "memory_limit", "rejected", "crash"}
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - peak_kib < 256 << 10


OPTIMIZED = """
from tracepile_assets.execution import Job, Pool, RunInput
if __name__ == "__main__":
    code = "def f(n):\\n    'doc'\\n    assert n < 0, f.__doc__\\n"
    inputs = tuple(RunInput(str(n), arguments=str(n)) for n in range(2))
    with Pool(workers=1) as pool:
        ((_, found),) = pool.run([Job("j", code, "f", inputs)])
        print([outcome.recording.exception for outcome in found])
"""


def test_programs_keep_what_an_optimized_process_drops_of_its_own():
    environment = {**os.environ, "PYTHONOPTIMIZE": "2"}
    done = subprocess.run(
        [sys.executable, "-c", OPTIMIZED], env=environment, capture_output=True, text=True, check=True
    )
    assert done.stdout == "['AssertionError: doc', 'AssertionError: doc']\n"


STATEFUL = """
import random, decimal, sys
from functools import lru_cache
calls = []
@lru_cache(None)
def g(n):
    calls.append(n)
    return n
def f(n, seen=[]):
    seen.append(n)
    g(1)
    decimal.getcontext().prec += n
    sys.setrecursionlimit(500 + n)
    print(n)
    return random.random(), decimal.getcontext().prec, sys.getrecursionlimit(), seen, calls
"""


def test_nothing_is_left_for_the_next_input(monkeypatch, pool):
    assert is_tame(STATEFUL, "f")
    assert_as_with_care(monkeypatch, pool, STATEFUL, "f", [str(n) for n in range(40)])


LEAKING = """
import statistics
class Watch:
    def __enter__(self):
        return self
    def __exit__(self, kind, error, trace):
        kind.seen = getattr(kind, "seen", 0) + 1
        return True
def f(n):
    with Watch():
        statistics.mean([])
    with Watch():
        statistics.mean([])
    try:
        statistics.mean([])
    except statistics.StatisticsError as error:
        return error.seen
"""


def test_a_change_that_the_text_does_not_show_is_found(monkeypatch, pool):
    """The class of an error, which ``__exit__`` is handed, belongs to a module of the library."""
    assert is_tame(LEAKING, "f")
    alone = [outcomes(pool, LEAKING, "f", [str(n)])[0].recording.return_value for n in range(2)]
    assert alone == ["2", "2"]
    assert_as_with_care(monkeypatch, pool, LEAKING, "f", ["0"])


ENDS = """
def f(n):
    if n == 3:
        while True:
            n += 1
            n -= 1
    if n == 5:
        return [n] * 10**10
    return n
"""


def test_a_run_that_a_limit_ends_does_not_take_others_with_it(monkeypatch, pool):
    found = outcomes(pool, ENDS, "f", [str(n) for n in range(8)])
    statuses = [outcome.status for outcome in found]
    assert statuses == ["ok", "ok", "ok", "event_limit", "ok", "memory_limit", "ok", "ok"]
    assert found[3].recording.n_events == LIMITS.events
    assert_as_with_care(monkeypatch, pool, ENDS, "f", [str(n) for n in range(8)])


@pytest.mark.parametrize(
    "arguments", ["[].append(f)", "__import__('os')", "lambda: 0", "[x for x in 'ab']", "f", "(", "set(), float('inf')"]
)
def test_arguments_that_are_no_literals_are_evaluated_with_care(monkeypatch, pool, arguments):
    assert_as_with_care(monkeypatch, pool, "def f(*args): return len(args)", "f", [arguments, "1"])


def test_more_is_recorded_than_has_room_at_once(monkeypatch, pool):
    code = "def f(n):\n    for i in range(n):\n        text = 'x' * 3000 + str(i)\n    return len(text)"
    assert_as_with_care(monkeypatch, pool, code, "f", [str(n) for n in range(600, 606)])


CYCLES = """
def f(n):
    for i in range(n):
        row = [None] * 20_000
        row[0] = row
    return n
"""


def test_room_for_what_only_the_collector_frees_is_as_usual(monkeypatch, pool):
    given = pool, CYCLES, "f", ["9_000", "2"]
    assert [outcome.status for outcome in outcomes(*given, record=False)] == ["ok", "ok"]
    assert_as_with_care(monkeypatch, *given, record=False)
