"""Arguments that are plain literals are read as the compiler would have made them."""

import keyword

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tracepile_assets.execution.guest import recorder

RESERVED = frozenset(keyword.kwlist)
pytestmark = pytest.mark.skipif(recorder.read_literals is None, reason="nothing was built in C")

ATOMS = st.one_of(
    st.integers(-(10**6), 10**6),
    st.integers(),
    st.floats(allow_nan=False, allow_infinity=False),
    st.sampled_from(
        [True, False, None, 0.0, -0.0, 1, 1.0, 257, 1000, 10**17, "", "a", "name_1", "two words", "é", "(1"]
    ),
    st.text(max_size=5),
)
KEYS = st.one_of(st.integers(-300, 1000), st.text(max_size=3), st.tuples(st.integers(0, 300), st.booleans()))
VALUES = st.recursive(
    ATOMS,
    lambda inner: (
        st.lists(inner, max_size=5)
        | st.lists(inner, max_size=3).map(tuple)
        | st.dictionaries(KEYS, inner, max_size=4)
        | st.tuples(ATOMS, ATOMS)
    ),
    max_leaves=12,
)


def compiled(text):
    taken = []
    eval(compile(f"take({text})", "", "eval"), {"take": lambda *args, **kwargs: taken.append((args, kwargs))})
    return taken[0]


def shape(value, seen):
    """A value with types and signs, and with numbers that tell which of its parts are the same object."""
    number = seen.setdefault(id(value), len(seen))
    kept.append(value)
    if isinstance(value, dict):
        return number, [(shape(key, seen), shape(held, seen)) for key, held in value.items()]
    if isinstance(value, (list, tuple)):
        return number, type(value), [shape(held, seen) for held in value]
    return number, type(value), repr(value)


kept: list = []


def assert_same(text):
    found = recorder.read_literals(text, RESERVED)
    if found is None:
        return False
    expected = compiled(text)
    try:
        # The tuple of arguments itself is made by the call.
        assert [shape([*found[0]], {}), shape(found[1], {})] == [shape([*expected[0]], {}), shape(expected[1], {})]
    finally:
        kept.clear()
    return True


@given(st.lists(VALUES, max_size=4), st.dictionaries(st.sampled_from(["k", "nums", "_x", "if_"]), VALUES, max_size=2))
@settings(max_examples=300, deadline=None)
def test_literals_are_read_as_they_are_compiled(positional, named):
    texts = [repr(value) for value in positional] + [f"{name} = {value!r}" for name, value in named.items()]
    assert_same(", ".join(texts))


@given(st.text(alphabet="[](){},:='\"-+.eE_0123456789 aTrueNj\\\n#", max_size=12))
@settings(max_examples=1500, deadline=None)
def test_whatever_is_read_is_what_the_compiler_makes_of_it(text):
    try:
        assert_same(text)
    except (SyntaxError, TypeError, NameError, ValueError) as error:
        raise AssertionError(f"{text!r} is no call, and was read") from error


@pytest.mark.parametrize(
    "text",
    ["", "1", "[1, 2], k=3", "nums = [1000, 1000], target = -7", "'a', \"b c\"", "[[1, -2.5], []], {}, (), (1,)", "1,"],
)
def test_what_is_usual_is_read(text):
    assert assert_same(text)


@pytest.mark.parametrize(
    "text",
    [
        "f(1)",
        "x",
        "1_000",
        "01",
        "1j",
        "'a' 'b'",
        "'\\n'",
        "{1, 2}",
        "*[1]",
        "k=1, 2",
        "k=1, k=2",
        "if=1",
        "1 + 1",
        "None.x",
    ],
)
def test_what_takes_the_compiler_is_left_to_it(text):
    assert recorder.read_literals(text, RESERVED) is None
