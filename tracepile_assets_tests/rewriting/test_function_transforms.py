"""Recursion, helpers and ways out of functions: run before and after, and left alone where that would not be right."""

import pytest

from tracepile_assets_tests.rewriting.plain_runs import rewritten, same_after

_NUMBERS = ("0", "1", "2", "7", "12345")


@pytest.mark.parametrize(
    ("code", "inputs", "expected"),
    [
        (
            "def f(a, b):\n    if b == 0:\n        return a\n    return f(b, a % b)\n",
            ("12, 18", "5, 0", "0, 0", "-4, 6", "12, 0.5"),
            "while b != 0:",
        ),
        ("def f(n, t=0):\n    return t if n <= 0 else f(n - 1, t + n)\n", ("5", "0", "3, 4"), "while n > 0:"),
        (
            "def f(xs, low, high):\n    if low > high:\n        return -1\n    mid = (low + high) // 2\n"
            "    if xs[mid] == 3:\n        return mid\n    if xs[mid] < 3:\n        return f(xs, mid + 1, high)\n"
            "    return f(xs, low, mid - 1)\n",
            ("[1, 2, 3, 4], 0, 3", "[], 0, -1", "[4, 5], 0, 1"),
            "continue",
        ),
        (
            "def f(n):\n    if n > 3:\n        return f(n - 2)\n    print(n)\n",
            ("9", "2"),
            "return",
        ),
        (
            "def f(n):\n    if n % 10 == 0:\n        return n\n    else:\n        return f(n=n + 1)\n",
            _NUMBERS,
            "n = n + 1",
        ),
        (
            "def f(s):\n    def walk(i, j):\n        if i >= j:\n            return True\n"
            "        if s[i] != s[j]:\n            return False\n        return walk(i + 1, j - 1)\n"
            "    return walk(0, len(s) - 1)\n",
            ("'abba'", "'abca'", "''"),
            "while not i >= j:",
        ),
        (
            "def f(a, b, c):\n    if a > 9:\n        return b, c\n    return f(c=a, b=c, a=a + b)\n",
            ("1, 2, 3",),
            "while",
        ),
    ],
)
def test_tail_recursion_becomes_a_loop(code: str, inputs: tuple[str, ...], expected: str) -> None:
    assert expected in same_after("tail_recursion_to_loop", code, inputs, seeds=1)


@pytest.mark.parametrize(
    "code",
    [
        "def f(n):\n    if n < 2:\n        return n\n    return f(n - 1) + f(n - 2)\n",
        "def f(n):\n    if n < 2:\n        return n\n    return f(f(n - 2))\n",
        "def f(n):\n    try:\n        return f(n - 1) if n else 1 // n\n    except ZeroDivisionError:\n"
        "        return n\n",
        "def f(n):\n    with n:\n        return f(n)\n    return 0\n",
        "def f(n, out):\n    out.append(lambda: n)\n    if n == 0:\n        return out\n    return f(n - 1, out)\n",
        "def f(n, out):\n    for i in range(n):\n        if i == 3:\n            return f(i, out)\n    return out\n",
        "import functools\n@functools.cache\ndef f(n):\n    if n == 0:\n        return 0\n    return f(n - 1)\n",
        "def f(n, *rest):\n    if n == 0:\n        return rest\n    return f(n - 1, *rest)\n",
        "def f(n, seen=[]):\n    if n == 0:\n        return seen\n    seen.append(n)\n    return f(n - 1)\n",
        "def f(n):\n    yield n\n    return f(n - 1)\n",
        "async def f(n):\n    if n == 0:\n        return 0\n    return f(n - 1)\n",
        "def f(n):\n    if n == 0:\n        return 0\n    g = f\n    return f(n - 1)\n",
        "def f(n):\n    return f(n)\n",
        "class C:\n    def f(self, n):\n        if n == 0:\n            return 0\n        return self.f(n - 1)\n",
        "t = 0\ndef f(n):\n    global t\n    t += 1\n    if n == 0:\n        return t\n    return f(n - 1)\n",
        "def f(n):\n    if n == 0:\n        return 0\n    return n and f(n - 1)\n",
    ],
)
def test_recursion_that_stays(code: str) -> None:
    assert rewritten("tail_recursion_to_loop", code, arguments=("3",)) is None
    assert rewritten("accumulating_recursion_to_loop", code, arguments=("3",)) is None


