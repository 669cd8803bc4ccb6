"""Programs made at random of statements that share lists, bind names in callees, and evaluate things in an order.

Belongs here: the grammar. Does not belong here: what is checked on the programs.
"""

from random import Random

_HELPERS = """k = 1
box = [1, 2]
def bump():
    global k
    k += 1
    return k
def grow():
    if len(box) < 6:
        box.append(k)
    return len(box)
def show(x):
    print(x)
    return x
def twice(x):
    return x + x
def later(x):
    return bump() + x
def both(x, y):
    s = bump()
    return x + y + s
def pick(x, y):
    return x if x else y
def add_to(seq, x):
    if len(seq) < 8:
        seq.append(x)
    return len(seq)
"""
_NUMBERS = (
    *("0", "1", "2", "n", "i", "t", "k", "len(out)", "len(a)", "t + 1", "-t", "abs(t)", "a[0]", "n * 2 - 1"),
    *("bump()", "twice(t)", "later(k)", "later(t)", "both(k, n)", "pick(n, t)", "show(i)", "add_to(a, t)", "grow()"),
    *("k + bump()", "bump() + k", "inner()", "t + inner()", "inner() + t", "pick(t, pick(n, inner()))", "max(t, n)"),
)
_LISTS = (
    *("a", "b", "box", "a[:]", "[1, 2, 3]", "sorted(a)", "list(b)", "xs", "(a + b)[:5]", "rows[0]", "[t, k]"),
    *("[x for x in a]", "list(map(twice, a))", "[bump() for _ in range(2)]", "[len(a) for _ in a]"),
)
_TESTS = (
    *("t > 2", "n > t", "k < 5", "len(a) > 2", "not a", "inner() > 2 and t > 3", "t in a", "bump() % 2", "a == b"),
    *("n and t", "not (t and n)", "1 < t < n", "t > 1 or k > 2"),
)
_SIMPLE = (
    *(
        "t = NUM",
        "i = NUM",
        "t += NUM",
        "t = t + NUM",
        "a = LIST",
        "b = LIST",
        "if len(a) < 7: a += LIST",
        "out.append(NUM)",
        "b = a",
    ),
    *(
        "if len(a) < 9: a.append(NUM)",
        "if b: b.pop()",
        "a[0] += NUM",
        "a[0] = a[0] + NUM",
        "i, t = NUM, NUM",
        "t = i = NUM",
    ),
    *("a[0], a[-1] = a[-1], a[0]", "d[NUM] = NUM", "d[t] = d.get(t, 0) + NUM", "t = NUM if TEST else NUM", "del a[0]"),
    *(
        "out.append((NUM, NUM))",
        "t = show(NUM) + NUM",
        "u = NUM\nout.append(u)",
        "u = NUM\nt = k + u",
        "rows[0] = LIST",
    ),
    *("rows.append(LIST)", "out = [NUM for x in LIST]", "t = sum(x + t for x in LIST if x > i)", "t = both(NUM, NUM)"),
    *(
        "b = [y for y in LIST if y != t]",
        "g = (y + t for y in LIST)\nt = NUM\nout.append(list(g))",
        "t = pick(NUM, NUM)",
    ),
    *("out.append(f'{t} {NUM}')", "out.append('%s-%s' % (NUM, NUM))", "if TEST:\n    return NUM, out"),
)
_AROUND = (
    "for i in range(n):\n    BLOCK",
    "for x in LIST:\n    BLOCK\n    out.append(x)\n    if len(out) > 20: break",
    "for x in a:\n    BLOCK\n    out.append(x)\n    if len(out) > 20: break",
    "for j in range(len(a)):\n    BLOCK\n    out.append(j)",
    "for x in LIST:\n    if TEST: continue\n    BLOCK",
    "COUNT = 0\nwhile COUNT < STOP:\n    BLOCK\n    COUNT += 1",
    "if TEST:\n    BLOCK",
    "if TEST:\n    BLOCK\nelse:\n    BLOCK",
    "try:\n    BLOCK\n    t = 6 // i\nexcept ZeroDivisionError:\n    BLOCK",
    "out = []\nfor x in LIST:\n    out.append(NUM)",
    "d = {}\nfor x in LIST:\n    d[NUM] = NUM",
    "c = 0\nfor x in LIST:\n    if x > NUM:\n        c += 1\nout.append(c)",
)
_INNER = (
    "def inner():\n    nonlocal t\n    t += 1\n    return t",
    "def inner():\n    if len(a) < 7: a.append(2)\n    return len(a)",
    "def inner():\n    nonlocal a\n    a = [4, 4, 4]\n    return 1",
    "inner = lambda: t + 1",
    "inner = bump",
)
_START = "t = 1\ni = 0\na = [3, 1]\nb = [5]\nout = []\nrows = [[1], [2]]\nd = {}"
_END = "return out, t, i, a, b, d, rows, k, box"
INPUTS = ("1, [1, 2]", "0, []", "4, [5, 0, 2]")


def program(random: Random) -> str:
    """A program with an entry ``f(n, xs)``, for ``INPUTS``; it ends soon."""
    parts = [_START, random.choice(_INNER), _block(random, 0), _block(random, 0), _END]
    return _HELPERS + "def f(n, xs):\n" + _indented("\n".join(parts)) + "\n"


def _indented(text: str) -> str:
    return "\n".join("    " + line for line in text.splitlines())


def _block(random: Random, depth: int) -> str:
    return "\n".join(_statement(random, depth) for _ in range(random.randint(1, 4)))


def _statement(random: Random, depth: int) -> str:
    if depth == 2 or random.random() < 0.7:
        return _filled(random, random.choice(_SIMPLE))
    lines = []
    for line in random.choice(_AROUND).splitlines():
        if line.strip() == "BLOCK":
            lines.append(_indented(_block(random, depth + 1)))
        else:
            # A loop inside has a counter of its own.
            lines.append(_filled(random, line.replace("COUNT", f"w{depth}")))
    return "\n".join(lines)


def _filled(random: Random, text: str) -> str:
    choices = {"NUM": _NUMBERS, "LIST": _LISTS, "TEST": _TESTS, "STOP": ("n", "3", "len(a)", "n + 1")}
    for word, values in choices.items():
        while word in text:
            text = text.replace(word, random.choice(values), 1)
    return text
