"""Value text: what is parsed is what was written, and what is written is what Python writes."""

import datetime
import math
from collections import Counter, OrderedDict, deque
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracepile_assets.trace_model.places import (
    Attribute,
    Item,
    Member,
    Slice,
    Variable,
    Whole,
    parse_place,
)
from tracepile_assets.trace_model.text_of_objects import text_of
from tracepile_assets.trace_model.value_parser import ValueTextError, parse_contents, parse_elements, parse_value
from tracepile_assets.trace_model.value_text import contents_text, deep_text, shallow_text
from tracepile_assets.trace_model.values import NAN, HeapObject, Ref, Unknown
from tracepile_assets_tests.trace_model.runs import trace_of

hashable_atoms = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.complex_numbers(),
    st.text(),
    st.binary(),
    st.just(...),
    st.builds(range, st.integers(-9, 9), st.integers(-9, 9)),
    st.decimals(allow_nan=False) | st.just(Decimal("NaN")),
    st.fractions(),
    st.datetimes(timezones=st.none() | st.just(datetime.UTC)),
    st.dates(),
    st.timedeltas(),
)
values = st.recursive(
    hashable_atoms | st.builds(Ref, st.integers(0, 99)),
    lambda inner: st.lists(inner, max_size=4).map(tuple) | st.frozensets(inner, max_size=3),
    max_leaves=8,
)


@given(hashable_atoms)
def test_atoms_are_written_as_repr_and_come_back(value):
    text = shallow_text(value)
    assert text == repr(value)
    back = parse_value(text)
    assert type(back) is type(value)
    assert repr(back) == repr(value)


@given(values)
def test_values_come_back(value):
    text = shallow_text(value)
    back = parse_value(text)
    assert shallow_text(back) == text
    assert type(back) is type(value)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("'#3'", "#3"),
        ("(#3, '#4')", (Ref(3), "#4")),
        ("(1,)", (1,)),
        ("()", ()),
        ("-0.0", -0.0),
        ("1e+300", 1e300),
        ("-inf", -math.inf),
        ("(-0-0j)", complex(-0.0, -0.0)),
        ("-0j", complex(0.0, -0.0)),
        ("frozenset()", frozenset()),
        ("frozenset({1, #2})", frozenset({1, Ref(2)})),
        ("slice(None, 3, None)", slice(None, 3, None)),
        ("Decimal('1.50')", Decimal("1.50")),
        ("Fraction(1, 3)", Fraction(1, 3)),
        ('b"it\'s"', b"it's"),
        (r"'a\n\'\"'", "a\n'\""),
    ],
)
def test_forms_of_values(text, value):
    back = parse_value(text)
    assert back == value
    assert type(back) is type(value)
    assert repr(back) == repr(value)


def test_nan_is_one_object_so_that_containers_find_it():
    assert parse_value("nan") is NAN
    assert parse_value("(nan, 1)") == parse_value("(nan, 1)")


def test_integers_beyond_the_digit_limit():
    number = 7**9000
    text = shallow_text(number)
    assert len(text) > 7000
    assert parse_value(text) == number
    assert parse_value("-" + text) == -number
    assert int(text[:30]) == number // 10 ** (len(text) - 30)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "1 2",
        "x",
        "[1, 2]",
        "{1: 2}",
        "f(1)",
        "(1",
        "'a",
        "#",
        "1 + 2",
        "lambda: 0",
        "(1,,)",
        "Node(val=1)",
        "{[1]}",
    ],
)
def test_other_text_is_refused(text):
    with pytest.raises(ValueTextError):
        parse_value(text)


