"""A recording, replayed, gives at every step the state that a naive recorder copies; the run is undisturbed."""

import ast
import contextlib
import io

import pytest

from tracepile_assets.execution.guest.recorder import record

from . import oracle, replaying
from .mbpp import tasks
from .programs import PROGRAMS


def compare(code, entry_point, arguments):
    observed, (how, result) = oracle.observe(code, entry_point, arguments)
    row = record(code, entry_point, arguments)
    at = 0
    for index, state in replaying.states(row):
        if row["event_kind"][index] != "line":
            continue
        statement, depth, expected = observed[at]
        at += 1
        assert (row["event_statement"][index], row["event_depth"][index]) == (statement, depth), index
        prefix = f"f{row['event_frame_id'][index]}."
        mine = [(f"f.{k[len(prefix) :]}", v) for k, v in state.variables.items() if k.startswith(prefix)]
        theirs = [(k, v) for k, v in state.variables.items() if k.startswith("g.")]
        assert (
            replaying.canonical(state, sorted(mine, key=lambda p: p[0]) + sorted(theirs, key=lambda p: p[0]))
            == expected
        ), index
    assert at == len(observed)
    if how == "error":
        assert row["status"] == "exception"
        assert row["exception"].startswith(result)
    else:
        assert row["status"] == "ok"
    return row


@pytest.mark.parametrize(("code", "entry_point", "arguments"), [p[1:] for p in PROGRAMS], ids=[p[0] for p in PROGRAMS])
def test_replay_gives_the_state_that_was(code, entry_point, arguments):
    compare(code, entry_point, arguments)


@pytest.mark.parametrize(("code", "entry_point", "arguments"), [p[1:] for p in PROGRAMS], ids=[p[0] for p in PROGRAMS])
def test_the_run_is_undisturbed(code, entry_point, arguments):
    namespace = {"__name__": "program"}
    written = io.StringIO()
    with contextlib.redirect_stdout(written):
        exec(compile(code, "<plain>", "exec"), namespace)
        result = eval(f"{entry_point}({arguments})", namespace)
    row = record(code, entry_point, arguments)
    assert row["stdout"] == written.getvalue()
    if ast.dump(ast.parse(repr(result), mode="eval")).find("Set") < 0:
        assert row["return_value"] == repr(result)


def test_mbpp_replays():
    for task in tasks(step=25):
        compare(task.code, task.entry_point, task.arguments)
