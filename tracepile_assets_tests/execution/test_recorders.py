"""The recorder in C and its Python twin record the same; where the one in C is not there, the other records."""

import subprocess
import sys
from textwrap import dedent

import pytest

from tracepile_assets.execution import Job, Limits, Pool, RunInput, SandboxUnavailable
from tracepile_assets.execution.guest import recorders
from tracepile_assets.execution.guest.recorder import Caps, record
from tracepile_assets.sources import embedded

from .mbpp import tasks
from .programs import PROGRAMS
from .random_programs import make
from .test_versions import MORE

needs_c = pytest.mark.skipif(recorders.compiled is None, reason="the recorder in C was not built")
CAPS = [
    {},
    {"value_chars": 10},
    {"value_chars": 4, "contents_chars": 12},
    {"contents_items": 2},
    {"total_chars": 200},
    {"events": 17},
    {"output_bytes": 5},
    {"value_chars": 10, "contents_items": 3, "contents_chars": 25, "total_chars": 400, "result_chars": 20},
]
KEEPS = "def f(xs):\n    xs.append(1)\n    return xs\n"
WATCHES = "class A:\n    def __del__(self):\n        pass\ndef f():\n    return 1\n"


def told_by(recorder, code, entry_point, arguments, stdin=None, **caps):
    row = record(code, entry_point, arguments, stdin, None, Caps(**{"events": 1_500, **caps}), recorder)
    return row.pop("recorder_version"), row


def twins_agree(*program, **caps):
    version, by_c = told_by("c", *program, **caps)
    assert told_by("python", *program, **caps) == ("python-4", by_c)
    return version


@needs_c
@pytest.mark.parametrize(
    ("code", "entry", "arguments"), [row[1:] for row in PROGRAMS], ids=[row[0] for row in PROGRAMS]
)
def test_both_record_every_program_of_the_meaning_alike_under_every_cap(code, entry, arguments):
    for caps in CAPS:
        twins_agree(code, entry, arguments, **caps)


@needs_c
@pytest.mark.parametrize("code", MORE)
def test_both_record_what_tells_interpreters_apart_alike(code):
    twins_agree(dedent(code), "f", "")


@needs_c
@pytest.mark.parametrize("source", embedded.COLLECTIONS)
def test_both_record_the_embedded_programs_alike(source):
    versions = set()
    for program in embedded.read(source, 2, 0):
        for given in program.inputs:
            versions.add(twins_agree(program.code, program.entry_point, given.arguments, given.stdin))
    assert "c-4" in versions


@needs_c
def test_both_record_random_programs_alike():
    for seed in range(60):
        program = make(seed)
        twins_agree(program.code, program.entry_point, program.arguments, program.stdin)


@needs_c
def test_both_record_mbpp_alike():
    for task in tasks(10):
        twins_agree(task.code, task.entry_point, task.arguments)


def test_a_global_that_is_bound_anew_does_not_hide_what_became_of_its_object():
    code = "a = [1, 2, 3]\nb = a\na = a.pop()\nprint(b)\n"
    for recorder in recorders.CHOICES if recorders.compiled else ["python"]:
        _, row = told_by(recorder, code, None, None, "")
        changes = list(zip(row["change_place"], row["change_op"], row["change_value"], strict=True))
        assert ("#0[2:3]", "delta", "[]") in changes


@needs_c
def test_what_follows_a_stack_exhausted_by_a_library_is_not_lost_in_silence():
    code = (
        "import copy\ndef f(n):\n    nest = []\n    for i in range(n):\n        nest = [nest]\n"
        "    try:\n        copy.deepcopy(nest)\n    except RecursionError:\n        n = -1\n    return n\n"
    )
    _, row = told_by("python", code, "f", "1500", events=10_000)
    ended = "ok" if row["event_kind"][-1] == "return" else "crash"
    assert row["status"] == ended, row["reason"]
    if recorders.compiled is not None:
        _, by_c = told_by("c", code, "f", "1500", events=10_000)
        assert (by_c["status"], by_c["return_value"], by_c["event_kind"][-1]) == ("ok", "-1", "return")
        assert by_c["event_kind"][: len(row["event_kind"])] == row["event_kind"]


SETS_IN_SETS = """
def f(depth):
    chain, pairs = frozenset(), frozenset()
    for n in range(depth):
        chain = frozenset([chain])
        pairs = frozenset([(pairs, n), 'a'])
    return held(chain, pairs)
def held(chain, pairs):
    each = {chain, 1, pairs}
    each.add((chain, 2))
    each.discard(chain)
    table = {pairs: 1}
    table[pairs] = [chain]
    return len(each), len(table)
"""
LONG_IN_SETS = """
def f(n):
    long = 'ab' * n
    each = {1, (2, 'x')}
    each.add(long)
    each.add((3, long))
    each.discard(long)
    return len(each)
"""


@needs_c
@pytest.mark.parametrize(
    ("code", "arguments", "result", "is_cut"),
    [
        (SETS_IN_SETS, "8", "(3, 1)", False),
        (SETS_IN_SETS, "300", "(3, 1)", True),
        (LONG_IN_SETS, "600000", "3", True),
    ],
)
def test_what_lies_deep_or_is_long_in_sets_is_cut_short_by_both_alike(code, arguments, result, is_cut):
    twins_agree(code, "f", arguments, value_chars=4_000)
    for recorder in ("c", "python"):
        _, row = told_by(recorder, code, "f", arguments, value_chars=4_000)
        assert (row["status"], row["return_value"], row["truncated"]) == ("ok", result, is_cut)


def test_programs_that_see_objects_die_are_left_to_the_python_recorder():
    assert told_by("c", KEEPS, "f", "[]")[0] == "c-4"
    assert told_by("c", WATCHES, "f", "")[0] == "python-4"


def test_the_python_recorder_can_be_asked_for_and_stands_in():
    script = (
        "import sys; sys.modules['tracepile_assets.execution.guest._recorder'] = None\n"
        "from tracepile_assets.execution.guest.recorder import record\n"
        "from tracepile_assets.execution import Pool, SandboxUnavailable\n"
        f"row = record({KEEPS!r}, 'f', '[]')\n"
        "print(row['recorder_version'], row['return_value'])\n"
        "try:\n    Pool(recorder='c')\nexcept SandboxUnavailable as error:\n    print(error)\n"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[0] == "python-4 [1]"
    assert "C compiler" in done.stdout.splitlines()[1]
    assert told_by("python", KEEPS, "f", "[]")[0] == "python-4"


@pytest.mark.parametrize("recorder", recorders.CHOICES)
def test_the_recorder_asked_for_records_in_the_jail(recorder):
    if recorder == "c" and recorders.compiled is None:
        pytest.skip("the recorder in C was not built")
    job = Job("job", KEEPS, "f", (RunInput("i", arguments="[2]"), RunInput("j", arguments="[3]")))
    try:
        with Pool(workers=1, limits=Limits(), recorder=recorder) as pool:
            ((_, outcomes),) = pool.run([job])
    except SandboxUnavailable as error:
        pytest.skip(str(error))
    found = [(o.recording.return_value, o.recording.recorder_version) for o in outcomes]
    assert found == [(text, recorders.usual_version(recorder)) for text in ("[2, 1]", "[3, 1]")]
