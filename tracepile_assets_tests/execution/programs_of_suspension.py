"""Small programs in which a generator is suspended and resumed in the middle of something, by name.

Where one yields inside ``try`` or ``with`` nothing may be kept alive: objects are recognised by other means, which must
not lose them.
"""

_CAREFUL = """
        def careful():
            try:
                yield 1
            finally:
                pass
"""

SUSPENSION = {
    "a cell is bound anew while a generator waits": """
        def f():
            x = [1]
            def inner():
                x.append(1)
                got = yield
                y = got
                yield
            g = inner()
            next(g)
            g.send(x := [2])
            u = 0
            return u
        """,
    "work between being resumed and the next statement": """
        def gen(out):
            out.append((yield 1))
            print((yield 2), 'in gen')
            k = (yield out) or [7]
            yield k
        def f():
            out = []
            g = gen(out)
            print('before', end=' '); next(g)
            print('a', end=' '); g.send(5); print('b')
            g.send('sent')
            last = next(g)
            s = sum(z * z for z in out)
            return out, last, s
        """,
    "a generator closed in the middle of a statement that writes": """
        def gen():
            yield 1
        def f():
            g = gen()
            next(g)
            x = [print('a'), g.close(), print('b')]
            return x
        """,
    "a generator expression beside a comprehension with the same variable": """
        def g(v):
            return v + 1
        def f():
            xs = [3, 4]
            t = sum(g(z) for z in [z for z in xs])
            z = 5
            u = [g(z) for z in xs] + [k(z) for k in [lambda w: w]]
            return t, u
        """,
    "deleted variables": _CAREFUL
    + """
        def f():
            xs = [[1]]
            gone = xs
            del gone
            try:
                {}[[]]
            except TypeError as error:
                ys = [error]
            class K:
                parts = [xs]
                del parts
            return xs, list(careful())
        """,
    "named tuples that stay as they are": """
        from collections import namedtuple
        Point = namedtuple('Point', 'x y')
        def f():
            p = Point(1, [2])
        """
    + _CAREFUL.replace("\n    ", "\n        ")
    + """
            q = p
            p.y.append(3)
            for v in careful():
                w = v
            p = p._replace(x=5)
            return p, q
        """,
    "an exception on its way through several frames": _CAREFUL
    + """
        from contextlib import suppress
        class Guard:
            def __enter__(self):
                return self
            def __exit__(self, kind, error, where):
                return False
        def g():
            with suppress(ValueError), Guard() as guard:
                try:
                    raise ZeroDivisionError('z')
                except ZeroDivisionError as error:
                    held = [error]
                    raise
                finally:
                    x = 1
        def f():
            try:
                g()
            except Exception as error:
                y = error
            return y.args
        """,
    "an exception thrown through a delegation": """
        def inner(n):
            while True:
                try:
                    n = yield n
                except KeyError:
                    n = -1
        def outer():
            try:
                yield from inner(1)
            except ValueError:
                got = yield 'caught'
                yield got
        def f():
            g = outer()
            a = [next(g), g.send(5), g.throw(KeyError), g.throw(ValueError)]
            a.append(g.send('x'))
            return a
        """,
    "a generator that never begins": """
        def gen():
            yield 1
        def f():
            a = gen()
            a.close()
            b = gen()
            try:
                b.throw(KeyError)
            except KeyError:
                c = list(zip([], gen()))
            d = gen()
            return c
        """,
    "objects made where another one has just died": _CAREFUL
    + """
        class Slot:
            __slots__ = ('held',)
            def __init__(self, held):
                self.held = held
        def g(z):
            tmp = [[z]]
            return z
        def f():
            a = [[g(1)]]
            b = [[g(2)], [g(3)]]
            c = [g([[4]]), [[5]]]
            s = Slot([c])
            s = Slot([[g(5)]])
            return a, b, list(careful())
        """,
    "what only a suspended generator holds": """
        def gen(n):
            rows = [[1], [2]]
            by = {'k': rows}
            try:
                for i in range(n):
                    rows[0].append(i)
                    yield rows[1] if i else i
            finally:
                n = 0
        def f():
            t = []
            for v in gen(3):
                t.append([v])
            k = [[t]]
            return t
        """,
    "generators that end, and variables shared with them": """
        def f():
            n, x = [0], [1]
            def g():
                held = [x]
                yield n
                yield n, held
            def ends(k):
                yield k
                if k: raise ValueError(n)
            a, b, c = g(), g(), g()
            kept = [next(a), next(b), next(c), next(g())]
            n = [1]
            a.close()
            n = [2]
            x = None
            b = kept = None
            n = [3]
            for y in g():
                n = [*n, y[0]]
                break
            n = [4]
            d, e = ends(0), ends(1)
            next(d), next(e)
            n = [5]
            next(d, None)
            n = [6]
            try:
                next(e)
            except ValueError as error:
                n = [7]
            many = [next(g()) for _ in range(3)]
            n = [8]
            n = next(c)
            c.close()
            n = many
            return n, [z for z in a]
    """,
    "a loop with a long way to its end": f"""
        def f():
            t = 0
            for i in (z + 1 for z in [1, 2]):
                t += {" + ".join(["i"] * 130)}
            return t
    """,
}
