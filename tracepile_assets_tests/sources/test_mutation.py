"""Mutants of inputs: other ones, of the same types, the same from the same key, with what all had in common."""

import ast
import re

import pytest

from tracepile_assets.sources import ProgramInput, open_source
from tracepile_assets.sources.mutation import Mutator
from tracepile_assets.trace_model.codecs import Nodes, codec
from tracepile_assets_tests.sources.layout_files import entry


def inputs(*texts, codec="literal"):
    return [ProgramInput(arguments=text, codec=codec) for text in texts]


def drawn(code, *texts, count=60, key="k", codec="literal"):
    mutator = Mutator(code, "f", inputs(*texts, codec=codec))
    return [given.arguments for given in mutator.draw(key, count)]


def values(*parts, **named):
    """The values of mutants of ``f``."""
    return [codec("literal").decode(text)[0] for text in drawn(*parts, **named)]


PLAIN = "def f(a, b=1):\n    return a\n"


def test_the_same_key_gives_the_same_mutants_and_another_gives_others():
    given = ("[3, 1, 2], 2", "[5], 0")
    assert drawn(PLAIN, *given) == drawn(PLAIN, *given)
    assert len(set(drawn(PLAIN, *given)) & set(drawn(PLAIN, *given, key="l"))) < 30
    assert drawn(PLAIN, *given, count=10) == drawn(PLAIN, *given)[:10]


def test_none_equals_an_input_that_there_is_or_was_drawn():
    mutator = Mutator(PLAIN, "f", inputs("True", "False, 3"))
    first = mutator.draw("k", 30)
    second = mutator.draw("k", 30)
    texts = [given.arguments for given in (*first, *second)]
    assert len(texts) == len(set(texts)) and not {"True", "False, 3"} & set(texts)
    assert {given.origin for given in first} == {"mutated"}


def shape(value):
    """The type of a value, in full."""
    if isinstance(value, (list, set, tuple)):
        return (type(value), frozenset(map(shape, value)))
    if isinstance(value, dict):
        return (dict, frozenset((shape(k), shape(v)) for k, v in value.items()))
    return type(value)


@pytest.mark.parametrize(
    "text",
    [
        *("7", "-3", "2.5", "'abc'", "b'ab'", "[1, 2]", "['a', 'bc']", "(1, 'x')", "[(1, 'a'), (2, 'b')]"),
        *("{'a': 1}", "{1, 2}", "[[1, 2], [3, 4]]", "{'a': [1, 2], 'b': []}", "frozenset({1})", "[1, 'a', 2.0]"),
    ],
)
def test_types_stay(text):
    def parts(value):
        """The types found at each depth."""
        found = {(0, type(value))}
        inside = [*value, *value.values()] if isinstance(value, dict) else value
        if isinstance(value, (list, set, tuple, dict, frozenset)):
            found |= {(depth + 1, kind) for each in inside for depth, kind in parts(each)}
        return found

    allowed = parts(codec("literal").decode(text)[0][0])
    found = values("def f(a):\n    pass\n", text)
    assert len(found) > 5
    for (value,) in found:
        assert parts(value) <= allowed, value


def test_annotations_tell_what_no_input_shows():
    code = "from typing import *\ndef f(a: Optional[int], b: List[str], c: 'float'):\n    pass\n"
    found = values(code, "3, [], 2", count=200)
    assert any(a is None for a, _, _ in found)
    assert all(isinstance(text, str) for _, b, _ in found for text in b) and any(b for _, b, _ in found)
    assert any(type(c) is float for _, _, c in found)


def test_constants_of_the_program_are_tried():
    code = "def f(a, s):\n    if a == 77:\n        return 1\n    return s in ('alpha', 'beta') or len(s) == 9\n"
    found = values(code, "1, 'x'", "5, 'yy'", count=200)
    assert {76, 77, 78} & {a for a, _ in found}
    assert {"alpha", "beta"} <= {s for _, s in found}
    assert any(len(s) == 9 for _, s in found)


