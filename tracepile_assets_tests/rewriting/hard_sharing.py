"""Programs that go through lists that other names, callees or the caller of a generator reach too."""

PROGRAMS = {
    "for alias": (
        """
def f(n):
    a = [1, 2]
    b = a
    out = []
    for x in a:
        if len(b) < 5:
            b.append(x)
        out.append(x)
    return out
""",
        ("1",),
    ),
    "for alias del": (
        """
def f(n):
    a = [1, 2, 3, 4]
    b = a
    out = []
    for x in a:
        out.append(x)
        b.pop()
    return out
""",
        ("1",),
    ),
    "for alias via callee": (
        """
def grow(q):
    if len(q) < 5:
        q.append(9)
def f(n):
    a = [1, 2]
    c = [a]
    out = []
    for x in a:
        grow(c[0])
        out.append(x)
    return out
""",
        ("1",),
    ),
    "for alias aug": (
        """
def f(n):
    a = [1, 2]
    b = a
    out = []
    for i in range(len(a)):
        b += [3]
        out.append(i)
    return out
""",
        ("1",),
    ),
    "for len alias": (
        """
def f(n):
    a = [1, 2]
    b = a
    out = []
    for i in range(len(a)):
        b.append(3)
        out.append(i)
        if i > 10: break
    return out
""",
        ("1",),
    ),
    "for len alias pop": (
        """
def f(n):
    a = [1, 2, 3]
    b = a
    out = []
    for i in range(len(a)):
        b.pop()
        out.append(i)
    return out
""",
        ("1",),
    ),
    "for len param alias": (
        """
def f(a, b):
    out = []
    for i in range(len(a)):
        b.append(3)
        out.append(i)
        if i > 10: break
    return out
def main(n):
    x = [1, 2]
    return f(x, x)
f2 = f
def f(n):
    x = [1, 2]
    return f2(x, x)
""",
        ("1",),
    ),
    "for len global list callee": (
        """
a = [1, 2]
def grow():
    a.append(3)
def f(n):
    out = []
    for i in range(len(a)):
        grow()
        out.append(i)
        if i > 10: break
    return out
""",
        ("1",),
    ),
    "for global list callee": (
        """
a = [1, 2]
def shrink():
    a.pop()
def f(n):
    out = []
    for x in a:
        shrink()
        out.append(x)
    return out
""",
        ("1",),
    ),
    "each to index alias": (
        """
def f(n):
    a = [1, 2]
    b = a
    out = []
    for x in a:
        out.append(x)
        if len(b) < 4:
            b.append(7)
    return out
""",
        ("1",),
    ),
    "each to index insert alias": (
        """
def f(n):
    a = [1, 2, 3]
    b = a
    out = []
    for x in a:
        out.append(x)
        if len(out) == 1:
            b.remove(x)
    return out
""",
        ("1",),
    ),
    "generator outer rebinding": (
        """
def f(n):
    xs = [1, 2, 3]
    def each():
        for x in xs:
            yield x
    out = []
    for v in each():
        xs = [9, 9, 9, 9]
        out.append(v)
    return out
""",
        ("1",),
    ),
    "generator range outer": (
        """
def f(n):
    m = 3
    def each():
        for x in range(m):
            yield x
    out = []
    for v in each():
        m = 6
        out.append(v)
    return out
""",
        ("1",),
    ),
    "generator module var": (
        """
m = 3
def each():
    for x in range(m):
        yield x
out = []
for v in each():
    m = 6
    out.append(v)
def f(n):
    return out
""",
        ("1",),
    ),
    "seq annotated self": (
        """
class Q:
    def __init__(self, xs):
        self.xs = xs
    def shrink(self):
        self.xs.pop()
    def walk(self, xs: list):
        out = []
        for x in xs:
            self.shrink()
            out.append(x)
        return out
def f(n):
    q = Q([1, 2, 3, 4])
    return q.walk(q.xs)
""",
        ("1",),
    ),
    "entry alias via global": (
        """
keep = []
def f(xs):
    keep.append(xs)
    out = []
    for x in xs:
        keep[0].pop()
        out.append(x)
    return out
""",
        ("[1, 2, 3, 4]",),
    ),
    "entry alias default": (
        """
def f(xs, ys=None):
    ys = ys or xs
    out = []
    for x in xs:
        ys.pop()
        out.append(x)
    return out
""",
        ("[1, 2, 3, 4]",),
    ),
    "while_to_for alias": (
        """
def f(n):
    a = [1, 2, 3]
    b = a
    out = []
    i = 0
    while i < len(a):
        b.pop()
        out.append(i)
        i += 1
    return out
""",
        ("3",),
    ),
    "while_to_for global": (
        """
a = [1, 2, 3]
def g():
    a.pop()
def f(n):
    out = []
    i = 0
    while i < len(a):
        g()
        out.append(i)
        i += 1
    return out
""",
        ("3",),
    ),
}
