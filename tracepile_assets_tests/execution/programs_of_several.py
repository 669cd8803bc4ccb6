"""Small programs in which one statement changes several things, or library code goes on with what it has shown."""

SEVERAL = {
    "a call inside a statement changes where its path leads": """
        def f():
            a = [[1], [2], [3]]
            b = a[1]
            i = 1
            def turn():
                a.pop(0)
                return 8
            a[i - 1].append(turn())
            u = 0
            return u
        """,
    "a list takes in what it gives up": """
        def f():
            stack = [[1], [2]]
            p = stack[0]
            stack[-2].append(stack.pop())
            u = 0
            u = 1
            return p
        """,
    "two links in one statement": """
        class Node:
            def __init__(self, v, n=None):
                self.v = v
                self.next = n
        def f():
            head = Node(1, Node(2))
            t = head.next
            head.next.next, head.next = head, None
            u = 0
            u = 1
            return u
        """,
    "an item and its list are deleted at once": """
        def f():
            a = [[1, 2], [3]]
            x = a[0]
            del a[0][0], a[0]
            u = 0
            return u
        """,
    "brackets become lists": """
        def f():
            stack = [[]]
            for ch in '[1[2]]':
                if ch == '[':
                    stack.append([])
                elif ch == ']':
                    stack[-2].append(stack.pop())
                else:
                    stack[-1].append(int(ch))
            return stack[0]
        """,
    "a node is put between two": """
        class N:
            def __init__(self, v):
                self.v, self.p, self.n = v, None, None
        def f():
            h = N(0)
            t = N(9)
            h.n, t.p = t, h
            x = N(1)
            x.p, x.n = h, t
            h.n.p, h.n = x, x
            return t.p.v
        """,
    "a dataclass makes one object": """
        from dataclasses import dataclass
        @dataclass
        class Config:
            x: int = 0
            def __new__(cls, *a, **k):
                if not hasattr(cls, '_inst'):
                    cls._inst = super().__new__(cls)
                return cls._inst
        def f():
            a = Config(1)
            b = Config(2)
            u = 0
            u = 1
            return a.x
        """,
    "a dict makes one object": """
        class Settings(dict):
            inst = None
            def __new__(cls, *a, **k):
                if cls.inst is None:
                    cls.inst = super().__new__(cls)
                return cls.inst
        def f():
            a = Settings(x=1)
            b = Settings(y=2)
            u = 0
            u = 1
            return a
        """,
    "an exception makes one object": """
        class Boom(Exception):
            one = None
            def __new__(cls, *a):
                if cls.one is None:
                    cls.one = super().__new__(cls)
                return cls.one
        def f():
            a = Boom('x')
            b = Boom('y')
            u = 0
            u = 1
            return str(a)
        """,
    "a copy of what makes itself": """
        import copy
        class S:
            def __new__(cls, *a):
                return super().__new__(cls)
            def __init__(self, v):
                self.v = v
        def f():
            a = S(1)
            b = copy.copy(a)
            u = b.v
            return u
        """,
    "a copy out of a pool": """
        import copy
        class Node:
            pool = []
            def __new__(cls, *a):
                return cls.pool.pop() if cls.pool else super().__new__(cls)
            def __init__(self, v):
                self.v = v
        def f():
            a = Node(1)
            b = Node(2)
            Node.pool.append(b)
            c = copy.copy(a)
            u = 0
            u = 1
            return b.v
        """,
    "a field that is a property": """
        from dataclasses import dataclass
        @dataclass
        class P:
            x: int
            y: int = 0
            @property
            def x(self):
                return self._x
            @x.setter
            def x(self, v):
                self._x = v * 2
        def f():
            p = P(1, 2)
            u = p.y
            return u
        """,
    "members that are made by a method": """
        from enum import Enum
        def f():
            class Planet(Enum):
                EARTH = 3, 6
                MARS = 4, 7
                def __init__(self, m, r):
                    self.m = m
                    self.r = r
            p = Planet.EARTH
            q = [Planet.MARS]
            return p.m
        """,
    "names of a class's own": """
        class Stack:
            def push_all(self, __items):
                u = 0
                __items.append(7)
                u = 1
                __local = __items
                __local.append(8)
                u = 2
                return u
        def f():
            return Stack().push_all([1])
        """,
    "a class body changes a list": """
        def f():
            log = []
            class A:
                log.append('A')
            u = 0
            u = 1
            return u
        """,
    "a class body rebinds a variable around it": """
        def f():
            n = 0
            class A:
                nonlocal n
                n += 1
                m = n
            return n
        """,
    "a comprehension binds a global": """
        y = 0
        def f():
            global y
            z = {(y := i) for i in range(3)}
            u = 0
            u = 1
            return u
        """,
    "a guard changes what a pattern bound": """
        def f():
            p, q = [1], [2]
            match [p, q]:
                case [a, 0] | [a, 1]:
                    u = 5
                case [a, _] if a.append(5):
                    u = 6
                case [_, a]:
                    u = 7
            u = 0
            return u
        """,
    "choices insert into a dict": """
        import random
        from collections import defaultdict
        def f():
            random.seed(1)
            d = defaultdict(int)
            d['a'] = 1
            d['b'] = 2
            x = random.choices(d, k=4)
            u = 0
            u = 1
            return u
        """,
    "a variable rebound while its statement waits": """
        def f():
            x = [1]
            old = x
            def inner():
                x.append((yield))
                yield 0
            g = inner()
            next(g)
            x = [2]
            g.send(5)
            u = 0
            return u
        """,
    "a comprehension that waits": """
        import asyncio
        async def work(n):
            await asyncio.sleep(0)
            return n
        async def main():
            for t in range(2):
                u = t
            got = [await work(t) for t in range(10, 12)]
            return t
        def f():
            return asyncio.run(main())
        """,
    "a comprehension that waits, step by step": """
        class Aw:
            def __await__(self):
                yield 1
        async def co():
            t = 'outer'
            got = [await Aw() for t in 'ab']
            return t
        def f():
            c = co()
            try:
                while True:
                    c.send(None)
            except StopIteration as e:
                return e.value
        """,
}
