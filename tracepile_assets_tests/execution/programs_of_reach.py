"""Small programs that come to an object by ways of the language that are seldom taken, by name."""

REACH = {
    "attributes as a dict": """
        class A:
            pass
        class Keeper:
            def __init__(self):
                self._held = self.__dict__
                self.n = 0
            def step(self):
                self.n += 1
                return self._held['n']
        def f():
            a = A()
            d = a.__dict__
            d['x'] = 1
            n = 0
            a.y = 2
            n = 1
            d.update(z=3)
            n = 2
            del a.x
            e = vars(a)
            e['w'] = 4
            n = 3
            k = Keeper()
            n = k.step()
            n = k.step()
            d.clear()
            n = 4
            return n
        """,
    "one dict for the attributes of all": """
        class Borg:
            shared = {}
            def __init__(self):
                self.__dict__ = self.shared
        def f():
            a = Borg()
            b = Borg()
            a.x = 1
            n = b.x
            b.y = [2]
            n = 0
            a.y.append(3)
            n = 1
            return n
        """,
    "attributes of a missing name": """
        class A:
            def __getattr__(self, n):
                v = self.__dict__[n] = n * 2
                return v
            def __setattr__(self, n, v):
                super().__setattr__(n, [v])
            def __getattribute__(self, n):
                return super().__getattribute__(n)
        def f():
            a = A()
            a.x = 1
            a.q
            setattr(a, 'not an id', 3)
            vars(a)['y'] = a
            a.__dict__.pop('x')
            a.__dict__ = {'new': 1}
            return sorted(map(str, a.__dict__))
        """,
    "the room of a class body": """
        class Meta(type):
            @classmethod
            def __prepare__(m, name, bases):
                kept.append({'before': 1})
                return kept[-1]
            def __new__(m, name, bases, ns):
                n = 0
                ns['late'] = [1]
                n = 1
                return type.__new__(m, name, bases, dict(ns))
        kept = []
        def f():
            class A(metaclass=Meta):
                x = 1
                y = [2]
                y.append(x)
            n = len(kept)
            return n
        """,
    "a dict that fills when it is read": """
        from typing import DefaultDict
        from random import choice, seed
        def f():
            d = DefaultDict(int)
            n = '%(x)s' % d
            n = '{0[y]}'.format(d)
            form = '%(z)s'
            n = form % d
            form %= d
            n = '{w}'.format_map(d)
            n = 'ab'.translate(DefaultDict(str))
            seed(4)
            n = choice(d)
            n = sorted(['p', 'q'], key=d.__getitem__)
            n = 7 % len(d)
            return n
        """,
    "a cell is written from outside": """
        def f():
            x = [1]
            y = 5
            def g():
                return x
            def swap(function, value):
                function.__closure__[0].cell_contents = value
                done = 1
                return done
            swap(g, [2])
            n = 0
            g.__closure__[0].cell_contents.append(3)
            n = 1
            return n
        """,
    "globals are written from outside": """
        total = 0
        kept = []
        def h():
            return total, kept
        def f():
            h.__globals__['total'] = 1
            n = 0
            h.__globals__['kept'].append(2)
            n = 1
            return n
        """,
    "a dataclass is begun again": """
        from dataclasses import dataclass
        @dataclass
        class P:
            x: int
        class Q(P):
            def __init__(self, x):
                P.__init__(self, x)
                done = 0
                self.y = [done]
        def f():
            p = P(1)
            p.__init__(2)
            n = 0
            q = Q(3)
            q.__init__(4)
            n = 1
            return n
        """,
    "a function is given attributes": """
        from functools import update_wrapper, wraps
        class Counted:
            def __init__(self, function):
                update_wrapper(self, function)
                self.calls = 0
            def __call__(self, *args):
                self.calls += 1
                return self.calls
        def plain(n):
            return n
        plain.note = 'x'
        def f():
            counted = Counted(plain)
            n = counted(1)
            plain.note = 'y'
            copied = wraps(plain)
            copied(counted)
            n = counted(2)
            return n
        """,
    "the last of a row": """
        class Node:
            def __init__(self):
                self.below = [[], []]
        def f():
            rows = [[1], [2]]
            rows[-1].append(3)
            n = 0
            rows[-2].append(4)
            n = -1
            rows[n].append(5)
            rows[n - 1][-1] = 6
            pair = ([], [])
            pair[-1].append(7)
            node = Node()
            node.below[-1].append(8)
            n = len(rows)
            rows[-n].append(9)
            n = 1
            return n
        """,
    "names that an except or a match binds": """
        def f():
            l = [1]
            try:
                raise ValueError(l)
            except ValueError as list:
                list.args[0].append(2)
                n = 0
            match [l, 3]:
                case [set, *dict]:
                    set.append(dict)
                    n = 1
            return n
        """,
    "a class that a library makes other": """
        from functools import total_ordering
        from dataclasses import dataclass
        import enum
        @total_ordering
        @dataclass
        class P:
            x: int = 3
            def __lt__(self, other):
                return self.x < other.x
        class Colour(enum.Enum):
            RED = [1]
            def paint(self, n):
                self.value.append(n)
                return len(self.value)
        def f():
            p = P()
            n = p <= P(2)
            n = Colour.RED.paint(2)
            c = Colour([1, 2])
            c.value.append(5)
            n = 0
            return n
        """,
    "every name of a module": """
        from heapq import *
        from collections import *
        from itertools import *
        from bisect import *
        def f():
            h = []
            heappush(h, 3)
            heappush(h, 1)
            n = heappop(h)
            d = deque(h)
            d.appendleft(2)
            insort(h, 2)
            both = ChainMap({'a': h})
            held = both.maps[0]
            both['b'] = n
            n = 1
            return n
        """,
}
