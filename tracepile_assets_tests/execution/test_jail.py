"""Programs that go wrong or mean harm: each ends with its own status, and its neighbours are unharmed."""

from dataclasses import replace

import pytest

from tracepile_assets.execution import Job, Limits, Pool, RunInput

LIMITS = Limits(events=5_000, wall_s=6.0, cpu_s=20.0, memory_mb=384, output_bytes=20_000)
BRIEF = replace(LIMITS, cpu_s=1.0)
NEIGHBOUR = Job("neighbour", "def f(x):\n    return x * 2\n", "f", (RunInput("a", arguments="21"),))

STDIN_PROGRAMS = {
    "does not parse": ("def f(x) return", "rejected", "SyntaxError"),
    "nests too deeply to parse": ("(" * 5000 + ")" * 5000, "rejected", "SyntaxError"),
    "holds a null": ("x = 1\0", "rejected", "null"),
    "prints without end": ("while True:\n    print('x' * 500)", "output_limit", "20,000 bytes"),
    "recurses without end": ("def f():\n    f()\nf()", "exception", "RecursionError"),
    "never stops": ("while True:\n    pass", "event_limit", "5,000 events"),
    "sleeps for ever": ("import time\nwhile True:\n    time.sleep(1000)", "timeout", "wall-clock"),
    "exits with 0": ("import sys\nprint('so far')\nsys.exit(0)", "ok", None),
    "exits with nothing": ("raise SystemExit", "ok", None),
    "exits as one does at a prompt": ("print('so far')\nexit()", "ok", None),
    "quits with 2": ("quit(2)", "exception", "SystemExit: 2"),
    "exits with 1": ("import sys\nsys.exit(1)", "exception", "SystemExit: 1"),
    "raises": ("1 / 0", "exception", "ZeroDivisionError: division by zero"),
    "reads past its stdin": ("print(input())\ninput()", "exception", "EOFError: EOF when reading a line"),
    "imports what is not there": ("import no_such_module", "exception", "ModuleNotFoundError"),
    "writes a file": ("open('out.txt', 'w')", "exception", "PermissionError"),
    "writes outside": ("open('/etc/passwd', 'a')", "exception", "PermissionError"),
    "reads outside": ("open('/etc/passwd')", "exception", "FileNotFoundError"),
    "leaves at once": ("import os\nos._exit(0)", "crash", "exit code 0"),
    "reads address zero": ("import ctypes\nctypes.string_at(0)", "crash", "SIGSEGV"),
    "forges bytecode": (
        # A local variable so far away that no memory is there.
        "from opcode import opmap\ndef f(): pass\nfar, load = opmap['EXTENDED_ARG'], opmap['LOAD_FAST']\n"
        "far_away = bytes([far, 0x3f, far, 0xff, far, 0xff, load, 0xff])\n"
        "f.__code__ = f.__code__.replace(co_code=far_away, co_stacksize=1)\nf()",
        "crash", "SIG"
    ),
    "forks": ("import os\nwhile True:\n    os.fork()", "exception", "PermissionError"),
    "starts threads": ("import threading\nthreading.Thread(target=print).start()", "exception", "RuntimeError"),
    "opens a socket": ("import socket\nsocket.socket()", "exception", "PermissionError"),
    "starts a shell": ("import subprocess\nsubprocess.run(['/bin/sh'])", "exception", "PermissionError"),
    "kills all": ("import os\nos.kill(-1, 9)", "exception", "PermissionError"),
    "kills its parent": ("import os\nos.kill(os.getppid(), 9)", "exception", "PermissionError"),
    "looks at its environment": ("import os\nprint(len(os.environ))", "ok", None),
    "ignores signals": (
        "import signal\nfor n in range(1, 32):\n    try: signal.signal(n, signal.SIG_IGN)\n    except OSError: pass\n"
        "while True:\n    try: max(iter(int, 1))\n    except BaseException: pass", "timeout", "wall-clock"
    ),
    "replaces builtins": ("import builtins\nbuiltins.len = lambda x: 7\nprint(len([]))", "ok", None),
    "switches tracing off": ("import sys\nsys.settrace(None)\nsys.setprofile(None)\nx = 1\nprint(x)", "ok", None),
    "raises the recursion limit": (
        "import sys\nsys.setrecursionlimit(10**6)\nprint(sys.getrecursionlimit())", "ok", None
    ),
}  # fmt: skip


