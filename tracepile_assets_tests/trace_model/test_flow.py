"""Frames, visits, branches, loops and assignments, worked out by hand for small programs."""

import pytest

from tracepile_assets.trace_model.values import Ref
from tracepile_assets_tests.trace_model.runs import trace_of


def on(*lines: str) -> str:
    return "\n".join(lines) + "\n"


def runs(trace):
    """Per loop run: line, number of iterations, exit."""
    statements = trace.syntax.statements
    return [(statements[run.statement].line, len(run.iterations), run.exit) for run in trace.loops]


NESTED = on(
    "def f(n):",
    "    out = []",
    "    for i in range(n):",
    "        j = 0",
    "        while j < i:",
    "            j += 1",
    "            if j == 3:",
    "                break",
    "        out.append(j)",
    "    return out",
)


def test_nested_loops():
    trace = trace_of(NESTED, "f", "5")
    assert runs(trace) == [
        (3, 5, "exhausted"),
        (5, 0, "condition"),
        (5, 1, "condition"),
        (5, 2, "condition"),
        (5, 3, "break"),
        (5, 3, "break"),
    ]
    outer = trace.loops[0]
    for iteration in outer.iterations:
        assert trace.state_at(iteration.body).lookup(0, "i") == iteration.number - 1
        assert trace.event(iteration.start).line == 3
        ended = trace.state_at(iteration.end)
        assert len(ended.to_python(ended.lookup(0, "out"))) == iteration.number
    assert len(outer.header_events) == 6
    assert trace.event(outer.exit_event).line == 10


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        (["for x in []:", "    y = x", "else:", "    y = 9"], [(2, 0, "exhausted")]),
        (["for x in [1, 2, 3]:", "    if x == 2:", "        return x"], [(2, 2, "return")]),
        (["for x in [1, 0]:", "    y = 1 // x"], [(2, 2, "raise")]),
        (["while 1 // k:", "    k -= 1"], [(2, 1, "raise")]),
        (["while True:", "    k += 1", "    if k > 2:", "        break"], [(2, 2, "break")]),
        (["for x in [1, 2]:", "    continue"], [(2, 2, "exhausted")]),
        (["for x in [1, 2]:", "    pass"], [(2, 2, "exhausted")]),
        (["for x in [1, 2]: k += x"], [(2, 2, "exhausted")]),
        (["for x in [1]:", "    try:", "        break", "    finally:", "        k = 3"], [(2, 1, "break")]),
        (["for x in [1]:", "    try:", "        return 5", "    finally:", "        k = 3"], [(2, 1, "return")]),
        (
            ["for x in [1, 2]:", "    try:", "        k = 1 // 0", "    except ZeroDivisionError:", "        k = 3"],
            [(2, 2, "exhausted")],
        ),
        (
            ["while True:", "    for x in [1, 2]:", "        break", "    k += 1", "    if k > 2: break"],
            [(2, 2, "break"), (3, 1, "break"), (3, 1, "break")],
        ),
        (
            ["while True:", "    k += 1", "    while k < 3:", "        k += 1", "    if k > 4:", "        break"],
            [(2, 3, "break"), (4, 1, "condition"), (4, 0, "condition"), (4, 0, "condition")],
        ),
        (
            ["for a in range(2):", "    for b in range(2):", "        k += 1"],
            [(2, 2, "exhausted"), (3, 2, "exhausted"), (3, 2, "exhausted")],
        ),
        (["for x in sorted([2, 1], key=lambda v: -v):", "    k += x"], [(2, 2, "exhausted")]),
    ],
)
def test_ends_of_loops(lines, expected):
    code = on("def f(k):", *("    " + line for line in lines), "    return k")
    assert runs(trace_of(code, "f", "1")) == expected


def test_a_loop_still_open_when_the_recording_ends():
    trace = trace_of(on("def f():", "    while True:", "        g()", "def g():", "    raise SystemExit"), "f", "")
    assert runs(trace) == [(2, 1, "raise")]
    trace = trace_of(on("def g():", "    for x in [1, 2]:", "        yield x", "def f():", "    return next(g())"), "f")
    assert runs(trace) == [(2, 1, "open")]
    assert trace.loops[0].exit_event is None
    assert trace.loops[0].iterations[0].end is None


def test_branches():
    code = on(
        "def f(xs):",
        "    n = 0",
        "    for x in xs:",
        "        if x > 2:",
        "            n += 1",
        "        elif 6 // x == 6:",
        "            n += 10",
        "        else:",
        "            n -= 1",
        "    return n",
    )
    trace = trace_of(code, "f", "[3, 1, 2, 0]")
    ways = [(e.line, trace.branch(e.index)) for e in trace.events() if e.kind == "line" and e.line in (3, 4, 6)]
    assert ways == [
        *((3, True), (4, True)),
        *((3, True), (4, False), (6, True)),
        *((3, True), (4, False), (6, False)),
        *((3, True), (4, False), (6, None)),
    ]
    assert trace.branch(0) is None


RECURSIVE = on(
    "def fact(n):",
    "    if n <= 1:",
    "        return 1",
    "    return n * fact(n - 1)",
    "def f(n):",
    "    squares = sum(k * k for k in range(n))",
    "    return fact(n) + squares",
)


