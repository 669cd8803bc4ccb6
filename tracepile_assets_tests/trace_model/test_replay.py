"""Replay against a naive oracle that writes out the full state at every line."""

import pytest

from tracepile_assets.trace_model.recording import Recording
from tracepile_assets.trace_model.replay import ReplayError, State
from tracepile_assets.trace_model.trace import Trace
from tracepile_assets.trace_model.values import TRUNCATED, Ref, Truncated, Unknown
from tracepile_assets_tests.trace_model.runs import trace_of, watched

PROGRAMS = {
    "aliasing": (
        """
def f(n):
    row = [0]
    grid = [row, row, [0]]
    for i in range(n):
        row[0] += i
        grid[2].append(row)
    grid[1] = [9]
    return grid
""",
        "4",
    ),
    "containers": (
        """
from collections import Counter, defaultdict, deque
def f(words):
    counts = Counter()
    groups = defaultdict(list)
    recent = deque(maxlen=2)
    seen = set()
    order = {}
    for word in words:
        counts[word] += 1
        groups[len(word)].append(word)
        recent.append(word)
        seen.add(word)
        seen.discard("bb")
        order.pop(word, None)
        order[word] = (len(word), [word])
    del groups[1]
    data = bytearray(b"abc")
    data[1] = 65
    data.extend(b"xyz")
    data[0:2] = b""
    return counts
""",
        "['a', 'bb', 'a', 'ccc', 'bb', 'd']",
    ),
    "sorting and slices": (
        """
def f(xs):
    xs[1:3] = [7, 8, 9]
    xs.sort()
    xs *= 2
    del xs[0]
    xs[::2] = xs[::-2]
    xs.reverse()
    while len(xs) > 3:
        xs.pop(1)
    ys = xs
    xs = xs + [1]
    ys.clear()
    return xs
""",
        "[5, 1, 4, 2, 8]",
    ),
    "objects": (
        """
class Node:
    def __init__(self, val, next=None):
        self.val = val
        self.next = next
def build(values):
    head = None
    for value in values:
        head = Node(value, head)
    return head
def f(values):
    head = build(values)
    previous = None
    while head is not None:
        following = head.next
        head.next = previous
        previous = head
        head = following
    previous.mark = True
    del previous.val
    return previous.next
""",
        "[1, 2, 3, 4]",
    ),
    "recursion and closures": (
        """
def f(n):
    calls = []
    total = 0
    def walk(k):
        nonlocal total
        calls.append(k)
        total += k
        if k <= 0:
            return 0
        left = walk(k - 1)
        right = walk(k - 2)
        return left + right
    result = walk(n)
    return result
""",
        "4",
    ),
    "exceptions": (
        """
def inner(k):
    if k % 2:
        raise ValueError
    return k
def f(n):
    good = []
    bad = 0
    for k in range(n):
        try:
            value = inner(k)
            good.append(value)
        except ValueError:
            bad += 1
        finally:
            last = k
    x = {}
    x["self"] = [x]
    return good[10]
""",
        "4",
    ),
    "generators": (
        """
def count(n):
    k = 0
    while k < n:
        yield k
        k += 1
def f(n):
    pairs = []
    for a in count(n):
        for b in count(a):
            pairs.append((a, b))
    gen = sum(x * x for x in range(n))
    table = {a: [b for b in range(a)] for a in range(3)}
    return pairs
""",
        "3",
    ),
}


@pytest.mark.parametrize("name", PROGRAMS)
def test_state_at_every_line_is_what_the_oracle_saw(name):
    code, arguments = PROGRAMS[name]
    trace = trace_of(code, "f", arguments)
    seen = iter(watched(code, "f", arguments))
    compared = 0
    for i, state in trace.replay():
        event = trace.event(i)
        if event.kind != "line" or not trace.runs_statements(event.frame):
            continue
        # CPython reports a line more often than a statement is entered; the first report of each is compared.
        function, _line, variables = next(row for row in seen if row[:2] == (event.function, event.line))
        state_here = {n: state.text(v) for n, v in state.locals(event.frame).items() if _visible(state, v)}
        expected = {n: text for n, text in variables.items() if n != "gen" or "object" not in text}
        assert state_here == expected, (i, function, event.line)
        at = trace.state_at(i)
        assert {n: at.text(v) for n, v in at.locals(event.frame).items() if _visible(at, v)} == expected
        compared += 1
    assert compared > 10


def _visible(state: State, value) -> bool:
    return state.is_known(value)


def test_a_state_handed_out_does_not_change_and_is_the_same_in_any_order():
    code, arguments = PROGRAMS["sorting and slices"]
    forward, backward = trace_of(code, "f", arguments), trace_of(code, "f", arguments)
    ahead = [forward.state_at(i) for i in range(len(forward))]
    back = [backward.state_at(i) for i in reversed(range(len(backward)))][::-1]
    for one, other in zip(ahead, back, strict=True):
        assert one.heap == other.heap
        assert one.frames == other.frames
    moving = [{n: s.text(v) for n, v in s.locals(0).items()} for _, s in forward.replay()]
    assert moving == [{n: s.text(v) for n, v in s.locals(0).items()} for s in ahead]


