"""Small programs in which the library goes on with what the program has seen already, by name."""

MAKING = {
    "a line of its own with a bound": """
        from collections import deque
        class Recent(deque):
            maxlen = 'hidden'
        def f():
            seen = Recent([1, 2], 2)
            seen.append(3)
            u = 0
            seen.tag = [4]
            free = Recent('ab')
            free.appendleft('c')
            u = 1
            return [seen, free, deque(seen, 1)]
        """,
    "an order of keys that are hashed by the program": """
        from collections import OrderedDict
        class Key:
            def __init__(self, n):
                self.n = n
            def __hash__(self):
                return self.n % 2
            def __eq__(self, other):
                return self.n == other.n
        def f():
            d = OrderedDict((Key(n), n) for n in range(4))
            d.move_to_end(Key(1))
            d.move_to_end(Key(3), last=False)
            u = 0
            del d[Key(2)]
            d[Key(2)] = 5
            d.popitem(last=False)
            u = 1
            return d
        """,
    "an order of keys that are tuples": """
        from collections import OrderedDict
        def f():
            d = OrderedDict()
            d[1, 2] = 'a'
            d[3, 4] = 'b'
            d.move_to_end((1, 2))
            u = 0
            d.popitem(last=False)
            u = 1
            return d
        """,
    "a copy of an error": """
        import copy
        class AppError(Exception):
            def __init__(self, msg):
                super().__init__(msg)
                self.count = 0
        def f():
            e = AppError('x')
            e.count = 5
            e2 = copy.copy(e)
            u = 0
            u = 1
            return e2.count
        """,
    "a deep copy of an error": """
        import copy
        class AppError(Exception):
            def __init__(self, msg):
                super().__init__(msg)
                self.count = 0
        def f():
            e = AppError('x')
            e.count = 5
            e2 = copy.deepcopy(e)
            u = 0
            u = 1
            return e2.count
        """,
    "a copy of a set with a tag": """
        import copy
        class S(set):
            def __init__(self, *a):
                super().__init__(*a)
                self.tag = 0
        def f():
            s = S([1])
            s.tag = 4
            t = copy.copy(s)
            u = 0
            u = 1
            return t.tag
        """,
    "a copy of an ordered dict with a tag": """
        import copy
        from collections import OrderedDict
        class O(OrderedDict):
            def __init__(self, *a):
                super().__init__(*a)
                self.tag = 0
        def f():
            s = O([(1, 2)])
            s.tag = 4
            t = copy.copy(s)
            u = 0
            u = 1
            return t.tag
        """,
    "a deep copy of a line with a tag": """
        import copy
        from collections import deque
        class O(deque):
            def __init__(self, *a):
                super().__init__(*a)
                self.tag = 0
        def f():
            s = O([1, 2])
            s.tag = 4
            t = copy.deepcopy(s)
            u = 0
            u = 1
            return t.tag
        """,
    "a dict made from keys": """
        class D(dict):
            def __init__(self, *a):
                super().__init__(*a)
                self.tag = 1
        def f():
            d = D.fromkeys('ab', 0)
            u = 0
            u = 1
            return len(d)
        """,
    "a copy by a method": """
        from collections import OrderedDict
        class O(OrderedDict):
            def __init__(self, *a):
                super().__init__(*a)
                self.tag = 1
        def f():
            q = O([(1, 2)])
            r = q.copy()
            u = 0
            u = 1
            return len(r)
        """,
    "a union of ordered dicts": """
        from collections import OrderedDict
        class O(OrderedDict):
            def __init__(self, *a):
                super().__init__(*a)
                self.tag = 1
        def f():
            q = O([(1, 2)])
            r = q | {3: 4}
            u = 0
            u = 1
            return len(r)
        """,
    "a union of dicts with defaults": """
        from collections import defaultdict
        class O(defaultdict):
            def __init__(self, *a):
                super().__init__(*a)
                self.tag = 1
        def f():
            q = O(int, [(1, 2)])
            r = q | {3: 4}
            u = 0
            u = 1
            return len(r)
        """,
    "a sum of lines": """
        from collections import deque
        class Q(deque):
            def __init__(self, *a):
                super().__init__(*a)
                self.tag = 1
        def f():
            q = Q([1, 2])
            r = q + deque([3])
            u = 0
            u = 1
            return len(r)
        """,
    "a line repeated": """
        from collections import deque
        class Q(deque):
            def __init__(self, *a):
                super().__init__(*a)
                self.tag = 1
        def f():
            q = Q([1, 2])
            r = q * 2
            u = 0
            u = 1
            return len(r)
        """,
    "copies that are hashed half made": """
        from copy import deepcopy
        class N:
            def __init__(self, v):
                self.v = v
                self.peers = set()
            def __hash__(self):
                return 7
        def f():
            a = N(1)
            b = N(2)
            a.peers.add(b)
            b.peers.add(a)
            c = deepcopy(a)
            u = 0
            u = 1
            return c.v
        """,
    "a field that is a property made by a call": """
        from dataclasses import dataclass
        @dataclass
        class P:
            x: int
            y: int = 0
            def _get(self):
                return self._x
            def _put(self, v):
                self._x = v * 2
            x = property(_get, _put)
        def f():
            p = P(1, 2)
            u = p.y
            return u
        """,
    "storing assigned to a class": """
        from dataclasses import dataclass
        def put(self, n, v):
            if n == 'x':
                object.__setattr__(self, 'x', v)
            else:
                object.__setattr__(self, 'y', v)
        @dataclass
        class P:
            x: int
            y: int
            __setattr__ = put
        def f():
            p = P(1, 2)
            u = 0
            return u
        """,
    "making assigned to a class": """
        class Settings(dict):
            def make(cls, *a, **k):
                o = dict.__new__(cls)
                return o
            __new__ = make
        def f():
            a = Settings(x=1)
            u = 0
            u = 1
            return a
        """,
    "a class made by the type of a type": """
        from dataclasses import dataclass
        def make(cls, *a):
            if not pool:
                pool.append(object.__new__(cls))
            return pool[0]
        pool = []
        Meta = type(int)
        B = Meta('B', (), {'__new__': make})
        @dataclass
        class Cfg(B):
            x: int = 0
        def f():
            a = Cfg(1)
            u = 0
            b = Cfg(2)
            u = 1
            return a.x
        """,
    "an enumeration made by a call": """
        from enum import Enum
        class Base(Enum):
            def __init__(self, v):
                self.v2 = v
        Color = None
        def f():
            C = Base('Color', {'RED': 1, 'BLUE': 2})
            u = 0
            x = C.RED
            u = 1
            return u
        """,
    "formatting as a value": """
        from collections import defaultdict
        def f():
            d = defaultdict(int)
            d['a'] = 1
            fmt = '{0[x]}-{0[y]}'.format
            s = fmt(d)
            u = 0
            u = 1
            return len(d)
        """,
    "translating as a value": """
        from collections import defaultdict
        def f():
            d = defaultdict(lambda: '*')
            d[97] = 'A'
            t = 'abc'.translate
            s = t(d)
            u = 0
            u = 1
            return s
        """,
    "a list bound anew before it grows": """
        def g():
            return 5
        def f():
            x = []
            y = x
            x.append((x := [0], g())[1])
            u = 0
            u = 1
            return y
        """,
    "a module and a set of one name": """
        import operator
        def h(operator):
            operator.add(5)
            u = 0
            return u
        def f():
            s = {1}
            h(s)
            u = 1
            return operator.sub(3, 1)
        """,
    "a parameter named as what a star brings": """
        from operator import *
        def h(iadd):
            return iadd
        def f():
            a = [1]
            b = a
            c = iadd(a, [2])
            u = 0
            u = 1
            return b
        """,
    "a property put before an attribute": """
        reg = {}
        class A:
            pass
        def f():
            a = A()
            a.items = [0]
            reg[a] = [1]
            A.items = property(reg.get)
            a.items.append(5)
            u = 0
            a.items[0] = 7
            u = 1
            return reg[a]
        """,
}