def test_frames_and_calls():
    trace = trace_of(RECURSIVE, "f", "3")
    assert [frame.function for frame in trace.frames] == ["f", "f.<locals>.<genexpr>", "fact", "fact", "fact"]
    assert [frame.parent for frame in trace.frames] == [None, 0, 0, 2, 3]
    assert [frame.depth for frame in trace.frames] == [0, 1, 1, 2, 3]
    assert all(frame.end_kind == "return" for frame in trace.frames)
    calls = trace.frame_calls("fact")
    assert [trace.state_at(call.call_event).lookup(call.id, "n") for call in calls] == [3, 2, 1]
    assert [trace.recording.event_value[call.end_event] for call in calls] == ["6", "2", "1"]
    assert trace.max_depth == 3
    assert [child.id for child in trace.children(0)] == [1, 2]
    assert trace.visits(6) == [e.index for e in trace.events() if e.kind == "line" and e.line == 7 and e.frame == 0]
    assert len(trace.visits(1)) == 3
    assert trace.visits(1, frame=3) == [trace.frames[3].line_events[0]]


def test_after_a_statement_is_the_next_event_of_its_frame():
    trace = trace_of(RECURSIVE, "f", "2")
    call_line = trace.visits(6)[0]
    assert trace.event(trace.after(call_line)).kind in ("line", "return")
    assert trace.after(len(trace) - 1) is None
    inner = trace.frame_calls("fact")[0]
    resumed = trace.after(inner.line_events[-1])
    assert (trace.event(resumed).kind, trace.event(resumed).value) == ("return", "2")


def test_unwinding_frames():
    trace = trace_of(on("def g():", "    return 1 // 0", "def f():", "    return g()"), "f", "")
    assert [frame.end_kind for frame in trace.frames] == ["unwind", "unwind"]
    assert trace.recording.exception == "ZeroDivisionError: integer division or modulo by zero"


def values(trace, name, frame=0):
    return [(a.k, a.value) for a in trace.assignments(frame, name)]


def test_assignments_count_equal_values_too():
    code = on(
        "def f(xs):",
        "    best = 0",
        "    for x in xs:",
        "        best = max(best, x)",
        "    best += 0",
        "    return best",
    )
    trace = trace_of(code, "f", "[2, 2, 1]")
    assert values(trace, "best") == [(1, 0), (2, 2), (3, 2), (4, 2), (5, 2)]
    assert values(trace, "x") == [(1, 2), (2, 2), (3, 1)]
    assert values(trace, "xs") == []
    for assignment in trace.assignments(0, "best"):
        assert trace.event(assignment.event).line in (2, 4, 5)
        assert trace.state_at(assignment.seen_at).lookup(0, "best") == assignment.value


def test_assignments_of_every_kind():
    code = on(
        "import contextlib",
        "total = 0",
        "def f(n):",
        "    global total",
        "    a, (b, *c) = 1, (2, 3)",
        "    d: int = 4",
        "    e: int",
        "    with contextlib.nullcontext(5) as g:",
        "        d += g",
        "    try:",
        "        h = 1 // n",
        "    except ZeroDivisionError as error:",
        "        h = -1",
        "    total += 1",
        "    xs = []",
        "    xs += [1]",
        "    return a",
    )
    trace = trace_of(code, "f", "0")
    assert values(trace, "a") == [(1, 1)]
    assert values(trace, "b") == [(1, 2)]
    assert values(trace, "d") == [(1, 4), (2, 9)]
    assert values(trace, "e") == []
    assert values(trace, "g") == [(1, 5)]
    assert values(trace, "h") == [(1, -1)]
    assert values(trace, "total") == [(1, 1)]
    assert len(values(trace, "error")) == 1
    first, second = trace.assignments(0, "xs")
    assert first.value == second.value
    assert isinstance(first.value, Ref)
    assert trace.state_at(first.seen_at).text(first.value) == "[]"
    assert trace.state_at(second.seen_at).text(second.value) == "[1]"


def test_assignments_across_calls_and_yields():
    code = on(
        "def g(n):",
        "    got = yield n",
        "    got = yield got",
        "def f():",
        "    gen = g(1)",
        "    x = next(gen)",
        "    x = gen.send(7)",
        "    return x",
    )
    trace = trace_of(code, "f", "")
    assert values(trace, "x") == [(1, 1), (2, 7)]
    assert values(trace, "got", frame=1) == [(1, 7)]


def test_an_assignment_that_cannot_be_counted_ends_the_list():
    code = on(
        "def f(xs):",
        "    y = 0",
        "    for x in xs:",
        "        if x and (y := 0) == 0:",
        "            pass",
        "    return y",
    )
    trace = trace_of(code, "f", "[0, 1]")
    assert values(trace, "y") == [(1, 0)]


def test_coverage():
    trace = trace_of(NESTED, "f", "2")
    assert {trace.syntax.statements[s].line for s in trace.coverage} == {2, 3, 4, 5, 6, 7, 9, 10}


def test_a_stdin_program_is_its_module_body():
    code = on("n = int(input())", "total = 0", "for i in range(n):", "    total += i", "print(total)")
    trace = trace_of(code, None, None, "4\n")
    assert trace.recording.frame_function[0] == "<module>"
    assert values(trace, "total", frame=None) == [(1, 0), (2, 0), (3, 1), (4, 3), (5, 6)]
    assert runs(trace) == [(3, 4, "exhausted")]
    outputs = [event for event in trace.events() if event.kind == "output"]
    assert [(event.line, event.value) for event in outputs] == [(5, "6\n")]


def test_events_outside_the_recording():
    trace = trace_of(NESTED, "f", "1")
    for i in (-1, len(trace)):
        with pytest.raises(IndexError):
            trace.event(i)
        with pytest.raises(IndexError):
            trace.state_at(i)
