"""The pure evaluator against Python's own ``eval``, and at its limits."""

import ast
import math
import warnings

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tracepile_assets.trace_model.evaluator import Abstain, EvaluatedToError, evaluate
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


OPERATORS = "+ - * / // % ** & | ^ << >> == != < <= > >= in and or"
FUNCTIONS = """len abs sorted sum min max any all int float bool str list tuple set repr bin ord chr round divmod pow
dict isinstance type enumerate math.gcd math.sqrt math.floor"""
METHODS = """upper() split('b') count(1) index(4) get('a') items() keys() strip('a') isdigit() union([7]) bit_length()
join(s) replace('a','b') copy() find('c') startswith('ab') is_integer() zfill(6) format(i) values()"""


def compound(inner):
    two = st.tuples(inner, inner)
    operators, functions, methods = OPERATORS.split(), FUNCTIONS.split(), METHODS.split()
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
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            compile(expression, "<expression>", "eval")
        except SyntaxError:
            return
    try:
        said = value_of(expression)
    except Abstain:
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


def test_an_evaluation_changes_nothing():
    before = STATE.text(STATE.lookup(0, "rows"))
    said = value_of("rows")
    said[0].append(99)
    assert STATE.text(STATE.lookup(0, "rows")) == before


def test_without_a_state_an_event_is_needed():
    with pytest.raises(ValueError, match="state"):
        evaluate(ast.parse("1", mode="eval").body, None, 0)
