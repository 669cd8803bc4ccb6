"""What comes back from the jail is believed only as far as it does not contradict itself."""

import json

import pytest

from tracepile_assets.execution import Job, Limits, Pool, RunInput
from tracepile_assets.execution.guest.recorder import record
from tracepile_assets.execution.received import Tampered, received

CODE = """def f(n):
    a = []
    for i in range(n):
        a.append(g(i))
    print(a)
    return a
def g(x):
    y = x
    return x
"""
ROW = {**record(CODE, "f", "3"), "beyond": "", "beyond_result": ""}


def test_an_honest_row_is_believed():
    recording, beyond, beyond_result = received(json.dumps(ROW).encode(), CODE, Limits())
    assert {**recording.to_row(), "beyond": beyond, "beyond_result": beyond_result} == ROW


def at(name, index, value):
    def change(row):
        row[name][index] = value

    return change


def drop(name):
    return lambda row: row[name].pop()


def put(**columns):
    return lambda row: row.update(columns)


def swap(row):
    calls = [i for i, kind in enumerate(row["event_kind"]) if kind == "call"]
    row["event_frame_id"][calls[1]], row["event_frame_id"][calls[2]] = 2, 1


FORGERIES = {
    "another column": put(extra=1),
    "a column less": lambda row: row.pop("stdout"),
    "a list is shorter": drop("event_line"),
    "a change is shorter": drop("change_value"),
    "an unknown kind": at("event_kind", 1, "jump"),
    "an unknown op": at("change_op", 0, "move"),
    "a number as text": at("event_statement", 1, "1"),
    "a truth value as a number": at("event_depth", 1, True),
    "a text as a number": at("event_value", -1, 5),
    "a statement out of range": at("event_statement", 1, 10_000),
    "a negative line": at("event_line", 1, -1),
    "a frame out of range": at("event_frame_id", 1, 99),
    "changes out of order": at("change_event", 0, 3),
    "a cause after its event": at("change_cause", 0, 5),
    "no place": at("change_place", 0, "x"),
    "a frame too many": lambda row: row["frame_function"].append("h"),
    "calls out of order": swap,
    "a wrong depth": at("event_depth", 5, 3),
    "an event of a closed frame": at("event_frame_id", -1, 1),
    "one statement on two lines": at("event_line", 2, 5),
    "other output": put(stdout="forged"),
    "a status of the parent": put(status="tampered"),
    "no status": put(status=None),
    "a wrong count": put(n_events=1),
    "a result that is no text": put(return_value=3),
}


@pytest.mark.parametrize("forge", FORGERIES.values(), ids=FORGERIES)
def test_a_forged_row_is_not(forge):
    row = json.loads(json.dumps(ROW))
    forge(row)
    with pytest.raises(Tampered):
        received(json.dumps(row).encode(), CODE, Limits())


@pytest.mark.parametrize("data", [b"", b"\x00\xff", b"[]", b"null", b"[" * 100_000, b'{"status": NaN}'])
def test_noise_is_not(data):
    with pytest.raises(Tampered):
        received(data, CODE, Limits())


def test_a_search_for_the_recorder_finds_nothing_to_falsify():
    code = """
import gc
def f():
    for found in gc.get_objects():
        if type(found).__name__ == 'Tape':
            found.kind.append('call')
    return 1
"""
    jobs = [
        Job("bad", code, "f", (RunInput("a", arguments=""),)),
        Job("good", CODE, "f", (RunInput("a", arguments="2"),)),
    ]
    with Pool(workers=1) as pool:
        (_, (bad,)), (_, (good,)) = pool.run(jobs)
    assert (bad.recording.status, bad.recording.return_value) == ("ok", "1")
    assert bad.recording.event_kind == ["call", "line", "line", "return"]
    assert good.recording.status == "ok"


def test_writing_to_the_pipes_of_the_jail_forges_nothing():
    code = """
import os
def f(x):
    for number in range(64):
        try:
            os.write(number, b'd' * 10)
        except OSError:
            pass
    return x
"""
    inputs = tuple(RunInput(str(n), arguments=str(n)) for n in range(3))
    with Pool(workers=1, limits=Limits(wall_s=10.0)) as pool:
        jobs = [Job("bad", code, "f", inputs), Job("good", CODE, "f", (RunInput("a", arguments="2"),))]
        (_, bad), (_, (good,)) = pool.run(jobs)
    assert len(bad) == 3
    assert [outcome.recording.status for outcome in bad] == ["tampered"] * 3
    assert all(outcome.recording.n_events == 0 for outcome in bad)
    assert (good.recording.status, good.recording.return_value) == ("ok", "[0, 1]")
