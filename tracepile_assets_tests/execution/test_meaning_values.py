"""What a trace means, decisions 5 and 6: caps and value text."""

import pytest

from tracepile_assets.execution import Job, Limits, Pool, RunInput
from tracepile_assets.execution.guest.recorder import record

from .columns import changes, of_place, run

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
        LOG = []
        class Meta(type):
            def __getattribute__(cls, name):
                LOG.append('meta'); return type.__getattribute__(cls, name)
            def __repr__(cls): LOG.append('repr'); return 'x'
            def __instancecheck__(cls, other): LOG.append('check'); return True
            def __subclasscheck__(cls, other): LOG.append('check'); return True
            @property
            def __dict__(cls): LOG.append('dict'); return {}
            @property
            def __mro__(cls): LOG.append('mro'); return ()
            def __hash__(cls): LOG.append('hash'); return type.__hash__(cls)
            def __eq__(cls, other): LOG.append('eq'); return cls is other
            def __ne__(cls, other): LOG.append('ne'); return cls is not other
        class D:
            def __get__(self, instance, owner): LOG.append('get')
            def __set__(self, instance, value): LOG.append('set')
        class A(metaclass=Meta):
            d = D()
            data = [D()]
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
        class L(list, metaclass=Meta):
            def __iter__(self): LOG.append('iter'); return iter(())
            def __len__(self): LOG.append('len'); return 0
            def __getitem__(self, i): LOG.append('item'); return 5
        class I(int, metaclass=Meta):
            def __repr__(self): LOG.append('int'); return '0'
            __str__ = __repr__
        def f():
            a = A()
            b = [a, L([1, 2]), I(7), (a,)]
            c = {1: a}
            k = A
            m = [A, (Meta,)]
            type.__setattr__(A, 'more', [A])
            d = L([3])
            raise KeyError(I(7))
        """)
    assert row["exception"].startswith("KeyError")
    assert of_place(row, "g.LOG") == [("set", "#0")]
    assert [c for c in changes(row) if c[2].startswith("#0")] == [(0, -1, "#0", "set", "[]")]
    assert [c[2:] for c in changes(row) if "class A" in (c[4] or "") or c[2].endswith(".more")] == [
        ("#1", "set", "class A(d=#2, data=#3)"),
        ("#1.more", "delta", "#12"),
    ]
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


DEEP = """
def f(n):
    held = ()
    for i in range(n):
        held = (i, held)
    inside = {'a': [held, (1,)], 2: ({},)}
    total = 0
    while held:
        x, held = held
        total += x
    return inside, total
"""


def test_tuples_in_tuples_of_any_depth_are_written_in_full():
    depth = 3_000
    nested = "()"
    for n in range(depth):
        nested = f"({n}, {nested})"
    limits = Limits(wall_s=60.0, cpu_s=20.0)
    with Pool(workers=1, limits=limits) as pool:
        inputs = (RunInput("a", arguments=str(depth)),)
        (_, (one,)), (_, (two,)) = pool.run([Job("j", DEEP, "f", inputs, twin=twin) for twin in (False, True)])
    recording = one.recording
    assert recording.return_value == f"({{'a': [{nested}, (1,)], 2: ({{}},)}}, {sum(range(depth))})"
    assert one.digest == two.digest
    assert recording.truncated


def test_lists_in_lists_and_what_contains_itself_are_written():
    code = (
        "def f(n):\n    held = []\n    for i in range(n):\n        held = [held]\n    own = [1]\n"
        "    own.append((own,))\n    own.append({'own': own})\n    return held, own, ((held,), 1)\n"
    )
    row = record(code, "f", "100")
    nested = "[" * 101 + "]" * 101
    assert row["return_value"] == f"({nested}, [1, ([...],), {{'own': [...]}}], (({nested},), 1))"