@pytest.fixture(scope="module")
def outcomes():
    jobs = []
    for name, (code, _, _) in STDIN_PROGRAMS.items():
        jobs += [Job(name, code, None, (RunInput(name, stdin="one line\n"),)), NEIGHBOUR]
    found = {}
    with Pool(workers=2, limits=LIMITS) as pool:
        for job, (outcome,) in pool.run(jobs):
            if job is NEIGHBOUR:
                assert (outcome.recording.status, outcome.recording.return_value) == ("ok", "42")
            else:
                found[job.job_id] = outcome.recording
    return found


@pytest.mark.parametrize("name", STDIN_PROGRAMS)
def test_each_ends_with_its_own_status(outcomes, name):
    _, status, says = STDIN_PROGRAMS[name]
    recording = outcomes[name]
    assert recording.status == status, (recording.status, recording.reason, recording.exception)
    if says is not None:
        assert says in f"{recording.reason} {recording.exception}"


def test_what_was_recorded_up_to_a_limit_is_kept(outcomes):
    assert outcomes["never stops"].n_events == 5_000
    assert outcomes["prints without end"].event_kind.count("output") >= 40
    assert outcomes["prints without end"].stdout.startswith("x" * 500 + "\n")


def test_the_recorder_survives_what_a_program_does_to_its_interpreter(outcomes):
    assert outcomes["replaces builtins"].stdout == "7\n"
    assert outcomes["switches tracing off"].event_statement[-3:] == [4, 4, 4]
    assert outcomes["raises the recursion limit"].stdout == "1000000\n"
    assert outcomes["looks at its environment"].stdout == "0\n"


def test_eating_memory_ends_at_the_limit_and_keeps_what_was_recorded():
    code = "a = []\nwhile True:\n    a.append('x' * 10**7 + str(len(a)))\n"
    with Pool(workers=1, limits=Limits(wall_s=60.0, cpu_s=60.0, memory_mb=256)) as pool:
        ((_, (outcome,)),) = pool.run([Job("j", code, None, (RunInput("a"),))])
    assert (outcome.recording.status, outcome.recording.reason) == ("memory_limit", "out of memory")
    assert outcome.recording.n_events > 10
    assert outcome.recording.truncated


def test_computing_for_ever_ends_by_cpu_time():
    with Pool(workers=1, limits=Limits(wall_s=60.0, cpu_s=1.0)) as pool:
        ((_, (outcome,)),) = pool.run([Job("j", "max(iter(int, 1))", None, (RunInput("a"),))])
    assert (outcome.recording.status, outcome.recording.reason) == ("cpu_limit", "used more than 1 s of CPU time")


FUNCTION = """
import os
def f(x):
    if x == 2:
        os._exit(3)
    if x == 4:
        while True:
            pass
    return x
"""


def test_the_other_inputs_go_on_when_one_takes_the_process_down():
    inputs = tuple(RunInput(str(n), arguments=str(n)) for n in range(6))
    with Pool(workers=1, limits=LIMITS) as pool:
        for twin in (False, True):
            ((_, found),) = pool.run([Job("j", FUNCTION, "f", inputs, twin=twin)])
            statuses = [outcome.recording.status for outcome in found]
            assert statuses == ["ok", "ok", "crash", "ok", "event_limit", "ok"]
            assert [outcome.input_id for outcome in found] == list("012345")
            assert found[2].recording.reason == "the program ended the process with exit code 3"


@pytest.mark.parametrize(
    "read",
    ["open(0).read()", "sys.stdin.read()", "sys.stdin.buffer.read().decode()", "input() + '\\n' + input() + '\\n'"],
)
def test_stdin_is_read_in_every_way_that_programs_read_it(read):
    inputs = tuple(RunInput(str(n), stdin=f"{n}\nb\u00e9\n") for n in range(3))
    with Pool(workers=1, limits=LIMITS) as pool:
        ((_, found),) = pool.run([Job("j", f"import sys\nprint({read}, end='')\n", None, inputs)])
    assert [outcome.recording.stdout for outcome in found] == [given.stdin for given in inputs]


def test_bad_arguments_and_hostile_sources_are_rows():
    inputs = (RunInput("a", arguments="nope"), RunInput("b", arguments="1"), RunInput("c", arguments="1 +"))
    with Pool(workers=1, limits=LIMITS) as pool:
        ((_, found),) = pool.run([Job("j", "def f(x):\n    return x\n", "f", inputs)])
    assert [outcome.recording.status for outcome in found] == ["rejected", "ok", "rejected"]
    assert found[0].recording.reason == "the arguments do not evaluate: NameError: name 'nope' is not defined"
    assert "SyntaxError" in found[2].recording.reason