@pytest.mark.parametrize(
    ("code", "inputs", "expected"),
    [
        ("def f(n):\n    if n <= 1:\n        return 1\n    return n * f(n - 1)\n", ("0", "1", "6"), "result *= n"),
        ("def f(n):\n    return 0 if n == 0 else n % 10 + f(n // 10)\n", _NUMBERS, "result += n % 10"),
        # Floats and strings are put together from the inside, in the same order.
        ("def f(n):\n    if n <= 1:\n        return 1\n    return n * f(n - 1)\n", ("3.5", "0.1"), "waiting.append(n)"),
        ("def f(n):\n    return 0 if n == 0 else 1 / n + f(n - 1)\n", ("10", "3"), "waiting.pop() + result"),
        (
            "def f(s):\n    if not s:\n        return ''\n    return f(s[1:]) + s[0]\n",
            ("'abc'", "''"),
            "result + waiting.pop()",
        ),
        (
            "def f(xs):\n    if not xs:\n        return []\n    return [xs[0]] + f(xs[1:])\n",
            ("[1, 2]", "[]"),
            "waiting",
        ),
        (
            "def f(n):\n    if n == 0:\n        return 5\n    k = n - 1\n    return n - f(k)\n",
            ("4", "0"),
            "waiting.pop() - result",
        ),
        (
            "def f(n, k):\n    if n < k:\n        return k\n    return 2 * f(n // 2, k + 1)\n",
            ("40, 1", "0, 3"),
            "waiting",
        ),
    ],
)
def test_accumulating_recursion_becomes_a_loop(code: str, inputs: tuple[str, ...], expected: str) -> None:
    assert expected in same_after("accumulating_recursion_to_loop", code, inputs, seeds=1)


@pytest.mark.parametrize(
    "code",
    [
        "def f(xs):\n    if not xs:\n        return 0\n    return xs.pop() + f(xs)\n",
        "def f(n):\n    if n == 0:\n        return 0\n    print(n)\n    return n + f(n - 1)\n",
        "def f(n):\n    if n == 0:\n        return 0\n    if n == 5:\n        return 1\n    return n + f(n - 1)\n",
        "def f(n):\n    if n == 0:\n        return 0\n    return n + (f(n - 1) if n else 0)\n",
    ],
)
def test_accumulation_with_effects_stays(code: str) -> None:
    assert rewritten("accumulating_recursion_to_loop", code, arguments=("3",)) is None


@pytest.mark.parametrize(
    ("code", "inputs"),
    [
        (
            "def g(x):\n    return x * x + 1\ndef f(n):\n    return [g(i) for i in range(n)], g(n) ** 2, -g(3)\n",
            ("3", "0"),
        ),
        ("def g(x, y):\n    return x < y\ndef f(n):\n    if g(n, 3) and not g(1, n):\n        return 1\n", ("3", "0")),
        (
            "def g(x):\n    y = x + 1\n    y += x\n    return y\ndef f(n):\n    y = 2\n    z = g(n * y)\n"
            "    return y, z\n",
            ("3",),
        ),
        ("def g(x):\n    x = x + 1\n    return x\ndef f(x):\n    y = g(x)\n    return x, y\n", ("3",)),
        ("def g(xs):\n    xs.append(1)\n    return len(xs)\ndef f(xs):\n    n = g(xs)\n    return n\n", ("[]", "[3]")),
        ("def f(n):\n    def g(k):\n        return k + n\n    return g(1) * g(2)\n", ("3",)),
        ("k = 4\ndef g():\n    return k\ndef f(n):\n    return n * g()\n", ("3",)),
        ("def g(x):\n    t = [x for x in range(x)]\n    return t\ndef f(n):\n    t = g(n + 1)\n    return t\n", ("3",)),
        ("def g(a, b):\n    c = a - b\n    return c\ndef f(a, b):\n    c = g(b, a)\n    return a, b, c\n", ("3, 5",)),
    ],
)
def test_helpers_are_inlined(code: str, inputs: tuple[str, ...]) -> None:
    made = same_after("inline_helper", code, inputs, seeds=1)
    assert "g(" not in made


