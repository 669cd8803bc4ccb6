"""A process that is killed, crashes or leaves: what it did up to there is kept, and its neighbours are unharmed."""

import pytest

from tracepile_assets.execution import Job, Limits, Pool, RunInput
from tracepile_assets.execution.guest.recorder import record
from tracepile_assets.tracing.determinism import judge

LIMITS = Limits(events=50_000, wall_s=4.0, cpu_s=20.0, memory_mb=384)
BEFORE = """
import ctypes, os, sys, time
def f(n, way):
    seen = []
    for i in range(n):
        seen.append(step(i))
    print('so', 'far', seen)
    sys.stdout.write('h\\u00e9')
    ways[way]()
    return seen
def step(i):
    return [i] * 2
ways = {
    'stays': lambda: None,
    'leaves': lambda: os._exit(7),
    'segfault': lambda: ctypes.string_at(0),
    'abort': lambda: os.abort(),
    'sleeps': lambda: time.sleep(1000),
    'computes': lambda: max(iter(int, 1)),
}
"""
ENDS = {
    "leaves": ("crash", "exit code 7"),
    "segfault": ("crash", "SIGSEGV"),
    "abort": ("crash", "the process was killed by SIG"),
    "sleeps": ("timeout", "wall-clock"),
    "computes": ("timeout", "wall-clock"),
}
N = 40


@pytest.fixture(scope="module")
def pairs():
    """Per way of ending, the run and its twin, each between two neighbours in the same process."""
    found = {}
    with Pool(workers=2, limits=LIMITS) as pool:
        for twin in (False, True):
            jobs = [
                Job(
                    way,
                    BEFORE,
                    "f",
                    tuple(RunInput(w, arguments=f"{N}, {w!r}") for w in ("stays", way, "stays")),
                    twin=twin,
                )
                for way in ENDS
            ]
            for job, outcomes in pool.run(jobs):
                found.setdefault(job.job_id, []).append(outcomes)
    return found


@pytest.mark.parametrize("way", ENDS)
def test_the_events_up_to_a_hard_end_are_kept(pairs, way):
    whole = record(BEFORE, "f", f"{N}, 'stays'")
    for outcomes in pairs[way]:
        first, ended, last = (outcome.recording for outcome in outcomes)
        status, says = ENDS[way]
        assert (ended.status, ended.return_value) == (status, None)
        assert says in ended.reason
        assert ended.recorder_version == whole["recorder_version"]
        # Up to the call that ends it, but for that argument, it is the run that returns.
        until = whole["event_kind"].index("output") + 2
        for name in ("event_kind", "event_statement", "event_line", "event_depth", "event_frame_id", "event_value"):
            assert getattr(ended, name)[:until] == whole[name][:until], name
        assert ended.n_events > until
        assert ended.event_kind.count("call") == len(ended.frame_function)
        assert ended.stdout == "so far " + str([[i, i] for i in range(N)]) + "\nh\u00e9"
        same = sum(event < until for event in whole["change_event"])
        assert ended.change_place[1:same] == whole["change_place"][1:same]
        assert ended.change_value[2:same] == whole["change_value"][2:same]
        for neighbour in (first, last):
            assert (neighbour.status, neighbour.n_events) == ("ok", whole["n_events"])


@pytest.mark.parametrize("way", ENDS)
def test_a_second_run_that_ends_alike_makes_it_full(pairs, way):
    (base, twin) = pairs[way]
    verdict = judge(base[1], twin[1])
    assert (verdict.deterministic, verdict.recording.status) == ("full", ENDS[way][0])
    assert verdict.recording.n_events == min(base[1].recording.n_events, twin[1].recording.n_events) > 3 * N


def test_computing_for_ever_outside_the_recorder_keeps_what_came_before():
    code = "def f():\n    x = [1, 2]\n    x.append(3)\n    return max(iter(int, 1))\n"
    with Pool(workers=1, limits=Limits(wall_s=60.0, cpu_s=1.0)) as pool:
        ((_, (outcome,)),) = pool.run([Job("j", code, "f", (RunInput("a", arguments=""),))])
    found = outcome.recording
    assert (found.status, found.event_kind) == ("cpu_limit", ["call", "line", "line", "line"])
    assert found.change_value[-1] == "[3]"


