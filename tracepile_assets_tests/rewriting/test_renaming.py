"""Renaming: no part of a program can tell, and nothing is missed. Compared by plain `exec`."""

import builtins
import keyword
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tracepile_assets.rewriting import propose
from tracepile_assets.rewriting.scopes import resolve
from tracepile_assets.rewriting.transforms import RENAMING, rename_functions, rename_variables
from tracepile_assets.rewriting.tree import parse
from tracepile_assets_tests.rewriting.plain_runs import behaviour, rewritten, same_after

_PROGRAMS = {
    "closures": (
        """
def f(start):
    count = start
    def bump(by=1):
        nonlocal count
        count += by
        return lambda: count
    bump()
    return bump(by=3)(), count
""",
        "4",
        {"start", "count", "by"},
    ),
    "globals": (
        """
total = 0
def add(amount):
    global total
    total += amount
def f(x):
    add(x)
    add(amount=x)
    total_of_all = total
    return total_of_all
""",
        "4",
        {"total", "amount", "x", "total_of_all"},
    ),
    "comprehensions": (
        """
def f(x):
    y = [x for x in x if x]
    return [x + z for z in y], {x: y for x in y}, list(z for x in y for z in range(x))
""",
        "[1, 2]",
        {"x", "y", "z"},
    ),
    "class attributes": (
        """
class Box:
    size = 3
    def __init__(self, width):
        self.width = width
        self.size = size = 5
    def area(self, height):
        return self.width * height + Box.size
def f(width):
    box = Box(width)
    return box.area(2), box.width, vars_of(box)
def vars_of(box):
    return sorted(box.__dict__.items())
""",
        "2",
        {"height", "box"},
    ),
    "strings": (
        """
def f(name):
    greeting = f"name {name} greeting {len(name):{len(name)}}"
    return greeting + "name", name.join(["greeting"])
""",
        "'ab'",
        {"name", "greeting"},
    ),
    "exceptions and with": (
        """
import contextlib
def f(n):
    caught = None
    try:
        with contextlib.suppress(KeyError) as nothing:
            result = 1 / n
    except ZeroDivisionError as error:
        caught = type(error).__name__
        del nothing
    return caught
""",
        "0",
        {"n", "caught", "nothing", "result", "error"},
    ),
    "match": (
        """
def f(value):
    match value:
        case [first, *rest]:
            return first, rest
        case {"a": inner, **others}:
            return inner, others
""",
        "{'a': 1, 'b': 2}",
        {"value", "first", "rest", "inner", "others"},
    ),
    "a local that hides a builtin": (
        """
def f(list):
    max = list[0]
    for sum in list:
        max = sum if sum > max else max
    return max
""",
        "[1, 3, 2]",
        {"list", "max", "sum"},
    ),
}


@pytest.mark.parametrize("name", _PROGRAMS)
def test_everything_is_renamed(name: str) -> None:
    code, arguments, gone = _PROGRAMS[name]
    made = rewritten("rename_variables", code, "f", (arguments,))
    assert made is not None
    assert behaviour(made, "f", arguments) == behaviour(code, "f", arguments)
    left = {variable.name for variable in resolve(parse(made)).variables() if variable.scope.kind != "class"}
    assert not left & gone


@pytest.mark.parametrize(
    ("code", "kept"),
    [
        # Passed by a keyword whose target is not certain.
        ("def f(x):\n    g = h\n    return g(a=x)\ndef h(a):\n    return a\n", {"a"}),
        ("class C:\n    def m(self, a):\n        return a\ndef f(x):\n    return C().m(a=x)\n", {"a", "self"}),
        ("def h(a, b):\n    return a - b\ndef f(x):\n    return h(**{'a': x, 'b': 1})\n", {"a", "b"}),
        (
            "from functools import partial\ndef h(a, b):\n    return a - b\ndef f(x):\n    return partial(h, b=x)(1)\n",
            {"b"},
        ),
        # Seen at run time.
        ("def f(x):\n    y = 2\n    return f'{x=} {y + x}'\n", {"x"}),
        # The module may mean the builtin until it has bound the name.
        ("max = max(1, 2)\ndef f(x):\n    return max + x\n", {"max"}),
        ("y = 3\nclass C:\n    y = y + 1\ndef f(x):\n    return C.y + x + y\n", {"y"}),
        # A star import may bind any name of the module, and no local.
        ("from math import *\ne = e + 1\ndef f(x):\n    y = floor(x + e)\n    return y\n", {"e", "f"}),
        # A class body passes over the function around it.
        ("a = 1\ndef f(a):\n    class C:\n        a = a\n    return C.a\n", {"a"}),
        ("__all__ = ['f']\ndef f(x):\n    return __all__, x\n", {"__all__"}),
    ],
)
def test_some_names_are_kept(code: str, kept: set[str]) -> None:
    made = rewritten("rename_variables", code, "f", ("3",))
    names = {variable.name for variable in resolve(parse(made or code)).variables()}
    assert kept <= names
    assert behaviour(made or code, "f", "3") == behaviour(code, "f", "3")


