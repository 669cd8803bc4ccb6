"""The measures of a run, counted by hand."""

from tracepile_assets.trace_model.recording import Recording
from tracepile_assets.tracing import Measures, difficulty, measure
from tracepile_assets_tests.trace_model.runs import trace_of

G = "def g(s):\n    return -1\n"


def of(code, arguments):
    return measure(trace_of(code, "f", arguments).recording)


def test_a_straight_run():
    code = "def f(x):\n    y = 'abc'\n    x = 7\n    return y\n"
    # Held at most: x = 1000 and y = 'abc' as written, 4 + 5 characters.
    assert of(code, "1000") == Measures(n_steps=3, n_statements=3, state_size=9, longest_value=5)


def test_branches_and_depth():
    code = "def f(n):\n    for i in range(n):\n        if i % 2:\n            g(i)\n    return n\n\n" + G
    found = of(code, "4")
    # From the header into the body or past it, from the test into its body or back.
    assert (found.max_depth, found.n_statements, found.n_branches) == (1, 5, 2)
    # Five times the header, four tests, two calls and what they return, one return.
    assert found.n_steps == 5 + 4 + 2 + 2 + 1


def test_shared_objects_count_once_and_ended_frames_not_at_all():
    code = "def f(xs):\n    a = xs\n    b = [a, a]\n    g('x' * 50)\n    xs.append(300)\n    return a\n\n" + G
    found = of(code, "[1, 2]")
    # xs, a, b as #0, #0, #1; [1, 2] and [#0, #0] once; while g runs also its s.
    before = len("#0" + "#0" + "#1" + "[1, 2]" + "[#0, #0]")
    assert found.state_size == before + 52
    assert found.longest_value == 52
    later = of(code.replace("'x' * 50", "''"), "[1, 2]")
    # The appended slot counts beside the contents written before it.
    assert later.state_size == max(before + 2, before + len("[300]"))


def test_what_is_deleted_and_written_anew_is_not_held():
    code = (
        "def f(n):\n    d = {}\n    for i in range(n):\n        d[0] = 'x' * 20\n        del d[0]\n"
        "        s = 'y' * i\n    return n\n"
    )
    assert of(code, "3").state_size < of(code, "9").state_size < 22 + 40
    assert of(code, "9").longest_value == 22


def test_a_run_without_events():
    assert measure(Recording()) == Measures()
    assert difficulty(Recording()) == 0.0
    assert "n_steps" not in Measures().columns() and len(Measures().columns()) == 5
