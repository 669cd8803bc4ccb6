"""Small programs, each with something in it that a recorder can get wrong: (name, code, entry point, arguments)."""

from textwrap import dedent

_RAW = {
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
    "closures": """
        def counter():
            n = 0
            log = []
            def inc(k=1):
                nonlocal n
                n += k
                log.append(n)
                return n
            def get():
                return n
            return inc, get
        def f():
            inc, get = counter()
            inc()
            inc(5)
            fs = [lambda v=v: v + get() for v in range(2)]
            t = [g() for g in fs]
            def rec(m):
                return 1 if m <= 0 else m * rec(m - 1)
            total = 0
            def add(v):
                nonlocal total
                total += v
            for i in range(3):
                add(i)
                x = total
            return t, rec(3), total
        """,
    "comprehensions": """
        def f():
            i = 'outer'
            a = [i for i in range(3)]
            b = {i: j for i in range(2) for j in range(2)}
            c = [
                x * y
                for x in a
                for y in a
                if x != y
            ]
            h = [lambda: z for z in range(2)]
            g = [k() for k in h]
            s = sum(q for q in a if q)
            w = [y := v for v in a]
            m = [[r * k for k in a] for r in a]
            return a, b, c, g, i, y
        """,
    "exceptions": """
        def inner(n):
            try:
                if n == 0:
                    raise KeyError('k')
                return 1 / (n - 1)
            except KeyError as e:
                n = -1
                raise ValueError('v') from e
            finally:
                z = 5
        def swallow():
            try:
                return 1
            finally:
                return 2
        def f():
            r = []
            for k in (0, 1, 2):
                try:
                    r.append(inner(k))
                except ValueError as e:
                    r.append('V')
                except ZeroDivisionError:
                    r.append('Z')
                else:
                    r.append('E')
            try:
                next(iter([]))
            except StopIteration:
                r.append('S')
            d = {}
            try:
                try:
                    d['missing']
                finally:
                    r.append('F')
            except (KeyError, IndexError):
                pass
            try:
                try:
                    1 / 0
                except ZeroDivisionError:
                    raise
            except ArithmeticError:
                r.append('again')
            return r, swallow()
        """,
    "generators": """
        def gen(n):
            x = 0
            try:
                for i in range(n):
                    x += i
                    r = yield x
                    if r: x = r
            finally:
                y = 'done'
        def sub(n):
            v = yield from gen(n)
            return v
        def f():
            out = []
            g = sub(4)
            out.append(next(g))
            out.append(g.send(100))
            for v in g:
                out.append(v)
            h = gen(3)
            next(h)
            h.close()
            t = gen(2)
            next(t)
            try:
                t.throw(ValueError('in'))
            except ValueError:
                out.append('T')
            k = (q * q for q in range(3))
            s = sum(k)
            return out, s
        """,
    "one-liners": """
        def deco(fn):
            def w(*a, **k):
                return fn(*a, **k)
            return w
        @deco
        def add(
            a,
            b=2,
        ):
            return (
                a +
                b
            )
        def f():
            x = add(
                1,
                b=3,
            )
            y = [
                x,
                x + 1,
            ]; z = 5
            if (x >
                2 and
                    z):
                w = 1
            while z: z -= 1
            for i in range(3): x += i
            del w
            try: w
            except UnboundLocalError: w = 0
            if (n := len(y)) > 1: pass
            while True:
                n += 1
                if n > 4: break
            else:
                n = 0
            for i in []: pass
            else: n = 7
            assert n
            x = y = []
            x.append(1)
            return x, y, z, w, n
        """,
    "match": """
        class Point:
            __match_args__ = ('x', 'y')
            def __init__(self, x, y):
                self.x = x; self.y = y
        def kind(v):
            match v:
                case 0:
                    return 'zero'
                case [a, b]:
                    q = a
                case {'k': k, **rest}:
                    q = k
                case Point(x, y) if x == y:
                    q = x
                case str() | bytes():
                    q = 's'
                case _:
                    q = None
            return q
        def f():
            return [kind(v) for v in (0, [1, 2], {'k': 3, 'z': 4}, Point(5, 5), 'x', 2.5)]
        """,
    "context managers": """
        from contextlib import contextmanager, suppress
        class CM:
            def __init__(self, n): self.n = n
            def __enter__(self):
                self.n += 1
                return self
            def __exit__(self, *a):
                self.n += 10
                return True
        @contextmanager
        def managed(log):
            log.append('in')
            try:
                yield log
            finally:
                log.append('out')
        def f():
            log = []
            with CM(1) as c, managed(log) as m:
                c.n += 100
                m.append('body')
                raise ValueError('swallowed')
            with suppress(KeyError):
                {}['x']
            return c.n, log
        """,
    "globals": """
        count = 0
        seen = []
        LIMIT = 3
        unused = 5
        def bump(v):
            global count, fresh
            count += 1
            fresh = v
            seen.append(v)
        def f():
            for v in 'abc':
                if count < LIMIT:
                    bump(v)
            return count, seen
        """,
    "class bodies": """
        def f(n):
            class A:
                k = n
                ks = [k]
                def m(self):
                    return self.k
                for i in range(2):
                    ks.append(i)
            class B(A):
                k = A.k + 1
            a = B()
            a.ks.append('x')
            return a.m(), A.ks
        """,
    "sorting": """
        def f():
            words = ['pear', 'fig', 'apple']
            words.sort(key=lambda w: (len(w), w))
            by = sorted(words, key=len, reverse=True)
            pairs = sorted({'b': 1, 'a': 2}.items(), key=lambda p: p[1])
            best = max(words, key=lambda w: w[-1])
            return words, by, pairs, best
        """,
    "hidden mutation": """
        from functools import partial
        from itertools import islice
        def f():
            out = []
            push = out.append
            push(1)
            add = partial(out.append, 2)
            add()
            for _ in map(out.append, [3, 4]):
                pass
            list(map(out.append, [5]))
            it = iter([7, 8, 9])
            a = next(it)
            rest = list(islice(it, 1))
            box = [out, [0]]
            box[1][0], box[0][0] = box[0][0], box[1][0]
            for box[1][0] in range(2):
                pass
            d = {}
            for d['k'] in (1, 2):
                pass
            x = [0]
            y = x
            x += [1]
            x = x * 2
            return out, d, y
        """,
}
PROGRAMS = [
    (name, dedent(code).strip() + "\n", "f", "3" if name == "class bodies" else "") for name, code in _RAW.items()
]