@pytest.mark.parametrize(
    "code",
    [
        "def f(x):\n    y = 1\n    return eval('x + y')\n",
        "def f(x):\n    y = 1\n    return locals()\n",
        "def f(x):\n    exec('x = 1')\n    return x\n",
        "import inspect\ndef f(x):\n    return inspect.signature(f)\n",
    ],
)
def test_a_program_that_may_see_names_is_left_alone(code: str) -> None:
    assert rewritten("rename_variables", code, "f", ("3",)) is None
    assert rewritten("rename_functions", "def g():\n    pass\n" + code, "f", ("3",)) is None


def test_arguments_keep_the_names_that_they_use() -> None:
    code = "limit = 4\nother = 5\ndef f(x, y=1, z=2):\n    return x + y + z + limit + other\n"
    made = rewritten("rename_variables", code, "f", ("limit, y=2",))
    names = {variable.name for variable in resolve(parse(made)).variables()}
    assert {"limit", "y"} <= names
    assert not {"other", "x", "z"} & names
    assert behaviour(made, "f", "limit, y=2") == behaviour(code, "f", "limit, y=2")


def test_unknown_arguments_keep_the_parameters_of_the_entry_point() -> None:
    made = rewritten("rename_variables", "def f(x):\n    y = x\n    return y\n", "f", None)
    assert "def f(x)" in made and "y" not in made


@pytest.mark.parametrize("seed", range(12))
def test_new_names_are_new(seed: int) -> None:
    code = "import math\ndef f(a, b):\n    c = math.alpha if a else 'beta v1'\n    return c.gamma(d=b)\n"
    made = rewritten("rename_variables", code, "f", ("1, 2",), seed=seed)
    before = set(re.findall(r"\w+", code))
    new = {v.name for v in resolve(parse(made)).variables()} - before
    assert len(new) == 3
    assert not new & (before | set(dir(builtins)) | set(keyword.kwlist) | set(keyword.softkwlist))


def test_renames_are_told_by_function() -> None:
    code = "n = 0\ndef f(x):\n    def g():\n        return [x for y in (1,)]\n    return g()\n"
    (candidate,) = propose(code, "f", seed=0, limit=9, arguments=("1",), transforms=[rename_variables]).candidates
    renamed = {place: other for place, other in candidate.renames.items() if place[1] != "y"}
    assert set(renamed) == {("<module>", "n"), ("f", "x"), ("f.<locals>.g", "x")}
    assert len({other for _, other in renamed.values()}) == 2
    assert all(place[0] == other[0] for place, other in renamed.items())
    assert f"def f({renamed['f', 'x'][1]})" in candidate.code


def test_functions() -> None:
    code = (
        "def twice(x):\n    def inner(y):\n        return y + x\n    return inner(inner(x))\n"
        "class C:\n    def twice(self):\n        return twice(3)\n"
        "def f(n):\n    g = twice\n    return g(n) + C().twice()\n"
    )
    (candidate,) = propose(code, "f", seed=0, limit=9, arguments=("1",), transforms=[rename_functions]).candidates
    assert behaviour(candidate.code, "f", "1") == behaviour(code, "f", "1")
    assert "def f(" in candidate.code and "    def twice(self)" in candidate.code
    assert candidate.renames["twice", "x"][1] == "x"
    moved = {place: other[0] for place, other in candidate.renames.items()}
    outer = moved["twice", "x"]
    assert f"def {outer}(x)" in candidate.code
    assert moved["twice.<locals>.inner", "y"].startswith(f"{outer}.<locals>.")


_NAMES = st.sampled_from(["a", "b", "c", "v1", "alpha"])


