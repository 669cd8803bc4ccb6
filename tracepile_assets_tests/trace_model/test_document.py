"""A trace printed as JSON is read back as the same recording, whatever it is a recording of."""

from tracepile_assets.cli.trace import _as_json
from tracepile_assets.trace_model.document import read_trace
from tracepile_assets_tests.narration.runs import SMALL, embedded_runs, run, small

SUSPENDED = """\
class Bag:
    def __init__(self):
        self.held = []
        self.next = self

def climb(n):
    for i in range(n):
        yield i

def f(n):
    bag = Bag()
    for i in climb(n):
        bag.held.append(i)
        if i > 1:
            break
    try:
        print(sum(x for x in bag.held), len("x" * 99))
        return {1: bag.held[5]}
    except IndexError as error:
        held = error
    return (lambda: held.args)()
"""


def test_what_is_printed_is_read_back():
    runs = [small(name) for name in SMALL] + [run(SUSPENDED, "f", "9")]
    runs += [trace for _, trace in list(embedded_runs("algorithms"))[::6]]
    for trace in runs:
        call = f"{trace.entry_point}({trace.arguments})" if trace.entry_point else None
        read = read_trace("".join(_as_json(trace, call, True)))
        assert (read.code, read.entry_point, read.stdin) == (trace.code, trace.entry_point, trace.stdin)
        kept = {**trace.recording.to_row(), "arguments_after": None, "expected_agrees": None}
        assert read.recording.to_row() == kept
