"""What a trace means, decisions 1 to 4: objects, moments, what is visible, positions."""

from .columns import changes, events, of_place, run

# 1. Heap model


def test_an_object_is_described_once_however_many_names_reach_it():
    row = run("""
        def f():
            a = [0]
            b = a
            c = [a, a]
            d = [[0], [0]]
            b.append(1)
            return c
        """)
    assert of_place(row, "#0") == [("set", "[0]")]
    assert of_place(row, "#0[1:1]") == [("delta", "[1]")]
    assert of_place(row, "f0.b") == [("set", "#0")]
    assert of_place(row, "#1") == [("set", "[#0, #0]")]
    assert of_place(row, "#2") == [("set", "[#3, #4]")]


def test_deltas_name_the_slot_key_element_attribute_or_slice():
    row = run("""
        class P: pass
        def f():
            l = [1, 2, 3, 4]
            l[2] = 9
            l[1:3] = ['x', 'y', 'z']
            d = {'a': 1, (1, 2): 2}
            d[(1, 2)] = 3
            del d['a']
            s = {1, 2, 3}
            s.add(9); s.discard(2)
            p = P()
            p.n = 1
            del p.n
            b = bytearray(b'abcd')
            b[1] = 0
        """)
    places = [change[2:] for change in changes(row) if change[2][0] == "#" and change[3] != "set"]
    assert places == [
        ("#0[2]", "delta", "9"),
        ("#0[1:3]", "delta", "['x', 'y', 'z']"),
        ("#1[(1, 2)]", "delta", "3"),
        ("#1['a']", "delete", None),
        ("#2{9}", "delta", "9"),
        ("#2{2}", "delete", None),
        ("#3.n", "delta", "1"),
        ("#3.n", "delete", None),
        ("#4[1]", "delta", "0"),
    ]


def test_a_word_in_a_key_is_no_nan():
    row = run("""
        def f():
            d = {('nan', 1): 1, "Decimal('NaN')": 2}
            d['nan', 1] = 3
            n = (float('nan'), 'x')
            d[n] = 4
            d[n] = 5
            return d
        """)  # fmt: skip
    assert [(place, op, value) for _, _, place, op, value in changes(row) if place.startswith("#0")] == [
        ("#0", "set", """{('nan', 1): 1, "Decimal('NaN')": 2}"""),
        ("#0[('nan', 1)]", "delta", "3"),
        ("#0[(nan, 'x')]", "delta", "4"),
        ("#0", "set", """{('nan', 1): 3, "Decimal('NaN')": 2, (nan, 'x'): 5}"""),
    ]


def test_a_dict_whose_order_deltas_would_lose_is_written_whole():
    row = run("def f():\n    d = {'a': 1, 'b': 2}\n    d['a'] = d.pop('a')\n    return d\n")
    assert of_place(row, "#0") == [("set", "{'a': 1, 'b': 2}"), ("set", "{'b': 2, 'a': 1}")]


def test_objects_are_numbered_depth_first():
    row = run("def f(a, b):\n    return a\n", "[[1, [2]], [3]], {'k': [4]}")
    assert changes(row, 0) == [
        ("f0.a", "set", "#0"),
        ("#0", "set", "[#1, #3]"),
        ("#1", "set", "[1, #2]"),
        ("#2", "set", "[2]"),
        ("#3", "set", "[3]"),
        ("f0.b", "set", "#4"),
        ("#4", "set", "{'k': #5}"),
        ("#5", "set", "[4]"),
    ]


# 2. When


def test_state_is_what_holds_before_and_the_cause_is_what_made_it():
    row = run("""
        def g(z):
            z.append(1)
            return z
        def f():
            x = []
            y = g(x) + [2]
            return y
        """)
    assert [e[:4] for e in events(row)] == [
        ("call", 4, 0, 0),
        ("line", 5, 0, 0),
        ("line", 6, 0, 0),
        ("call", 1, 1, 1),
        ("line", 2, 1, 1),
        ("line", 3, 1, 1),
        ("return", 3, 1, 1),
        ("line", 7, 0, 0),
        ("return", 7, 0, 0),
    ]
    assert changes(row) == [
        (2, 1, "f0.x", "set", "#0"),
        (2, 1, "#0", "set", "[]"),
        (3, 2, "f1.z", "set", "#0"),
        (5, 4, "#0[0:0]", "delta", "[1]"),
        (7, 2, "f0.y", "set", "#1"),
        (7, 2, "#1", "set", "[1, 2]"),
    ]


