"""Programs that assign in ways that are easily written out wrongly: to places that move, to lists with other names."""

PROGRAMS = {
    "aug sub rebinding global": (
        """
i = 0
a = [1, 10]
def g():
    global i
    i = 1
    return 5
def f(n):
    a[i] += g()
    return a
""",
        ("1",),
    ),
    "aug sub rebinding nonlocal": (
        """
def f(n):
    i = 0
    a = [1, 10]
    def g():
        nonlocal i
        i = 1
        return 5
    a[i] += g()
    return a
""",
        ("1",),
    ),
    "aug sub rebinding a": (
        """
a = [1, 10]
def g():
    global a
    a = [100]
    return 5
def f(n):
    b = a
    a[0] += g()
    return a, b
""",
        ("1",),
    ),
    "aug attr": (
        """
class C:
    pass
def f(n):
    c = C()
    c.x = 1
    d = c
    def g():
        nonlocal c
        c = C()
        c.x = 5
        return 2
    c.x += g()
    return c.x, d.x
""",
        ("1",),
    ),
    "aug walrus": (
        """
def f(n):
    i = 0
    a = [1, 10]
    a[i] += (i := 1)
    return a
""",
        ("1",),
    ),
    "aug list prop": (
        """
class C:
    def __init__(self): self.n = 0; self.v = 3
    @property
    def x(self):
        self.n += 1
        return self
def f(n):
    c = C()
    c.x.v += 1
    return c.n
""",
        ("1",),
    ),
    "split sees": (
        """
a = 0
def g():
    return a
def f(n):
    global a
    a, b = n, g()
    return a, b
""",
        ("5",),
    ),
    "split try": (
        """
def f(n):
    a = 7
    try:
        a, b = 1, 1 // n
    except ZeroDivisionError:
        pass
    return a
""",
        ("0", "1"),
    ),
    "split closure": (
        """
def f(n):
    a = 7
    def g():
        return a
    a, b = 1, g()
    return a, b
""",
        ("1",),
    ),
    "plain aug rebinding": (
        """
i = 0
a = [1, 10]
def g():
    global i
    i = 1
    return 5.0
def f(n):
    a[i] = a[i] - int(g())
    return a
""",
        ("1",),
    ),
    "plain aug div": (
        """
i = 0
a = [1, 10]
def g():
    global i
    i = 1
    return 5
def f(n):
    a[i] = a[i] // g()
    return a
""",
        ("1",),
    ),
    "comp reads target through fn": (
        """
xs = [1]
def g():
    return len(xs)
def f(n):
    global xs
    xs = [g() for _ in range(3)]
    return xs
""",
        ("1",),
    ),
    "comp reads target closure": (
        """
def f(n):
    xs = [1, 2]
    def g():
        return len(xs)
    xs = [g() for _ in range(3)]
    return xs
""",
        ("1",),
    ),
    "comp module closure": (
        """
xs = [3]
def g(v):
    return v + len(xs)
xs = [g(v) for v in range(3)]
def f(n):
    return xs
""",
        ("1",),
    ),
    "dict loop order": (
        """
def f(n):
    q = [3, 4, 5]
    d = {}
    for _ in range(3):
        d[len(q)] = q.pop()
    return d
""",
        ("1",),
    ),
    "dict loop order global": (
        """
k = 0
def bump():
    global k
    k += 1
    return k
def f(n):
    d = {}
    for _ in range(3):
        d[k] = bump()
    return d
""",
        ("1",),
    ),
    "aug list alias": (
        """
def f(n):
    a = [1]
    b = a
    c = [2]
    a += c
    return a, b
""",
        ("1",),
    ),
    "aug list alias param": (
        """
def f(a, b):
    a += b
    return a
""",
        ("[1], [2]",),
    ),
    "aug list self attr": (
        """
def f(xs):
    out = []
    rows = [out]
    out += xs
    return rows
""",
        ("[1]",),
    ),
    "aug generator rhs": (
        """
def f(xs):
    out = []
    out += (x for x in xs)
    return out
""",
        ("[1]",),
    ),
    "aug string rhs to list": (
        """
def f(xs):
    out = []
    out += "abc"
    return out
""",
        ("[1]",),
    ),
    "aug set": (
        """
def f(n):
    s = {1}
    t = s
    s |= {2, n}
    u = set([4])
    s |= u
    return s, t
""",
        ("1",),
    ),
    "aug mul list": (
        """
def f(n):
    s = [1]
    t = s
    s *= 2
    return s, t
""",
        ("1",),
    ),
    "aug dict": (
        """
def f(n):
    d = {}
    e = d
    d |= dict(a=n)
    return d, e
""",
        ("1",),
    ),
    "aug counter": (
        """
from collections import Counter
def f(s):
    d = Counter(s)
    e = d
    d += Counter("ab")
    d -= Counter("a")
    return d, e
""",
        ("'ab'",),
    ),
    "aug defaultdict list": (
        """
from collections import defaultdict
def f(s):
    d = defaultdict(list)
    x = d[1]
    d[1] += s
    return x
""",
        ("[1]",),
    ),
    "aug user class": (
        """
class V:
    def __init__(self, x): self.x = x
    def __iadd__(self, o): self.x += o; return self
    def __add__(self, o): return V(self.x - o)
def f(n):
    v = V(n)
    v += 3
    return v.x
""",
        ("1",),
    ),
    "aug deque": (
        """
from collections import deque
def f(n):
    v = deque([1])
    w = v
    v += (3, n)
    return list(v), list(w)
""",
        ("1",),
    ),
    "aug numpy": (
        """
import array
def f(n):
    v = array.array('i', [1])
    w = v
    v *= 2
    return list(v), list(w)
""",
        ("1",),
    ),
    "aug fallback": (
        """
def f(xs):
    t = ()
    t += tuple(xs)
    s = ""
    s += "x"
    return t, s
""",
        ("[1]",),
    ),
    "dp": (
        """
def f(n):
    dp = [0] * (n + 1)
    dp[0] = 1
    for i in range(1, n + 1):
        dp[i] += dp[i - 1] * 2
    return dp[n]
""",
        ("3",),
    ),
    "dp of lists": (
        """
def f(n):
    dp = [[] for _ in range(n)]
    last = dp[0]
    dp[0] += [n] * 2
    return dp, last
""",
        ("3",),
    ),
}
