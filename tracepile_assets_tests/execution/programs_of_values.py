"""Small programs with something in their values that a recorder can get wrong, by name."""

VALUES = {
    "aliasing": """
        def callee(z):
            z[0][1] = 99
            z.append([5])
        def f():
            a = [[1, 2], [3]]
            b = a
            c = a[0]
            b[1].append(7)
            c[0] = 42
            callee(a)
            d = {'k': a}
            d['k'][0][0] = -1
            e = [a, a]
            g = [[0], [0]]
            return a
        """,
    "shared rows": """
        def f():
            m = [[0] * 3] * 2
            m[0][1] = 5
            n = [[0] * 3 for _ in range(2)]
            n[0][1] = 5
            return m, n
        """,
    "dicts": """
        def f():
            d = {'a': 1, 'b': 2, 'c': 3}
            d['a'] += 1
            d['a'] = d.pop('a')
            d.pop('b'); d['b'] = 9
            d.update(z=1, a=0)
            del d['c']
            d.setdefault('q', []).append(1)
            e = dict(reversed(list(d.items())))
            d.clear()
            k = {(1, 2): 'x', None: 2, True: 3}
            k[1] = 4
            return d, e
        """,
    "lists": """
        def f():
            l = [3, 1, 2]
            l.sort()
            l.reverse()
            l[1:2] = [7, 7]
            l *= 2
            del l[0]
            l.insert(2, 'x')
            l[::2] = [0, 0, 0, 0]
            l.extend(range(3))
            l.pop(); l.pop(0)
            l[:] = []
            l += [1]
            m = l
            l = l + [2]
            a, (b, *c), d = 1, (2, 3, 4), [5]
            return l, m
        """,
    "sets": """
        def f():
            s = set()
            for i in (8, 0, 16, 1):
                s.add(i)
            s.discard(8)
            s.add(8)
            w = {'b', 'a'}
            w |= {'c'}
            t = s
            t &= {0, 1}
            s ^= {0, 99}
            u = frozenset(s)
            v = {u, (1, 2), None}
            return s, w
        """,
    "collections": """
        from collections import Counter, OrderedDict, defaultdict, deque
        def f():
            c = Counter('abca')
            c['z'] += 2
            c.subtract('a')
            dd = defaultdict(list)
            dd['x'].append(1)
            q = dd['new']
            od = OrderedDict(a=1, b=2)
            od.move_to_end('a')
            d = deque([1, 2, 3], maxlen=3)
            d.append(4)
            d.appendleft(0)
            d.rotate(1)
            e = deque()
            e.append([1]); e.popleft()
            return list(c)
        """,
    "cycles": """
        def f():
            a = [1]
            a.append(a)
            d = {}
            d['me'] = d
            t = ([],)
            t[0].append(t)
            a.append(2)
            return len(a)
        """,
    "atoms": """
        def f():
            x = 1
            x = True
            x = 1.0
            k = 1000
            k = 10 ** 3
            n = float('nan')
            z = -0.0
            z = 0.0
            i = float('inf')
            big = 2 ** 200
            s = "it's \\"q\\" \\n \\u00e9 \\U0001F600 \\ud800 #1 f0.x"
            b = b'\\x00\\xff#2'
            ba = bytearray(b'ab')
            ba[0] = 122
            ba += b'cd'
            e = ()
            one = (1,)
            fs = frozenset({3, 1, 2})
            c = 1 + 2j
            r = range(1, 9, 2)
            sl = slice(None, 3)
            el = ...
            return x
        """,
    "methods of builtin types called past the own ones": """
        class Oops(Exception):
            def __init__(self, code, extra):
                before = self.args
                super().__init__(code)
                self.extra = extra
        class Wary:
            def __setattr__(self, name, value):
                object.__setattr__(self, name, [value])
                self.__dict__[name].append(0)
        class Bag(list):
            def __init__(self, items):
                super().__init__(items)
                n = len(self)
            def append(self, item):
                super().append(item)
                list.append(self, item)
        def f():
            e = Oops(3, 4)
            w = Wary()
            w.x = 1
            w.x = 2
            b = Bag([1])
            b.append(2)
            return e.args, w.x, len(b)
        """,
    "objects": """
        from dataclasses import dataclass
        class Node:
            def __init__(self, v, nxt=None):
                self.v = v
                self.nxt = nxt
        @dataclass
        class P:
            x: int
            y: int = 0
            def move(self, d):
                self.x += d
                return self
        class L(list):
            pass
        def f():
            n = Node(1, Node(2))
            n.nxt.v = 10
            n.nxt.nxt = n
            p = P(1)
            p.move(3)
            del p.y
            p.extra = [1]
            l = L([1])
            l.append(2)
            l.tag = 't'
            return p.x
        """,
    "NaNs that are told apart by identity alone": """
        from decimal import Decimal
        def f():
            a, b, c = float('nan'), float('nan'), float('nan')
            s = {1, a}
            s.add(b)
            s.discard(a)
            s.add((a, 1))
            s.add((b, 1))
            s.add('banana')
            s -= {(a, 1)}
            d = {a: 1, 2: 3}
            d[a] = 5
            d[b] = 6
            d[a] = 7
            d[2] = 9
            d[a], d[b] = 8, 9
            d[(a,)] = 1
            d[(b,)] = 1
            d[(a,)] = 2
            d['nan'] = 1
            d['nan'] = 2
            z = complex('nan')
            y = {z}
            y.add(complex('nan'))
            y.add(complex('nan'))
            y.add(Decimal('NaN'))
            y.add(Decimal('NaN'))
            k = frozenset([a, b, 1])
            s.add(k)
            s.add(frozenset([a, c, 1]))
            del d[a]
            s.clear()
            return len(d)
    """,
    "long lists": """
        def f():
            l = list(range(60))
            l[0] = -1
            l[59] = 10 ** 40
            l[59] = 10 ** 40 + 0
            l[30] = True
            l[31], l[2], l[58] = 1, [4], 'x'
            l[2].append(5)
            l[30] = 1
            l.reverse()
            l.append(7)
            l[60] = 8
            l.pop()
            l.pop(0)
            del l[20]
            l[10:12] = [0, 0]
            l[10:12] = []
            l.sort(key=str)
            l[:] = l
            l[5] = l
            l *= 2
            l[3] = None
            del l[50:]
            l[49] = (1, 2)
            l.clear()
            return len(l)
    """,
    "brief parts": """
        from collections import deque
        def f():
            s = {3, 1}
            s.add(2 ** 70)
            s ^= {1, 7}
            s = {1}
            s.symmetric_difference_update({1, True + 1}); s.add(True)
            t = {'b', "it's"}
            t.update(['nan', 'a'])
            t -= {'b', 'a'}
            t.add(1)
            d = {}
            d['a'] = 1
            d[1, 2] = (1, 'x')
            d['nan', 1] = 0
            d[5], d['a'] = [], 3
            d[5].append(d)
            d['long'] = 'y' * 300
            d['long' * 40] = 1.5
            d['b'] = d.pop('a')
            del d[5]
            q = deque([1, 1, 2, (3,)])
            q.popleft()
            q.popleft()
            q.append([q])
            q.rotate(1)
            q.popleft()
            q.pop()
            q.popleft()
            return s, t
    """,
    "keys that change": """
        class K:
            def __init__(self, n):
                self.n = n
            def __hash__(self):
                return 1
            def __eq__(self, other):
                return self.n == other.n
        def f():
            k = K(1)
            d = {k: 'a'}
            k.n = 2
            d[K(1)] = 'b'
            d[K(2)] = 'c'
            d[k] = 'd'
            k.n = 1
            d[k] = 'e'
            del d[K(1)]
            return len(d)
        """,
    "names that come and go": """
        def f(a=3, *b, c=1, **d):
            try:
                raise ValueError(a)
            except ValueError as e:
                g = e
            e = g
            del g
            def inner():
                nonlocal a, h
                a, h = h, a
                return e
            h = 2
            inner()
            del h
            b, c = c, b
            a = [a for a in range(3)]
            d['x'] = [lambda: z for z in range(2)][0]()
            del a, b
            return c
    """,
    "keys and elements that read like a NaN": """
        def f():
            from decimal import Decimal
            words = [('nan', 1), (1, b'nan'), ('NaN',), ("'nan", '\\\\'), ("Decimal('NaN')", "it's"), ('a', ('nan',))]
            words += [frozenset({'nan'}), "Decimal('NaN')", (Decimal(1), 'nan')]
            numbers = [float('nan'), (1, float('nan')), (Decimal('NaN'), "x'"), complex(0, float('nan'))]
            numbers.append(("'", Decimal('-sNaN7')))
            d = dict.fromkeys(words + numbers[:2], 0)
            s = {1, 2, *words}
            for word in words:
                d[word] = [len(d)]
                s.remove(word)
                s.add((word, 5))
            for number in numbers:
                d[number] = 1
                d[number] = 2
                s.add(number) if number == number else None
            return len(d)
    """,
}