@pytest.mark.parametrize(
    "code",
    [
        # A name of the helper would mean another thing where it is called, or its argument would.
        "k = 4\ndef g(x):\n    return x + k\ndef f(k):\n    return g(k)\n",
        "k = 4\ndef g(x):\n    return x + k\ndef f(n):\n    return [g(k) for k in range(n)]\n",
        "def g(x):\n    return [k + x for k in (1, 2)]\ndef f(k):\n    return g(k)\n",
        # Evaluated more than once, later or never.
        "def g(x):\n    return x + x\ndef h():\n    print(1)\ndef f(n):\n    return 1 + g(h())\n",
        "def g(x, y):\n    return y\ndef h():\n    print(1)\ndef f(n):\n    return 1 + g(h(), n)\n",
        # Used otherwise than called, or called otherwise than plainly.
        "def g(x):\n    return x\ndef f(n):\n    return list(map(g, n)), g(1)\n",
        "def g(x):\n    return x\ndef f(n):\n    return g(*n)\n",
        "def g(x, y=1):\n    return x\ndef f(n):\n    return g(n)\n",
        "def g(x):\n    return x\ndef f(n):\n    return lambda k: g(n)\nclass C:\n    y = g(1)\n",
        "@staticmethod\ndef g(x):\n    return x\ndef f(n):\n    return g(n)\n",
        # More than a row of assignments.
        "def g(x):\n    if x:\n        return 1\n    return 2\ndef f(n):\n    return g(n)\n",
        "def g(x):\n    yield x\ndef f(n):\n    return g(n)\n",
        "def g(x):\n    return lambda: x\ndef f(n):\n    return g(n)\n",
        "def g(x):\n    return g(x - 1) if x else 0\ndef f(n):\n    return g(n)\n",
        "def g(x):\n    global t\n    t = x\n    return t\ndef f(n):\n    y = g(n)\n    return y\n",
        "def g(x):\n    y = 1 // x\n    return y\ndef f(n):\n    try:\n        y = 2\n        y = g(n)\n"
        "    except ZeroDivisionError:\n        pass\n    return y\n",
        "def f(x):\n    return x\n",
    ],
)
def test_helpers_that_stay(code: str) -> None:
    assert rewritten("inline_helper", code, arguments=("3",)) is None


def test_what_the_arguments_mention_is_not_dropped() -> None:
    code = "def g(x):\n    return x\ndef f(n):\n    return g(n(2))\n"
    assert rewritten("inline_helper", "def g(x):\n    return x\ndef f(n):\n    return g(n)\n", arguments=("g",)) is None
    assert rewritten("inline_helper", code, arguments=("g",)) is None


@pytest.mark.parametrize(
    ("code", "inputs"),
    [
        ("def f(a, b):\n    c = a + 1\n    d = a * b + c * c - 1\n    return d\n", ("2, 3",)),
        (
            "def f(xs):\n    if len(xs) > 1 and xs[0] == xs[-1]:\n        return 1\n    return 2\n",
            ("[1, 1]", "[]", "[2]"),
        ),
        ("def f(xs):\n    k = 2\n    return sorted(x * k for x in xs)\n", ("[1, 1]", "[]", "[2]")),
        (
            "def f(xs):\n    def g(y):\n        return [x + y for x in xs][::-1]\n    return g(len(xs) + 1)\n",
            ("[1, 2]",),
        ),
        (
            "class C:\n    def __init__(self):\n        self.k = 3\n    def m(self, x):\n"
            "        return self.k * x + self.k\n"
            "def f(n):\n    return C().m(n)\n",
            ("3",),
        ),
        ("K = 3\ndef f(n):\n    while n * n > K * K + 1:\n        n -= 1\n    return n\n", ("9", "0")),
        ("def f(n):\n    if n:\n        k = n\n    return k + n * n - k * 2\n", ("3", "0")),
    ],
)
def test_expressions_are_extracted(code: str, inputs: tuple[str, ...]) -> None:
    assert "return" in same_after("extract_helper", code, inputs, seeds=1)


@pytest.mark.parametrize(
    "code",
    [
        # Bound only sometimes, and read only sometimes.
        "def f(n):\n    if n:\n        k = n\n    return n and k * k + k * n\n",
        "def f(n):\n    return (m := n + 1) * m * (m + 2)\n",
        "def f(n):\n    return 1 + 2 * 3 + (yield n) + 4\n",
        "class C:\n    def __init__(self):\n        self.__k = 1\n    def m(self):\n"
        "        return self.__k * 12 + self.__k\n",
        "class D(dict):\n    def get(self, key):\n        return super().get(key) or super().get(None)\n",
        "def f(n):\n    del n\n    return [n * n for _ in range(0)] + [1, 2]\n",
        "def f(n):\n    return locals()['n'] + n * n * n\n",
        "async def f(n):\n    return n * n * n * n + 1\n",
        # A function around these would pass on a call, and teach nothing.
        "def f(values):\n    values.append(len)\n    largest = max(values, key=None)\n    return largest\n",
        "def f(values, position):\n    return values[position]\n",
        "def f(text, letters):\n    if text.startswith(letters):\n        return text.index\n",
    ],
)
def test_expressions_that_stay(code: str) -> None:
    assert rewritten("extract_helper", code, arguments=("3",)) is None


