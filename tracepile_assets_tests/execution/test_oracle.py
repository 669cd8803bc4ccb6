"""A recording, replayed, gives at every event the state that a naive recorder copies; the run is undisturbed."""

from dataclasses import dataclass

import pytest

from .agreement import compare
from .mbpp import tasks
from .oracle import Oracle
from .programs import PROGRAMS
from .recorders import RECORDERS, columns

every_recorder = pytest.mark.parametrize("recorder", RECORDERS)


@dataclass(frozen=True)
class Program:
    code: str
    entry_point: str | None
    arguments: str | None
    stdin: str | None = None


TRAPS = [pytest.param(Program(*rest), id=name) for name, *rest in PROGRAMS]


def observe(program, traced=True):
    return Oracle(program.code, program.entry_point, program.arguments, program.stdin).run(traced)


@every_recorder
@pytest.mark.parametrize("program", TRAPS)
def test_replay_gives_the_state_that_was(program, recorder):
    compare(program, columns(recorder, program), observe(program))


@every_recorder
@pytest.mark.parametrize("program", TRAPS)
def test_the_run_is_undisturbed(program, recorder):
    plain, row = observe(program, traced=False), columns(recorder, program)
    assert (row["return_value"], row["stdout"], row["status"]) == (plain.return_value, plain.stdout, plain.status)
    assert row["arguments_after"] == plain.arguments_after


@every_recorder
def test_a_program_that_reads_standard_input_is_observed_alike(recorder):
    code = "total = 0\nfor part in input().split():\n    total += int(part)\n    seen = [total]\nprint(total, end='')\n"
    program = Program(code, None, None, "3 4 5\n")
    compare(program, columns(recorder, program), observe(program))


@every_recorder
def test_mbpp_replays(recorder):
    for task in tasks(step=25):
        program = Program(task.code, task.entry_point, task.arguments)
        compare(program, columns(recorder, program), observe(program))
