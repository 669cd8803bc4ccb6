"""The name map: variables of a variant that took the values that the original's took, on every proof input."""

from typing import Any

import libcst as cst
import pytest

from tracepile_assets.execution import Pool
from tracepile_assets.rewriting import Context, Rewrite, prove
from tracepile_assets.rewriting.transforms import (
    augmented_to_plain,
    comprehension_to_loop,
    for_to_while,
    inline_helper,
    rename_functions,
    rename_variables,
    tail_recursion_to_loop,
    unroll_loop,
)
from tracepile_assets_tests.rewriting.corpus import row


def _map(pool: Pool, code: str, inputs: list[str], *transforms: Any, chain: bool = False) -> dict:
    (proved,) = prove([row("p", code, "f", inputs)], pool, seed=0, variants_per_program=9, transforms=transforms)
    wanted = sorted(transform.NAME for transform in (transforms if chain else transforms[:1]))
    variant = next(v for v in proved.variants if sorted(v["rewrites"]) == wanted)
    pairs = variant["name_map"]
    assert pairs == sorted(pairs, key=lambda pair: (pair["function"], pair["variable"]))
    return {
        (pair["function"], pair["variable"]): (pair["to_function"], pair["to_variable"], variant["code"])
        for pair in pairs
    }


def test_renamed_variables_are_mapped(pool: Pool) -> None:
    code = (
        "factor = 3\ndef f(xs):\n    out = []\n    for x in xs:\n        out.append(g(x))\n    return out\n"
        "def g(x):\n    y = x * factor\n    return y\n"
    )
    found = _map(pool, code, ["[1, 2]", "[]"], rename_variables)
    assert set(found) == {("<module>", "factor"), ("f", "xs"), ("f", "out"), ("f", "x"), ("g", "x"), ("g", "y")}
    for (function, variable), (to_function, to_variable, made) in found.items():
        assert function == to_function
        assert variable != to_variable and to_variable in made
    # One name, one new name; different names, different new ones.
    assert found["f", "x"][1] == found["g", "x"][1]
    assert len({to for _, to, _ in found.values()}) == 5


def test_a_variable_that_runs_further_is_not_mapped(pool: Pool) -> None:
    code = "def f(n):\n    total = 0\n    for i in range(n):\n        total += i\n    return total\n"
    found = _map(pool, code, ["3"], for_to_while)
    # `i` ends at 3 in the variant, at 2 in the original.
    assert set(found) == {("f", "n"), ("f", "total")}


def test_a_loop_variable_with_its_own_counter_is_mapped(pool: Pool) -> None:
    code = "def f(n):\n    total = 0\n    for i in range(n):\n        total += i\n    return total, i\n"
    assert set(_map(pool, code, ["3"], for_to_while)) == {("f", "n"), ("f", "total"), ("f", "i")}


def test_lists_count_with_all_that_they_held(pool: Pool) -> None:
    code = "def f(n):\n    xs = [i for i in range(n)]\n    ys = list(xs)\n    ys.append(0)\n    return ys\n"
    found = _map(pool, code, ["3"], comprehension_to_loop)
    # `xs` is there at once in the original, and grows in the variant; `ys` is the same in both.
    assert set(found) == {("f", "n"), ("f", "ys")}
    # With nothing to collect there is no difference.
    assert ("f", "xs") in _map(pool, code, ["0"], comprehension_to_loop)
    # An entry stays only if it holds on every input.
    assert ("f", "xs") not in _map(pool, code, ["0", "3"], comprehension_to_loop)


def test_numbers_of_objects_do_not_count(pool: Pool) -> None:
    code = "def f(n):\n    xs = [[n], '#1']\n    for x in xs[:]:\n        xs.append(x)\n    return xs\n"
    assert set(_map(pool, code, ["3"], for_to_while)) == {("f", "n"), ("f", "xs"), ("f", "x")}