def test_expected_is_evaluated_in_the_jail_and_compared_as_the_source_means_it():
    code = "from collections import Counter\ndef f(x):\n    return x\n"
    cases = {
        ("1.0", "1"): True, ("0.1 + 0.2", "0.3"): True, ("[1, (2,)]", "[1, (2,)]"): True,
        ("Counter('aab')", "{'a': 2, 'b': 1}"): True,
        ("(1, 2)", "[1, 2]"): False, ("'1'", "1"): False, ("0.1", "0.1001"): False, ("1", "undefined"): None,
    }  # fmt: skip
    inputs = tuple(RunInput(str(n), arguments=a, expected=e) for n, (a, e) in enumerate(cases))
    echo = (RunInput("x", stdin="a  \nb\n", expected="a\nb"), RunInput("y", stdin="a\n", expected="b"))
    with Pool(workers=1, limits=LIMITS) as pool:
        jobs = [Job("f", code, "f", inputs), Job("p", "import sys\nprint(sys.stdin.read())", None, echo)]
        (_, found), (_, printed) = pool.run(jobs)
    assert [outcome.recording.expected_agrees for outcome in found] == list(cases.values())
    assert [outcome.recording.expected_agrees for outcome in printed] == [True, False]


@pytest.mark.parametrize(
    "stated", ["exit()", "__import__('os')._exit(0)", "9**9**9", "(_ for _ in ()).throw(KeyboardInterrupt)", "1 / 0"]
)
@pytest.mark.parametrize("imported", ["", "import os\n"])
def test_a_stated_result_that_ends_the_process_or_never_ends_costs_the_run_nothing(stated, imported):
    code = imported + "def f(x):\n    print('so far')\n    return [x + 1]\n"
    inputs = tuple(RunInput(str(n), arguments=str(n), expected=stated if n == 1 else f"[{n + 1}]") for n in range(3))
    bare = tuple(replace(given, expected=None) for given in inputs)
    with Pool(workers=1, limits=BRIEF) as pool:
        for twin in (False, True):
            jobs = [Job("stated", code, "f", inputs, twin=twin), Job("bare", code, "f", bare, twin=twin)]
            (_, found), (_, without) = pool.run(jobs)
            assert [outcome.recording.expected_agrees for outcome in found] == [True, None, True]
            assert [replace(outcome.recording, expected_agrees=None) for outcome in found] == [
                outcome.recording for outcome in without
            ]
            assert [outcome.digest for outcome in found] == [outcome.digest for outcome in without]
            assert found[1].recording.return_value == "[2]"
            assert found[1].recording.stdout == "so far\n"
            assert found[1].recording.n_events > 0


@pytest.mark.parametrize("way", ["raise SystemExit", "os._exit(3)", "max(iter(int, 1))", "return 1 / 0"])
def test_an_equality_of_the_program_that_ends_badly_costs_the_run_nothing(way):
    code = f"import os\nclass E:\n    def __eq__(self, other):\n        {way}\ndef f(x):\n    return E()\n"
    inputs = tuple(RunInput(str(n), arguments=str(n), expected="1") for n in range(2))
    with Pool(workers=1, limits=BRIEF) as pool:
        ((_, found),) = pool.run([Job("j", code, "f", inputs)])
    told = [(o.recording.status, o.recording.return_value, o.recording.expected_agrees) for o in found]
    assert told == [("ok", "E()", None)] * 2


def test_a_run_that_closes_its_files_ends_alike_with_a_stated_result_and_without():
    code = "import os\ndef f(x):\n    os.closerange(0, 64)\n    return x\n"
    inputs = (RunInput("a", arguments="1", expected="1"), RunInput("b", arguments="1"))
    with Pool(workers=1, limits=LIMITS) as pool:
        ((_, found),) = pool.run([Job("j", code, "f", inputs)])
    assert [outcome.recording.status for outcome in found] == ["crash", "crash"]


@pytest.mark.parametrize("value", ["3", "None", "'abc'", "[1]", "K()"])
@pytest.mark.parametrize("imported", ["", "import os\n"])
def test_an_entry_point_that_cannot_be_called_raises_what_calling_it_raises(value, imported):
    code = f"{imported}class K:\n    pass\nf = {value}\n"
    namespace: dict = {}
    exec(code, namespace)
    with pytest.raises(TypeError) as raised:
        namespace["f"](1)
    inputs = (RunInput("a", arguments="1", expected="1"), RunInput("b", arguments="2"))
    with Pool(workers=1, limits=LIMITS) as pool:
        for is_recorded in (True, False):
            ((_, found),) = pool.run([Job("j", code, "f", inputs, record=is_recorded)])
            for one in (outcome.recording for outcome in found):
                assert (one.status, one.exception, one.n_events) == ("exception", f"TypeError: {raised.value}", 0)
                assert (one.return_value, one.expected_agrees) == (None, None)
