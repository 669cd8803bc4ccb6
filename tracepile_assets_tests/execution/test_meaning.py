"""What a trace means, point by point: the numbered decisions about state, events and value text."""

from textwrap import dedent

import pytest

from tracepile_assets.execution.guest.recorder import Caps, record


def run(code, arguments="", entry="f", stdin=None, **caps):
    return record(dedent(code).lstrip("\n"), entry, arguments, stdin, None, Caps(**caps))


def changes(row, event=None):
    columns = zip(
        row["change_event"],
        row["change_cause"],
        row["change_place"],
        row["change_op"],
        row["change_value"],
        strict=True,
    )
    return [change[2:] if event is not None else change for change in columns if event is None or change[0] == event]


def events(row, *kinds):
    columns = zip(
        row["event_kind"], row["event_line"], row["event_depth"], row["event_frame_id"], row["event_value"], strict=True
    )
    return [event for event in columns if not kinds or event[0] in kinds]


def of_place(row, place):
    return [(op, value) for _, _, p, op, value in changes(row) if p == place]


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


# 5. Caps


def test_a_cap_limits_what_is_stored_and_says_so():
    row = run("""
        def f():
            big = list(range(100))
            big.append(1)
            big.pop(); big.pop()
            s = 'x' * 100
            s = 'y'
            small = [1]
            return small
        """, contents_items=50, value_chars=60)  # fmt: skip
    assert of_place(row, "#0") == [("set", None)] * 4
    assert of_place(row, "f0.s") == [("set", None), ("set", "'y'")]
    assert of_place(row, "#1") == [("set", "[1]")]
    assert (row["status"], row["truncated"], row["return_value"]) == ("ok", True, "[1]")


def test_the_cap_on_events_ends_a_run_with_what_it_has():
    row = run("def f():\n    x = 0\n    while True:\n        x += 1\n", events=10)
    assert (row["status"], row["n_events"], row["return_value"]) == ("event_limit", 10, None)
    assert max(row["change_event"]) < 10


# 6. Value text


@pytest.mark.parametrize(
    ("expression", "text"),
    [
        ("{3, 1, 2}", "{1, 2, 3}"),
        ("frozenset('ba')", "frozenset({'a', 'b'})"),
        ("set()", "set()"),
        ("[(1,), (), {'a': [None]}, b'x', 'it\\'s', -0.0, 1e300, ...]", None),
        ("range(3)", "range(0, 3)"),
        ("Fraction(1, 3)", "Fraction(1, 3)"),
        ("Decimal('1.10')", "Decimal('1.10')"),
        ("date(2024, 2, 29)", "datetime.date(2024, 2, 29)"),
        ("deque([1, 2], maxlen=3)", "deque([1, 2], maxlen=3)"),
        ("Counter('aab')", "Counter({'a': 2, 'b': 1})"),
        ("defaultdict(list, {1: []})", "defaultdict({1: []})"),
        ("Point(1, [2])", "Point(x=1, y=[2])"),
        ("Node(3, Node(4))", "Node(val=3, next=Node(val=4, next=None))"),
        ("MyList([1, 2])", "MyList([1, 2])"),
        ("MyStr('abc')", "MyStr('abc')"),
        ("Slotted()", "Slotted(z=1, a=2)"),
        ("ValueError('bad', 1)", "ValueError('bad', 1)"),
        ("iter([])", "opaque(list_iterator)"),
        ("[len, Node]", "[opaque(builtin_function_or_method), opaque(type)]"),
        ("ring()", "[1, [...]]"),
        ("10 ** 400", "1" + "0" * 400),
        ("'\\ud800'", "'\\ud800'"),
        ("float('nan')", "nan"),
    ],
)
def test_value_text(expression, text):
    row = run("""
        from collections import Counter, defaultdict, deque, namedtuple
        from datetime import date
        from decimal import Decimal
        from fractions import Fraction
        Point = namedtuple('Point', 'x y')
        class Node:
            def __init__(self, val, next=None):
                self.val = val; self.next = next
        class MyList(list): pass
        class MyStr(str): pass
        class Slotted:
            __slots__ = ('z', 'a')
            def __init__(self): self.z = 1; self.a = 2
        def ring():
            r = [1]
            r.append(r)
            return r
        def f(x):
            return x
        """, expression)  # fmt: skip
    assert row["return_value"] == (repr(eval(expression)) if text is None else text)


