"""Codecs: texts of arguments that must be read, those that must not, and the way back."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracepile_assets.trace_model.codecs import Codec, CodecError, codec, parse_literal, register
from tracepile_assets.trace_model.equality import equal_exact

plain = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.complex_numbers()
    | st.text(max_size=6)
    | st.binary(max_size=4)
    | st.just(...),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.lists(inner, max_size=3).map(tuple)
        | st.dictionaries(st.text(max_size=3) | st.integers(), inner, max_size=3)
        | st.sets(st.integers(), max_size=3)
        | st.frozensets(st.text(max_size=2), max_size=3)
    ),
    max_leaves=8,
)


@given(st.lists(plain, max_size=3), st.dictionaries(st.sampled_from(["k", "n", "key"]), plain, max_size=2))
def test_what_is_encoded_is_decoded(positional, named):
    literal = codec("literal")
    text = literal.encode(tuple(positional), named)
    args, keywords = literal.decode(text)
    assert equal_exact(list(args), positional)
    assert equal_exact(keywords, named)
    evaluated = eval(f"(lambda *a, **k: (a, k))({text})")
    assert equal_exact(evaluated, (tuple(positional), named))


@pytest.mark.parametrize(
    ("text", "positional", "named"),
    [
        ("", (), {}),
        ("[1, 2], k=3", ([1, 2],), {"k": 3}),
        ("-1, +2.5, -1j, 1+2j", (-1, 2.5, -1j, 1 + 2j), {}),
        ("float('inf'), frozenset({1}), range(3)", (float("inf"), frozenset({1}), range(3)), {}),
        ("'a' 'b',\n  {'x': (1,)},  # note\n", ("ab", {"x": (1,)}), {}),
        ("set(), set([1])", (set(), {1}), {}),
    ],
)
def test_forms(text, positional, named):
    assert codec("literal").decode(text) == (positional, named)


@pytest.mark.parametrize(
    "text",
    [
        "x",
        "f(1)",
        "[1",
        "1)+(2",
        "*[1]",
        "**{}",
        "1+1",
        "'a'*3",
        "lambda:0",
        "[v\tfor\tv\tin\t[1]]",
        "1);open('x'",
        "bytearray(10**9)",
        "bytearray(5)",
        "range('a')",
        "float('x')",
        "__import__('os')",
        "{[]:1}",
        "{**{}}",
        "().x",
        "f'{1}'",
    ],
)
def test_what_is_no_literal(text):
    with pytest.raises(CodecError):
        codec("literal").decode(text)


def test_one_value():
    assert parse_literal(" {'a': [1, -2]} ") == {"a": [1, -2]}
    with pytest.raises(CodecError):
        parse_literal("1 2")


def test_registry():
    with pytest.raises(CodecError, match="there are: literal"):
        codec("nothing")
    with pytest.raises(CodecError, match="registered already"):
        register(Codec("literal", codec("literal").decode, codec("literal").encode))
    register(codec("literal"))
