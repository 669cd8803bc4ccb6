"""The short way to plain values never says anything else than the evaluator proper, and nothing where that abstains."""

import ast
import warnings

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tracepile_assets.trace_model.evaluator import Abstain
from tracepile_assets.trace_model.evaluator_plain import Plain, Unclear
from tracepile_assets.trace_model.evaluator_walk import Evaluation
from tracepile_assets_tests.trace_model.runs import trace_of

CODE = """
from collections import *
class Node:
    def __init__(self, value, following):
        self.value, self.following = value, following
limit = 4
def f():
    i, j, x, s, flag, nothing = 3, -2, 2.5, "abca", True, None
    pair, xs, rows = (4, "u"), [5, 1, 4, 1], [[1, 2], [3]]
    pairs, names, seen, empty = [(1, 2), (3, 4)], {"a": 1, "b": 2}, {3, 1}, []
    table, queue = {"p": [1], "q": [2]}, deque([2, 1])
    count, default = Counter("abca"), defaultdict(list, {"a": [1]})
    broken, apart, deep = [1.0, float("nan")], [[1], [float("nan")]], [[[[[[1]]]]]]
    node, places = Node(1, Node(2, None)), {(3, -2): "here"}
    def limit_of():
        return limit
    return 0
"""
TRACE = trace_of(CODE, "f", "")
EVENT = len(TRACE) - 1
STATE = TRACE.state_at(EVENT)

NAMES = (
    *("i", "j", "x", "s", "flag", "nothing", "pair", "xs", "rows", "pairs", "names", "seen", "empty", "table"),
    *("queue", "broken", "apart", "deep", "node", "limit", "len", "bool", "limit_of", "unknown", "Node"),
    *("count", "default", "places"),
)
atoms = st.sampled_from([*NAMES, *NAMES, "0", "1", "-1", "2", "0.5", "'a'", "'b'", "None", "True", "10**30"])
SIGNS = ("+", "-", "*", "/", "//", "%", ">>", "&", "|", "^", "==", "!=", "<", "<=", ">", ">=", "in", "and", "or", "is")


def larger(inner):
    two = st.tuples(inner, inner)
    return st.one_of(
        st.tuples(two, st.sampled_from([*SIGNS, "not in", "is not"])).map(lambda p: f"({p[0][0]} {p[1]} {p[0][1]})"),
        st.tuples(inner, st.sampled_from(["-", "~", "not ", "+"])).map(lambda p: f"({p[1]}{p[0]})"),
        st.tuples(two, inner).map(lambda p: f"({p[0][0]} < {p[0][1]} <= {p[1]})"),
        st.tuples(two, inner).map(lambda p: f"({p[0][0]} if {p[0][1]} else {p[1]})"),
        st.tuples(st.sampled_from(["len", "bool", "abs", "min"]), inner).map(lambda p: f"{p[0]}({p[1]})"),
        st.tuples(st.sampled_from(["min", "max"]), inner, inner).map(lambda p: f"{p[0]}({p[1]}, {p[2]})"),
        st.tuples(inner, st.sampled_from(["value", "following"])).map(lambda p: f"({p[0]}).{p[1]}"),
        two.map(lambda p: f"({p[0]})[{p[1]}]"),
        two.map(lambda p: f"({p[0]}, {p[1]})"),
        st.tuples(two, inner).map(lambda p: f"({p[0][0]})[{p[0][1]}:{p[1]}]"),
        st.tuples(inner, inner).map(lambda p: f"range({p[0]}, {p[1]})"),
        two.map(lambda p: f"({p[0]}).get({p[1]})"),
        st.tuples(two, inner).map(lambda p: f"({p[0][0]}).get({p[0][1]}, {p[1]})"),
    )


@settings(max_examples=600, deadline=None)
@given(st.recursive(atoms, larger, max_leaves=6))
def test_it_agrees_with_the_evaluator_proper(expression):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        node = ast.parse(expression, mode="eval").body
        try:
            said = Plain(STATE, 0, TRACE).value(node)
        except Unclear:
            return
        proper = Evaluation(STATE, 0, TRACE, None).result(node)
    assert (type(said), repr(said)) == (type(proper), repr(proper)), expression


READ = ("i", "xs[i]", "rows[1][0]", "names['a']", "table['q'][0]", "pairs[0][1]", "node.value", "len(queue)", "s[0]")
WORKED = [
    "node.following.value",
    "limit",
    "count['a'] + default['a'][0]",
    "count['z'] + names.get('a', 0)",
    "names.get('z', i)",
    "names.get('z') is None",
    "count.get('a') + len(default.get('a'))",
    "max(i, j) >> abs(j)",
    "x // 2 + i",
    "not empty and i in seen",
    "nothing is None and node is not None",
    "bool(rows)",
    "s[i - 1:]",
    "s[::-1]",
    "(i, len(xs)) in pairs",
    "(i, s)",
    "range(j, i)",
]


@pytest.mark.parametrize("expression", [*READ, *WORKED, "-j if flag else 0"])
def test_it_leads_to_what_programs_read_most(expression):
    node = ast.parse(expression, mode="eval").body
    assert Plain(STATE, 0, TRACE).value(node) == Evaluation(STATE, 0, TRACE, None).result(node)


@pytest.mark.parametrize("expression", ["broken[0]", "len(broken)", "apart[0][0]", "len(apart)", "broken is None"])
def test_a_container_with_a_nan_is_left_to_the_evaluator_which_abstains(expression):
    node = ast.parse(expression, mode="eval").body
    with pytest.raises(Unclear):
        Plain(STATE, 0, TRACE).value(node)
    with pytest.raises(Abstain):
        Evaluation(STATE, 0, TRACE, None).result(node)
