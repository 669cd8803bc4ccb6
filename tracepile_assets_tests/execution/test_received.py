"""What comes back from the jail is believed only as far as it does not contradict itself."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tracepile_assets.execution import Job, Limits, Pool, RunInput, columns
from tracepile_assets.execution.guest.recorder import record
from tracepile_assets.execution.guest.tape_layout import KINDS, OPS, VERSION
from tracepile_assets.execution.received import arrived, received

from .forging import AREAS, CAPS, LIMITS, Tape
from .programs import PROGRAMS

CODE = """def f(n):
    a = []
    for i in range(n):
        a.append(g(i))
    print(a, 'h\\u00e9')
    return [*k(a)]
def g(x):
    y = x
    return x
def k(a):
    yield a
    yield 1
"""
UNWIND, LINE = KINDS.index("unwind"), KINDS.index("line")


def test_an_honest_tape_is_read_as_it_was_written():
    for name, code, entry, arguments in [("", CODE, "f", "3"), *PROGRAMS]:
        expected = record(code, entry, arguments, caps=CAPS)
        found = Tape(code, entry, arguments).read().recording()
        assert found.to_row() == expected, name


@pytest.mark.skipif(columns.read_columns is None, reason="nothing was built in C")
@pytest.mark.parametrize(("code", "entry", "arguments"), [(CODE, "f", "3"), *(row[1:] for row in PROGRAMS)])
def test_columns_are_read_in_python_as_in_c(code, entry, arguments):
    tape = Tape(code, entry, arguments)
    copy = arrived(tape.buffer, AREAS, 0, LIMITS).copy
    given = (copy.events, copy.changes, copy.frames, copy.text, tuple(range(1, 400)), KINDS, OPS)
    assert columns.in_python(*given) == columns.read_columns(*given)


def put(area, index, **changed):
    return lambda tape: tape.put(area, index, **changed)


def header(**changed):
    return lambda tape: tape.put_header(**changed)


def row(**changed):
    return lambda tape: tape.put_row(**changed)


def place(text):
    def change(tape):
        tape.put_text(tape.get("changes", 0, "place_offset"), text)
        tape.put("changes", 0, place_length=len(text))

    return change


def swap(tape):
    calls = [index for index, kind in enumerate(tape.kinds()) if kind == KINDS.index("call")]
    tape.put("events", calls[1], frame=2)
    tape.put("events", calls[2], frame=1)


def first(name, /, **changed):
    return lambda tape: tape.put("events", tape.kinds().index(KINDS.index(name)), **changed)


def inside_a_character(tape):
    output = tape.kinds().index(KINDS.index("output"))
    tape.put("events", output, length=tape.get("events", output, "length") - 2)


FORGERIES = {
    "another column": row(extra=1),
    "a column less": lambda tape: (tape.row.pop("stdout"), tape.put_row()),
    "an unknown kind": put("events", 1, kind=8),
    "an unknown op": put("changes", 0, op=3),
    "a flag that is none": put("events", 1, has_value=2),
    "a flag of a change that is none": put("changes", 0, has_value=2),
    "a value where there is none": put("events", 1, has_value=1),
    "a length without a value": put("events", 1, length=1),
    "a statement out of range": put("events", 1, statement=10_000),
    "a frame out of range": put("events", 1, frame=99),
    "changes out of order": put("events", 1, changes_end=9),
    "more changes than fit": lambda tape: tape.put("events", tape.row["n_events"] - 1, changes_end=(1 << 32) - 1),
    "a cause after its event": put("changes", 0, cause=5),
    "a cause before all": put("changes", 0, cause=-2),
    "a deletion with a value": put("changes", 0, op=2),
    "no place": place(b"x"),
    "a place without a number": place(b"f."),
    "a place that ends early": place(b"f"),
    "a text out of bounds": put("changes", 0, offset=AREAS.text_bytes),
    "a text far out of bounds": put("changes", 0, offset=(1 << 64) - 1),
    "a text without end": put("changes", 0, length=(1 << 32) - 1),
    "a name out of bounds": put("frames", 0, offset=1 << 40),
    "no UTF-8": lambda tape: tape.put_text(0, b"\xff"),
    "a text that ends inside a character": inside_a_character,
    "more text than there is": lambda tape: [
        tape.put("changes", index, offset=0, length=AREAS.text_bytes // 3) for index in range(4)
    ],
    "calls out of order": swap,
    "a wrong depth": put("events", 5, depth=3),
    "a deep first event": put("events", 0, depth=1),
    "an event of a closed frame": lambda tape: tape.put("events", tape.row["n_events"] - 1, frame=1),
    "an unwound frame that goes on": put("events", 1, kind=UNWIND),
    "a resumption of a running frame": first("resume", frame=0, depth=0),
    "a resumption instead of a call": first("yield", kind=KINDS.index("resume")),
    "events that stop before the run does": lambda tape: tape.put(
        "events", tape.row["n_events"] - 1, kind=LINE, has_value=0, length=0
    ),
    "an output without text": first("output", has_value=0, length=0),
    "other output": row(stdout="forged"),
    "a status of the parent": row(status="tampered"),
    "no status": row(status=None),
    "a result that is no text": row(return_value=3),
    "a truth value as a number": row(truncated=1),
    "a number as a truth value": row(expected_agrees=1),
    "a wrong count": row(n_events=1),
    "another Python": row(python_version="2.7"),
    "another recorder": row(recorder_version="<b>"),
    "more output than can be": row(stdout="x" * (LIMITS.output_bytes + 1)),
    "texts that end too early": header(text_end=3),
    "texts that end nowhere": header(text_end=(1 << 64) - 1),
    "a mark beyond the area": header(n_events=AREAS.events_capacity + 1),
    "a mark beyond everything": header(n_events=(1 << 64) - 1),
    "a mark beyond what is there": lambda tape: tape.put_header(n_events=tape.row["n_events"] + 1),
    "another input": header(run=1),
    "the result of another input": header(result_seq=5),
    "a result without end": header(result_length=(1 << 64) - 1),
}


@pytest.mark.parametrize("forge", FORGERIES.values(), ids=FORGERIES)
def test_a_forged_tape_is_not_believed(forge):
    tape = Tape(CODE, "f", "3")
    assert tape.read().status == "ok"
    forge(tape)
    found = tape.read()
    recording = found.recording()
    assert found.status == recording.status == "tampered"
    assert "contradicts itself" in recording.reason
    assert (recording.n_events, recording.stdout, recording.return_value) == (0, "", None)


@pytest.mark.parametrize("data", [b"", b"\x00\xff", b"[]", b"null", b"[" * 20_000, b'{"status": NaN}'])
def test_noise_is_no_result(data):
    tape = Tape(CODE, "f", "3")
    tape.put_bytes(data)
    assert tape.read().status == "tampered"


def test_events_of_a_program_that_does_not_parse_are_not_believed():
    tape = Tape(CODE, "f", "3")
    tape.code = "def f(:"
    assert tape.read().status == "tampered"


def test_what_is_wrong_with_one_tape_is_not_put_down_to_another():
    tapes = [Tape(CODE, "f", str(number), number) for number in range(5)]
    tapes[1].put("events", 5, depth=3)
    tapes[3].put_text(0, b"\xff")
    came = [arrived(tape.buffer, AREAS, tape.number, LIMITS) for tape in tapes]
    found = received(came, CODE)
    assert [one.status for one in found] == ["ok", "tampered", "ok", "tampered", "ok"]
    for number in (0, 2, 4):
        assert found[number].recording() == tapes[number].read().recording()
        assert found[number].digest == tapes[number].read().digest


@given(data=st.data())
@settings(max_examples=150, deadline=None)
def test_no_bytes_break_the_reader(data):
    """Whatever is written over the records, the reader says tampered or gives a recording whose columns fit."""
    tape = Tape(CODE, "f", "2")
    n_events, n_changes = tape.row["n_events"], 12
    areas = {
        "header": (0, VERSION),
        "events": (AREAS.events, n_events * 32),
        "changes": (AREAS.changes, n_changes * 32),
    }
    areas |= {"frames": (AREAS.frames, 64), "text": (AREAS.text, 300), "result": (AREAS.result, 300)}
    for _ in range(data.draw(st.integers(1, 4))):
        start, size = areas[data.draw(st.sampled_from(sorted(areas)))]
        offset = data.draw(st.integers(0, size - 1))
        noise = data.draw(st.binary(min_size=1, max_size=8))
        tape.buffer[start + offset : start + offset + len(noise)] = noise
    for found in (tape.read(), tape.read_cut_off()):
        recording = found.recording()
        assert recording.status in ("ok", "exception", "crash", "tampered", "rejected", recording.status)
        assert recording.n_events <= LIMITS.events
        json.dumps(recording.to_row())
        assert all(0 <= event < recording.n_events for event in recording.change_event)
        assert all(0 <= frame < len(recording.frame_function) for frame in recording.event_frame_id)


def test_texts_that_lie_elsewhere_say_the_same():
    """Two recorders may share texts differently: what is compared is what they say."""
    tape = Tape(CODE, "f", "3")
    before = tape.read()
    offset, length = (tape.get("changes", 3, name) for name in ("place_offset", "place_length"))
    text = bytes(tape.buffer[AREAS.text + offset : AREAS.text + offset + length])
    tape.put_text(900, b" " * 100 + text)
    gap = tape.buffer[AREAS.text : AREAS.text + 900].rstrip(b"\0")
    tape.put_text(len(gap), b" " * (900 - len(gap)))
    tape.put("changes", 3, place_offset=1000)
    tape.put_header(text_end=1000 + length)
    after = tape.read()
    assert after.recording() == before.recording()
    assert after.digest == before.digest
    tape.put_text(1000, b"g")
    changed = tape.read()
    assert changed.status == "tampered" or changed.digest != before.digest


def test_a_cut_off_tape_keeps_what_was_marked():
    whole = Tape(CODE, "f", "3").read().recording()
    tape = Tape(CODE, "f", "3", begun=True)
    for n_events in range(tape.row["n_events"] + 1):
        tape.put_header(n_events=n_events)
        found = tape.read_cut_off().recording()
        assert (found.status, found.reason, found.n_events) == ("crash", "it died", n_events)
        assert found.event_kind == whole.event_kind[:n_events]
        assert found.event_value == whole.event_value[:n_events]
        kept = sum(event < n_events for event in whole.change_event)
        assert found.change_place == whole.change_place[:kept]
        assert found.frame_function == whole.frame_function[: found.event_kind.count("call")]
        assert found.stdout == ("[0, 1, 2] h\u00e9\n" if "output" in found.event_kind else "")
        assert found.recorder_version == whole.recorder_version


def test_a_cut_off_tape_that_contradicts_itself_keeps_its_status_and_nothing_else():
    tape = Tape(CODE, "f", "3", begun=True)
    tape.put("events", 5, depth=3)
    found = tape.read_cut_off().recording()
    assert (found.status, found.n_events) == ("crash", 0)
    assert "contradicts itself" in found.reason


def test_a_search_for_the_recorder_finds_nothing_to_falsify():
    code = """
import gc
def f():
    for found in gc.get_objects():
        if type(found).__name__ == 'Tape':
            found._mark[0] += 1
            found.events += 1
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
    with Pool(workers=1, limits=Limits(wall_s=60.0)) as pool:
        jobs = [Job("bad", code, "f", inputs), Job("good", CODE, "f", (RunInput("a", arguments="2"),))]
        (_, bad), (_, (good,)) = pool.run(jobs)
    assert len(bad) == 3
    assert [outcome.recording.status for outcome in bad] == ["tampered"] * 3
    assert all(outcome.recording.n_events == 0 for outcome in bad)
    assert (good.recording.status, good.recording.return_value) == ("ok", "[[0, 1], 1]")