class _Swapped:
    """Binds two variables in the other order, and lets two lists take each other's values."""

    NAME = "swapped"

    def apply(self, module: cst.Module, context: Context) -> Rewrite | None:
        return Rewrite(cst.parse_module(module.code.replace("one.append(k)", "two.append(k)")))


def test_what_a_transform_says_about_names_is_checked(pool: Pool) -> None:
    code = "def f(n):\n    one, two = [], []\n    for k in range(n):\n        one.append(k)\n    return one + two\n"
    assert set(_map(pool, code, ["2"], _Swapped())) == {("f", "n"), ("f", "k")}


class _WrongAboutNames:
    """Keeps the program's steps, and says of two variables that they have changed places."""

    NAME = "wrong_about_names"

    def apply(self, module: cst.Module, context: Context) -> Rewrite | None:
        renames = {("f", "low"): ("f", "high"), ("f", "high"): ("f", "low"), ("f", "n"): ("g", "nowhere")}
        return Rewrite(cst.parse_module(module.code.replace("low + high", "high + low")), renames)


def test_a_planted_wrong_entry_is_dropped(pool: Pool) -> None:
    code = "def f(n):\n    low = n\n    high = n * n\n    mid = low + high\n    return mid\n"
    assert set(_map(pool, code, ["3"], _WrongAboutNames())) == {("f", "mid")}
    # On an input on which both are equal the entry would do, but it must do on every input.
    assert ("f", "low") in _map(pool, code, ["1"], _WrongAboutNames())
    assert ("f", "low") not in _map(pool, code, ["1", "3"], _WrongAboutNames())


def test_variables_that_are_not_known_in_full_are_not_mapped(pool: Pool) -> None:
    code = "def f(n):\n    long = 'ab' * n\n    m = len(long)\n    return m\n"
    assert set(_map(pool, code, ["3"], rename_variables)) == {("f", "n"), ("f", "long"), ("f", "m")}
    assert set(_map(pool, code, ["3", "3000"], rename_variables)) == {("f", "n"), ("f", "m")}


def test_what_a_helper_computed_is_found_where_it_was_inlined(pool: Pool) -> None:
    code = "def g(x):\n    y = x + 1\n    z = y * y\n    return z\ndef f(n):\n    a = g(n)\n    return a\n"
    found = _map(pool, code, ["3", "4"], inline_helper)
    assert {place: to[:2] for place, to in found.items()} == {
        ("f", "n"): ("f", "n"),
        ("f", "a"): ("f", "a"),
        ("g", "x"): ("f", "n"),
        ("g", "y"): ("f", "y"),
        ("g", "z"): ("f", "a"),
    }


def test_steps_of_a_loop_that_was_unrolled_keep_their_values(pool: Pool) -> None:
    code = "def f(n):\n    t = 0\n    for i in range(n):\n        t = t * 2 + i\n    return t\n"
    # `i` counts in steps now.
    assert set(_map(pool, code, ["5"], unroll_loop)) == {("f", "n"), ("f", "t")}


def test_calls_that_became_passes_of_a_loop_are_not_mapped(pool: Pool) -> None:
    code = "def g(n, t):\n    if n == 0:\n        return t\n    return g(n - 1, t + n)\n"
    code += "def f(n):\n    a = g(n, 0)\n    return a\n"
    assert set(_map(pool, code, ["3"], tail_recursion_to_loop)) == {("f", "n"), ("f", "a")}
    # One call is one frame before and after.
    assert ("g", "t") in _map(pool, code, ["0"], tail_recursion_to_loop)


def test_functions_that_moved_are_mapped(pool: Pool) -> None:
    code = "def g(x):\n    y = x + 1\n    return y\ndef f(n):\n    return [g(k) for k in range(n)]\n"
    found = _map(pool, code, ["3"], rename_functions)
    assert set(found) == {("g", "x"), ("g", "y"), ("f", "n")}
    to_function, to_variable, made = found["g", "y"]
    assert to_variable == "y" and f"def {to_function}(x)" in made