def test_empty_and_zero_values_come_first():
    code = "from typing import *\ndef f(a, b, c: Optional[str]):\n    pass\n"
    found = drawn(code, "[1, 2], 7, 'xy'", "[4, 5, 6], 8, ''", count=8)
    assert found == [
        *("[], 7, 'xy'", "[1, 2], 0, 'xy'", "[1, 2], 7, ''", "[1, 2], 7, None", "[], 0, ''"),
        *("[1], 7, 'xy'", "[1, 2], 1, 'xy'", "[1, 2], 7, 'x'"),
    ]
    assert drawn(code, "[1, 2], 7, 'xy'", "[4, 5, 6], 8, ''", count=8, key="another") == found
    once = Mutator(PLAIN, "f", inputs("{'a': 1}, 2"))
    assert [given.arguments for given in once.draw("k", 3)] == ["{}, 2", "{'a': 1}, 0", "{}, 0"]
    assert not {"{}, 2", "{}, 0"} & {given.arguments for given in once.draw("l", 20)}
    assert drawn("def f(head):\n    pass\n", "list_node([1, 2])", codec="list_node", count=1) == ["list_node([])"]
    assert drawn("def f(a, n):\n    pass\n", "[3, 1], 2", "[5, 6, 7], 3", count=1) == ["[], 0"]
    assert all(len(pair) == 2 for (pair,) in values("def f(p):\n    pass\n", "(1, 2)", "(3, 4)", count=2))
    text = Mutator("n = input()\n", None, [ProgramInput(stdin=given) for given in ("3 9\n4 1 5\n", "2 1\n7 7\n")])
    assert [given.stdin for given in text.draw("k", 3)] == ["0 9\n\n", "3 0\n4 1 5\n", "3 9\n0 1 5\n"]


def test_elements_below_zero_and_equal_elements_are_tried():
    assert drawn("def f(a):\n    pass\n", "[3, 1, 2]", count=4) == ["[]", "[3]", "[-3, 1, 2]", "[3, 3, 3]"]
    assert drawn("def f(a):\n    pass\n", "[0.0, 1.5]", count=4) == ["[]", "[0.0]", "[-1.0, 1.5]", "[0.0, 0.0]"]
    assert drawn("def f(a):\n    pass\n", "[-3, 1]", count=3) == ["[]", "[-3]", "[-3, -3]"]
    for code, given in (("[4, 1, 7]", "[2, 9]"), ("[[1, 2], [3, 4]]", "[[5, 6]]"), ("{'a': 5}", "{'b': 1, 'c': 2}")):
        texts = drawn("def f(a):\n    pass\n", code, given, count=100)
        assert 3 <= sum("-" in text for text in texts) <= 40
    sizes = [n for _, n in values("def f(a, n):\n    pass\n", "'ab', 5", "'c', 9", count=100)]
    assert share(sizes, lambda n: n < 0) < 0.1


def share(found, holds):
    return sum(map(holds, found)) / len(found)


def test_what_all_inputs_have_in_common_is_kept_up_most_of_the_time():
    tied = values("def f(a, n):\n    pass\n", "[3, 1], 2", "[5, 6, 7], 3", count=200)
    assert share(tied, lambda given: len(given[0]) == given[1]) > 0.7
    parallel = values("def f(a, b):\n    pass\n", "[1, 2], ['x', 'y']", "[1, 2, 4], ['q', 'r', 's']", count=200)
    assert share(parallel, lambda given: len(given[0]) == len(given[1])) > 0.7
    ascending = values("def f(a):\n    pass\n", "[1, 3, 9]", "[2, 2, 5, 8]", count=200)
    assert share(ascending, lambda given: given[0] == sorted(given[0])) > 0.7
    matrices = values("def f(a):\n    pass\n", "[[1, 2, 3], [4, 5, 6]]", "[[1, 0], [0, 1]]", count=200)
    assert share(matrices, lambda given: len({len(row) for row in given[0]}) <= 1) > 0.85
    pairs = values("def f(a):\n    pass\n", "[(1, 2), (3, 4), (5, 6)]", "[(7, 1), (2, 4)]", count=200)
    assert share(pairs, lambda given: all(len(pair) == 2 for pair in given[0])) > 0.9
    for found in (tied, parallel, ascending, matrices, pairs):
        assert share(found, lambda given: not given[0]) > 0, "an empty one is among them"