def test_the_last_state_gives_the_recorded_result_and_arguments():
    code, arguments = PROGRAMS["recursion and closures"]
    trace = trace_of(code, "f", arguments)
    state = trace.state_at(len(trace) - 1)
    assert trace.recording.event_value[-1] == trace.recording.return_value == "0"
    assert state.text(state.lookup(0, "calls")) == "[4, 3, 2, 1, 0, -1, 0, 1, 0, -1, 2, 1, 0, -1, 0]"
    assert state.lookup(0, "total") == 4 + 3 + 2 + 1 - 1 + 1 - 1 + 2 + 1 - 1


def _hand_made(*changes) -> Trace:
    n = max(c[0] for c in changes) + 1
    recording = Recording(
        event_kind=["line"] * n,
        event_statement=[0] * n,
        event_line=[1] * n,
        event_depth=[0] * n,
        event_frame_id=[0] * n,
        event_value=[None] * n,
        change_event=[c[0] for c in changes],
        change_cause=[c[0] - 1 for c in changes],
        change_place=[c[1] for c in changes],
        change_op=[c[2] for c in changes],
        change_value=[c[3] for c in changes],
        frame_function=["f"],
    )
    return Trace("def f(): pass", "f", recording)


def test_what_was_cut_short_stays_so_to_the_end():
    trace = _hand_made(
        (0, "f0.xs", "set", "#0"),
        (0, "f0.ok", "set", "(1, #1)"),
        (0, "#0", "set", "[1, #1]"),
        (0, "#1", "set", "{2}"),
        (1, "#0", "set", None),
        (2, "#0", "set", "[1]"),
        (3, "#0[0]", "delta", "5"),
        (3, "f0.big", "set", None),
        (4, "f0.big", "set", "7"),
    )
    assert trace.state_at(0).text(Ref(0)) == "[1, {2}]"
    for i in range(1, 5):
        state = trace.state_at(i)
        assert state.contents(Ref(0)) is TRUNCATED
        assert not state.is_known(state.lookup(0, "xs"))
        assert state.text(state.lookup(0, "ok")) == "(1, {2})"
        with pytest.raises(Truncated):
            state.text(Ref(0))
        with pytest.raises(Unknown):
            state.to_python((Ref(0),))
        assert state.text((Ref(0),), mark="<cut>") == "(<cut>,)"
    assert trace.state_at(3).lookup(0, "big") is TRUNCATED
    assert trace.state_at(4).lookup(0, "big") == 7


def test_to_python_keeps_sharing_and_cycles():
    trace = _hand_made((0, "f0.xs", "set", "#0"), (0, "#0", "set", "[#1, #1, #0]"), (0, "#1", "set", "{'k': (1, #1)}"))
    built = trace.state_at(0).to_python(Ref(0))
    assert built[0] is built[1]
    assert built[2] is built
    assert built[0]["k"][1] is built[0]


@pytest.mark.parametrize(
    ("place", "op", "value"),
    [
        ("#0[9]", "delta", "1"),
        ("#0[2:9]", "delta", "[1]"),
        ("#7[0]", "delta", "1"),
        ("f0.nothing", "delete", None),
        ("#0{3}", "delete", None),
        ("f0.xs", "set", "[1, 2]"),
        ("#0", "set", "5"),
        ("#0", "delete", None),
    ],
)
def test_a_change_that_does_not_fit_is_refused(place, op, value):
    trace = _hand_made((0, "f0.xs", "set", "#0"), (0, "#0", "set", "[1, 2]"), (1, place, op, value))
    with pytest.raises(ReplayError):
        trace.state_at(1)


def test_places_can_be_read():
    trace = _hand_made(
        (0, "f0.p", "set", "#0"),
        (0, "#0", "set", "Node(val=3, items=#1)"),
        (0, "#1", "set", "[4, 5, 6]"),
        (0, "g.table", "set", "#2"),
        (0, "#2", "set", "{(1, 2): 'x'}"),
        (0, "f0.s", "set", "#3"),
        (0, "#3", "set", "{7}"),
    )
    state = trace.state_at(0)
    assert state.value("f0.p") == Ref(0)
    assert state.value("#0.val") == 3
    assert state.value("#1[1]") == 5
    assert state.value("#1[1:3]") == [5, 6]
    assert state.value("#2[(1, 2)]") == "x"
    assert state.value("#3{7}") == 7
    assert state.value("#1").items == [4, 5, 6]
    assert set(state.variables(0)) == {"p", "s", "table"}
    for missing in ("#3{8}", "#2['y']", "#1[3]", "f0.q"):
        with pytest.raises(KeyError):
            state.value(missing)