def test_chains_are_followed(pool: Pool) -> None:
    code = "def g(x):\n    y = x + 1\n    return y\ndef f(n):\n    return [g(k) for k in range(n)]\n"
    found = _map(pool, code, ["3"], rename_functions, rename_variables, chain=True)
    assert set(found) == {("g", "x"), ("g", "y"), ("f", "n")}
    to_function, to_variable, made = found["g", "x"]
    assert f"def {to_function}({to_variable})" in made


def test_recursion_and_closures(pool: Pool) -> None:
    code = (
        "def f(n):\n    seen = 0\n    def walk(k):\n        nonlocal seen\n        seen += k\n"
        "        if k:\n            walk(k - 1)\n    walk(n)\n    return seen\n"
    )
    found = _map(pool, code, ["3"], rename_variables)
    assert set(found) == {("f", "n"), ("f", "seen"), ("f.<locals>.walk", "k"), ("f.<locals>.walk", "seen")}
    same = _map(pool, code, ["3"], augmented_to_plain)
    assert set(same) == set(found)


class _Replaced:
    """Puts one text of the program in the place of another, and says nothing about names."""

    NAME = "replaced"

    def __init__(self, old: str, new: str) -> None:
        self._old, self._new = old, new

    def apply(self, module: cst.Module, context: Context) -> Rewrite | None:
        assert module.code.count(self._old) == 1
        return Rewrite(cst.parse_module(module.code.replace(self._old, self._new)))


_POINTS = "class P:\n    def __init__(self):\n        self.v = 0\n"


@pytest.mark.parametrize(
    ("code", "old", "new", "dropped"),
    [
        # The lists in a list are filled otherwise.
        (
            "def f(n):\n    rows = [[], []]\n    for k in range(n):\n        rows[0].append(k)\n    return len(rows)\n",
            "rows[0].append",
            "rows[1].append",
            "rows",
        ),
        # The same texts in the same places, of which others are one object.
        (
            "def f(n):\n    a = [n]\n    b = [n]\n    three = [a, b, a]\n    return len(three)\n",
            "[a, b, a]",
            "[a, b, b]",
            "three",
        ),
        # What is exchanged at once in the one is so in two steps in the other, and holds one value twice in between.
        (
            "def f(n):\n    xs = [n, 1, 6, 7]\n    xs[0], xs[1] = xs[1], xs[0]\n    return xs\n",
            "xs[0], xs[1] = xs[1], xs[0]",
            "k = xs[0]\n    xs[0] = xs[1]\n    xs[1] = k",
            "xs",
        ),
        # What is a key changes afterwards, or does not.
        (
            _POINTS + "def f(n):\n    p = P()\n    q = P()\n    d = {}\n    d[p] = n\n    p.v = n\n    return len(d)\n",
            "d[p]",
            "d[q]",
            "d",
        ),
        # Of an iterator only the type is known.
        (
            "def f(n):\n    a = [n, 1]\n    b = [n, 2]\n    it = iter(a)\n    first = next(it)\n    return first\n",
            "iter(a)",
            "iter(b)",
            "it",
        ),
        (
            "def f(n):\n    a = [n, 1]\n    b = [n, 2]\n    its = {'it': iter(a)}\n    return next(its['it'])\n",
            "iter(a)",
            "iter(b)",
            "its",
        ),
    ],
)
def test_what_differs_deep_inside_is_not_mapped(pool: Pool, code: str, old: str, new: str, dropped: str) -> None:
    found = _map(pool, code, ["3", "2"], _Replaced(old, new))
    assert ("f", "n") in found
    assert ("f", dropped) not in found


def test_a_text_that_looks_like_something_opaque_is_known(pool: Pool) -> None:
    code = "def f(n):\n    said = ['opaque(iterator)'] * n\n    return said\n"
    assert set(_map(pool, code, ["3"], rename_variables)) == {("f", "n"), ("f", "said")}
