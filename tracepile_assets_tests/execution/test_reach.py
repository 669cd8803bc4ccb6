"""What a call is given, and what a copy notes down, may change objects by ways that the text does not show."""

import pytest

from .agreement import compare
from .recorders import RECORDERS, columns
from .test_oracle import Program, observe

every_recorder = pytest.mark.parametrize("recorder", RECORDERS)
CALLS = "def f(kept, put):\n    put(3)\n    n = 0\n    put(4)\n    return n\n"
GIVEN = [
    "*(lambda row: (row, row.append))([1])",
    "*[(row, row.extend) for row in [[1]]][0][:1], print",
    "[1], [].append",
    "[1], abs",
]
COPIES = (
    "import copy\n\ndef f():\n    memo = {}\n    copied = copy.deepcopy([[1]], memo)\n    n = 0\n    return len(memo)\n"
)


@every_recorder
@pytest.mark.parametrize("arguments", GIVEN)
def test_a_method_that_a_call_is_given_changes_what_it_belongs_to(recorder, arguments):
    program = Program(CALLS, "f", arguments)
    compare(program, columns(recorder, program), observe(program))


@every_recorder
def test_what_a_copy_notes_down_is_seen(recorder):
    row = columns(recorder, Program(COPIES, "f", ""))
    place = row["change_value"][row["change_place"].index("f0.memo")]
    causes = [
        cause
        for cause, changed in zip(row["change_cause"], row["change_place"], strict=True)
        if changed.startswith(place)
    ]
    assert [row["event_line"][cause] for cause in causes][:2] == [4, 5]
