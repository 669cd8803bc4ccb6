"""The pure evaluator against Python's own ``eval``, against what was recorded next, and at its limits."""

import ast
import math
import warnings

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tracepile_assets.trace_model.evaluator import (
    Abstain,
    EvaluatedToError,
    Recorded,
    agrees,
    evaluate,
    evaluate_augmented,
)
from tracepile_assets_tests.trace_model.runs import trace_of

VARIABLES = {
    "i": 3,
    "j": -2,
    "x": 2.5,
    "s": "abca",
    "b": b"xyz",
    "t": (4, "u", 1),
    "xs": [5, 1, 4, 1],
    "rows": [[1, 2], [3]],
    "d": {"a": 1, "b": [2]},
    "e": set(),
    "m": {3, 1},
    "flag": True,
    "none": None,
    "c": 1 - 2j,
    "r": range(2, 9, 3),
}
SETUP = "\n".join(f"    {name} = {value!r}" for name, value in VARIABLES.items())
CODE = f"import math\ndef f():\n{SETUP}\n    return 0\n"
TRACE = trace_of(CODE, "f", "")
STATE = TRACE.state_at(len(TRACE) - 1)


def value_of(expression: str):
    return evaluate(ast.parse(expression, mode="eval").body, STATE, 0, TRACE)


atoms = st.sampled_from([*VARIABLES, *VARIABLES, "0", "1", "2", "-1", "0.5", "'a'", "'%d'", "''", "None", "[]", "()"])


def compound(inner):
    two = st.tuples(inner, inner)
    operators = ["+", "-", "*", "/", "//", "%", "**", "&", "|", "^", "<<", ">>", "==", "!=", "<", "<=", ">", ">=", "in"]
    operators += ["not in", "and", "or"]
    functions = [
        "len",
        "abs",
        "sorted",
        "sum",
        "min",
        "max",
        "any",
        "all",
        "int",
        "float",
        "bool",
        "str",
        "list",
        "tuple",
    ]
    functions += [
        "set",
        "repr",
        "bin",
        "ord",
        "chr",
        "round",
        "divmod",
        "pow",
        "isinstance",
        "type",
        "dict",
        "enumerate",
    ]
    functions += ["math.gcd", "math.sqrt", "math.floor"]
    methods = [
        "upper()",
        "split('b')",
        "count(1)",
        "index(4)",
        "get('a')",
        "items()",
        "keys()",
        "strip('a')",
        "isdigit()",
    ]
    methods += ["union([7])", "bit_length()", "join(s)", "replace('a', 'b')", "copy()", "find('c')", "startswith('ab')"]
    methods += ["is_integer()", "zfill(6)", "format(i)", "values()"]
    return st.one_of(
        st.tuples(two, st.sampled_from(operators)).map(lambda p: f"({p[0][0]} {p[1]} {p[0][1]})"),
        st.tuples(inner, st.sampled_from(["-", "~", "not ", "+"])).map(lambda p: f"({p[1]}{p[0]})"),
        st.tuples(two, inner).map(lambda p: f"({p[0][0]} < {p[0][1]} <= {p[1]})"),
        st.tuples(two, inner).map(lambda p: f"({p[0][0]} if {p[0][1]} else {p[1]})"),
        st.tuples(st.sampled_from(functions), inner).map(lambda p: f"{p[0]}({p[1]})"),
        st.tuples(st.sampled_from(functions), inner, inner).map(lambda p: f"{p[0]}({p[1]}, {p[2]})"),
        st.tuples(inner, st.sampled_from(methods)).map(lambda p: f"({p[0]}).{p[1]}"),
        two.map(lambda p: f"({p[0]})[{p[1]}]"),
        st.tuples(inner, inner, inner).map(lambda p: f"({p[0]})[{p[1]}:{p[2]}]"),
        two.map(lambda p: f"[v for v in {p[0]} if {p[1]}]"),
        two.map(lambda p: f"sum(v for v in {p[0]})"),
        two.map(lambda p: f"{{v: {p[1]} for v in {p[0]}}}"),
        two.map(lambda p: f"list(zip({p[0]}, {p[1]}))"),
        two.map(lambda p: f"sorted({p[0]}, key=lambda v: (-v, {p[1]}))"),
        two.map(lambda p: f"list(map(lambda v: v * {p[1]}, {p[0]}))"),
        two.map(lambda p: f"[{p[0]}, *{p[1]}]"),
        inner.map(lambda p: f"f'{{{p}!r}}-{{{p}}}'"),
        inner.map(lambda p: f"[w := {p}, w]"),
        two.map(lambda p: f"({p[0]} is {p[1]})"),
    )


expressions = st.recursive(atoms, compound, max_leaves=6)


@settings(max_examples=600, deadline=None)
@given(expressions)
def test_it_says_what_python_says_or_abstains(expression):
    try:
        said = value_of(expression)
    except (Abstain, SyntaxError):
        return
    except EvaluatedToError as error:
        with pytest.raises(Exception) as raised, warnings.catch_warnings():
            warnings.simplefilter("ignore")
            eval(expression, {"math": math, **_fresh()})
        assert type(raised.value).__name__ == error.type_name, expression
        return
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        truth = eval(expression, {"math": math, **_fresh()})
    assert type(said) is type(truth), expression
    assert repr(said) == repr(truth), expression