def test_serialising_runs_none_of_the_programs_code():
    row = run("""
        class Meta(type):
            def __getattribute__(cls, name):
                LOG.append('meta'); return type.__getattribute__(cls, name)
        class A(metaclass=Meta):
            def __repr__(self): LOG.append('repr'); return 'x'
            def __eq__(self, other): LOG.append('eq'); return True
            def __hash__(self): return 1
            def __len__(self): LOG.append('len'); return 0
            def __bool__(self): LOG.append('bool'); return False
            def __getattribute__(self, name):
                LOG.append('get'); return object.__getattribute__(self, name)
            @property
            def __class__(self): LOG.append('class'); return int
            @property
            def __dict__(self): LOG.append('dict'); return {}
            @property
            def p(self): LOG.append('p')
        class L(list):
            def __iter__(self): LOG.append('iter'); return iter(())
            def __len__(self): LOG.append('len'); return 0
            def __getitem__(self, i): LOG.append('item'); return 5
        class I(int):
            def __repr__(self): LOG.append('int'); return '0'
            __str__ = __repr__
        LOG = []
        def f():
            a = A()
            b = [a, L([1, 2]), I(7), (a,)]
            c = {1: a}
            d = L([3])
            raise KeyError(I(7))
        """)
    assert row["exception"].startswith("KeyError")
    assert of_place(row, "g.LOG") == [("set", "#0")]
    assert [c for c in changes(row) if c[2].startswith("#0")] == [(0, -1, "#0", "set", "[]")]
    assert ("set", "L([1, 2])") in [(op, value) for _, _, _, op, value in changes(row)]


def test_an_equal_value_in_place_of_another_is_no_change():
    row = run("""
        def f():
            k = 1000
            l = [k]
            k = 10 ** 3
            l[0] = k + 0
            k = True
            k = 1
            return l
        """)
    assert of_place(row, "f0.k") == [("set", "1000"), ("set", "True"), ("set", "1")]
    assert of_place(row, "#0[0]") == []


# 7. Runs


def test_a_stdin_program_is_its_module_body():
    row = run("""
        n = int(input())
        if __name__ == '__main__':
            print(n * 2)
        """, None, None, "21\n")  # fmt: skip
    assert row["frame_function"] == ["<module>"]
    assert [e[:3] for e in events(row)] == [
        ("call", 1, 0),
        ("line", 1, 0),
        ("line", 2, 0),
        ("line", 3, 0),
        ("output", 3, 0),
        ("return", 3, 0),
    ]
    assert (row["stdout"], row["return_value"], row["arguments_after"]) == ("42\n", None, None)
    assert of_place(row, "g.n") == [("set", "21")]


def test_a_function_program_is_recorded_from_the_entry_call():
    row = run("""
        print('setting up')
        class Solution:
            def __init__(self): self.seen = []
            def solve(self, x):
                self.seen.append(x)
                return self.seen
        """, "5", "Solution().solve")  # fmt: skip
    assert row["frame_function"] == ["Solution.solve"]
    assert changes(row, 0) == [
        ("f0.self", "set", "#0"),
        ("#0", "set", "Solution(seen=#1)"),
        ("#1", "set", "[]"),
        ("f0.x", "set", "5"),
    ]
    assert (row["return_value"], row["stdout"]) == ("[5]", "setting up\n")


def test_arguments_after_the_run_are_kept():
    row = run("def f(a, b=None):\n    a.append(b)\n    b['k'] = 1\n", "[1], b={}")
    assert row["arguments_after"] == "([1, {'k': 1}], {'k': 1})"


@pytest.mark.parametrize(
    ("ending", "status", "exception"),
    [
        ("sys.exit()", "ok", None),
        ("sys.exit(0)", "ok", None),
        ("sys.exit(3)", "exception", "SystemExit: 3"),
        ("sys.exit('no')", "exception", "SystemExit: no"),
        ("raise KeyError('k')", "exception", "KeyError: 'k'"),
        ("raise MemoryError", "memory_limit", None),
        ("raise KeyboardInterrupt", "exception", "KeyboardInterrupt"),
        ("open('/nonexistent')", "exception", "FileNotFoundError: [Errno 2] No such file or directory: '/nonexistent'"),
        ("{}[1]", "exception", "KeyError: 1"),
    ],
)
def test_how_a_run_ended(ending, status, exception):
    row = run(f"import sys\ndef f():\n    {ending}\n")
    assert row["status"] == status
    if status != "memory_limit":
        assert row["exception"] == exception
