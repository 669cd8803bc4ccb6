"""Reading value text: what `repr` writes is read back, and nothing a stranger writes does harm."""

import cmath
import math
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracepile_assets.questions.arguments import bare, join, split
from tracepile_assets.questions.literals import NotLiteral, parse

_ATOMS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.complex_numbers(),
    st.text(max_size=8),
    st.binary(max_size=8),
)
_VALUES = st.recursive(
    _ATOMS,
    lambda inner: st.one_of(
        st.lists(inner, max_size=4),
        st.lists(inner, max_size=4).map(tuple),
        st.dictionaries(st.text(max_size=4), inner, max_size=4),
        st.sets(st.integers(), max_size=4),
        st.frozensets(st.integers(), max_size=4),
    ),
    max_leaves=12,
)


def _alike(a: Any, b: Any) -> bool:
    if type(a) is not type(b):
        return False
    if isinstance(a, float):
        return (math.isnan(a) and math.isnan(b)) or a == b
    if isinstance(a, complex):
        return _alike(a.real, b.real) and _alike(a.imag, b.imag)
    if isinstance(a, dict):
        return list(a) == list(b) and all(_alike(a[key], b[key]) for key in a)
    if isinstance(a, list | tuple):
        return len(a) == len(b) and all(map(_alike, a, b))
    return a == b


def _has_odd_complex(value: Any) -> bool:
    # `repr` of a complex number with nan, inf or -0.0 in it does not evaluate to that number.
    if isinstance(value, complex):
        return not _alike(value, parse(repr(value))) if cmath.isfinite(value) else True
    if isinstance(value, dict):
        return any(map(_has_odd_complex, value.values()))
    return isinstance(value, list | tuple) and any(map(_has_odd_complex, value))


@given(_VALUES)
def test_what_repr_writes_is_read_back(value: Any) -> None:
    if not _has_odd_complex(value):
        assert _alike(parse(repr(value)), value)


@given(st.text(max_size=200))
def test_any_text_is_read_or_refused(text: str) -> None:
    try:
        value = parse(text)
    except NotLiteral:
        return
    assert _has_odd_complex(value) or _alike(parse(repr(value)), value)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "x",
        "...",
        "[...]",
        "__import__('os').system('true')",
        "(lambda: 1)()",
        "[i for i in range(9)]",
        "'a' * 10 ** 9",
        "10 ** 10 ** 10",
        "f'{1}'",
        "1 if True else 2",
        "{**{}}",
        "[*[1]]",
        "{[]: 1}",
        "{1: 2, {}: 3}",
        "float('x')",
        "set(range(9))",
        "- - 1",
        "-True",
        "not 1",
        "a.b.c",
        "(" * 90 + ")" * 90,
        "[" * 50_000,
        "-" * 50_000 + "1",
        "9" * 200_000,
        "1\n2",
        "\x00",
        "\ud800",
    ],
)
def test_what_is_no_literal_is_refused(text: str) -> None:
    with pytest.raises(NotLiteral):
        parse(text)


def test_arguments_come_apart_and_together() -> None:
    text = "[1, (2,)], 'a, b', k={'x': -1.5}"
    arguments = split(text)
    assert [(each.keyword, each.text) for each in arguments] == [
        (None, "[1, (2,)]"),
        (None, "'a, b'"),
        ("k", "{'x': -1.5}"),
    ]
    assert join(arguments) == text
    assert split("") == []


@pytest.mark.parametrize("text", ["*[1]", "**{}", "x", "1), g(2", "1; 2", "1 # )", "f(1)", "k=open('x')"])
def test_arguments_that_are_no_literals_are_refused(text: str) -> None:
    if text == "1 # )":
        assert [each.text for each in split(text)] == ["1"]
    else:
        with pytest.raises(NotLiteral):
            split(text)


def test_a_whole_call_is_taken_apart() -> None:
    assert bare(" f([1], 2) ", "f") == "[1], 2"
    assert bare("search(nums=[1])", "Solution().search") == "nums=[1]"
    assert bare("[1], 2", "f") == "[1], 2"
    assert bare("f(1), f(2)", "f") == "f(1), f(2)"
