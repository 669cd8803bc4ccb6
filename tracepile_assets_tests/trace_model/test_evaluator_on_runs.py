"""The pure evaluator on recorded runs: against what was recorded next, with the program's own functions and objects."""

import ast

import pytest

from tracepile_assets.trace_model.evaluator import (
    Abstain,
    EvaluatedToError,
    Recorded,
    agrees,
    evaluate,
    evaluate_augmented,
)
from tracepile_assets_tests.trace_model.runs import trace_of


def moments(trace, kind="Assign"):
    """(event, statement node, frame) of the line events at statements of a kind."""
    for i, event in enumerate(trace.events()):
        if event.kind == "line" and trace.syntax.statements[event.statement].kind == kind:
            yield i, trace.syntax.statements[event.statement].node, event.frame


def last_assignment(code: str, arguments: str = "", entry: str = "f"):
    """What the evaluator says of the last assigned expression in the entry frame, and the recorded outcome."""
    trace = trace_of(code, entry, arguments)
    i, node, frame = [m for m in moments(trace) if m[2] == 0][-1]
    end = trace.end_of_statement(i)
    state = trace.state_at(end)
    return evaluate(node.value, None, frame, trace, i), state, state.lookup(frame, node.targets[0].id)


def test_a_name_that_shadows_a_builtin_is_not_the_builtin():
    code = "def len(x):\n    return 99\ndef f(xs):\n    y = len(xs)\n    return y\n"
    said, state, recorded = last_assignment(code, "[1, 2]")
    assert said == 99
    assert agrees(said, state, recorded)
    code = "sum = lambda v: -1\ndef f(xs):\n    y = sum(xs)\n    return y\n"
    with pytest.raises(Abstain):
        last_assignment(code, "[1, 2]")
    code = "def f(max):\n    y = [max(1, 2)]\n    return y\n"
    with pytest.raises(Abstain):
        last_assignment(code, "min")
    code = "from math import *\ndef f(a):\n    y = pow(a, 2)\n    return y\n"
    with pytest.raises(Abstain):
        last_assignment(code, "3")


@pytest.mark.parametrize(
    ("first", "second"),
    [("total([1, 2])", "total([5])"), ("total(xs)", "total(xs[1:])"), ("total(items=xs)", "total(items=[7])")],
)
def test_a_part_of_an_expression_takes_no_call_with_other_arguments(first, second):
    """Alone, the second of two calls would be given what the first returned."""
    code = f"def total(items):\n    return sum(items)\ndef f(xs):\n    y = {first} * 100 + {second}\n    return y\n"
    trace = trace_of(code, "f", "[3, 4]")
    i, node, frame = next(moment for moment in moments(trace) if moment[2] == 0)
    whole = eval(code.split("y = ")[1].split("\n")[0], {"total": lambda items: sum(items), "xs": [3, 4]})
    assert evaluate(node.value, None, frame, trace, i) == whole
    assert evaluate(node.value.left, None, frame, trace, i) == whole // 100 * 100
    with pytest.raises(Abstain, match="other arguments"):
        evaluate(node.value.right, None, frame, trace, i)


def test_calls_of_the_programs_functions_take_their_recorded_values_in_order():
    code = """
def fib(n):
    if n < 2:
        return n
    value = fib(n - 1) * 10 + fib(n - 2)
    return value
def f(n):
    y = [fib(k) for k in range(n)] + [fib(2) - fib(1)]
    return y
"""
    trace = trace_of(code, "f", "5")
    checked = 0
    for i, node, frame in moments(trace):
        end = trace.end_of_statement(i)
        said = evaluate(node.value, None, frame, trace, i)
        state = trace.state_at(end)
        assert agrees(said, state, state.lookup(frame, node.targets[0].id))
        checked += 1
    assert checked == 9


def test_a_call_that_changes_what_the_expression_uses():
    code = """
def grow(xs):
    xs.append(len(xs))
    return len(xs)
def f(xs):
    y = %s
    return y
"""
    said, state, recorded = last_assignment(code % "grow(xs) + grow(xs) + len(xs)", "[1]")
    assert said == 2 + 3 + 3
    assert agrees(said, state, recorded)
    with pytest.raises(Abstain):
        last_assignment(code % "xs + [grow(xs)]", "[1]")