_EXITS = {
    "guards": "    if n == 0:\n        return 'zero'\n    if n < 0:\n        return 'below'\n    return 'above'\n",
    "falls off": "    if n == 0:\n        return 1\n    print(n)\n    if n > 3:\n        return 2\n",
    "bare": "    if n == 0:\n        return\n    print(n)\n    return n\n",
    "else": "    if n > 2:\n        n += 1\n    elif n:\n        return n\n    else:\n"
    "        return None\n    return n * 2\n",
    "nested": "    if n:\n        if n > 2:\n            return 1\n        return 2\n    return 3\n",
    "loop": "    for i in range(n):\n        if i * i > 8:\n            return i\n        print(i)\n    return -1\n",
    "loop and more": "    for i in range(n):\n        if i > 2:\n            return i\n    n += 5\n    return n\n",
    "loop falls off": "    t = 0\n    while t < n:\n        t += 2\n        if t == 4:\n            return t\n",
    "endless": "    while True:\n        n -= 3\n        if n < 0:\n            return n\n",
    "raises": "    if n == 0:\n        raise ValueError\n    if n == 1:\n        return 1\n    return 2\n",
    "document": '    """Text."""\n    if n == 0:\n        return 1\n    return 2\n',
}


@pytest.mark.parametrize("name", _EXITS)
def test_single_exit_and_back(name: str) -> None:
    code = f"def f(n):\n{_EXITS[name]}"
    once = same_after("single_exit", code, _NUMBERS[:4], seeds=1)
    assert once.count("return") == 1
    assert "result" not in same_after("early_return", once, _NUMBERS[:4], seeds=1) or name not in ("guards", "loop")


@pytest.mark.parametrize(
    "body",
    [
        "    try:\n        return 1 // n\n    except ZeroDivisionError:\n        return 0\n",
        "    for i in range(n):\n        for j in range(n):\n            if i * j > 3:\n"
        "                return i\n    return 0\n",
        "    for i in range(n):\n        if i > 5:\n            break\n        if i > 2:\n"
        "            return i\n    return 0\n",
        "    for i in range(n):\n        if i > 5:\n            return 1\n    else:\n        return 2\n",
        "    yield n\n    if n:\n        return 1\n    return 2\n",
        "    if n > 3:\n        print(n)\n    elif n:\n        return 3\n    else:\n        n += 1\n    return n\n",
        "    return n\n",
        "    return lambda: 1\n",
    ],
)
def test_exits_that_stay(body: str) -> None:
    assert rewritten("single_exit", f"def f(n):\n{body}", arguments=("3",)) is None


@pytest.mark.parametrize(
    ("body", "applies"),
    [
        (
            "    r = 0\n    for i in range(n):\n        if i > 2:\n            r = i\n            break\n"
            "    return r\n",
            True,
        ),
        ("    if n:\n        r = 1\n    else:\n        print(n)\n        r = 2\n    return r\n", True),
        ("    r = 5\n    if n > 1:\n        r = 1\n    return r\n", True),
        (
            "    r = n\n    while r > 0:\n        r -= 2\n        if r == 1:\n            r = 9\n"
            "            break\n    return r\n",
            True,
        ),
        ("    r = 0\n    for i in range(n):\n        r = i\n    return r\n", False),
        ("    r = 0\n    def g():\n        return r\n    if n:\n        r = g()\n    return r\n", False),
        ("    global r\n    if n:\n        r = 1\n    else:\n        r = 2\n    return r\n", False),
        ("    if n:\n        r = q = 1\n    else:\n        r, q = 2, 3\n    return r\n", False),
        ("    if n:\n        r = 1\n    else:\n        r = 2\n    print(n)\n    return r\n", False),
        ("    if n:\n        r = 1\n    else:\n        r = 2\n    yield r\n    return r\n", False),
    ],
)
def test_early_return(body: str, applies: bool) -> None:
    code = f"def f(n):\n{body}"
    if applies:
        same_after("early_return", code, _NUMBERS[:4], seeds=1)
    else:
        assert rewritten("early_return", code, arguments=("3",)) is None
