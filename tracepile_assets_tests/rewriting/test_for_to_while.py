"""`for` made `while` means the same: loops hard by design, and loops made at random, compared by plain `exec`."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tracepile_assets_tests.rewriting.plain_runs import behaviour, rewritten

_LOOPS = {
    "variable read afterwards": """
def f(n):
    for i in range(n):
        pass
    return i
""",
    "negative step, continue and else": """
def f(n):
    for i in range(n, 0, -2):
        if i == 3:
            continue
    else:
        return i
""",
    "body assigns to the variable": """
def f(n):
    i = 7
    for i in range(n):
        i = i + 1
    return i
""",
    "body moves the end": """
def f(n):
    out = []
    for i in range(n):
        n = n - 1
        out.append(i)
    return out, n
""",
    "closures over the variable": """
def f(n):
    out = []
    for i in range(n):
        out.append(lambda: i)
    return list(map(lambda g: g(), out))
""",
    "step of unknown sign": """
def f(n):
    out = []
    for i in range(10, 1, 2 * n - 3):
        out.append(i)
    return out
""",
    "list grows meanwhile": """
def f(n):
    letters = list("abc")
    for letter in letters:
        if len(letters) < n:
            letters.append(letter)
    return letters
""",
    "list replaced meanwhile": """
def f(n):
    xs = [1, 2]
    for x in xs:
        xs = [x, x, n]
    return xs
""",
    "end computed once, inner loop over the same variable": """
def end(n):
    print("once")
    return n

def f(n):
    for i in range(end(n)):
        for i in range(2):
            pass
        print(i)
""",
    "continue through finally": """
def f(n):
    for i in range(n):
        try:
            continue
        finally:
            print(i)
""",
    "range made of its own variable": """
def f(n):
    i = n
    for i in range(i, i + 3):
        print(i)
""",
    "end is a global that a callee changes": """
K = 3

def grow():
    global K
    K = 9

def f(n):
    out = []
    for i in range(K):
        grow()
        out.append(i)
    return out
""",
    "enumerate left by break": """
def f(n):
    for i, letter in enumerate("abcd"):
        if i > n:
            break
    return i, letter
""",
    "generator over a list that its caller changes": """
def f(n):
    xs = [1]
    def each():
        for x in xs:
            yield x
    out = []
    for x in each():
        if len(xs) < n:
            xs.append(x + 1)
        out.append(x)
    return out
""",
    "in a module": """
total = 0
for i in range(4):
    for j in range(i):
        total += i * j
def f(n):
    return total, i, n
""",
}


@pytest.mark.parametrize("name", _LOOPS)
def test_hard_loop(name: str) -> None:
    code = _LOOPS[name]
    made = rewritten("for_to_while", code)
    assert made is not None and "while " in made
    for n in ("0", "1", "4", "6"):
        assert behaviour(made, "f", n) == behaviour(code, "f", n), made


@pytest.mark.parametrize(
    "code",
    [
        "def f(d):\n    for k in d:\n        print(k)\n",  # a parameter of unknown kind
        "def f(d):\n    x = {1: 2}\n    for k in x:\n        print(k)\n",
        "def f(d):\n    for k in d.items():\n        print(k)\n",
        "def range(n):\n    return 'ab'\ndef f(d):\n    for k in range(3):\n        print(k)\n",
        "async def f(d):\n    async for k in d:\n        print(k)\n",
    ],
)
def test_left_alone(code: str) -> None:
    assert rewritten("for_to_while", code) is None


def test_arguments_tell_what_is_a_sequence() -> None:
    code = "def f(xs, d):\n    for x in xs:\n        print(x)\n    for k in d:\n        print(k)\n"
    made = rewritten("for_to_while", code, "f", ("[1], {2: 3}", "xs='ab', d={}"))
    assert "while index < len(xs)" in made
    assert "for k in d" in made


_NAMES = st.sampled_from(["i", "j", "n", "m"])
_NUMBERS = st.sampled_from(["0", "1", "2", "5", "-1", "n", "m", "n - 1", "m + 2", "len(xs)", "i", "-n"])
_STEPS = st.sampled_from(["1", "2", "-1", "-2", "m", "n - 3"])


@st.composite
def _iterable(draw: st.DrawFn) -> str:
    kind = draw(st.sampled_from(["stop", "both", "step", "list", "slice", "text", "enumerate"]))
    if kind == "stop":
        return f"range({draw(_NUMBERS)})"
    if kind == "both":
        return f"range({draw(_NUMBERS)}, {draw(_NUMBERS)})"
    if kind == "step":
        return f"range({draw(_NUMBERS)}, {draw(_NUMBERS)}, {draw(_STEPS)})"
    return {"list": "xs", "slice": "xs[1:]", "text": "'xyz'", "enumerate": "enumerate(xs)"}[kind]


_SIMPLE = st.sampled_from(
    [
        "out.append((i, j, n))",
        "i = i + 1",
        "n = n + 1",
        "m -= 1",
        "j = [i, i]",
        "if len(xs) < 5: xs.append(n)",
        "if xs: xs.pop()",
        "xs = xs[:2]",
        "if len(out) % 3 == 1: continue",
        "if len(out) > 4: break",
        "if len(out) > 7: return out",
        "out.append([i for i in range(2)])",
        "def g(): return i",
        "out.append(sum(i * k for k in range(2)) if isinstance(i, int) else 0)",
        "if len(out) > 30: raise ValueError",
        "out.append(len(out))",
    ]
)


@st.composite
def _loop(draw: st.DrawFn, depth: int = 0) -> list[str]:
    lines = [f"for {draw(_NAMES)} in {draw(_iterable())}:"]
    for _ in range(draw(st.integers(1, 4))):
        if depth < 2 and draw(st.integers(0, 4)) == 0:
            lines += ["    " + line for line in draw(_loop(depth + 1))]
        else:
            lines.append("    " + draw(_SIMPLE))
    if draw(st.booleans()):
        lines += ["else:", "    out.append('else')"]
    if draw(st.booleans()):
        lines.append("out.append((i, j))")
    return lines


@st.composite
def _program(draw: st.DrawFn) -> str:
    lines = ["out = []", "xs = [4, 5, 6]"]
    lines += draw(st.sampled_from([[], ["i = 'i'"], ["i = j = 1"]]))
    for _ in range(draw(st.integers(1, 2))):
        lines += draw(_loop())
    return "\n".join(["def f(n, m):", *("    " + line for line in [*lines, "return out, n, m, xs"])])


@settings(max_examples=100, deadline=None)
@given(_program(), st.integers(-3, 5), st.integers(-2, 3))
def test_random_loops(code: str, n: int, m: int) -> None:
    arguments = f"{n}, {m}"
    made = rewritten("for_to_while", code, "f", (arguments,))
    before = behaviour(code, "f", arguments)
    # A list that grows in its own loop; what `range` refuses (a step of zero, no integers), which is for the proof.
    if made is None or before[0] in ("too long", "ValueError", "TypeError"):
        return
    after = behaviour(made, "f", arguments)
    unbound = ("NameError", "UnboundLocalError")
    assert after == before or (before[0] in unbound and after[0] in unbound), f"{code}\n\n{made}"