@st.composite
def _expression(draw: st.DrawFn, depth: int = 0) -> str:
    kind = draw(st.integers(0, 9 if depth < 2 else 2))
    if kind < 3:
        return draw(st.one_of(_NAMES, st.sampled_from(["1", "'a'"])))
    one = draw(_expression(depth + 1))
    other = draw(_expression(depth + 1))
    name = draw(_NAMES)
    return {
        3: f"[{one}, {other}]",
        4: f"[{one} for {name} in [{other}]]",
        5: f"(lambda {name}: {one})({other})",
        6: f"str({one})",
        7: f"{{{name!r}: {one}}}",
        8: f"f'{{{name}}} a'",
        9: f"({name} := {one})" if depth == 0 else f"list({one} for {name} in [{other}] if {name})",
    }[kind]


@st.composite
def _statements(draw: st.DrawFn, depth: int) -> list[str]:
    lines: list[str] = []
    if depth and draw(st.integers(0, 3)) == 0:
        lines.append(f"{draw(st.sampled_from(['global', 'nonlocal']))} {draw(_NAMES)}")
    for _ in range(draw(st.integers(1, 4))):
        kind = draw(st.integers(0, 7))
        name, value = draw(_NAMES), draw(_expression())
        if kind < 3:
            lines.append(f"{name} = {value}")
        elif kind == 3:
            lines += [f"for {name} in [{value}]:", f"    out.append({draw(_NAMES)})"]
        elif kind == 4 and depth < 3:
            parameter = draw(_NAMES)
            body = draw(_statements(depth + 1))
            passed = draw(st.sampled_from(["", f"{parameter}="]))
            lines += [f"def g{depth}({parameter}={draw(_NAMES)}):", *("    " + line for line in body)]
            lines.append(f"g{depth}({passed}{value})")
        elif kind == 5 and depth < 3:
            body = draw(_statements(depth + 1))
            lines += [f"class K{depth}:", *("    " + line for line in body), f"out.append(hasattr(K{depth}, 'a'))"]
        elif kind == 6:
            lines += ["try:", f"    raise ValueError({value})", f"except ValueError as {name}:", "    pass"]
        else:
            lines.append(f"out.append({value})")
    return lines


@settings(max_examples=100, deadline=None)
@given(_statements(0), _statements(1), st.integers(0, 5))
def test_random_programs(module: list[str], body: list[str], seed: int) -> None:
    # Most names are bound from the start, or few programs would come to their end.
    start = ["out = []", "a = b = c = v1 = 1"]
    code = "\n".join([*start, *module, "def f(a, b=2):", *("    " + line for line in body), "    return out", ""])
    try:
        compile(code, "<program>", "exec")
    except SyntaxError:
        return
    arguments = "1, b=7"
    made = rewritten("rename_variables", code, "f", (arguments,), seed=seed)
    if made is not None:
        compile(made, "<program>", "exec")
        assert behaviour(made, "f", arguments) == behaviour(code, "f", arguments), f"{code}\n\n{made}"


def test_a_chain_renames_variables_once() -> None:
    code = "def g(a):\n    return a + 1\n\ndef f(n):\n    total = 0\n    total += g(n)\n    return total\n"
    chains = [
        candidate.rewrites
        for seed in range(20)
        for candidate in propose(code, "f", seed=seed, limit=60, arguments=("1",)).candidates
    ]
    assert any(len(chain) > 1 and "rename_functions" in chain and RENAMING & {*chain} for chain in chains)
    assert all(len(RENAMING & {*chain}) <= 1 for chain in chains)


@pytest.mark.parametrize("asked", ["g.__name__", "g.__qualname__", "(g or f).__name__", "[h.__name__ for h in (g, f)]"])
def test_functions_that_are_asked_for_their_names_keep_them(asked: str) -> None:
    assert rewritten("rename_functions", f"def g(n):\n    return n\ndef f(n):\n    return g(n), {asked}\n") is None


@pytest.mark.parametrize("asked", ["type(n).__name__", "n.__class__.__qualname__"])
def test_the_name_of_a_type_is_no_function(asked: str) -> None:
    code = f"def g(n):\n    return n\ndef f(n):\n    return g(n), {asked}\n"
    assert "def g(" not in same_after("rename_functions", code, ("3", "'a'"))
