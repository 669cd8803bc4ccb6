"""Normal forms: what they drop, what they mask, what they keep."""

import ast
import textwrap

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracepile_assets.similarity.normal_form import family_id, normalise


def code(text: str) -> str:
    return textwrap.dedent(text).strip() + "\n"


ORIGINAL = code('''
    """Module."""
    import math, collections as c
    class Stack:
        """Holds items."""
        def __init__(self, size=3):
            self.items = []
            self.size = size
        def push(self, item):
            self.items.append(item)  # at the end
    def area(radius, *, scale=1):
        "Docstring."
        global total
        total = math.pi * radius ** 2 * scale
        s = Stack(size=2)
        s.push(total)
        try:
            return sorted([x for x in s.items if x], key=lambda v: -v)
        except ValueError as error:
            print(error, end="")
''')

RENAMED = code("""
    import math, collections as things
    class Pile:
        def __init__(this, most=3):
            this.held = []
            this.most = most
        def add(this, thing):
            this.held.append(thing)
    def f(r, *, k=1):
        global g
        g = (math.pi * r ** 2) * k
        p = Pile(most=2)
        p.add(g)
        try:
            return sorted(
                [a for a in p.held if a],
                key=lambda b: -b,
            )
        except ValueError as e:
            print(e, end='')
""")


def test_renaming_comments_docstrings_and_layout_do_not_count():
    assert normalise(ORIGINAL) == normalise(RENAMED)
    assert family_id(ORIGINAL) == family_id(RENAMED)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("-v", "v"),
        ("sorted(", "list("),
        ("math.pi", "math.e"),
        ("append", "extend"),
        ("** 2", "** 3"),
        ("ValueError", "TypeError"),
        ('end=""', 'sep=""'),
        ("scale=1", "scale=2"),
        ("s.push(total)", "s.push(radius)"),
    ],
)
def test_everything_else_counts(old, new):
    changed = ORIGINAL.replace(old, new)
    assert changed != ORIGINAL
    assert family_id(changed) != family_id(ORIGINAL)


def test_the_form_itself():
    assert normalise(ORIGINAL) == code("""
        import math, collections as v0

        class v1:

            def __init__(v2, v3=3):
                v2.a0 = []
                v2.a1 = v3

            def a2(v2, v4):
                v2.a0.append(v4)

        def v5(v6, *, v7=1):
            global v8
            v8 = math.pi * v6 ** 2 * v7
            v9 = v1(v3=2)
            v9.a2(v8)
            try:
                return sorted([v10 for v10 in v9.a0 if v10], key=lambda v11: -v11)
            except ValueError as v12:
                print(v12, end='')
    """).rstrip("\n")


def test_a_builtin_that_the_program_binds_is_masked():
    shadowing = "def sum(xs):\n    return len(xs)\nprint(sum([1]))\n"
    assert normalise(shadowing) == "def v0(v1):\n    return len(v1)\nprint(v0([1]))"


def test_keywords_of_others_stay_when_a_variable_has_the_same_name():
    assert normalise("end = 1\nprint(2, end='')\n") == normalise("last = 1\nprint(2, end='')\n")


def test_the_normal_form_of_a_normal_form_is_itself():
    assert normalise(normalise(ORIGINAL)) == normalise(ORIGINAL)


def test_code_that_does_not_parse_is_compared_by_its_words():
    assert normalise("def f(:\n   x  =\t1") == "def f(: x = 1"
    assert family_id("def f(: x") == family_id("def   f(:\n\nx")
    assert family_id("def f(: x") != family_id("def f(: y")


def test_the_id_has_a_prefix_and_128_bits():
    found = family_id("x = 1")
    assert found[:2] == "f_"
    assert len(found) == 34
    assert int(found[2:], 16) >= 0
    assert found == family_id("y = 1  # the same") != family_id("x = 2")


names = st.lists(st.sampled_from(["a", "b", "item", "k", "xs", "value"]), min_size=3, max_size=3, unique=True)


@given(names, names)
def test_any_renaming_gives_the_same_form(one, other):
    template = "def {0}({1}):\n    {2} = [{1} for {1} in {1}]\n    return len({2}) + {0}({2})\n"
    assert normalise(template.format(*one)) == normalise(template.format(*other))
    ast.parse(normalise(template.format(*one)))
