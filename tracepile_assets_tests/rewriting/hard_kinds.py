"""Programs whose values are not what their names or methods suggest."""

PROGRAMS = {
    "entry method": (
        """
class A:
    def f(self, xs):
        out = 0
        for x in xs:
            out += x
        return out
def f(xs):
    return A().f({k: 1 for k in xs}), A().f(set(xs))
""",
        ("[1, 2]",),
    ),
    "entry method int": (
        """
class A:
    def f(self, n):
        n = n
        i = 0
        out = []
        while i < n:
            out.append(i)
            i += 1
        return out
def f(n):
    return A().f(n + 0.5)
""",
        ("2",),
    ),
    "entry recursion other type": (
        """
def f(xs):
    out = 0
    for x in xs:
        out += 1
    if isinstance(xs, list):
        return out + f({5: 1, 6: 2})
    return out
""",
        ("[1]",),
    ),
    "str split user": (
        """
class T:
    def __init__(self, d): self.d = d
    def split(self): return self.d
    def lower(self): return self.d
def f(n):
    t = T({5: 1, 6: 2})
    out = []
    for x in t.split():
        out.append(x)
    w = t.lower()
    for x in w:
        out.append(x)
    return out
""",
        ("1",),
    ),
    "str add user": (
        """
class T:
    def __radd__(self, o): return {1: 2, 3: 4}
    def __rmul__(self, o): return {1: 2, 3: 4}
def f(n):
    out = []
    for x in [1] + T():
        out.append(x)
    for x in [1] * T():
        out.append(x)
    return out
""",
        ("1",),
    ),
    "min float": (
        """
def f(n):
    out = []
    m = abs(n)
    i = 0
    while i < m:
        out.append(i)
        i += 1
    return out
""",
        ("2.5",),
    ),
    "shadow len": (
        """
def len(x):
    return 2
def f(xs):
    out = []
    for x in xs:
        out.append(x)
    i = 0
    while i < len(xs):
        out.append(i)
        i += 1
    return out
""",
        ("[1, 2, 3]",),
    ),
    "mirror user": (
        """
class C:
    def __init__(self, v): self.v = v
    def __lt__(self, o): print("lt", self.v, o.v); return self.v < o.v
    def __gt__(self, o): print("gt", self.v, o.v); return self.v > o.v
def f(n):
    a = C(1)
    b = C(2)
    return a < b
""",
        ("1",),
    ),
    "while unroll": (
        """
def f(n):
    out = []
    while n > 0:
        n -= 1
        if n % 2:
            out.append(n)
    return out
""",
        ("5", "4", "0"),
    ),
    "text of its own in a format": (
        """
class C:
    def __str__(self): return "str"
    def __repr__(self): return "repr"
    def __format__(self, s): return "format" + s
def f(n):
    c = C()
    return f"{c}", "{}".format(c), "%s" % c, f"{c!r}", "a" + str(c) + "b", f"{c!s:>5}"
""",
        ("1",),
    ),
    "default that is changed": (
        """
def g(x, acc=[]):
    acc += [x]
    return acc
def f(n):
    g(1); g(2)
    return g(n)
""",
        ("1",),
    ),
    "names of a class body": (
        """
class C:
    n = 3
    xs = [1, 2, 3]
    total = 0
    for x in xs:
        total += x * n
    n += 1
    y = total if total > 3 else 0
    a, b = n, total
def f(n):
    return C.n, C.total, C.y, C.a, C.b, C.x
""",
        ("1",),
    ),
    "place that moves while a generator waits": (
        """
a = [0, 0]
i = 0
def g():
    a[i] += yield 1
    yield a
def f(n):
    global i
    it = g(); next(it)
    i = 1
    return it.send(4)
""",
        ("1",),
    ),
}
