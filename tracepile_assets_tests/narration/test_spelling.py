"""Expressions are written as the standard library writes them, and value texts read as it reads them."""

import ast

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tracepile_assets.narration.narrators.spelling import is_row_of_numbers, literal, spelled, value_of, written

leaves = st.sampled_from(
    ["a", "b", "0", "7", "-3", "2.5", "1e20", "1j", "'x'", "'it\\'s'", "b'q'", "True", "None", "[]", "()"]
)
ARITHMETIC = ("+", "-", "*", "/", "//", "%", "**", "&", "|", "^", "<<", ">>", "@")
SIGNS = (*ARITHMETIC, "==", "<", ">=", "in", "not in", "is", "is not", "and", "or")


def larger(inner):
    two = st.tuples(inner, inner)
    return st.one_of(
        st.tuples(two, st.sampled_from(SIGNS)).map(lambda p: f"({p[0][0]}) {p[1]} ({p[0][1]})"),
        st.tuples(inner, st.sampled_from(["-", "~", "not ", "+"])).map(lambda p: f"{p[1]}({p[0]})"),
        st.tuples(two, inner).map(lambda p: f"({p[0][0]}) < ({p[0][1]}) <= ({p[1]})"),
        st.tuples(two, inner).map(lambda p: f"({p[0][0]}) if ({p[0][1]}) else ({p[1]})"),
        st.tuples(two, inner).map(lambda p: f"({p[0][0]}) or ({p[0][1]}) or ({p[1]})"),
        two.map(lambda p: f"({p[0]})[{p[1]}]"),
        two.map(lambda p: f"({p[0]})[{p[1]}:]"),
        two.map(lambda p: f"({p[0]})[::{p[1]}]"),
        two.map(lambda p: f"({p[0]})[{p[1]}, 1]"),
        two.map(lambda p: f"f({p[0]}, key={p[1]})"),
        two.map(lambda p: f"f(*{p[0]}, **({p[1]}))"),
        two.map(lambda p: f"({p[0]}).m({p[1]})"),
        two.map(lambda p: f"[{p[0]}, {p[1]}]"),
        two.map(lambda p: f"({p[0]}, {p[1]})"),
        inner.map(lambda p: f"({p},)"),
        two.map(lambda p: f"{{{p[0]}, {p[1]}}}"),
        two.map(lambda p: f"{{{p[0]}: {p[1]}}}"),
        two.map(lambda p: f"[v for v in ({p[0]}) if ({p[1]})]"),
        inner.map(lambda p: f"(lambda v: {p})"),
        inner.map(lambda p: f"f'{{{p}}}'"),
    )


@pytest.mark.filterwarnings("ignore::SyntaxWarning")
@settings(max_examples=500, deadline=None)
@given(st.recursive(leaves, larger, max_leaves=8))
def test_expressions_are_written_as_the_standard_library_does(code):
    try:
        node = ast.parse(code, mode="eval").body
    except SyntaxError:
        return
    assert spelled(node) == ast.unparse(node)


class _Put(ast.NodeTransformer):
    """Puts a value in the place of `a`."""

    def __init__(self, value):
        self.value = value

    def visit_Name(self, node):
        return ast.parse(self.value, mode="eval").body if node.id == "a" else node


def _put(told, value):
    if told.kind is ast.Name:
        return value_of(value) if told.text == "a" else told
    return told.with_parts([_put(part, value) for part in told.parts])


OPEN = (ast.ListComp, ast.GeneratorExp, ast.Lambda, ast.JoinedStr)


@pytest.mark.filterwarnings("ignore::SyntaxWarning")
@settings(max_examples=200, deadline=None)
@given(st.recursive(leaves, larger, max_leaves=8), st.sampled_from(["-3", "[1, -2]", "(4, 5)", "(6,)", "'%s'", "2.5"]))
def test_values_put_into_an_expression_are_written_as_if_they_had_stood_there(code, value):
    try:
        node = ast.parse(code, mode="eval").body
    except SyntaxError:
        return
    if any(isinstance(part, OPEN) for part in ast.walk(node)):
        return
    told, expected = _put(written(node), value), _Put(value).visit(ast.parse(code, mode="eval").body)
    assert told.text == ast.unparse(expected)
    assert ast.dump(told.node) == ast.dump(expected)


values = st.recursive(
    st.one_of(st.integers(), st.floats(), st.text(), st.booleans(), st.none(), st.binary()),
    lambda inner: st.one_of(st.lists(inner), st.tuples(inner, inner), st.dictionaries(st.integers(), inner)),
    max_leaves=6,
)


@given(
    values.map(repr)
    | st.text()
    | st.sampled_from(["007", "-0", "--1", "1_0", "²", "'a'b'", "'a\tb'", "'a\rb'", "'\0'"])
)
def test_texts_are_read_as_the_standard_library_does(text):
    try:
        expected = ast.dump(ast.parse(text, mode="eval").body)
    except (SyntaxError, ValueError):
        expected = None
    found = literal(text)
    assert (found and ast.dump(found)) == expected


@given(values)
def test_a_row_of_numbers_is_a_list_of_literals(value):
    text = repr(value)
    if is_row_of_numbers(text):
        assert isinstance(value, list) and ast.literal_eval(text) == value
    numbers = value if isinstance(value, list) else [value]
    if isinstance(value, list) and all(type(each) is int for each in numbers):
        assert is_row_of_numbers(text)
