"""Packages in the jail: what programs may import, and that only those that do have it; nothing else gets wider."""

import pytest

from tracepile_assets.execution import Job, Pool, RunInput, packages
from tracepile_assets.tracing import trace

installed = pytest.mark.skipif(packages.folder() is None, reason="the packages for programs are not installed")

LINEAR = """
import numpy as np


def solve(n):
    a = np.eye(n) * 2
    total = 0.0
    for row in np.linalg.inv(a):
        total += float(row.sum())
    return total
"""


@pytest.fixture(scope="module")
def pool():
    with Pool(1) as made:
        yield made


def run(pool, code, entry_point, *arguments):
    inputs = tuple(RunInput(str(n), arguments=text) for n, text in enumerate(arguments))
    ((_, outcomes),) = pool.run([Job("one", code, entry_point, inputs)])
    return [outcome.recording for outcome in outcomes]


def verdicts(pool, code, entry_point, *arguments):
    inputs = [
        {"input_id": str(n), "codec": "literal", "arguments": text, "stdin": None, "expected": None}
        for n, text in enumerate(arguments)
    ]
    variant = {"variant_id": "v", "program_id": "p", "code": code, "entry_point": entry_point, "inputs": inputs}
    return [row["deterministic"] for row in trace([variant], pool)]


@installed
def test_arrays_are_computed_with_and_their_plain_results_recorded(pool):
    (one,) = run(pool, LINEAR, "solve", "4")
    assert (one.status, one.return_value) == ("ok", "2.0")
    values = dict(zip(one.change_place, one.change_value, strict=True))
    assert values["f0.total"] == "2.0"
    assert "opaque(ndarray)" in one.change_value
    assert verdicts(pool, LINEAR, "solve", "3", "5") == ["full", "full"]


@installed
@pytest.mark.parametrize(
    ("code", "result"),
    [
        ("from scipy import stats\ndef f():\n    return float(stats.norm.cdf(0))\n", "0.5"),
        (
            "from scipy.optimize import brentq\ndef f():\n    return round(brentq(lambda x: x * x - 2, 0, 2), 6)\n",
            "1.414214",
        ),
        ("import sympy\ndef f():\n    x = sympy.Symbol('x')\n    return str(sympy.integrate(x**2, x))\n", "'x**3/3'"),
        ("import pandas as pd\ndef f():\n    return int(pd.DataFrame({'a': [1, 2]})['a'].sum())\n", "3"),
        ("import networkx as nx\ndef f():\n    return nx.shortest_path(nx.path_graph(3), 0, 2)\n", "[0, 1, 2]"),
        ("from sortedcontainers import SortedList\ndef f():\n    return list(SortedList([3, 1, 2]))\n", "[1, 2, 3]"),
        ("def f():\n    import numpy\n    return numpy.arange(3).tolist()\n", "[0, 1, 2]"),
    ],
)
def test_each_package_is_there(pool, code, result):
    (one,) = run(pool, code, "f", "")
    assert (one.status, one.return_value) == ("ok", result), one.exception


@installed
def test_random_numbers_without_a_seed_are_caught_and_with_one_are_not(pool):
    code = """
import numpy as np

def f(seed):
    if seed:
        np.random.seed(seed)
    return float(np.random.rand())
"""
    assert verdicts(pool, code, "f", "0", "3") == ["no", "full"]


@installed
def test_what_a_package_keeps_is_not_seen_by_the_next_input(pool):
    code = """
import numpy as np

def f(digits):
    if digits:
        np.set_printoptions(precision=digits)
    return str(np.array([1 / 3]))
"""
    first, second = run(pool, code, "f", "2", "0")
    assert (first.return_value, second.return_value) == ("'[0.33]'", "'[0.33333333]'")


@installed
@pytest.mark.parametrize(
    ("body", "status", "says"),
    [
        ("np.ones(10**9)", "memory_limit", None),
        ("open('/packages/numpy/planted', 'w')", "exception", "PermissionError"),
        ("np.save('/tmp/planted', np.ones(3))", "exception", "PermissionError"),
        ("np.ctypeslib.ctypes.string_at(0)", "crash", None),
        ("__import__('os').listdir('/home')", "exception", "FileNotFoundError"),
        ("__import__('pytest')", "exception", "No module named 'pytest'"),
    ],
)
def test_the_jail_holds_as_without_them(pool, body, status, says):
    (one,) = run(pool, f"import numpy as np\n\ndef f():\n    return {body}\n", "f", "")
    assert one.status == status, (one.exception, one.reason)
    assert says is None or says in one.exception
    assert run(pool, LINEAR, "solve", "2")[0].return_value == "1.0"


def test_a_program_that_does_not_import_them_has_none_of_them(pool):
    code = "def f():\n    return __import__('num' + 'py').pi\n"
    (one,) = run(pool, code, "f", "")
    assert one.exception == "ModuleNotFoundError: No module named 'numpy'"


def test_where_they_are_not_installed_a_program_says_so(tmp_path, monkeypatch):
    monkeypatch.setenv(packages.PLACE, str(tmp_path))
    assert packages.versions(LINEAR) == ["none"]
    with Pool(1) as pool:
        (one,) = run(pool, LINEAR, "solve", "2")
    assert (one.status, one.exception) == ("exception", "ModuleNotFoundError: No module named 'numpy'")


@pytest.mark.parametrize(
    ("code", "imported"),
    [
        ("import numpy\n", True),
        ("import os, scipy.stats as s\n", True),
        ("def f():\n    from sympy import Symbol\n", True),
        ("from dateutil.relativedelta import relativedelta\n", True),
        ("# import numpy\nx = 'import numpy'\n", False),
        ("from . import numpy\n", False),
        ("import numpyro\n", False),
        ("import math\n", False),
        ("import numpy as (\n", False),
    ],
)
def test_which_programs_import_them(code, imported):
    assert packages.imports(code) is imported
    assert bool(packages.versions(code)) is imported


@installed
def test_an_array_that_is_resized_is_never_told_as_one_that_cannot_be(pool):
    code = "import numpy as np\ndef f():\n    a = np.arange(4)\n    a.resize(6)\n    return a.tolist()\n"
    given = {"input_id": "a", "codec": "literal", "arguments": "", "stdin": None, "expected": None}
    variant = {"variant_id": "v", "program_id": "p", "code": code, "entry_point": "f", "inputs": [given]}
    (row,) = trace([variant], pool)
    assert (row["deterministic"], row["return_value"]) in (("full", "[0, 1, 2, 3, 0, 0]"), ("no", None))


@installed
def test_what_a_package_makes_as_it_is_first_used_makes_no_program_nondeterministic(pool):
    code = (
        "import networkx as nx\n"
        "def f(edges):\n"
        "    g = nx.Graph()\n"
        "    g.add_edges_from(edges)\n"
        "    return len([v for v in g.nodes() if g.degree(v) % 2])\n"
    )
    assert verdicts(pool, code, "f", "[(1, 2), (2, 3)]", "[(1, 2)]") == ["full", "full"]
