"""Layout package: functions with doctests, of the standard library and of made folders; nothing is imported."""

import ast

import pytest

from tracepile_assets.sources import SourceError
from tracepile_assets_tests.sources.layout_files import programs_of

MODULE = '''"""A module."""
from __future__ import annotations

import math
import sys

raise_me = sys.exit
FACTORS = {"double": 2}
FACTORS["triple"] = 3
LIMIT = 10


class Wide(Exception):
    pass


def times(name, value):
    return FACTORS[name] * value


def area(radius, *, kind="double"):
    """Area of a circle.

    It may be scaled.

    >>> area(0)
    0.0
    >>> r = 3
    >>> area(r)
    56.5
    >>> area([x for x in (1,)][0], kind="triple") > 9
    True
    >>> area(-1)
    Traceback (most recent call last):
    Wide
    >>> area(1)  # doctest: +ELLIPSIS
    6.28...

    That is all.
    """
    if radius < 0:
        raise Wide
    return math.pi * times(kind, radius) * radius


def plain(x):
    """No example."""
    return x


def of_another():
    """
    >>> plain(1)
    1
    """
'''


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "shapes").mkdir()
    (tmp_path / "shapes" / "round.py").write_text(MODULE)
    (tmp_path / "shapes" / "broken.py").write_text("def f(:\n")
    (tmp_path / "shapes" / "latin.py").write_bytes(b"# \xe9\n")
    return tmp_path / "shapes"


def test_a_function_is_cut_out_with_what_it_needs(folder):
    (program,) = programs_of("package", folder)
    assert program.source_row == "shapes.round:area"
    assert program.origin_uri == f"{folder}/round.py#line=21"
    defined = [ast.unparse(node).split("\n")[0] for node in ast.parse(program.code).body]
    assert defined == [
        "from __future__ import annotations",
        "import math",
        "FACTORS = {'double': 2}",
        "FACTORS['triple'] = 3",
        "class Wide(Exception):",
        "def times(name, value):",
        "def area(radius, *, kind='double'):",
    ]


def test_examples_become_inputs_and_leave_the_docstring(folder):
    (program,) = programs_of("package", folder)
    assert [(given.arguments, given.expected) for given in program.inputs] == [("0", "0.0"), ("-1", None), ("1", None)]
    assert program.input_problems == ("example 3 builds on what stands before it: area(r)",)
    assert program.statement == "Area of a circle.\n\nIt may be scaled.\n\nThat is all."
    assert ">>>" not in program.code
    assert "6.28" not in program.code


def test_a_module_with_examples_that_does_not_parse_is_a_rejected_row(folder):
    (folder / "old.py").write_text('def f(x):\n    """\n    >>> f(1)\n    1\n    """\n    print x\n')
    first, second = programs_of("package", folder)
    assert (first.source_row, first.status) == ("shapes.old", "rejected")
    assert first.reason == f"module cannot be used: {folder / 'old.py'}: does not parse"
    assert second.status == "ok"


def test_modules_are_not_run(tmp_path):
    mark = tmp_path / "ran"
    (tmp_path / "m.py").write_text(
        f'open({str(mark)!r}, \'w\')\n\n\ndef f(x):\n    """F.\n\n    >>> f(1)\n    1\n    """\n    return x\n'
    )
    (program,) = programs_of("package", tmp_path / "m.py")
    assert program.source_row == "m:f"
    assert not mark.exists()
    assert "open(" not in program.code


def test_what_is_cut_out_shows_no_example_and_imports_what_it_uses(tmp_path):
    (tmp_path / "m.py").write_text(
        "import os, math as m, sys\nfrom itertools import (\n    chain,  # joins\n    count,\n    repeat,\n)\n\n\n"
        'class Pair:\n    """A pair.\n\n    >>> Pair().sum()\n    3\n    """\n\n    def sum(self):\n'
        '        """\n        >>> Pair().sum()\n        3\n        """\n        return m.floor(3.5)\n\n\n'
        'def helper(x):\n    """Repeat.\n\n    Examples\n    --------\n    It is quick. For example:\n\n    # Twice.\n'
        '    >>> helper(1)\n    [1, 1]\n\n    More words.\n    """\n    return list(chain(repeat(x, 2)))\n\n\n'
        'def f(x):\n    """Do it.\n\n    >>> f(1)\n    [1, 1, 3]\n\n    Also this::\n\n'
        '        >>> f(2)\n        [2, 2, 3]\n    """\n    return helper(x) + [Pair().sum()]\n'
    )
    programs = programs_of("package", tmp_path / "m.py")
    assert programs[-1].code == (
        "import math as m\nfrom itertools import chain, repeat\n\n\n"
        'class Pair:\n    """A pair."""\n\n    def sum(self):\n        return m.floor(3.5)\n\n\n'
        'def helper(x):\n    """Repeat.\n\n    It is quick.\n\n    More words.\n    """\n'
        "    return list(chain(repeat(x, 2)))\n\n\n"
        'def f(x):\n    """Do it."""\n    return helper(x) + [Pair().sum()]\n'
    )
    assert [given.arguments for given in programs[-1].inputs] == ["1", "2"]


@pytest.mark.parametrize("name", ["statistics", "difflib"])
def test_programs_of_the_standard_library_give_what_their_examples_show(name):
    programs = programs_of("package", name)
    assert not [program.title for program in programs if ">>>" in program.code]
    checked = 0
    for program in programs:
        for given in program.inputs if program.status == "ok" else ():
            namespace = {"__name__": "program"}
            exec(program.code, namespace)
            result = eval(f"{program.entry_point}({given.arguments})", namespace)
            if given.expected is not None:
                assert result == eval(given.expected, namespace), program.title
                checked += 1
    assert checked


def test_a_docstring_that_is_all_a_function_has_may_be_its_examples(tmp_path):
    (tmp_path / "m.py").write_text('def f():\n    """\n    >>> f()\n    """\n')
    (program,) = programs_of("package", tmp_path)
    assert program.code == "def f():\n    pass\n"
    assert [(given.arguments, given.expected) for given in program.inputs] == [("", "None")]


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("", "has no path"),
        ("no_such_package_here", "there is no such folder, .py file or installed package"),
        ("no/such", "there is no such folder, .py file or installed package"),
        ("math", "is no package of Python text|there is no such"),
        ("json.no_such", "there is no such folder"),
    ],
)
def test_a_path_that_leads_nowhere(path, words):
    with pytest.raises(SourceError, match=words):
        programs_of("package", path)


def test_a_folder_without_modules_or_examples(tmp_path):
    with pytest.raises(SourceError, match=r"holds no \.py file"):
        programs_of("package", tmp_path)
    (tmp_path / "m.py").write_text("x = 1\n")
    with pytest.raises(SourceError, match="holds no function with an example"):
        programs_of("package", tmp_path)
