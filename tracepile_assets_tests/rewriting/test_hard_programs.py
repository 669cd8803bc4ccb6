"""Every transform on programs hard by design, and on programs made at random: whatever applies changes nothing that a
plain run shows. No proof stands between: what a transform does is right, or it does nothing."""

from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tracepile_assets_tests.rewriting import hard_kinds, hard_order, hard_places, hard_sharing, random_programs
from tracepile_assets_tests.rewriting.plain_runs import BY_NAME, behaviour, rewritten, same_after

_PROGRAMS = {**hard_kinds.PROGRAMS, **hard_order.PROGRAMS, **hard_places.PROGRAMS, **hard_sharing.PROGRAMS}
_UNBOUND = ("NameError", "UnboundLocalError")


@pytest.mark.parametrize("name", _PROGRAMS)
def test_hard_program(name: str) -> None:
    code, inputs = _PROGRAMS[name]
    entry_point = "S().solve" if "class S:" in code else "f"
    before = [behaviour(code, entry_point, one) for one in inputs]
    for transform in BY_NAME:
        made = rewritten(transform, code, entry_point, inputs)
        if made is not None:
            assert [behaviour(made, entry_point, one) for one in inputs] == before, f"{transform}\n{made}"


@settings(max_examples=8, deadline=None)
@given(st.integers(0, 10**9))
def test_random_program(seed: int) -> None:
    code, inputs = random_programs.program(Random(seed)), random_programs.INPUTS
    before = [behaviour(code, "f", one) for one in inputs]
    for transform in BY_NAME:
        made = rewritten(transform, code, "f", inputs, seed=seed)
        for one, expected in zip(inputs, before, strict=True):
            after = expected if made is None else behaviour(made, "f", one)
            # Which of the two a name that nothing bound gives depends on where it is read.
            assert after == expected or (after[0] in _UNBOUND and expected[0] in _UNBOUND), (
                f"{code}\n{transform}\n{made}"
            )


# The harmless shapes beside the hard ones: here the transform must not have become too careful.
_HARMLESS = [
    ("augmented_to_plain", "def f(xs):\n    t = 0\n    for x in xs:\n        t += g(x)\n    return t\n"),
    (
        "augmented_to_plain",
        "def f(xs):\n    d = {}\n    for x in xs:\n        d[x] = 0\n        d[x] += x\n    return d\n",
    ),
    (
        "augmented_to_plain",
        "def f(xs):\n    dp = [0] * 5\n    for x in xs:\n        dp[1] += dp[0] + x\n    return dp\n",
    ),
    ("augmented_to_plain", "def f(xs):\n    s = [[0] * 3 for _ in xs]\n    s[0][1] += xs[0]\n    return s\n"),
    ("augmented_to_plain", "def f(xs):\n    i = 0\n    xs[i] += g(i)\n    return xs\n"),
    ("augmented_to_plain", "def f(xs):\n    s = ''\n    for x in xs:\n        s += str(x)\n    return s\n"),
    ("plain_to_augmented", "def f(xs):\n    i = 0\n    xs[i] = xs[i] // g(i)\n    return xs\n"),
    ("each_to_index", "def f(xs):\n    out = []\n    for x in xs:\n        out.append(g(x))\n    return out\n"),
    (
        "each_to_index",
        "def f(xs):\n    rows = [[] for _ in xs]\n    for x in xs:\n        rows[0].append(x)\n    return rows\n",
    ),
    ("unroll_loop", "def f(xs):\n    t = 0\n    for x in xs:\n        t += x\n    return t\n"),
    (
        "unroll_loop",
        "def h(ys):\n    t = 0\n    zs = list(ys)\n    for z in zs:\n        t += z\n    return t\n"
        "def f(xs):\n    return h(xs)\n",
    ),
    (
        "while_to_for",
        "def f(xs):\n    i = 0\n    while i < len(xs):\n        xs[i] = 0\n        i += 1\n    return xs\n",
    ),
    (
        "for_to_while",
        "class A:\n    def f(self, s):\n        print(s)\n    def h(self, s: list):\n        for c in s:\n"
        "            print(c)\ndef f(xs):\n    return A().h(xs)\n",
    ),
    ("for_to_while", "def f(xs):\n    for w in str(xs).split():\n        print(w)\n"),
    ("inline_helper", "def h(x):\n    return g(x) + x\ndef f(xs):\n    k = 3\n    return h(k)\n"),
    ("inline_helper", "K = 3\ndef h(x):\n    return g(x) + x\ndef f(xs):\n    return h(K)\n"),
    ("comprehension_to_loop", "def f(xs):\n    ys = [g(x) for x in xs]\n    return ys\n"),
    ("split_assignment", "def f(xs):\n    a, b = 1, g(2)\n    return a, b\n"),
    ("loop_to_comprehension", "def f(xs):\n    d = {}\n    for x in xs:\n        d[x] = g(x)\n    return d\n"),
    ("call_to_comprehension", "def f(xs):\n    return list(map(g, xs))\n"),
    ("nest_steps", "def f(xs):\n    out = []\n    a = g(1)\n    out.append(a)\n    return out\n"),
    ("name_steps", "def f(xs):\n    return g(g(1))\n"),
    ("extract_helper", "def f(xs):\n    t = sum(xs)\n    u = g(t) + g(t * 2) + 100\n    return u\n"),
]


@pytest.mark.parametrize(("name", "code"), _HARMLESS)
def test_harmless_shape(name: str, code: str) -> None:
    inputs = ("[1, 2, 3]", "[7]")
    same_after(name, "def g(x):\n    print(x)\n    return x + 1\n" + code, inputs, seeds=1)
