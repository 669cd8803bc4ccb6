"""Small programs whose classes hold data, in ways that a recorder can get wrong, by name."""

CLASSES = {
    "data of a class": """
        class Solution:
            memo = {}
            calls = 0
            limits = (1, [2])
            def fib(self, n):
                Solution.calls += 1
                if n not in self.memo:
                    self.memo[n] = n if n < 2 else self.fib(n - 1) + self.fib(n - 2)
                self.limits[1].append(n)
                return self.memo[n]
        def f():
            s = Solution()
            s.fib(4)
            s.calls = 7
            s.calls += 1
            t = Solution()
            return s.calls, t.calls, Solution.memo
        """,
    "classes that come to hold data": """
        class Counter:
            def bump(self):
                type(self).total += 1
                self.__class__.last = self
        class Sub(Counter):
            pass
        class Other:
            pass
        def g(kind):
            held = kind
            yield held
            held.total += 1
            yield held.total
        def f():
            local = Counter
            kinds = [Counter, Sub, (Other,)]
            def inner():
                return local
            it = g(Sub)
            next(it)
            Counter.total = 0
            Sub().bump()
            Counter().bump()
            next(it)
            setattr(Other, 'mark', [])
            Other.mark.append(kinds)
            del Counter.total
            Counter.total = 5
            del Sub.total, Sub.last, Counter.last
            inner()
            return kinds
        """,
    "classes below classes": """
        class Base:
            registry = {}
            seen = []
            def __init_subclass__(cls, **rest):
                super().__init_subclass__(**rest)
                cls.registry[cls.__name__] = cls
                cls.order = len(cls.registry)
        class Left(Base):
            seen = ['l']
        class Right(Base):
            def note(self, x):
                self.seen.append(x)
        class Both(Left, Right):
            pass
        def f():
            b = Both()
            b.note(1)
            Right().note(2)
            Both.seen = b.seen + [3]
            b.note(4)
            del Both.seen
            b.note(5)
            class Late(Right):
                extra = b
            late = Late()
            late.extra.note(late)
            del late
            return sorted(Base.registry)
        """,
    "classes of other kinds": """
        from abc import ABC, abstractmethod
        from collections import namedtuple
        from dataclasses import dataclass, field
        from enum import Enum, IntFlag
        from functools import cached_property, lru_cache, partial
        from typing import Generic, NamedTuple, Protocol, TypeVar
        T = TypeVar('T')
        class Shape(ABC):
            sides = 0
            @abstractmethod
            def area(self): ...
        class Square(Shape):
            sides = 4
            def area(self): return 1
        class Sized(Protocol):
            def size(self): ...
        class Box(Generic[T]):
            def size(self): return 1
        class Pair(NamedTuple):
            a: int = 1
            b: int = 2
        Point = namedtuple('Point', 'x y', defaults=[0])
        @dataclass
        class Item:
            name: str
            price: int = 3
            tags: list = field(default_factory=list)
        class Color(Enum):
            RED = 1
            BLUE = [2]
            def loud(self): return self.name
        class Mode(IntFlag):
            R = 4
            W = 2
        class Lazy:
            @cached_property
            def once(self): return [1]
            @lru_cache(maxsize=None)
            def kept(n): return n
            bound = partial(max, 3)
            @property
            def p(self): return 1
            @staticmethod
            def s(): return 2
        class Fault(Exception):
            code = 7
        class Small(int):
            unit = 'cm'
        class Slim:
            __slots__ = ('a',)
            made = []
        def f():
            q = Square()
            Shape.sides += 1
            i = Item('n')
            Item.price = 4
            Color.BLUE.value.append(Color.RED)
            m = Mode.R | Mode.W
            x = Lazy().once
            slim = Slim()
            slim.a = Small(3)
            slim.made.append(slim.a)
            try:
                raise Fault(1)
            except Fault as error:
                Fault.code = error
            return Pair(), Point(1), i, Box().size()
        """,
    "metaclasses": """
        class Meta(type):
            made = []
            def __call__(cls, *args):
                held = cls._held
                Meta.made.append(len(held))
                if cls not in held:
                    held[cls] = super().__call__(*args)
                return held[cls]
            _held = {}
        class One(metaclass=Meta):
            def __init__(self, n=0): self.n = n
        def f():
            a = One(1)
            b = One(2)
            class Two(One):
                pass
            Two(3)
            Meta.made = Meta.made[:1]
            return a is b
        """,
    "classes inside classes": """
        class Outer:
            class Inner:
                pass
            class Full:
                n = 1
            def make(self):
                return self.Inner()
        class Holder:
            kind = Outer
            n = 0
        def f():
            x = Outer().make()
            Outer.Inner.count = [0]
            Outer.Inner.count.append(x)
            Outer.Full.n += 1
            Holder.kind = int
            Holder.kind = Outer.Full
            Holder.me = Holder
            Holder.me.n = Holder
            Outer.late = 1
            return Holder
        """,
    "descriptors of the program": """
        class Typed:
            reads = 0
            def __set_name__(self, owner, name):
                self.name = name
                owner.fields = getattr(owner, 'fields', ()) + (name,)
            def __get__(self, instance, owner):
                Typed.reads += 1
                return self if instance is None else instance.__dict__[self.name]
            def __set__(self, instance, value):
                self.last = value
                instance.__dict__[self.name] = value
        class Remembers:
            def __init__(self, inner): self.inner = inner; self.known = {}
            def __call__(self, n):
                self.known[n] = self.inner(n)
                return self.known[n]
        class P:
            x = Typed()
            y = Typed()
            @Remembers
            def double(n): return 2 * n
        def f():
            p = P()
            p.x = [1]
            p.y = p.x
            p.x.append(p.double(4))
            return P.fields
        """,
    "classes made by calls": """
        def make(n):
            class Local:
                count = n
                all = []
                def __init__(self):
                    self.all.append(n)
                    type(self).count += 1
            return Local
        def f():
            A = make(1)
            B = make(2)
            a, b = A(), B()
            A(); B()
            C = type('C', (A,), {'count': 9, 'extra': [a, b]})
            c = C()
            C.extra.append(c)
            objects = [c, a]
            del A, B, C, a, b, c
            objects[1].all.append(objects)
            objects.pop()
            return len(objects)
        """,
    "attributes in another order": """
        class K:
            a = 1
            b = [2]
            c = 'x'
        def f():
            k = K
            del K.a
            K.a = K.b
            K.b = 1; K.d = 2; del K.c
            vars(k)
            for K.n in range(2):
                pass
            K.a, K.b = K.b, K.a
            K.long = 'y' * 5000
            K.long = 'z' * 5000
            return k
        """,
    "objects that become of another class": """
        class On:
            toggled = []
            def toggle(self):
                self.__class__ = Off
                self.n += 1
        class Off(On):
            def toggle(self):
                self.n, self.__class__ = self.n + 1, On
        class Left:
            __slots__ = ('x', 'y')
        class Right:
            __slots__ = ('x', 'y')
        class Row(list): pass
        class Column(list):
            height = 2
        class Wrong(ValueError): pass
        class Worse(ValueError): pass
        def become(obj, kind):
            object.__setattr__(obj, '__class__', kind)
        def f():
            s = On()
            s.n = 0
            s.toggle()
            s.toggle()
            u = type(s).__name__
            p = Left()
            p.x = [1]
            become(p, Right)
            p.y = p.x
            r = Row([1, s])
            r.name = 'r'
            kept = [r, r]
            kept[0].__class__ = Column
            r.append(s)
            s.__class__, s.other = Off, Off()
            try:
                raise Wrong('no', u)
            except Wrong as error:
                error.__class__ = Worse
                kept.append(error)
            return kept, p
        """,
    "objects that become of another class, where they may die": """
        import weakref
        class On:
            made = 0
        class Off:
            made = 1
        def f():
            s = On()
            s.n = [0]
            r = [s]
            s.__class__ = Off
            s.n.append(1)
            del s
            r[0].__class__ = On
            return r
        """,
}
