"""Which endings say something of the program, and which outcomes differ."""

import pytest

from tracepile_assets.trace_model.endings import outcome, raised_by_itself, teaches
from tracepile_assets_tests.trace_model.runs import trace_of

BODY = """
class Odd(Exception):
    pass

def g(x):
    return x[0]

def f(x):
    if x == 1:
        raise TypeError("own")
    if x == 2:
        raise Odd
    if x == 3:
        assert x < 0
    if x == 4:
        return x // 0
    if x == 5:
        a, b = [x]
    if x == []:
        try:
            g(x)
        finally:
            x = 1
    if x == 7:
        return int("seven")
    if x == 8:
        return len(x)
    return g(x)
"""


@pytest.mark.parametrize(
    ("argument", "says", "own"),
    [
        ("[5]", True, False),
        ("1", True, True),
        ("2", True, True),
        ("3", True, True),
        ("4", True, False),
        ("5", False, False),
        ("[]", True, False),
        ("7", True, False),
        ("8", False, False),
        ("9", False, False),
    ],
)
def test_exceptions(argument, says, own):
    trace = trace_of(BODY, "f", argument)
    assert teaches(trace.syntax, trace.recording, reads_text=False) is says
    assert raised_by_itself(trace.syntax, trace.recording) is own


def test_programs_that_read_text():
    code = "n = int(input())\nif n < 0:\n    raise ValueError(n)\nprint(1 // n)\n"
    for text, says in (("3", True), ("0", True), ("-1", True), ("a", False), ("", False)):
        trace = trace_of(code, stdin=text)
        assert teaches(trace.syntax, trace.recording, reads_text=True) is says, text


def test_outcomes():
    code = "def f(x):\n    if x == 'r':\n        raise KeyError\n    return x\n"
    texts = ["1", "-7", "2.5", "True", "False", "None", "'a'", "''", "[]", "[1]", "(1,)", "{1: 2}", "{}", "'r'"]
    found = [outcome(trace_of(code, "f", text).recording) for text in texts]
    assert found[0] == found[1]
    assert len(set(found)) == len(texts) - 1
    kinds = ["b'a'", "b'bc'", "b''", "float('inf')", "-float('inf')", "float('nan')"]
    some, other, empty, *floats = (outcome(trace_of(code, "f", text).recording) for text in kinds)
    assert some == other != empty
    assert set(floats) == {found[2]}
