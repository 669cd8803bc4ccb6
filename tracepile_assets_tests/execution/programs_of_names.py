"""Small programs whose classes and attributes are called what a recorder can mistake for something else, by name."""

NAMES = {
    "classes called like builtin containers": """
        class deque:
            def __init__(self):
                self.items = []
                self.size = 0
            def push(self, x):
                self.items.append(x)
                self.size += 1
        class set:
            pass
        class bytearray(bytes):
            pass
        class opaque(str):
            pass
        class list(list):
            pass
        class dict(dict):
            pass
        def f():
            d = deque()
            d.push(3)
            s = set()
            s.x = d
            b, o = bytearray(b'x'), opaque('x')
            b.note = o
            l, m = list(), dict()
            l.append(m)
            m[1] = l
            l.extra = 5
            return d, s, b, o, l, m
        """,
    "classes called like builtin values": """
        class range:
            def __init__(self, n):
                self.n = n
        class Fraction(Exception):
            pass
        class frozenset(set):
            pass
        class slice(tuple):
            pass
        class Decimal(str):
            pass
        def f():
            r, s, t, d = range(3), frozenset([1, 2]), slice((1, 2, 3)), Decimal('1.5')
            r.n = Fraction(1, 2)
            s.add(r)
            s.discard(1)
            return r, s, t, d
        """,
    "classes with any name": """
        def f():
            made = []
            for name in ['class', 'class x', 'a), opaque(b', 'inf', 'nan', 'Ellipsis', 'None', '', "it's", '1', 'x=1']:
                for base in (object, list, ValueError):
                    kind = type(name, (base,), {'__module__': __name__})
                    made.append(kind())
                    made[-1].x = made[-1]
                kind.shared = name
                made.append(kind)
            return made
        """,
    "attributes with any name": """
        class A:
            pass
        def odd():
            a = A()
            a.__dict__.update({'x=1, y': 2, '': 3, 'b[0]': [4], 'inf': 5, 'nan': 6, 'Ellipsis': 7, 'it\\'s': 8})
            return a
        def f():
            a = odd()
            for name in ['inf', 'x=1, y', '', 'a b', 'b[0]', '\\ud800', '#0', 'f0.x', 'new\\nline']:
                setattr(a, name, [name])
                setattr(A, name, 1)
            getattr(a, '').append(a)
            delattr(a, 'x=1, y')
            delattr(a, 'inf')
            return a
        """,
    "names in the body of a class": """
        def f():
            class A:
                for name in ['x y', '', 'a=1', "it's"]:
                    locals()[name] = [name]
                    name = locals()[name]
                    del locals()[name[0]]
                    locals()[name[0]] = 2
                del name
            return A.__dict__['x y']
        """,
    "named tuples with any field": """
        class T(tuple):
            _fields = ('x=1, y', 'a b')
        class U(tuple):
            _fields = ('a', 'a')
        def f():
            t = T((1, [2]))
            u = U(([3], 4))
            t[1].append(u)
            return t
        """,
    "slots of one name": """
        class A:
            __slots__ = ('a', 'b')
        class B(A):
            __slots__ = ('a',)
        class C(A):
            __slots__ = ('__dict__',)
        def f():
            o = B()
            A.a.__set__(o, 1)
            o.a = 2
            o.b = o.a
            o.a = [3]
            del o.a
            A.a.__set__(o, 4)
            c = C()
            c.__dict__['a'] = 5
            c.a = 6
            c.__dict__['a'] = 7
            c.c = c.a
            return o, c
        """,
}
