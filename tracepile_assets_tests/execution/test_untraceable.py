"""A program that steers tracing, traces itself or patches its code is recorded in full, or said not to be."""

from textwrap import dedent
from types import SimpleNamespace

import pytest

from tracepile_assets.execution import Job, Limits, Pool, RunInput
from tracepile_assets.execution.guest.recorder import record

from .interpreters import OTHERS, elsewhere
from .isolations import jails
from .recorders import RECORDERS, columns

WHOLE = {
    "lines switched off by a traceback": (
        """
        def f(x):
            try:
                1 / 0
            except ZeroDivisionError as e:
                e.__traceback__.tb_frame.f_trace_lines = False
            y = [x]
            for i in range(2):
                y[0] += i
            return y
        """,
        "call 1, line 2, line 3, raise 3, line 4, line 5, line 6, line 7, line 8, line 7, line 8, line 7, line 9, "
        "return 9",
    ),
    "lines switched off in a generator": (
        """
        def k(x):
            yield x
            x += 1
            yield x
        def f(x):
            it = k(x)
            it.gi_frame.f_trace_lines = False
            it.gi_frame.f_trace = None
            return list(it)
        """,
        "call 5, line 6, line 7, line 8, line 9, call 1, line 2, yield 2, resume 2, line 3, line 4, yield 4, resume 4, "
        "return 4, return 9",
    ),
    "a function given a copy of its code": (
        """
        def g(l):
            l.append(1)
            return l
        def f(x):
            l = [x]
            g.__code__ = g.__code__.replace(co_name='h', co_qualname='h')
            return g(l)
        """,
        "call 4, line 5, line 6, line 7, call 1, line 2, line 3, return 3, return 7",
    ),
    "a function made of a copy": (
        """
        import types
        def g(l):
            k = lambda: l.append(1)
            k()
        h = types.FunctionType(g.__code__.replace(co_name='h'), globals())
        def f(x):
            l = [x]
            h(l)
            return l
        """,
        "call 6, line 7, line 8, call 2, line 3, line 4, call 3, line 3, return 3, return 4, line 9, return 9",
    ),
    "a generator that is awaited": (
        """
        import types
        @types.coroutine
        def g(l):
            l.append((yield 1))
        async def h(l):
            await g(l)
            return l
        def f(x):
            k = h([x])
            k.send(None)
            try:
                k.send(9)
            except StopIteration as e:
                return e.value
        """,
        "call 8, line 9, line 10, call 5, line 6, call 3, line 4, yield 4, yield 6, line 11, line 12, resume 6, "
        "resume 4, return 4, line 7, return 7, raise 12, line 13, line 14, return 14",
    ),
    "tracing that is ended": (
        """
        import sys
        def f(x):
            sys.settrace(None)
            return sys.gettrace()
        """,
        "call 2, line 3, line 4, return 4",
    ),
}
NAMED = {
    "sys.settrace": "import sys\ndef f(x):\n    sys.settrace(print)\n    sys.settrace(None)\n    return x\n",
    "sys.setprofile": "import sys\ndef f(x):\n    sys.setprofile(print)\n    return x\n",
    "sys.addaudithook": "import sys\ndef f(x):\n    sys.addaudithook(lambda *given: None)\n    return x\n",
    "threading.settrace": "import threading\ndef f(x):\n    threading.settrace(print)\n    return x\n",
    "patched its own code": "def g(x):\n    return x + 1\ndef f(x):\n"
    "    g.__code__ = g.__code__.replace(co_consts=(None, 5))\n    return g(x)\n",
    "patched": "def g(x):\n    return x + 1\n"
    "g.__code__ = g.__code__.replace(co_consts=(None, 5), co_filename='elsewhere')\ndef f(x):\n    return g(x)\n",
}
every_whole = pytest.mark.parametrize("name", WHOLE)
every_named = pytest.mark.parametrize("name", NAMED)
LOST = ("tampered", None, "", 0)


def told(row):
    return ", ".join(f"{kind} {line}" for kind, line in zip(row["event_kind"], row["event_line"], strict=True))


def program(code):
    return SimpleNamespace(code=dedent(code).lstrip(), entry_point="f", arguments="3", stdin=None)


def ended(row):
    return tuple(row[name] for name in ("status", "return_value", "stdout", "n_events"))


@every_whole
@pytest.mark.parametrize("recorder", RECORDERS)
def test_everything_is_recorded(recorder, name):
    code, events = WHOLE[name]
    row = columns(recorder, program(code))
    namespace = {}
    exec(program(code).code, namespace)
    assert (row["status"], row["return_value"]) == ("ok", repr(namespace["f"](3)))
    assert told(row) == events


@every_named
@pytest.mark.parametrize("recorder", RECORDERS)
def test_what_cannot_be_recorded_is_named(recorder, name):
    row = columns(recorder, program(NAMED[name]))
    assert ended(row) == LOST
    assert name in row["reason"]


@pytest.mark.parametrize("recorder", ["c", "python"])
@pytest.mark.parametrize("version", OTHERS)
def test_it_is_so_on_the_other_versions(version, recorder):
    given = [(program(code).code, "f", "3") for code in [*(code for code, _ in WHOLE.values()), *NAMED.values()]]
    rows = elsewhere(version, "record", recorder, given)
    assert [told(row) for row in rows[: len(WHOLE)]] == [events for _, events in WHOLE.values()]
    assert [ended(row) for row in rows[len(WHOLE) :]] == [LOST] * len(NAMED)


def test_in_the_jail_each_input_says_so():
    code = "import sys\ndef f(x):\n    if x:\n        sys.settrace(lambda *given: None)\n    return x\n"
    job = Job("j", code, "f", tuple(RunInput(n, arguments=n) for n in "0101"))
    with Pool(workers=1, limits=Limits(), isolation=jails()[0]) as pool:
        ((_, outcomes),) = pool.run([job])
    recordings = [outcome.recording for outcome in outcomes]
    assert [recording.status for recording in recordings] == ["ok", "tampered"] * 2
    assert all("sys.settrace" in recording.reason for recording in recordings[1::2])


def test_text_that_is_executed_is_not_recorded_and_what_it_changes_is():
    code = (
        "import types\ndef f(x):\n    l = [x]\n"
        "    g = types.FunctionType(compile('l.append(1)', 'x', 'exec'), {'l': l})\n"
        "    g()\n    u = 0\n    exec('l.append(2)')\n    return l\n"
    )
    for recorder in RECORDERS:
        row = columns(recorder, program(code))
        changes = list(zip(row["change_place"], row["change_value"], row["change_cause"], strict=True))
        assert ("#0[1:1]", "[1]", 3) in changes
        assert ("#0[2:2]", "[2]", 5) in changes


def test_frames_are_as_they_were_after_a_run():
    record(program(WHOLE["tracing that is ended"][0]).code, "f", "3")
    frame = (lambda: (yield))().gi_frame
    frame.f_trace_lines = False
    frame.f_trace = print
    assert (frame.f_trace_lines, frame.f_trace) == (False, print)
