"""Programs whose values are not what their names or methods suggest."""

PROGRAMS = {
    "equality that contradicts itself": (
        """
class T:
    def __init__(self, n): self.n = n
    def __eq__(self, other): return self.n == other.n
    def __ne__(self, other): return False
def f(n):
    out = []
    a, b = T(n), T(2)
    if a == b:
        out.append("equal")
    else:
        out.append("not equal")
    if a != b:
        out.append("unequal")
    else:
        out.append("not unequal")
    if not (a == b and n):
        out.append("left")
    while a == b:
        out.append("round")
        a.n += 1
    while a != b:
        out.append("never")
    return out
""",
        ("1", "2", "3"),
    ),
    "equality of a subclass": (
        """
class L(list):
    def __eq__(self, other): return len(self) == len(other)
def g(n, a):
    if a == L([3, 4]):
        return n
    return g(n + 1, L([*a, 0]))
def f(n):
    xs = L([1] * n)
    for each in (L([1, 2]), L([5])):
        if each == xs:
            return True
    return (xs == L([7, 8])), g(0, L())
""",
        ("0", "1", "2"),
    ),
    "equality that is assigned": (
        """
def same(one, other):
    return one is other
class T:
    __ne__ = same
def f(n):
    a, b = T(), T()
    if a == b:
        return 1
    elif a != b:
        return 2
    else:
        return 3
""",
        ("1",),
    ),
    "comparisons that give no truth": (
        """
class T:
    def __init__(self, n): self.n = n
    def __lt__(self, other): return [self.n, other.n]
    def __eq__(self, other): return self.n and "same"
def f(n):
    a, b = T(n), T(2)
    return a < b and b < a, a == b or b == a, not (a == b and b < a)
""",
        ("0", "2"),
    ),
    "two ways to raise": (
        """
class N:
    def __init__(self): self.next = None
def f(n):
    xs, out, node = [1, 2], [], N()
    for i in range(4):
        try:
            out.append(xs[i] < n / (i - 3))
        except Exception as error:
            out.append(type(error).__name__)
        try:
            out.append(xs[i] == node.next.next)
        except Exception as error:
            out.append(type(error).__name__)
        try:
            out.append(xs[n % (i - 3)] >= xs[i])
        except Exception as error:
            out.append(type(error).__name__)
    return out
""",
        ("0", "5"),
    ),
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
    "float that only a call makes and an integer format cuts": (
        """
def f(n):
    return "%d of %i" % (float(n), float(n))
""",
        ("'2.7'", "3"),
    ),
    "float that only an input holds and an integer format cuts": (
        """
def f(xs):
    return "%d, %5d" % (xs[0], xs[1])
""",
        ("[2.5, 1]", "[3, -0.5]"),
    ),
    "expressions that begin with a brace or hold a colon, in a text": (
        """
def f(n):
    a = "{}".format({1: 2, n: 3}[1])
    b = "{}-{:>4}".format({n}.pop(), {k for k in (n,)} | {0})if 0 else "{}".format({0} | {n})
    c = "{}".format(n and (lambda: n)()), "{!r:>8}".format([lambda: 1, n][1])
    d = "%s" % ({n: 1}[n],) + "%d" % {1: n}[1]
    return a, b, c, d, "{}".format({n: 1}.get(n) or {}), "{}".format((n or (lambda: 1)))
""",
        ("1", "4"),
    ),
    "end of a range that is now and then no integer": (
        """
def f(n):
    if n > 1000:
        n = n / 2
    out = []
    for i in range(n):
        if i > 3:
            break
        out.append(i)
    return out
""",
        ("3", "5000", "0"),
    ),
    "start of a range that is now and then a truth": (
        """
def f(n):
    start = True if n > 500 else 0
    out = []
    for i in range(start, 4):
        out.append(i)
    last = n > 2
    for last in range(last):
        out.append(last)
    return out, last
""",
        ("3", "900"),
    ),
    "steps of nothing and of both signs": (
        """
def f(a, b, c):
    out = []
    for i in range(a, b, c):
        out.append(i)
        if i == 5:
            continue
        c = 7
    for i in range(a, b, 0 * c):
        out.append(i)
    return out
""",
        ("1, 9, 2", "9, 1, -2", "5, 5, 0", "1, 9, 0"),
    ),
    "numbers that only range takes for some": (
        """
class I:
    def __init__(self, v): self.v = v
    def __index__(self):
        print("asked")
        return self.v
def f(n):
    out = []
    for i in range(I(1), I(n), I(2)):
        out.append(i)
    for i in range(I(n)):
        out.append(i)
    return out, i
""",
        ("3", "1"),
    ),
    "range that raises before it begins": (
        """
def f(n):
    i = 7
    try:
        for i in range(n / 2):
            n = i
    except TypeError:
        pass
    try:
        for i in range("4" if n == 3 else n):
            pass
    except TypeError:
        return i
    return n, i
""",
        ("3", "4"),
    ),
    "range longer than any list": (
        """
def f(n):
    out = []
    for i in range(n, n * (10 ** 30)):
        out.append(i)
        if i > n + 2:
            break
    for i in range(10 ** 30 if n else 2):
        if i > 2:
            return out, i
""",
        ("3", "0"),
    ),
}