def test_named_arguments_stay_named_and_codecs_stay():
    texts = drawn(
        "def f(head, root, k):\n    pass\n",
        "head=list_node([1, 2, 3]), root=tree_node([1, None, 2]), k=1",
        codec="list_node+tree_node",
        count=150,
    )
    with_codec = codec("list_node+tree_node")
    for text in texts:
        positional, named = with_codec.decode(text)
        assert not positional and list(named) == ["head", "root", "k"]
        assert isinstance(named["head"], Nodes) and None not in named["head"].values
        tree = named["root"].values
        assert not tree or (tree[0] is not None and tree[-1] is not None)
        assert 2 * sum(value is not None for value in tree) + 1 >= len(tree)


def test_what_cannot_be_read_is_not_mutated():
    assert not Mutator(PLAIN, "f", inputs("Pair(1, 2)", "open('x')")).can_mutate
    assert Mutator(PLAIN, "f", inputs("Pair(1, 2)", "3")).can_mutate
    assert Mutator(PLAIN, "f", inputs("")).draw("k", 5) == []
    assert not Mutator(PLAIN, "f", inputs("[" + "1, " * 9_000 + "]")).can_mutate
    assert drawn("def f(:", "3")


def test_standard_input_keeps_its_counts():
    given = ["3 9\n4 1 5\n", "2 1\n7 7\n", "5 0\n1 2 3 4 5\n"]
    mutator = Mutator("n = input()\n", None, [ProgramInput(stdin=text) for text in given])
    found = [each.stdin for each in mutator.draw("k", 200)]
    assert len(found) > 150
    lines = [text.split("\n") for text in found]
    assert share(lines, lambda each: int(each[0].split()[0]) == len(each[1].split())) > 0.8
    assert len({each[0].split()[0] for each in lines}) > 3
    assert all(re.fullmatch(r"[-\d \n]*", text) for text in found)
    rows = ["2\nab 1\ncd 2\n", "3\nab 1\ncd 2\nef 3\n"]
    mutator = Mutator("n = input()\n", None, [ProgramInput(stdin=text) for text in rows])
    found = [each.stdin.split("\n") for each in mutator.draw("k", 100)]
    assert share(found, lambda each: int(each[0]) == len(each) - 2) > 0.8
    assert len({each[0] for each in found}) > 2


@pytest.mark.parametrize("source", ["algorithms", "mathematics", "competition"])
def test_every_shipped_program_can_be_mutated(source):
    for program in open_source(entry("embedded", "", options={"collection": source})):
        found = Mutator(program.code, program.entry_point, program.inputs).draw(program.source_row, 20)
        assert len(found) >= 5, program.title
        for given in found:
            assert (given.arguments is None) == (program.entry_point is None)
            if given.arguments is not None:
                ast.parse(f"f({given.arguments})")


def test_parameters_that_all_inputs_leave_to_their_defaults_are_passed_by_name() -> None:
    code = (
        "from typing import Optional\n"
        "def f(a: int, b: Optional[int] = None, c: float = 1.0, d: bool = False, e=3):\n    return a\n"
    )
    found = [each.arguments for each in Mutator(code, "f", [ProgramInput(arguments="1")]).draw("k", 60)]
    named = {(keyword.arg, type(ast.literal_eval(keyword.value))) for text in found for keyword in _call(text).keywords}
    assert {("b", int), ("c", float), ("d", bool)} <= named
    assert "e" not in {name for name, _ in named}
    assert any(not _call(text).keywords for text in found)


def _call(arguments: str) -> ast.Call:
    return ast.parse(f"f({arguments})", mode="eval").body