def test_builtins_that_a_star_import_hides():
    code = "from operator import *\nfrom math import *\ndef f(a):\n    y = {}\n    return y\n"
    said, state, recorded = last_assignment(code.format("abs(a) + a"), "-3.5")
    assert said == 0.0
    assert agrees(said, state, recorded)
    with pytest.raises(Abstain, match="pow may come from"):
        last_assignment(code.format("pow(a, 2)"), "3")


@pytest.mark.parametrize(
    "test",
    ["xs[0] < 5 and grow(xs)", "xs[0] > 5 or grow(xs)", "xs[0] < 5 and grow(xs) and xs[-1] == 9 and len(xs) == 3"],
)
def test_what_a_condition_has_gone_past_may_change(test):
    code = f"def grow(items):\n    items.append(9)\n    return True\ndef f(xs):\n    y = {test}\n    return y\n"
    said, state, recorded = last_assignment(code, "[1, 2]")
    assert said is True
    assert agrees(said, state, recorded)


@pytest.mark.parametrize("value", ["(kept := xs) and grow(xs) and kept", "[xs] + [xs and grow(xs)]"])
def test_what_is_kept_from_before_a_call_that_changes_it_is_not_used(value):
    code = f"def grow(items):\n    items.append(9)\n    return True\ndef f(xs):\n    y = {value}\n    return y\n"
    with pytest.raises(Abstain, match="changes an object"):
        last_assignment(code, "[1, 2]")


def test_calls_made_in_the_order_of_a_set_are_not_matched():
    code = """
def short(word):
    return len(word) < 2
def f(words):
    y = {word for word in words if short(word)}
    return y
"""
    with pytest.raises(Abstain):
        last_assignment(code, "{'a', 'bb', 'c', 'dd'}")
    said, _, _ = last_assignment(code.replace("in words", "in sorted(words)"), "{'a', 'bb', 'c', 'dd'}")
    assert said == {"a", "c"}


def test_methods_and_defaults():
    code = """
class Tree:
    def __init__(self, size):
        self.size = size
    def up(self, k, by=1):
        return self.size + k * by
    @staticmethod
    def twice(k):
        return 2 * k
def f(n):
    tree = Tree(n)
    y = tree.up(1) + tree.up(2, by=10) + tree.twice(5) + Tree.twice(7) + tree.up(*[1, 2]) + Tree.up(tree, 3)
    return y
"""
    said, state, recorded = last_assignment(code, "100")
    assert said == 101 + 120 + 10 + 14 + 102 + 103
    assert agrees(said, state, recorded)


def test_a_call_that_raises_makes_the_expression_raise():
    code = """
def g(k):
    raise KeyError(k)
def f():
    try:
        y = 1 + g(2)
    except KeyError:
        pass
    return 0
"""
    trace = trace_of(code, "f", "")
    i, node, frame = next(moments(trace))
    with pytest.raises(EvaluatedToError) as raised:
        evaluate(node.value, None, frame, trace, i)
    assert raised.value.type_name == "KeyError"


OBJECTS = """
class Node:
    def __init__(self, val, next=None):
        self.val = val
        self.next = next
    @property
    def double(self):
        return self.val * 2
class Odd:
    def __init__(self):
        self.size = 0
    def __len__(self):
        return self.size
    def __eq__(self, other):
        return True
def f():
    tail = Node(2)
    head = Node(1, tail)
    odd = Odd()
    pair = [head, tail]
    y = 0
    return y
"""


def test_attributes_and_identity_of_recorded_objects():
    trace = trace_of(OBJECTS, "f", "")
    state = trace.state_at(len(trace) - 1)

    def say(expression):
        return evaluate(ast.parse(expression, mode="eval").body, state, 0, trace)

    assert say("head.val + head.next.val") == 3
    assert say("head.next is tail and head is not tail and tail.next is None") is True
    assert say("head.next == tail and head != tail") is True
    assert say("1 if head else 0") == 1
    assert say("head in pair and pair[1] is tail and len(pair)") == 2
    assert isinstance(say("head.next"), Recorded)
    assert agrees(say("head.next"), state, state.lookup(0, "tail"))
    assert agrees(say("pair"), state, state.lookup(0, "pair"))
    for unknown in ("head.double", "not odd", "odd == head", "head.missing", "head < tail", "str(head)", "head + 1"):
        with pytest.raises(Abstain):
            say(unknown)