@pytest.mark.parametrize(
    ("text", "kind", "type_name", "attributes"),
    [
        ("[1, #3]", "list", "list", []),
        ("[]", "list", "list", []),
        ("{'a': 1, (1, 2): #0}", "dict", "dict", []),
        ("{}", "dict", "dict", []),
        ("{1, 2}", "set", "set", []),
        ("set()", "set", "set", []),
        ("bytearray(b'x')", "bytearray", "bytearray", []),
        ("deque([1, 2], maxlen=3)", "deque", "deque", []),
        ("deque([])", "deque", "deque", []),
        ("Counter({'a': 1})", "dict", "Counter", []),
        ("MyList([1], name='x')", "list", "MyList", ["name"]),
        ("MySet(set())", "set", "MySet", []),
        ("MyStr('abc')", "object", "MyStr", []),
        ("Point(x=1, y=2)", "object", "Point", ["x", "y"]),
        ("Node(val=3, next=#2)", "object", "Node", ["val", "next"]),
        ("Empty()", "object", "Empty", []),
        ("Fraction(top=1)", "object", "Fraction", ["top"]),
        ("range()", "object", "range", []),
        ("MyDecimal(Decimal('1.5'))", "object", "MyDecimal", []),
        ("ValueError('bad', 3, code=#1)", "object", "ValueError", ["code"]),
        ("opaque(list_iterator)", "opaque", "list_iterator", []),
        ("'set'()", "object", "set", []),
        ("'deque'(items=#1, size=0)", "object", "deque", ["items", "size"]),
        ("'list'([1, 2])", "list", "list", []),
        ("'bytearray'(bytearray(b'x'))", "bytearray", "bytearray", []),
        ("'opaque'('x')", "object", "opaque", []),
        ("'class'(made=1)", "object", "class", ["made"]),
        ("class set(made=1)", "class", "set", ["made"]),
        ("class 'a b'(made=1)", "class", "a b", ["made"]),
        ("opaque('a), opaque(b')", "opaque", "a), opaque(b", []),
        ("nan(inf=1, infj=-inf, Ellipsis=Ellipsis, None=None)", "object", "nan", ["inf", "infj", "Ellipsis", "None"]),
        ("A('x=1, y'=2, ''=3, b=4)", "object", "A", ["x=1, y", "", "b"]),
    ],
)
def test_forms_of_contents(text, kind, type_name, attributes):
    contents = parse_contents(text)
    assert (contents.kind, contents.type_name, list(contents.attributes)) == (kind, type_name, attributes)
    assert contents_text(contents) == text


@pytest.mark.parametrize(
    "text",
    [
        *("1", "#2", "(1, 2)", "[[1]]", "{'a': [1]}", "Node(val=[1])", "nothing"),
        *("deque(items=#1)", "deque([1], 3)", "set(1)", "bytearray('x')", "opaque(a b)", "A(x=1, x=2)", "a.b(x=1)"),
    ],
)
def test_other_contents_are_refused(text):
    with pytest.raises(ValueTextError):
        parse_contents(text)


names = st.text(max_size=8) | st.sampled_from(
    ["set", "deque", "bytearray", "opaque", "class", "list", "dict", "range", "Fraction", "inf", "nan", "None", "'a'"]
)
objects = st.builds(
    HeapObject,
    st.sampled_from(["object", "class"]),
    names,
    st.just([]),
    st.dictionaries(names, hashable_atoms, max_size=3),
)


@given(objects)
def test_objects_come_back_whatever_their_class_and_attributes_are_called(held):
    held.quoted = held.kind == "object" and held.type_name.isidentifier()
    back = parse_contents(contents_text(held))
    assert (back.kind, back.type_name, list(back.attributes)) == (held.kind, held.type_name, list(held.attributes))
    assert list(map(repr, back.attributes.values())) == list(map(repr, held.attributes.values()))


@given(names)
def test_places_come_back_whatever_names_they_have(name):
    for place in (Variable(3, name), Variable(None, name), Attribute(5, name)):
        assert parse_place(str(place)) == place


def test_elements_of_a_slice():
    assert parse_elements("[7, #9]") == [7, Ref(9)]
    assert parse_elements("[]") == []
    assert parse_elements("b'ab'") == [97, 98]
    with pytest.raises(ValueTextError):
        parse_elements("(7,)")


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("f3.total", Variable(3, "total")),
        ("g.limit", Variable(None, "limit")),
        ("#5", Whole(5)),
        ("#5[2]", Item(5, 2)),
        ("#5[-2]", Item(5, -2)),
        ("#5['k:1']", Item(5, "k:1")),
        ("#5[(1, 2)]", Item(5, (1, 2))),
        ("#5[#2]", Item(5, Ref(2))),
        ("#5[2:4]", Slice(5, 2, 4)),
        ("#5{3}", Member(5, 3)),
        ("#5{'}'}", Member(5, "}")),
        ("#5.attr", Attribute(5, "attr")),
        ("#5.'b[0]'", Attribute(5, "b[0]")),
        ("f3.'x y'", Variable(3, "x y")),
    ],
)
def test_places(text, place):
    assert parse_place(text) == place
    assert str(place) == text


