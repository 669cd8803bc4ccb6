"""A program that reads the lines of its own text is told other ones than stand there: none passes for determined."""

import pytest

from tracepile_assets.execution import Limits, Pool
from tracepile_assets.tracing import trace

LIMITS = Limits(events=20_000, wall_s=60.0, cpu_s=20.0)
_READS = {
    "of a traceback": "def f(n):\n    try:\n        return 1 // 0\n    except ZeroDivisionError as e:\n"
    "        return e.__traceback__.tb_lineno\n",
    "of a traceback, in a variable": "def f(n):\n    try:\n        return 1 // 0\n    except ZeroDivisionError as e:\n"
    "        line = e.__traceback__.tb_lineno\n    return n\n",
    "whether it is odd": "import sys\ndef f(n):\n\n\n    return sys._getframe().f_lineno % 2\n",
    "of a frame, on one line": "import sys\ndef f(n): m = n; return sys._getframe().f_lineno\n",
    "of a code object": "def f(n):\n    return f.__code__.co_firstlineno\n",
    "of a nested code object": "def f(n):\n    return (lambda: n).__code__.co_firstlineno\n",
    "as a traceback tells it": "import traceback\ndef f(n):\n    try:\n        return [][n]\n    except IndexError:\n"
    "        return traceback.format_exc()\n",
    "of a generator": "def g():\n    yield 1\n\ndef f(n):\n    it = g()\n    next(it)\n"
    "    return it.gi_frame.f_lineno\n",
}
_READS_NONE = {
    "a traceback that is told to nobody": "import sys, traceback\ndef f(n):\n    try:\n        return [][n]\n"
    "    except IndexError:\n        traceback.print_exc(file=sys.stderr)\n    return n\n",
    "the error of a text": "def f(n):\n    try:\n        compile('1 +', 'x', 'exec')\n    except SyntaxError as e:\n"
    "        return e.lineno\n",
    "warnings": "import warnings\ndef f(n):\n    warnings.warn('odd')\n    return n\n",
    "classes and lambdas": "class A:\n    def m(self, n):\n        return [(lambda k: k + n)(k) for k in range(3)]\n\n"
    "def f(n):\n    os = __import__('os')\n    return A().m(n)\n",
}


@pytest.fixture(scope="module", params=["c", "python"])
def pool(request):
    with Pool(workers=1, limits=LIMITS, recorder=request.param) as made:
        yield made


def _traced(pool, code):
    given = [{"input_id": "0", "codec": "literal", "arguments": "1", "stdin": None, "expected": None}]
    variant = {"variant_id": "v", "program_id": "p", "code": code, "entry_point": "f", "inputs": given}
    [row] = trace([variant], pool)
    return row


@pytest.mark.parametrize("name", sorted(_READS))
def test_a_line_that_is_read_is_not_determined(pool, name):
    row = _traced(pool, _READS[name])
    assert row["deterministic"] != "full"
    if "variable" not in name:
        assert (row["deterministic"], row["status"]) == ("no", "nondeterministic")


@pytest.mark.parametrize("name", sorted(_READS_NONE))
def test_lines_that_are_not_read_decide_nothing(pool, name):
    row = _traced(pool, _READS_NONE[name])
    assert (row["deterministic"], row["status"]) == ("full", "ok"), row["reason"]
