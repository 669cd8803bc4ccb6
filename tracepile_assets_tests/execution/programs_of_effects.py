"""Small programs that change an object by other means than its own name and methods, by name."""

EFFECTS = {
    "a generator of numbers shuffles": """
        import random
        class Deck:
            def __init__(self):
                self.source = random.Random(3)
                self.cards = list(range(6))
            def mix(self):
                self.source.shuffle(self.cards)
                return self.cards[0]
        def f():
            source = random.Random(0)
            cards = [1, 2, 3, 4, 5]
            source.shuffle(cards)
            top = cards[0]
            random.seed(1)
            random.shuffle(cards)
            deck = Deck()
            top = deck.mix()
            return top
        """,
    "a stream fills": """
        import io
        def f():
            room = bytearray(3)
            stream = io.BytesIO(b'abcdef')
            stream.readinto(room)
            n = 0
            read = stream.readinto
            read(room)
            n = 1
            return n
        """,
    "what wraps a list": """
        from collections import UserList
        class Own(UserList):
            pass
        def f():
            m = UserList([1])
            held = m.data
            m.append(2)
            n = 0
            m += [3]
            m[0] = 9
            n = 1
            del m[0]
            own = Own([1])
            inside = own.data
            own.append(2)
            n = 2
            own.sort(reverse=True)
            n = 3
            return n
        """,
    "what wraps a dict": """
        from collections import ChainMap, UserDict
        class Own(UserDict):
            pass
        def f():
            m = {'a': 1}
            both = ChainMap(m)
            both['z'] = 1
            n = 0
            both.update(y=2)
            n = 1
            del both['z']
            n = 2
            both.pop('a')
            own = Own()
            inside = own.data
            own['a'] = 1
            n = 3
            own.setdefault('q', []).append(1)
            n = 4
            return n
        """,
    "heaps with the greatest first": """
        import heapq
        from heapq import heappushpop, heapreplace
        def f():
            h = [1, 5, 3, 9, 2]
            heapq._heapify_max(h)
            n = heapq._heappop_max(h)
            n = heapq._heapreplace_max(h, 4)
            g = [4, 6, 5]
            heapq.heapify(g)
            n = heapreplace(g, 7)
            n = heappushpop(g, 8)
            n = heapq.heapreplace(g, 1)
            n = heapq.heappushpop(g, 2)
            rows = {'a': [2, 3]}
            n = heapq.heappushpop(rows['a'], 9)
            n = heapreplace(rows['a'], 4)
            return n
        """,
    "operators as values": """
        import functools, operator
        from itertools import accumulate
        def f():
            s = {1}
            t = functools.reduce(operator.ior, [{2}, {3}], s)
            n = 0
            l = [1]
            functools.reduce(operator.imul, [2, 2], l)
            n = 1
            n = len(list(accumulate([{4}, {5}], operator.ior, initial=s)))
            operator.iconcat(l, [3])
            n = 2
            operator.setitem(l, 0, 5)
            n = 3
            return n
        """,
    "special methods as values": """
        def f():
            s = {1}
            l = [1]
            list(map(s.__ior__, [{2}]))
            n = 0
            list(map(l.__imul__, [2]))
            n = 1
            list(map(l.__init__, [[9, 9]]))
            n = 2
            n = len(min([{5}], key=s.__ior__))
            n = 3
            list.__iadd__(l, [4])
            n = 4
            l.__setitem__(0, 1)
            n = 5
            return n
        """,
    "methods by their names": """
        from operator import attrgetter, methodcaller
        def f():
            l = [1]
            put = attrgetter('append')(l)
            put(2)
            n = 0
            methodcaller('append', 3)(l)
            n = 1
            getattr(l, 'app' + 'end')(4)
            n = 2
            match l:
                case list(append=more):
                    more(5)
            n = 3
            return n
        """,
    "elements are counted elsewhere": """
        import collections
        def f():
            d = {}
            collections._count_elements(d, 'aab')
            n = 0
            return n
        """,
    "a function made of text": """
        import types
        def f():
            l = [0]
            g = types.FunctionType(compile('l.append(1)', 'x', 'exec'), {'l': l})
            g()
            n = 0
            exec('l.append(2)', {'l': l})
            n = 1
            return n
        """,
    "a view of octets": """
        def f():
            b = bytearray(b'abc')
            m = memoryview(b)
            m[0] = 7
            n = 1
            m[1:] = b'xy'
            n = 2
            return n
        """,
}
