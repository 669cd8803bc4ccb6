"""What runs reach, against branches and loop runs as the trace tells them one by one, and against counts by hand."""

import pytest

from tracepile_assets.trace_model.coverage import possible_ways, reached, together
from tracepile_assets.trace_model.statements import Syntax
from tracepile_assets_tests.trace_model.runs import trace_of

PROGRAMS = {
    "nested": (
        "def f(n):\n    out = []\n    for i in range(n):\n        j = 0\n        while j < i:\n            j += 1\n"
        "            if j == 3:\n                break\n        else:\n            out.append(i)\n    return out\n",
        ["0", "1", "2", "5"],
    ),
    "recursion": (
        "def f(n):\n    if n > 1:\n        for k in (1, 2):\n            if k % n:\n                f(n - k)\n"
        "    while n:\n        n -= 1\n        if n == 7:\n            return n\n"
        "        for x in []:\n            pass\n"
        "    return [y for y in range(n) if y]\n",
        ["0", "1", "3", "9"],
    ),
    "raising": (
        "def f(a):\n    for x in a:\n        try:\n            for y in (1, 0):\n                if 1 // (x * y):\n"
        "                    a.sort()\n        except ZeroDivisionError:\n            if x:\n                continue\n"
        "            raise ValueError\n    return sum(z for z in a if z)\n",
        ["[]", "[1]", "[1, 2, 0, 4]"],
    ),
    "generator": (
        "def g(n):\n    while n:\n        n -= 1\n        yield n\n\n"
        "def f(n):\n    for x in g(n):\n        if (lambda v: v > 1)(x):\n            yield_ = x\n    return n\n",
        ["0", "1", "4"],
    ),
}


@pytest.mark.parametrize("name", PROGRAMS)
def test_one_pass_finds_what_the_trace_tells(name):
    code, every = PROGRAMS[name]
    for arguments in every:
        trace = trace_of(code, "f", arguments)
        found = reached(trace.syntax, trace.recording)
        assert found.statements == trace.coverage
        ways = {(trace.recording.event_statement[i], trace.branch(i)) for i in range(len(trace))}
        assert found.ways == {(statement, way) for statement, way in ways if way is not None}
        runs = {(run.statement, min(len(run.iterations), 3)) for run in trace.loops if run.exit != "open"}
        assert found.rounds == runs, arguments


def test_what_there_is_to_reach():
    code = (
        "import sys\nif sys:\n    x = 1\n\ndef f(a):\n    while True:\n        if a:\n            return 1\n"
        "        for b in a:\n            pass\n        while 0:\n            pass\n"
        "        if 1 if a else 0:\n            a = 1\n"
    )
    syntax = Syntax(code)
    lines = {(syntax.statements[number].line, way) for number, way in possible_ways(syntax, in_module=False)}
    assert lines == {(6, True), (7, True), (7, False), (9, True), (9, False), (11, False), (13, True), (13, False)}
    every = possible_ways(syntax, in_module=True)
    assert {(syntax.statements[number].line, way) for number, way in every} == lines | {(2, True), (2, False)}


def test_several_runs_together_and_what_is_new():
    code = "def f(n):\n    while n:\n        n -= 1\n    return n\n"
    runs = [trace_of(code, "f", text) for text in ("0", "1", "2", "3", "9")]
    parts = [reached(run.syntax, run.recording) for run in runs]
    assert [sorted(part.rounds) for part in parts] == [[(1, 0)], [(1, 1)], [(1, 2)], [(1, 3)], [(1, 3)]]
    assert len(parts[4] - parts[3]) == 0
    whole = together(parts)
    assert whole.ways == possible_ways(runs[0].syntax, in_module=False)
    assert (whole - parts[0]).rounds == {(1, 1), (1, 2), (1, 3)}
