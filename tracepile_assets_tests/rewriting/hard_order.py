"""Programs in which it matters when a name is read, since a call binds it meanwhile, and what a callee may raise."""

PROGRAMS = {
    "inline global rebinding": (
        """
k = 1
def h(x):
    y = bump()
    return x + y
def bump():
    global k
    k = 10
    return 1
def f(n):
    r = h(k)
    return r
""",
        ("1",),
    ),
    "inline global expression": (
        """
k = 1
def h(x):
    return bump() + x
def bump():
    global k
    k = 10
    return 1
def f(n):
    return h(k), k
""",
        ("1",),
    ),
    "inline nonlocal": (
        """
def f(n):
    k = 1
    def bump():
        nonlocal k
        k = 10
        return 1
    def h(x):
        return bump() + x
    return h(k), k
""",
        ("1",),
    ),
    "inline order": (
        """
def h(x, y):
    return y() + x()
def a():
    print("a")
    return 1
def b():
    print("b")
    return 2
def f(n):
    return h(a, b)
""",
        ("1",),
    ),
    "inline unused arg unbound": (
        """
def h(x, y):
    return 1 if x else y
def f(n):
    if n == 0:
        z = 4
    try:
        return h(n, z)
    except NameError:
        return "unbound"
""",
        ("0", "1"),
    ),
    "inline unused arg unbound2": (
        """
def h(x, y):
    return 1 if x else y
def f(n):
    if n == 0:
        z = 4
    return h(n, z)
""",
        ("0", "1"),
    ),
    "inline in lambda": (
        """
def h(x):
    return x * 2
def f(n):
    fs = [lambda: h(i) for i in range(3)]
    return [g() for g in fs]
""",
        ("1",),
    ),
    "inline two-use arg global changed between": (
        """
k = 1
def bump():
    global k
    k += 1
    return k
def h(x):
    return [x, bump(), x]
def f(n):
    return h(k)
""",
        ("1",),
    ),
    "inline helper local arg changed by generator": (
        """
def h(x):
    a = next(it)
    return x + a
def gen():
    global k
    k = 50
    yield 1
k = 2
it = gen()
def f(n):
    v = h(k)
    return v
""",
        ("1",),
    ),
    "map next": (
        """
def f(n):
    its = [iter([1]), iter([]), iter([2])]
    return list(map(next, its))
""",
        ("1",),
    ),
    "map stop in fn": (
        """
def g(i):
    return next(i)
def f(n):
    its = [iter([1]), iter([]), iter([2])]
    return list(map(g, its))
""",
        ("1",),
    ),
    "list gen stop": (
        """
def g(i):
    raise StopIteration
def f(n):
    try:
        return list(g(i) for i in [1, 2])
    except RuntimeError:
        return "runtime"
    except StopIteration:
        return "stop"
""",
        ("1",),
    ),
    "map rebind": (
        """
def g(x):
    global g
    old = g
    g = lambda x: x * 100
    return x
def f(n):
    return list(map(g, [1, 2, 3]))
""",
        ("1",),
    ),
    "nest order global": (
        """
k = 1
def g(n):
    global k
    k = 10
    return n
def f(n):
    a = g(n)
    return k + a
""",
        ("1",),
    ),
    "nest order recv": (
        """
out = [1]
def g(n):
    global out
    out = []
    return n
def f(n):
    a = g(n)
    out.append(a)
    return out
""",
        ("1",),
    ),
    "nest order func": (
        """
def h(x):
    return x + 1
def g(n):
    global h
    h = lambda x: x * 100
    return n
def f(n):
    a = g(n)
    return h(a)
""",
        ("1",),
    ),
    "nest order nonlocal": (
        """
def f(n):
    k = 1
    def g():
        nonlocal k
        k = 5
        return 1
    a = g()
    b = k + a
    return b
""",
        ("1",),
    ),
    "name step func rebinding": (
        """
def h(x):
    return x + 1
def g(n):
    global h
    h = lambda x: x * 100
    return n
def f(n):
    return h(g(n))
""",
        ("1",),
    ),
    "name step recv rebinding": (
        """
q = {1: 2}
def g(n):
    global q
    q = {1: 3}
    return n
def f(n):
    return q.get(g(n))
""",
        ("1",),
    ),
    "inline result finally": (
        """
def f(n):
    try:
        y = n + 1
        return y
    finally:
        print(y)
""",
        ("1",),
    ),
    "extract nonlocal": (
        """
def f(n):
    k = 1
    def g():
        nonlocal k
        k = 5
        return 1
    total = g() + k * 2 + 100
    return total
""",
        ("1",),
    ),
    "extract generator lazily": (
        """
def f(xs):
    k = 1
    big = (x for x in xs if x > k)
    k = 2
    return list(big)
""",
        ("[1, 2, 3]",),
    ),
    "walrus cond": (
        """
def f(xs):
    out = []
    i = 0
    while (m := len(xs)) and i < m:
        xs.pop()
        out.append(m)
        i += 1
    if (k := len(xs)) > 1 and k < 9:
        out.append(k)
    return out
""",
        ("[1, 2, 3, 4, 5, 6]",),
    ),
    "altogether unbound": (
        """
def f(n):
    out = []
    if n:
        b = 2
    try:
        for x in (n, b):
            out.append(x)
    except NameError:
        out.append("unbound")
    return out
""",
        ("0", "1"),
    ),
    "tail recursion with global arg": (
        """
k = 0
def step():
    global k
    k += 1
    return k
def f(n, m=0):
    if n == 0:
        return m, k
    return f(n - 1, k + step())
""",
        ("4",),
    ),
    "fstring order": (
        """
def f(x):
    xs = [x]
    def g():
        xs.append(2)
        return len(xs)
    return f"{xs} {g()}", "{} {}".format(xs, g()), "%s %s" % (xs, g())
""",
        ("1",),
    ),
    "helper called in its own argument": (
        """
def h(x, y):
    return x if x else y
def f(n):
    a = h(h(n, 2), len([n]))
    return a
""",
        ("0", "1"),
    ),
}
