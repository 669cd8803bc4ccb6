"""Small programs with something in their control flow that a recorder can get wrong, by name."""

CONTROL = {
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
