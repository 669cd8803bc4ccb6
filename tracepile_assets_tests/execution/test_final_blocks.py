"""What a ``finally`` executes with an exception passing through it, against events that are written out here.

The naive recorder is no truth for this: until 3.12 the interpreter itself tells a trace function of a
statement at the end of such a block that is not executed.
"""

from textwrap import dedent
from types import SimpleNamespace

import pytest

from tracepile_assets.trace_model.recording import Recording
from tracepile_assets.trace_model.trace import Trace

from .interpreters import OTHERS, elsewhere
from .recorders import RECORDERS, columns

GOES_OVER = """
    def f(k):
        out = []
        try:
            for i in range(2):
                try:
                    raise ValueError
                finally:
                    out.append('f')
                    if k == 1:
                        return 'over'
        except ValueError:
            out.append('caught')
        return out
    """
HEAD = "call 1, line 2, line 3, line 4, line 5, line 6, raise 6, line 8, line 9, "
WAYS = {
    "a return that is not reached": (GOES_OVER, "0", HEAD + "line 11, line 12, line 13, return 13"),
    "a return that is reached": (GOES_OVER, "1", HEAD + "line 10, return 10"),
    "the other branch": (
        """
        def f(k):
            try:
                try:
                    raise ValueError
                finally:
                    if k:
                        return 5
                    else:
                        k = 1
            except ValueError:
                pass
            return k
        """,
        "0",
        "call 1, line 2, line 3, line 4, raise 4, line 6, line 9, line 10, line 11, line 12, return 12",
    ),
    "a continue": (
        """
        def f(k):
            for q in range(1):
                try:
                    try:
                        raise ValueError
                    finally:
                        if k:
                            continue
                except ValueError:
                    k = 2
            return k
        """,
        "0",
        "call 1, line 2, line 3, line 4, line 5, raise 5, line 7, line 9, line 10, line 2, line 11, return 11",
    ),
    "a raise": (
        """
        def f(k):
            try:
                try:
                    raise ValueError
                except KeyError:
                    k = 9
                finally:
                    if k:
                        raise OSError
            except ValueError:
                pass
            return k
        """,
        "0",
        "call 1, line 2, line 3, line 4, raise 4, line 5, line 8, line 10, line 11, line 12, return 12",
    ),
    "a pass": (
        """
        def f(k):
            try:
                try:
                    raise ValueError
                finally:
                    if k:
                        pass
            except ValueError:
                return k
        """,
        "0",
        "call 1, line 2, line 3, line 4, raise 4, line 6, line 8, line 9, return 9",
    ),
    "a pass that is executed": (
        """
        def f(k):
            try:
                try:
                    raise ValueError
                finally:
                    if k:
                        pass
            except ValueError:
                return k
        """,
        "1",
        "call 1, line 2, line 3, line 4, raise 4, line 6, line 7, line 8, line 9, return 9",
    ),
    "a loop that ends by its test": (
        """
        def f(k):
            try:
                try:
                    raise ValueError
                finally:
                    while k:
                        k -= 1
                        if k == 7:
                            return 8
            except ValueError:
                return k
        """,
        "1",
        "call 1, line 2, line 3, line 4, raise 4, line 6, line 7, line 8, line 6, line 10, line 11, return 11",
    ),
    "an exception of its own": (
        """
        def f(k):
            try:
                raise ValueError
            finally:
                k = 1 // k
                if k:
                    return
        """,
        "0",
        "call 1, line 2, line 3, raise 3, line 5, raise 5, unwind 5",
    ),
}
every_way = pytest.mark.parametrize("way", WAYS)


def told(row):
    return ", ".join(f"{kind} {line}" for kind, line in zip(row["event_kind"], row["event_line"], strict=True))


def program(way):
    code, arguments, _ = WAYS[way]
    return SimpleNamespace(code=dedent(code).lstrip(), entry_point="f", arguments=arguments, stdin=None)


@every_way
@pytest.mark.parametrize("recorder", RECORDERS)
def test_a_statement_is_entered_only_if_it_is_executed(recorder, way):
    assert told(columns(recorder, program(way))) == WAYS[way][2]


@pytest.mark.parametrize("recorder", ["c", "python"])
@pytest.mark.parametrize("version", OTHERS)
def test_it_is_so_on_the_other_versions(version, recorder):
    programs = [program(way) for way in WAYS]
    rows = elsewhere(version, "record", recorder, [(each.code, "f", each.arguments) for each in programs])
    assert list(map(told, rows)) == [expected for _, _, expected in WAYS.values()]


@pytest.mark.parametrize("recorder", RECORDERS)
@pytest.mark.parametrize(("arguments", "outcome"), [("0", False), ("1", True)])
def test_the_branch_that_was_taken_is_told(recorder, arguments, outcome):
    given = program("a return that is not reached")
    given.arguments = arguments
    row = columns(recorder, given)
    trace = Trace(given.code, "f", Recording.from_row(row), arguments, None)
    (test,) = [i for i, line in enumerate(row["event_line"]) if line == 9]
    assert trace.branch(test) is outcome