def _fresh() -> dict:
    return eval(repr(VARIABLES))


ANSWERED = [
    "xs[i] + len(rows[0])",
    "0 <= i < len(xs) and xs[i] != 7",
    "d['a'] if 'a' in d else None",
    "sum(x for row in rows for x in row)",
    "[(k, v) for k, v in d.items()]",
    "max(xs, key=lambda v: -v)",
    "sorted(m)",
    "sum(m) + len(m) + max(m)",
    "f'{x:.2f} {s!r} {i:>4}'",
    "'%s=%d' % (s, i)",
    "s[::-1].upper().replace('A', 'z')",
    "', '.join(str(v) for v in xs)",
    "any(v > 4 for v in xs) and not all(xs)",
    "list(enumerate(xs, 1))",
    "[a + b for a, b in zip(xs, xs[1:])]",
    "{v: xs.count(v) for v in xs}",
    "{v % 3 for v in xs}",
    "math.gcd(12, 18) + math.floor(x) + math.inf",
    "(i ** 2 - j) // 4 << 3",
    "divmod(17, 5) + t[:2]",
    "none is None and flag is True",
    "int('12') + float('0.5') + ord('a')",
    "list(reversed(xs)) + list(range(3, 0, -1))",
    "(lambda a, k=2: a * k)(i)",
    "[*xs, *t]",
    "list(map(str, filter(None, xs)))",
    "d.get('zz', [i])",
    "c.real + abs(3 + 4j)",
    "next(v for v in xs if v > 4)",
    "dict(zip(s, xs))",
    "bool(e) or (m & {1, 2}) | {9}",
]


@pytest.mark.parametrize("expression", ANSWERED)
def test_expressions_that_must_be_answered(expression):
    assert repr(value_of(expression)) == repr(eval(expression, {"math": math, **_fresh()}))


@pytest.mark.parametrize(
    ("expression", "error"),
    [
        ("xs[9]", "IndexError"),
        ("d['zz']", "KeyError"),
        ("i / 0", "ZeroDivisionError"),
        ("int('x')", "ValueError"),
        ("s + 1", "TypeError"),
        ("s.nothing", "AttributeError"),
        ("next(iter([]))", "StopIteration"),
        ("{[]: 1}", "TypeError"),
        ("a_list[0] if flag is False else xs.index(77)", "ValueError"),
    ],
)
def test_an_error_of_the_expression_is_told_apart_from_abstaining(expression, error):
    with pytest.raises(EvaluatedToError) as raised:
        value_of(expression)
    assert raised.value.type_name == error


@pytest.mark.parametrize(
    "expression",
    [
        "10 ** 10 ** 9",
        "2 ** 10 ** 7",
        "1 << 10 ** 10",
        "[0] * 10 ** 9",
        "'a' * 10 ** 10",
        "'a'.ljust(10 ** 10)",
        "'%1000000000d' % 1",
        "f'{1:1000000000}'",
        "'{:1000000000}'.format(1)",
        "list(range(10 ** 9))",
        "sum(range(10 ** 10))",
        "[v for v in range(10 ** 8) if False]",
        "any(v < 0 for v in range(10 ** 9))",
        "pow(3, 10 ** 8)",
        "bytes(10 ** 10)",
        "math.factorial(10 ** 6)",
        "math.comb(10 ** 6, 5 * 10 ** 5)",
        "('a' * 1000).replace('a', 'b' * 10 ** 6)",
        "str(7 ** 9000)",
        "sum([[0] * 1000 for _ in range(1000)], [])",
        "(lambda f: f(f))(lambda f: f(f))",
        "int('9' * 5000)",
    ],
)
def test_what_would_be_huge_is_not_computed(expression):
    with pytest.raises(Abstain):
        value_of(expression)


@pytest.mark.parametrize(
    "expression",
    [
        "xs.append(1)",
        "xs.sort()",
        "d.pop('a')",
        "d.setdefault('q', 1)",
        "xs.pop()",
        "m.add(2)",
        "open('x')",
        "__import__('os')",
        "eval('1')",
        "id(xs)",
        "hash(s)",
        "print(i)",
        "input()",
        "unknown",
        "list(m)",
        "[v for v in m]",
        "str(m)",
        "''.join({'a', 'b'})",
        "i is 3",
        "iter(xs)",
        "(v for v in xs)",
        "d.items()",
        "lambda: 1",
        "len",
        "().__class__",
        "s.__len__()",
        "'{0.__class__}'.format(i)",
    ],
)
def test_what_it_does_not_say(expression):
    with pytest.raises(Abstain):
        value_of(expression)


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


def test_an_evaluation_changes_nothing():
    before = STATE.text(STATE.lookup(0, "rows"))
    said = value_of("rows")
    said[0].append(99)
    assert STATE.text(STATE.lookup(0, "rows")) == before


def test_without_a_state_an_event_is_needed():
    with pytest.raises(ValueError, match="state"):
        evaluate(ast.parse("1", mode="eval").body, None, 0)
