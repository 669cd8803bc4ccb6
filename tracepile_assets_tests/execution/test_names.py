"""Whatever a program calls its classes and their attributes: what is recorded of them comes back as it was."""

from collections import deque

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tracepile_assets.trace_model.recording import Recording
from tracepile_assets.trace_model.trace import Trace

from .recorders import RECORDERS, columns
from .test_oracle import Program

CODE = """
import collections
def f(name, base, attributes):
    kind = type(name, (eval(base),), {'__module__': __name__})
    made = kind()
    for i, attribute in enumerate(attributes):
        setattr(made, attribute, i)
    again = kind()
    for i, attribute in enumerate(attributes):
        again.__dict__[attribute] = -i
    held = [made, again]
    return held
"""
BASES = {
    "object": "object",
    "list": "list",
    "dict": "dict",
    "set": "set",
    "bytearray": "bytearray",
    "frozenset": "object",
    "tuple": "object",
    "str": "object",
    "int": "object",
    "ValueError": "object",
}
FORMS = ["set", "deque", "bytearray", "opaque", "class", "list", "dict", "tuple", "range", "slice", "frozenset", "str"]
LIKE_VALUES = ["inf", "nan", "infj", "None", "True", "Ellipsis", "Decimal", "Fraction", "#0", "-1", "1", "'a'", "a.b"]

letters = st.characters(exclude_categories=["Cs"], exclude_characters="\0")
class_names = st.sampled_from(FORMS + LIKE_VALUES) | st.text(letters, max_size=6)
attribute_names = (st.sampled_from(FORMS + LIKE_VALUES) | st.text(max_size=6)).filter(
    # What an enumeration writes is left out; `args` and `maxlen` of the bases take no such value.
    lambda name: (
        not (name[:2] == "__" and name[-2:] == "__") and name not in ("_sort_order_", "_inverted_", "args", "maxlen")
    )
)


@pytest.mark.parametrize("recorder", RECORDERS)
@given(class_names, st.sampled_from(list(BASES)), st.lists(attribute_names, max_size=3, unique=True))
@example("set", "object", [])
@example("list", "list", [])
@example("bytearray", "bytearray", ["x"])
@example("Fraction", "ValueError", ["x=1, y"])
def test_objects_come_back_whatever_their_class_and_attributes_are_called(recorder, name, base, attributes):
    program = Program(CODE, "f", f"{name!r}, {base!r}, {attributes!r}")
    row = columns(recorder, program)
    assert row["status"] == "ok"
    trace = Trace(CODE, "f", Recording.from_row(row), program.arguments)
    *_, (_, state) = trace.replay()
    for variable, sign in (("made", 1), ("again", -1)):
        held = state.contents(state.lookup(0, variable))
        assert (held.kind, held.type_name, held.is_plain) == (BASES[base], name, False)
        assert held.attributes == {attribute: sign * i for i, attribute in enumerate(attributes)}
    assert state.text(state.lookup(0, "held")) == row["return_value"]


@pytest.mark.parametrize("recorder", RECORDERS)
def test_what_is_of_a_builtin_type_is_told_from_what_is_only_called_so(recorder):
    code = (
        "from collections import deque\n"
        "def f():\n"
        "    given = [[1], {2: 3}, set(), bytearray(b'x'), deque([4], maxlen=5)]\n"
        "    own = []\n"
        "    for each in given:\n"
        "        own.append(type(type(each).__name__, (type(each),), {'__module__': __name__})(each))\n"
        "    return given, own\n"
    )
    row = columns(recorder, Program(code, "f", ""))
    given, own = (
        "[[1], {2: 3}, set(), bytearray(b'x'), deque([4], maxlen=5)]",
        "['list'([1]), 'dict'({2: 3}), 'set'(set()), 'bytearray'(bytearray(b'x')), 'deque'(deque([4]))]",
    )
    assert row["return_value"] == f"({given}, {own})"
    *_, (_, state) = Trace(code, "f", Recording.from_row(row), "").replay()
    assert state.to_python(state.lookup(0, "given")) == [[1], {2: 3}, set(), bytearray(b"x"), deque([4], 5)]
    for ref in state.contents(state.lookup(0, "own")).items:
        assert not state.contents(ref).is_plain
