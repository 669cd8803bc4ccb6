"""Loops counted, unrolled and made comprehensions: run before and after; left alone where that would not be right."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tracepile_assets_tests.rewriting.plain_runs import behaviour, rewritten, same_after

_LISTS = ("[3, 1, 2]", "[]", "[5]", "[4, 4, 0, -1, 7]")


@pytest.mark.parametrize(
    ("loop", "header"),
    [
        ("i = 0\nwhile i < len(xs):\n    out.append(xs[i])\n    i += 1", "for i in range(len(xs)):"),
        ("i = 1\nwhile i <= n:\n    out.append(i)\n    i = i + 1", "for i in range(1, n + 1):"),
        ("i = n\nwhile i > 0:\n    out.append(i)\n    i -= 2", "for i in range(n, 0, -2):"),
        ("i = n - 1\nwhile i >= 0:\n    out.append(i)\n    i -= 1", "for i in range(n - 1, -1, -1):"),
        ("i = 0\nwhile i <= n - 1:\n    out.append(i)\n    i += 3", "for i in range(0, n, 3):"),
        (
            "i = 0\nwhile i < n:\n    if i == 2:\n        break\n    out.append(i)\n    i += 1\nelse:\n"
            "    out.append(-9)",
            "for",
        ),
        ("i = 0\nwhile i < n:\n    if i == 1:\n        return i\n    out.append(i)\n    i += 1", "for i in range(n):"),
        (
            "i = 0\nwhile i < n:\n    j = 0\n    while j < i:\n        out.append(j)\n        j += 1\n    i += 1",
            "for j in range(i):",
        ),
        ("# up\ni = 0\nwhile i < n:  # all\n    out.append([i for _ in xs])\n    i += 1", "# up"),
    ],
)
def test_counting_loops_become_for(loop: str, header: str) -> None:
    body = "".join(f"    {line}\n" for line in loop.splitlines())
    code = f"def f(xs):\n    n = len(xs)\n    out = []\n{body}    return out\n"
    assert header in same_after("while_to_for", code, _LISTS)


@pytest.mark.parametrize(
    "loop",
    [
        # The counter is seen afterwards, by a closure, is bound in the body, or is not moved by every pass alike.
        "i = 0\nwhile i < n:\n    out.append(i)\n    i += 1\nout.append(i)",
        "i = 0\nwhile i < n:\n    out.append(lambda: i)\n    i += 1\nout = [g() for g in out]",
        "i = 0\nwhile i < n:\n    i += xs[0]\n    out.append(i)\n    i += 1",
        "i = 0\nwhile i < n:\n    if xs[i]:\n        i += 1\n        continue\n    out.append(i)\n    i += 1",
        "i = 0\nwhile i < n:\n    out.append(i)\n    i += n",
        "i = 0\nwhile i < n:\n    i += 1",
        # The limit moves, or may be no integer, or the loop is not left upwards.
        "i = 0\nwhile i < n:\n    out.append(i)\n    n -= 1\n    i += 1",
        "i = 0\nwhile i < len(xs):\n    xs.pop()\n    i += 1",
        "i = 0\nwhile i < n / 2:\n    out.append(i)\n    i += 1",
        "i = 0.0\nwhile i < n:\n    out.append(i)\n    i += 1",
        "i = 0\nwhile i < g():\n    out.append(i)\n    i += 1",
        "i = 0\nwhile i != n:\n    out.append(i)\n    i += 1",
        "i = 0\nwhile i < n:\n    out.append(i)\n    i -= -1\nfor i in out:\n    pass\nout.append(i)",
        # Something happens in between.
        "i = 0\nout.append(1)\nwhile i < n:\n    out.append(i)\n    i += 1",
        "global i\ni = 0\nwhile i < n:\n    out.append(i)\n    i += 1",
    ],
)
def test_other_loops_stay_while(loop: str) -> None:
    body = "".join(f"    {line}\n" for line in loop.splitlines())
    code = f"def g():\n    return 3\ndef f(xs):\n    n = len(xs)\n    out = []\n{body}    return out\n"
    assert rewritten("while_to_for", code, arguments=("[1, 2, 3]",)) is None


def test_a_limit_passed_as_an_integer_is_known() -> None:
    code = "def f(n):\n    t = 0\n    i = 0\n    while i < n:\n        t += i\n        i += 1\n    return t\n"
    assert "range(n)" in same_after("while_to_for", code, ("0", "5", "-2"))
    assert rewritten("while_to_for", code, arguments=("2.5",)) is None
    assert rewritten("while_to_for", code, arguments=("5", "x")) is None
    assert "range(n)" in rewritten("while_to_for", code.replace("(n)", "(n: int)"), arguments=())


@pytest.mark.parametrize(
    "loop",
    [
        "for i in range(len(xs)):\n    out.append(xs[i] + i)",
        "for i in range(1, n):\n    out.append(xs[i - 1] - xs[i])\n    if xs[i] > 2:\n        return out",
        "for i in range(2 * n):\n    out.append([i for _ in range(i)])",
        "for x in xs:\n    out.append(x)\n    if x > 3:\n        out.append(-x)",
        "for x in xs:\n    out.append(x)\nout.append(n and x)",
        "for a, b in ((1, 2), (3, n)):\n    out.append(a * b)",
        "for i in range(2, 5):\n    out.append(i * n)\nout.append(i)",
        "for c in [1, -1]:\n    for x in xs:\n        out.append(c * x)",
        "while n:\n    n -= 1\n    out.append(n)",
        "while n > 1:\n    if n == 4:\n        break\n    n -= 1\n    out.append(n)",
        "while xs and xs[-1]:\n    out.append(xs.pop())",
        "for i in range(n):\n    out.append(f'{i}')\n    for j in range(i):\n        out.append(j)",
    ],
)
def test_unrolled_loops_do_the_same(loop: str) -> None:
    body = "".join(f"    {line}\n" for line in loop.splitlines())
    code = f"def f(xs):\n    n = len(xs)\n    out = []\n{body}    return out\n"
    same_after("unroll_loop", code, (*_LISTS, "[1, 1, 1, 1, 1, 1, 1]"), seeds=6)


@pytest.mark.parametrize(
    "loop",
    [
        "for x in xs:\n    if x:\n        continue\n    out.append(x)",
        "for x in xs:\n    if x > 2:\n        break\n    out.append(x)",
        "for x in xs:\n    out.append(x)\nelse:\n    out.append(0)",
        "for x in xs:\n    xs.pop()",
        "for x in xs:\n    xs = [x]",
        "for i in range(n):\n    out.append(i)\nout.append(i)",
        "for i in range(n):\n    i = i + 1\n    out.append(i)",
        "for i in range(n):\n    out.append(lambda: i)\nout = [g() for g in out]",
        "for i in range(n):\n    print(f'{i=}')",
        "for i in range(g()):\n    out.append(i)",
        "for i in range(0, n, 2):\n    out.append(i)",
        "for x in [n, g()]:\n    out.append(x)",
        "for x in g:\n    out.append(x)",
        "while n:\n    n -= 1\n    if n == 2:\n        continue\n    out.append(n)",
        "while True:\n    n -= 1\n    if n < 2:\n        break",
        "while (m := n - 1) > 0:\n    n = m",
        "while n:\n    n -= 1\nelse:\n    out.append(n)",
    ],
)
def test_loops_that_are_not_unrolled(loop: str) -> None:
    body = "".join(f"    {line}\n" for line in loop.splitlines())
    code = f"def g():\n    return 3\ndef f(xs):\n    n = len(xs)\n    out = []\n{body}    return out\n"
    assert rewritten("unroll_loop", code, arguments=("[1, 2, 3]",)) is None


@settings(max_examples=40, deadline=None)
@given(
    start=st.integers(-2, 3),
    stop=st.sampled_from(["n", "n + 1", "len(xs)", "4", "n - 2"]),
    step=st.sampled_from(["i += 1", "i += 2"]),
    body=st.sampled_from(["out.append(i)", "t = t * 2 + i", "if i % 2:\n            t += i", "out.append((t, i))"]),
    xs=st.lists(st.integers(-3, 3), max_size=6),
)
def test_random_counting_loops(start: int, stop: str, step: str, body: str, xs: list[int]) -> None:
    code = (
        f"def f(xs, n):\n    out = []\n    t = 0\n    i = {start}\n    while i < {stop}:\n        {body}\n"
        f"        {step}\n    return out, t\n"
    )
    inputs = (f"{xs}, {len(xs)}", f"{xs}, {len(xs) - 3}")
    counted = same_after("while_to_for", code, inputs, seeds=1)
    before = [behaviour(code, "f", given) for given in inputs]
    for again in (rewritten("unroll_loop", counted, arguments=inputs, seed=seed) for seed in range(3)):
        assert again is None or [behaviour(again, "f", given) for given in inputs] == before, again


@pytest.mark.parametrize(
    ("loop", "expected"),
    [
        ("out = []\nfor x in xs:\n    out.append(x * 2)", "out = [x * 2 for x in xs]"),
        ("out = list()\nfor x in xs:\n    if x:\n        if x > 1:\n            out.append(x)", "if x if x > 1]"),
        (
            "out = []\nfor x in xs:\n    for y in range(x):\n        out.append((x, y))",
            "for x in xs for y in range(x)]",
        ),
        ("out = set()\nfor x in xs:\n    out.add(x % 3)", "out = {x % 3 for x in xs}"),
        ("out = {}\nfor x in xs:\n    out[x] = x * x", "out = {x: x * x for x in xs}"),
        ("out = {}\nfor i, x in enumerate(xs):\n    out[x] = i", "out = {x: i for i, x in enumerate(xs)}"),
        ("out = 0\nfor x in xs:\n    if x > 2:\n        out += 1", "out = sum(1 for x in xs if x > 2)"),
        ("out = []\nfor x in xs if xs else ():\n    out.append(x)", "for x in (xs if xs else ())]"),
        ("out = []\nfor x in xs:\n    out.append((yes, x) if x else x)\nout.append(1)", "out = ["),
    ],
)
def test_collecting_loops_become_comprehensions(loop: str, expected: str) -> None:
    body = "".join(f"    {line}\n" for line in loop.splitlines())
    code = f"def f(xs):\n    yes = True\n{body}    return out\n"
    assert expected in same_after("loop_to_comprehension", code, _LISTS, seeds=1)


@pytest.mark.parametrize("inside", ["True", "False"])
@pytest.mark.parametrize("test", ["x > 2", "x", "not x", "x == 4 and xs", "x and x > 2"])
def test_searching_loops_become_any_and_all(inside: str, test: str) -> None:
    after = "False" if inside == "True" else "True"
    code = f"def f(xs):\n    for x in xs:\n        if {test}:\n            return {inside}\n    return {after}\n"
    made = same_after("loop_to_comprehension", code, _LISTS, seeds=1)
    assert ("any(" if inside == "True" else "all(") in made


@pytest.mark.parametrize(
    "loop",
    [
        # The collection, or the loop variable, is seen elsewhere.
        "out = []\nfor x in xs:\n    out.append(len(out))",
        "out = []\nfor x in xs:\n    if x not in out:\n        out.append(x)",
        "out = []\nfor x in xs:\n    out.append(x)\nout.append(x)",
        "out = []\nfor x in xs:\n    out.append(lambda: x)\nout = [g() for g in out]",
        "out = []\nother = out\nfor x in xs:\n    other.append(x)",
        "out = []\ndef g():\n    return len(out)\nfor x in xs:\n    out.append(g())",
        "out = [0]\nfor x in xs:\n    out.append(x)",
        # More happens than collecting.
        "out = []\nfor x in xs:\n    out.append(x)\n    if x > 2:\n        break",
        "out = []\nfor x in xs:\n    out.append(x)\nelse:\n    out.append(0)",
        "out = []\nfor x in xs:\n    if x:\n        out.append(x)\n    else:\n        out.append(0)",
        "it = iter(xs)\nout = []\nfor x in xs:\n    out.append(next(it))",
        # A sum of floats is not added up one by one everywhere.
        "out = 0\nfor x in xs:\n    out += x",
        # What was collected until it failed is returned.
        "try:\n    out = []\n    for x in xs:\n        out.append(1 // x)\nexcept ZeroDivisionError:\n    pass",
        "out = {}\nfor x in xs:\n    out[g(x)] = g(x)",
        "global out\nout = []\nfor x in xs:\n    out.append(x)",
        "out = []\nfor x in xs:\n    out.append((yield))",
    ],
)
def test_loops_that_are_no_comprehensions(loop: str) -> None:
    body = "".join(f"    {line}\n" for line in loop.splitlines())
    assert rewritten("loop_to_comprehension", f"def f(xs):\n{body}    return out\n", arguments=("[1, 2]",)) is None
