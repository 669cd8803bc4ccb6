"""The three meanings of equality, as tables."""

import math
from collections import Counter, OrderedDict, deque
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracepile_assets.trace_model.equality import equal_exact, equal_graded, equal_stated

NAN = float("nan")
OTHER_NAN = -float("nan")

TABLE = [
    # a, b, exact, stated, graded
    (1, 1, True, True, True),
    (1, 2, False, False, False),
    (1, 1.0, False, True, True),
    (1, True, False, True, False),
    (0, False, False, True, False),
    (True, True, True, True, True),
    (1.0, True, False, True, False),
    (0.0, -0.0, False, True, True),
    (NAN, OTHER_NAN, True, True, True),
    (NAN, 1.0, False, False, False),
    (0.1 + 0.2, 0.3, False, True, True),
    (1.0, 1.0 + 1e-7, False, False, False),
    (1e300, 1e300 * (1 + 1e-12), False, True, True),
    (math.inf, math.inf, True, True, True),
    (math.inf, 1e308, False, False, False),
    (10**400, 1.5, False, False, False),
    (10**20, 10**20 + 1, False, False, False),
    (1 + 2j, 1 + 2j, True, True, True),
    (1 + 0j, 1, False, True, True),
    ("a", "a", True, True, True),
    ("1", 1, False, False, False),
    ("a", b"a", False, False, False),
    (None, None, True, True, True),
    (None, 0, False, False, False),
    ([1, 2], [1, 2], True, True, True),
    ([1, 2], [1.0, 2.0], False, True, True),
    ([1, 2], (1, 2), False, False, False),
    ([True], [1], False, True, False),
    ((1,), (1,), True, True, True),
    ({1, 2}, {2, 1}, True, True, True),
    ({1, 2}, {1.0, 2}, False, True, True),
    ({1}, frozenset({1}), False, True, False),
    ({"a": 1, "b": 2}, {"b": 2, "a": 1}, False, True, True),
    ({"a": 1}, Counter("a"), False, True, True),
    ({"a": 1}, OrderedDict(a=1), False, True, True),
    ({"a": 0.1 + 0.2}, {"a": 0.3}, False, True, True),
    ({0.1 + 0.2}, {0.3}, False, True, True),
    ({1: "x"}, {True: "x"}, False, True, False),
    ({"a": 1}, {"a": 1, "b": 2}, False, False, False),
    (deque([1, 2]), deque([1, 2]), True, True, True),
    (deque([1], 3), deque([1]), False, True, True),
    (deque([1]), [1], False, False, False),
    (Decimal("1.0"), Decimal("1.0"), True, True, True),
    (Decimal("1.0"), Decimal("1"), False, True, True),
    (range(3), range(0, 3), True, True, True),
    ([[1, [NAN]]], [[1, [NAN]]], True, True, True),
]


@pytest.mark.parametrize(("a", "b", "exact", "stated", "graded"), TABLE)
def test_table(a, b, exact, stated, graded):
    for x, y in ((a, b), (b, a)):
        assert equal_exact(x, y) is exact
        assert equal_stated(x, y) is stated
        assert equal_graded(x, y) is graded


def test_values_that_contain_themselves():
    a: list = [1]
    a.append(a)
    b: list = [1]
    b.append(b)
    assert equal_exact(a, b)


leaves = st.none() | st.booleans() | st.integers(-3, 3) | st.floats(-3, 3) | st.text(max_size=2)
nested = st.recursive(
    leaves,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.integers(0, 3), inner, max_size=3),
    max_leaves=6,
)


@given(nested, nested)
def test_each_meaning_is_wider_than_the_one_before(a, b):
    assert equal_exact(a, a)
    assert equal_exact(a, b) is equal_exact(b, a)
    if equal_exact(a, b):
        assert equal_graded(a, b)
    if equal_graded(a, b):
        assert equal_stated(a, b)
    if a == b:
        assert equal_stated(a, b)


def test_large_sets_and_dicts_take_no_quadratic_time():
    many = {k: str(k) for k in range(20_000)}
    assert equal_exact(dict(many), dict(many))
    assert equal_stated({float(k): v for k, v in many.items()}, many)
    assert equal_graded(set(many), {float(k) for k in many})
