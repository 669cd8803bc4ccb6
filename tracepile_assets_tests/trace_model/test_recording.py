"""The record of a run and its row."""

import pytest

from tracepile_assets.tables.schemas import EXECUTION_TRACES
from tracepile_assets.trace_model.recording import Recording
from tracepile_assets_tests.trace_model.runs import trace_of


def test_a_row_holds_everything_and_comes_back():
    recording = trace_of("def f(xs):\n    xs.append(1)\n    return xs\n", "f", "[2]").recording
    row = recording.to_row()
    assert row["n_events"] == recording.n_events == len(recording.event_kind) > 0
    assert Recording.from_row(row) == recording
    assert Recording.from_row({**row, "trace_id": "t_1"}) == recording
    assert row["return_value"] == row["arguments_after"][1:-2] == "[2, 1]"
    columns = set(EXECUTION_TRACES.names)
    assert set(row) <= columns


def test_a_row_without_events():
    empty = Recording.from_row({"status": "rejected", "reason": "no inputs", "event_kind": None})
    assert empty.n_events == 0
    assert (empty.status, empty.reason) == ("rejected", "no inputs")


def test_lists_of_unequal_length_are_refused():
    with pytest.raises(ValueError, match="event_"):
        Recording(event_kind=["line"])
    with pytest.raises(ValueError, match="change_"):
        Recording(change_place=["f0.x"])