def test_time_that_runs_out_is_compared_as_far_as_both_got():
    code = """
import time
def f(x):
    n = 0
    while True:
        n += 1
        if n % 50 == 0:
            time.sleep(0.01)
"""
    different = code.replace("n += 1", "n += hash('a') % 1000")
    with Pool(workers=1, limits=Limits(wall_s=2.0)) as pool:
        for program, expected in ((code, "full"), (different, "no")):
            runs = [Job("j", program, "f", (RunInput("a", arguments="1"),), twin=twin) for twin in (False, True)]
            (_, (base,)), (_, (twin,)) = pool.run(runs)
            verdict = judge(base, twin)
            assert (verdict.deterministic, verdict.recording.status) == (expected, "timeout")
            events = min(base.recording.n_events, twin.recording.n_events)
            assert events > 10
            assert verdict.recording.n_events == (events if expected == "full" else 0)


def test_an_end_before_the_first_event_leaves_none():
    code = "import os\nos._exit(3)\ndef f(x):\n    return x\n"
    before = Job("before", "def f(x):\n    y = x\n    return y\n", "f", (RunInput("a", arguments="1"),))
    with Pool(workers=1, limits=LIMITS) as pool:
        inputs = tuple(RunInput(str(n), arguments=str(n)) for n in range(3))
        (_, (whole,)), (_, outcomes) = pool.run([before, Job("j", code, "f", inputs)])
    assert whole.recording.n_events == 4
    for outcome in outcomes:
        assert (outcome.recording.status, outcome.recording.n_events, outcome.recording.stdout) == ("crash", 0, "")


LATE = {
    "destructor": "class R:\n    def __del__(self):\n        while True:\n            print('x' * 1000)\n"
    "def f():\n    print('so far')\n    held = R()\n    return 1\n",
    "generator": "def g():\n    try:\n        yield 1\n    finally:\n        while True:\n"
    "            print('x' * 1000)\ndef f():\n    print('so far')\n    held = g()\n    next(held)\n    return 1\n",
}


@pytest.mark.parametrize("recorder", ["auto", "python"])
@pytest.mark.parametrize("code", LATE.values(), ids=LATE)
def test_what_writes_without_end_as_the_entry_call_returns_has_its_status_and_keeps_its_output(code, recorder):
    limits = Limits(wall_s=20.0, cpu_s=8.0, memory_mb=384, output_bytes=20_000)
    inputs = (RunInput("a", arguments=""), RunInput("b", arguments=""))
    with Pool(workers=1, limits=limits, recorder=recorder) as pool:
        ((_, outcomes),) = pool.run([Job("j", code, "f", inputs)])
    for outcome in outcomes:
        assert outcome.recording.status == "output_limit"
        assert outcome.recording.stdout == ("so far\n" + ("x" * 1000 + "\n") * 20)[:20_000]
        assert outcome.recording.event_kind[-1] == "return"


@pytest.mark.parametrize("code", LATE.values(), ids=LATE)
def test_output_without_end_that_nobody_records_ends_for_want_of_memory(code):
    limits = Limits(wall_s=60.0, cpu_s=40.0, memory_mb=64, output_bytes=20_000)
    with Pool(workers=1, limits=limits) as pool:
        ((_, (outcome,)),) = pool.run([Job("j", code, "f", (RunInput("a", arguments=""),), record=False)])
    assert (outcome.recording.status, outcome.recording.reason) == ("memory_limit", "out of memory")


def test_a_run_whose_files_are_gone_is_not_said_to_have_left_by_a_code_of_ours():
    code = "import os\ndef f(x):\n    os.closerange(3, 200)\n    return x\n"
    with Pool(workers=1, limits=LIMITS) as pool:
        ((_, (outcome,)),) = pool.run([Job("j", code, "f", (RunInput("a", arguments="1", expected="1"),))])
    assert outcome.recording.status == "crash"
    assert "exit code" not in outcome.recording.reason


def test_what_a_destructor_writes_as_the_entry_call_returns_is_output_and_no_event():
    code = "class R:\n    def __del__(self):\n        print('late')\nprint('early')\n"
    code += "def f():\n    print('so far')\n    held = R()\n    return 1\n"
    with Pool(workers=1, limits=LIMITS) as pool:
        ((_, (outcome,)),) = pool.run([Job("j", code, "f", (RunInput("a", arguments=""),))])
    found = outcome.recording
    assert (found.status, found.return_value, found.stdout) == ("ok", "1", "early\nso far\nlate\n")
    assert [v for k, v in zip(found.event_kind, found.event_value, strict=True) if k == "output"] == ["so far\n"]