def test_containers_of_the_standard_library_are_read():
    code = """
from collections import Counter, defaultdict, deque
def f(words):
    counts = Counter(words)
    groups = defaultdict(list)
    groups[1].append(2)
    line = deque([1, 2, 3], maxlen=3)
    y = 0
    return y
"""
    trace = trace_of(code, "f", "'abca'")
    state = trace.state_at(len(trace) - 1)

    def say(expression):
        return evaluate(ast.parse(expression, mode="eval").body, state, 0, trace)

    assert say("counts['a'] + counts['zz'] + len(counts)") == 5
    assert say("counts.most_common(1)") == [("a", 2)]
    assert say("groups[1] + list(line)") == [2, 1, 2, 3]
    assert say("line[0] if line else None") == 1
    assert agrees(say("Counter(words)"), state, state.lookup(0, "counts"))
    with pytest.raises(Abstain):
        say("groups[5]")


def test_what_was_cut_short_is_not_used():
    trace = trace_of("def f(n):\n    xs = [0] * n\n    y = 0\n    return y\n", "f", "20000")
    assert trace.recording.truncated
    state = trace.state_at(len(trace) - 1)
    for expression in ("len(xs)", "xs[0]", "sum(xs)", "xs == []"):
        with pytest.raises(Abstain):
            evaluate(ast.parse(expression, mode="eval").body, state, 0, trace)


def test_a_global_is_not_read_in_place_of_an_unbound_local():
    code = """
x = 5
def f(k):
    try:
        y = x + k
        x = 1
    except UnboundLocalError:
        y = 0
    return y
"""
    trace = trace_of(code, "f", "2")
    i, node, frame = next(moments(trace))
    with pytest.raises(Abstain):
        evaluate(node.value, None, frame, trace, i)
    said, state, recorded = last_assignment("x = 5\ndef f(k):\n    y = x + k\n    return y\n", "2")
    assert said == 7
    assert agrees(said, state, recorded)


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        ("sorted(v * 2 for v in m)", [2, 4, 6]),
        ("sum(v for v in m)", 6),
        ("max(v for v in m)", 3),
        ("any(v > 2 for v in m)", True),
        ("{v % 2 for v in m}", {0, 1}),
        ("sum(v for v in w)", None),
        ("sum([v for v in w])", None),
        ("sorted([v, 1][0] for v in q)", None),
        ("all(1 // (v - 2) for v in m)", None),
        ("(lambda sorted: sorted(v for v in m))(list)", None),
        ("next(v for v in m)", None),
        ("n == n", None),
        ("[n] == [n]", None),
    ],
)
def test_what_depends_on_the_order_of_a_set_or_on_which_nan(expression, value):
    code = "def f():\n    m = {1, 2, 3}\n    w = {0.1, 0.2}\n    q = {1, 2.5}\n    n = float('nan')\n    return 0\n"
    trace = trace_of(code, "f", "")
    state = trace.state_at(len(trace) - 1)
    tree = ast.parse(expression, mode="eval").body
    if value is None:
        with pytest.raises(Abstain):
            evaluate(tree, state, 0, trace)
    else:
        assert evaluate(tree, state, 0, trace) == value


def test_augmented_assignment():
    code = (
        "def f():\n    xs = [1]\n    xs += (2, 3)\n    n = 5\n    n //= 2\n    m = {1}\n    m |= {2}\n    return xs\n"
    )
    trace = trace_of(code, "f", "")
    outcomes = []
    for i, node, frame in moments(trace, "AugAssign"):
        said = evaluate_augmented(node, None, frame, trace, i)
        state = trace.state_at(trace.end_of_statement(i))
        assert agrees(said, state, state.lookup(frame, node.target.id))
        outcomes.append(said)
    assert outcomes == [[1, 2, 3], 2, {1, 2}]