def test_the_input_and_the_globals_are_there_at_event_0():
    row = run("LIMIT = 3\nUNUSED = [1]\ndef f(x):\n    return x + LIMIT\n", "4")
    assert [c for c in changes(row) if c[0] == 0] == [
        (0, -1, "f0.x", "set", "4"),
        (0, -1, "g.LIMIT", "set", "3"),
        (0, -1, "g.UNUSED", "set", "#0"),
        (0, -1, "#0", "set", "[1]"),
    ]


def test_raise_is_where_an_exception_starts_enters_or_is_raised_again():
    row = run("""
        def g():
            1 / 0
        def f():
            try:
                g()
            except ZeroDivisionError:
                raise
        """)
    text = "ZeroDivisionError('division by zero')"
    assert events(row, "raise", "unwind", "return") == [
        ("raise", 2, 1, 1, text),
        ("unwind", 2, 1, 1, None),
        ("raise", 5, 0, 0, text),
        ("raise", 7, 0, 0, text),
        ("unwind", 7, 0, 0, None),
    ]
    assert row["exception"] == "ZeroDivisionError: division by zero"


def test_each_frame_ends_once_and_yields_pair_with_resumes():
    row = run("""
        def gen():
            try:
                got = yield 1
                yield got
            finally:
                x = 0
        def f():
            g = gen()
            next(g)
            g.send('s')
            kept = gen()
            next(kept)
            plain = (n for n in [1, 2])
            next(plain)
            for v in gen():
                pass
            g.close()
            return list(kept)
        """)
    ends = [frame for kind, _, _, frame, _ in events(row, "return", "unwind")]
    assert len(ends) == len(set(ends))
    for frame in range(len(row["frame_function"])):
        turns = [k for k, _, _, f, _ in events(row, "yield", "resume", "return", "unwind") if f == frame]
        while turns[:2] == ["yield", "resume"]:
            turns = turns[2:]
        assert turns in ([], ["return"], ["unwind"], ["yield"]), (frame, turns)


def test_closing_an_abandoned_generator_is_no_event():
    row = run(
        "def gen():\n    yield 1\n    yield 2\ndef f():\n    g = gen()\n    next(g)\n    g.close()\n    return 5\n"
    )
    assert [e[0] for e in events(row) if e[3] == 1] == ["call", "line", "yield"]


def test_one_output_for_each_statement_that_wrote():
    row = run("""
        def g():
            print('in g', 1, [2])
            return 3
        def f():
            print('a', end=''); print()
            x = g()
            for i in range(2):
                print(i, i)
        """)
    assert [(e[1], e[4]) for e in events(row, "output")] == [
        (5, "a"),
        (5, "\n"),
        (2, "in g 1 [2]\n"),
        (8, "0 0\n"),
        (8, "1 1\n"),
    ]
    assert row["stdout"] == "a\nin g 1 [2]\n0 0\n1 1\n"


# 3. Visible


def test_visible_are_locals_cells_and_mentioned_globals_and_nothing_else():
    row = run("""
        import math
        from math import pi
        __version__ = 1
        class A: pass
        def helper(): pass
        def f(n):
            import sys as s
            g = helper
            t = len
            k = A
            m = [helper, A]
            __x__ = 1
            def inner():
                return n
            inner()
            return pi
        """, "7")  # fmt: skip
    variables = {place for _, _, place, _, _ in changes(row) if place[0] != "#"}
    assert variables == {"f0.n", "f0.m", "f1.n", "g.pi"}
    assert of_place(row, "#1") == [("set", "opaque(function)")]


def test_classes_that_hold_data_are_objects_reached_from_variables_instances_and_subclasses():
    row = run("""
        class Base:
            seen = []
        class Solution(Base):
            memo = {}
            total = 0
            def f(self, n):
                self.memo[n] = n
                Solution.total += n
                type(self).seen.append(n)
                return self.total
        """, "7", entry="Solution().f")  # fmt: skip
    assert of_place(row, "g.Solution") == [("set", "#1")]
    assert of_place(row, "#0") == [("set", "Solution()")]
    assert [c for c in changes(row) if c[2].startswith("#") and c[2][:2] != "#0"] == [
        (0, -1, "#1", "set", "class Solution(memo=#2, total=0)"),
        (0, -1, "#2", "set", "{}"),
        (0, -1, "#3", "set", "class Base(seen=#4)"),
        (0, -1, "#4", "set", "[]"),
        (2, 1, "#2[7]", "delta", "7"),
        (3, 2, "#1.total", "delta", "7"),
        (4, 3, "#4[0:0]", "delta", "[7]"),
    ]
    assert row["return_value"] == "7"