@pytest.mark.parametrize(
    "text", ["", "x", "f.x", "#", "#x", "#5[", "#5[]", "#5[x]", "f3", "#5.b[0]", "f3.x y", "#5.b'x'"]
)
def test_other_places_are_refused(text):
    with pytest.raises(ValueTextError):
        parse_place(text)


plain = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5) | st.binary(max_size=4),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.lists(inner, max_size=3).map(tuple)
        | st.dictionaries(st.text(max_size=3) | st.integers() | st.tuples(st.integers(), st.text(max_size=2)), inner)
    ),
    max_leaves=12,
)


@given(plain)
def test_deep_text_of_plain_builtins_is_their_repr(value):
    heap: list[HeapObject] = []

    def shallow(part):
        if type(part) is tuple:
            return tuple(map(shallow, part))
        if type(part) in (list, dict):
            n = len(heap)
            heap.append(HeapObject(type(part).__name__, type(part).__name__))
            items = list(map(shallow, part)) if type(part) is list else {k: shallow(v) for k, v in part.items()}
            heap[n].items = items
            return Ref(n)
        return part

    assert deep_text(shallow(value), lambda ref: heap[ref.n]) == repr(value)
    assert text_of(value) == repr(value)


def test_cycles_and_depth():
    heap = {
        0: parse_contents("[1, #0]"),
        1: parse_contents("{'me': #1}"),
        2: parse_contents("Node(next=#2)"),
        3: parse_contents("[(#3, 1)]"),
        **{n: parse_contents(f"Node(val={n}, next=#{n + 1})") for n in range(10, 5000)},
        5000: parse_contents("Node(val=5000, next=None)"),
    }
    contents = lambda ref: heap[ref.n]  # noqa: E731
    assert deep_text(Ref(0), contents) == "[1, [...]]"
    assert deep_text(Ref(1), contents) == "{'me': {...}}"
    assert deep_text(Ref(2), contents) == "Node(next=Node(...))"
    assert deep_text(Ref(3), contents) == "[([...], 1)]"
    assert deep_text((Ref(0), Ref(0)), contents) == "([1, [...]], [1, [...]])"
    assert deep_text(Ref(10), contents).count("Node") == 4991


def test_text_of_objects():
    assert text_of({3, 1, 2}) == "{1, 2, 3}"
    assert text_of(frozenset({"b", "a"})) == "frozenset({'a', 'b'})"
    assert text_of([set(), frozenset(), bytearray(b"x"), deque([1], 3)]) == (
        "[set(), frozenset(), bytearray(b'x'), deque([1], maxlen=3)]"
    )
    assert text_of(Counter("aab")) == "Counter({'a': 2, 'b': 1})"
    assert text_of(OrderedDict(a=1)) == "OrderedDict({'a': 1})"
    loop: list = [1]
    loop.append(loop)
    assert text_of(loop) == repr(loop)
    with pytest.raises(Unknown):
        text_of([object()])


ODD_RESULTS = [
    "{1, 'a', (2,), None}",
    "{(1, 'a'), (1, 2)}",
    "{frozenset({1}), frozenset({2, 3}), frozenset()}",
    "{float('nan'), 1.0}",
    "{(float('nan'), 1), (0, 1)}",
    "[True, 1, 1.0, -0.0, 1e16, 123456789.123]",
    "{1: {2: {3: [4, (5, {6})]}}}",
    "[Exception('bad', 3), KeyError()]",
    "[bytearray(b'ab'), range(3), slice(1, None), ...]",
]


@pytest.mark.parametrize("expression", ODD_RESULTS)
def test_the_recorders_deep_text_is_ours(expression):
    trace = trace_of(f"def f():\n    x = {expression}\n    return x\n", "f", "")
    state = trace.state_at(len(trace) - 1)
    assert state.text(state.lookup(0, "x")) == trace.recording.return_value