def test_a_class_is_there_while_it_holds_data():
    row = run("""
        class Counter: pass
        def f():
            kind = Counter
            held = [kind]
            Counter.total = 5
            del kind.total
            return held
        """)  # fmt: skip
    assert [c for c in changes(row) if c[2] not in ("f0.held", "#0")] == [
        (3, 2, "#1", "set", "opaque(type)"),
        (4, 3, "#1", "set", "class Counter(total=5)"),
        (4, 3, "f0.kind", "set", "#1"),
        (4, 3, "g.Counter", "set", "#1"),
        (5, 4, "#1", "set", "opaque(type)"),
        (5, 4, "f0.kind", "delete", None),
        (5, 4, "g.Counter", "delete", None),
    ]
    assert row["return_value"] == "[opaque(type)]"


def test_what_a_class_holds_are_no_methods_and_nothing_of_the_librarys():
    row = run("""
        from abc import ABC
        from collections import namedtuple
        from enum import Enum
        from functools import cached_property, lru_cache, partial
        from typing import Protocol
        Point = namedtuple('Point', 'x y', defaults=[1])
        class Shape(ABC): pass
        class Sized(Protocol): pass
        class Empty:
            __slots__ = ('a',)
            __match_args__ = ('a',)
            class Inner: pass
            def m(self): pass
            c = classmethod(len)
            s = staticmethod(len)
            p = property(len)
            k = cached_property(len)
            q = lru_cache(len)
            r = partial(len)
            t = int
        class Full(Empty):
            x = m = None
            t = int
            def own(self): pass
        class Color(Enum):
            RED = 1
        def f():
            return Point, Shape, Sized, Empty, Full, Color
        """)  # fmt: skip
    classes = [value for _, _, _, op, value in changes(row) if op == "set" and value.startswith("class ")]
    assert classes == ["class Full(x=None, m=None, t=#1)", "class Color(RED=#3)"]
    assert row["return_value"] == (
        "(opaque(type), opaque(ABCMeta), opaque(_ProtocolMeta), opaque(type), "
        "class Full(x=None, m=None, t=opaque(type)), class Color(RED=Color(_value_=1, _name_='RED')))"
    )


def test_a_cell_is_seen_by_every_frame_that_shares_it():
    row = run("""
        def f():
            n = 0
            def up():
                nonlocal n
                n += 1
                return n
            up()
            return n
        """)
    assert of_place(row, "f0.n") == [("set", "0"), ("set", "1")]
    assert of_place(row, "f1.n") == [("set", "0"), ("set", "1")]
    (both,) = [
        {c[2] for c in changes(row) if c[0] == e}
        for e in range(row["n_events"])
        if any(c[0] == e and c[4] == "1" for c in changes(row))
    ]
    assert both == {"f0.n", "f1.n"}


# 4. Positions are statements


def test_a_line_event_stands_for_entering_a_statement():
    row = run("""
        def g(x):
            return x
        def f():
            a = (g(1) +
                 g(2))
            b = 1; c = 2
            if a: d = [
                i
                for i in range(3)
            ]
            while c: c -= 1
            return d
        """)
    mine = [e[1] for e in events(row, "line") if e[3] == 0]
    assert mine == [4, 6, 6, 7, 7, 11, 11, 11, 11, 11, 12]
    statements = [
        s
        for s, k, f in zip(row["event_statement"], row["event_kind"], row["event_frame_id"], strict=True)
        if (k, f) == ("line", 0)
    ]
    assert statements == [3, 4, 5, 6, 7, 8, 9, 8, 9, 8, 10]


def test_an_endless_loop_has_a_header_too():
    row = run(
        "def f():\n    n = 0\n    while True:\n        n += 1\n        if n == 2:\n            break\n    return n\n"
    )
    assert [e[1] for e in events(row, "line")] == [2, 3, 4, 5, 3, 4, 5, 6, 7]


def test_comprehensions_are_no_frames_and_generator_expressions_lambdas_and_class_bodies_are():
    row = run("""
        def f():
            a = [i for i in range(2)]
            b = sum(i for i in a)
            c = (lambda v: v)(1)
            class K:
                z = 1
            return {k: k for k in a}
        """)
    assert row["frame_function"] == ["f", "f.<locals>.<genexpr>", "f.<locals>.<lambda>", "f.<locals>.K"]
    assert not any(place == "f0.i" for _, _, place, _, _ in changes(row))
