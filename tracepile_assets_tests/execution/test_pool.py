"""The pool: every input alone, equal runs everywhere, nothing left behind, and no jail no run."""

import contextlib
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tracepile_assets.execution import Job, Limits, Pool, RunInput, SandboxUnavailable, worker
from tracepile_assets.execution.sharing import may_share

from .programs import PROGRAMS

LIMITS = Limits(events=20_000, wall_s=60.0, cpu_s=20.0)

PATIENCE = 120.0
"""Seconds to wait for what comes soon, unless the machine is busy."""

LEAKS = """
import builtins, decimal, os, random, sys, warnings, math
seen = []
def f(x, kept=[]):
    global count
    kept.append(x)
    seen.append(x)
    before = (len(kept), len(seen), random.random(), sys.getrecursionlimit(),
              decimal.getcontext().prec, hasattr(math, 'mine'),
              'count' in globals(), hasattr(builtins, 'mine'), os.environ.get('MINE'),
              len(sys.path), len(warnings.filters),
              sys.get_int_max_str_digits(), sorted(m for m in sys.modules if m == 'colorsys'))
    count = 1
    random.seed(x)
    sys.setrecursionlimit(500 + x)
    decimal.getcontext().prec = 5
    math.mine = builtins.mine = 1
    math.sqrt = None
    os.environ['MINE'] = 'x'
    sys.path.append('x')
    warnings.simplefilter('error')
    sys.set_int_max_str_digits(0)
    sys.modules['heapq'] = None
    f.__defaults__ = ([9],)
    return before
"""


# What a program can spoil without anything that has it run in a process for each input.
SHARED_LEAKS = """
import decimal, heapq, math, os, random, string, sys, warnings
seen = []
class Kept:
    count = 0
def f(x, kept=[]):
    kept.append(x)
    seen.append(x)
    Kept.count += 1
    before = (len(kept), len(seen), Kept.count, random.random(), sys.getrecursionlimit(), decimal.getcontext().prec,
              hasattr(math, 'mine'), string.digits, os.environ.get('MINE'), os.getcwd(), len(sys.path),
              len(warnings.filters), sys.get_int_max_str_digits(), sys.getswitchinterval(), heapq.heappush([], 1),
              len(sys.argv), sys.stdout.encoding, print('told', x))
    random.seed(x)
    sys.setrecursionlimit(500 + x)
    sys.setswitchinterval(5)
    decimal.getcontext().prec = 5
    math.mine = 1
    heapq.heappush = None
    string.digits = 'none'
    os.environ['MINE'] = 'x'
    os.chdir('/')
    sys.path.append('x')
    sys.argv.append('x')
    warnings.simplefilter('error')
    sys.set_int_max_str_digits(0)
    sys.stdout.reconfigure(encoding='latin-1')
    sys.stdout = None
    return before
"""
CONTAINER_LEAKS = """
import keyword
from string import Formatter
from calendar import mdays
def f(x):
    before = len(keyword.kwlist), mdays[2], sorted(vars_of(Formatter))
    {}
    return before
def vars_of(kind):
    return [name for name in dir(kind) if name[0] != '_']
"""
SPOILS = ("keyword.kwlist.append('x')", "keyword.kwlist += ['x']", "mdays[2] = x", "Formatter.mine = x")
DEEP_LEAKS = """
import atexit, locale, os, threading, signal, gc, builtins
def f(x):
    before = (locale.setlocale(locale.LC_ALL), threading.active_count(), atexit._ncallbacks(), gc.isenabled(),
              signal.getsignal(signal.SIGALRM) == signal.SIG_DFL, len([1]), fractions_are_whole())
    for spoil in (lambda: locale.setlocale(locale.LC_ALL, 'C'), lambda: threading.Thread(target=f, args=(1,)).start(),
                  lambda: os.fork(), lambda: atexit.register(print, 'late'), lambda: gc.disable(),
                  lambda: signal.signal(signal.SIGALRM, print), lambda: signal.setitimer(signal.ITIMER_REAL, 0.001),
                  lambda: builtins.__dict__.update(len=None), lambda: spoil_fractions()):
        try:
            spoil()
        except (OSError, RuntimeError):
            pass
    return before
def fractions_are_whole():
    from fractions import Fraction
    return Fraction(1, 2) + Fraction(1, 2) == 1
def spoil_fractions():
    import fractions
    fractions.Fraction.__add__ = None
"""


def recordings(pool, jobs):
    return {
        (job.job_id, outcome.input_id): outcome.recording for job, outcomes in pool.run(jobs) for outcome in outcomes
    }


SPOILERS = [LEAKS, SHARED_LEAKS, DEEP_LEAKS, *map(CONTAINER_LEAKS.format, SPOILS)]


@pytest.mark.parametrize("code", SPOILERS, ids=["all", "in one process", "deep", *SPOILS])
def test_every_input_runs_alone(monkeypatch, code):
    assert not may_share(code, "f")
    if code is SHARED_LEAKS:
        monkeypatch.setattr(worker, "may_share", lambda code, entry: True)

    def job(name, numbers):
        return Job(name, code, "f", tuple(RunInput(str(n), arguments=str(n)) for n in numbers))

    orders = {"all": range(5), "permuted": (3, 0, 4), "reversed": (4, 3, 2, 1, 0), "one": (4,), "another": (2,)}
    with Pool(workers=1, limits=LIMITS) as pool:
        found = recordings(pool, [job(name, numbers) for name, numbers in orders.items()])
    returned = {recording.return_value for recording in found.values()}
    assert len(returned) == 1, returned
    for (name, number), recording in found.items():
        assert recording.status == "ok", recording
        assert recording == found["all", number], (name, number)


def test_equal_traces_in_every_pool_and_in_the_twin():
    jobs = [Job(name, code, entry, (RunInput(name, arguments=args),)) for name, code, entry, args in PROGRAMS]
    twins = [Job(j.job_id, j.code, j.entry_point, j.inputs, twin=True) for j in jobs]
    with Pool(workers=2, limits=LIMITS) as pool:
        first = {job.job_id: outcomes[0].digest for job, outcomes in pool.run(jobs)}
        twin = {job.job_id: outcomes[0].digest for job, outcomes in pool.run(twins)}
    with Pool(workers=1, limits=LIMITS) as pool:
        second = {job.job_id: outcomes[0].digest for job, outcomes in pool.run(reversed(jobs))}
    assert first == second
    assert first == twin


def test_an_untraced_run_gives_the_same_result():
    jobs = [Job(name, code, entry, (RunInput(name, arguments=args),)) for name, code, entry, args in PROGRAMS]
    plain = [Job(j.job_id, j.code, j.entry_point, j.inputs, record=False) for j in jobs]
    with Pool(workers=2, limits=LIMITS) as pool:
        traced, untraced = recordings(pool, jobs), recordings(pool, plain)
    for key, recording in untraced.items():
        assert recording.n_events == 0
        for name in ("status", "return_value", "stdout", "exception", "arguments_after"):
            assert getattr(recording, name) == getattr(traced[key], name), key


def numbered(count, taken):
    for number in range(count):
        taken.append(number)
        yield Job(str(number), "def f(x):\n    return x\n", "f", (RunInput("a", arguments=str(number)),), record=False)


def test_outcomes_come_in_the_order_of_the_jobs_and_jobs_are_taken_lazily():
    taken = []
    with Pool(workers=2, limits=LIMITS) as pool:
        for number, (job, outcomes) in enumerate(pool.run(numbered(150, taken))):
            assert (job.job_id, outcomes[0].recording.return_value) == (str(number), str(number))
            # What lies beyond the few that are due was taken while one of those was under way.
            assert len(taken) <= number + 1 + 2 * 16


def _taken_meanwhile(seconds):
    """Jobs that two workers took while one of them ran a program that took so long."""
    taken = []
    slow = Job("slow", f"import time\ntime.sleep({seconds})\n", None, (RunInput("a"),))
    quick = numbered(10_000, taken)
    with Pool(workers=2, limits=LIMITS) as pool:
        list(pool.run([next(quick), next(quick)]))
        taken.clear()

        def jobs():
            yield slow
            yield from quick

        run = pool.run(jobs())
        job, (outcome,) = next(run)
        assert (job, outcome.recording.status) == (slow, "ok")
        run.close()
    return len(taken)


def test_one_slow_program_does_not_keep_the_other_workers_waiting():
    # How slow it must be for so many to be run meanwhile depends on the machine.
    found = next(taken for seconds in (3, 12, 48) if (taken := _taken_meanwhile(seconds)) > 15 or seconds == 48)
    assert 15 < found <= 2 * 16


def _processes():
    """Parent and state of every process there is."""
    found = {}
    for folder in Path("/proc").iterdir():
        # It may have ended since the folder was listed.
        with contextlib.suppress(OSError):
            if folder.name.isdigit():
                # A process may bear any name.
                state, parent = (folder / "stat").read_text(errors="replace").rpartition(")")[2].split()[:2]
                found[int(folder.name)] = (int(parent), state)
    return found


def _descendants(pid):
    """Processes started by one, and by those, at one moment."""
    there = _processes()
    found, new = set(), {pid}
    while new:
        new = {child for child, (parent, _) in there.items() if parent in new}
        found |= new
    return found


def _kill(pids):
    """How many of the processes were still there to be killed: one may take others with it."""
    killed = 0
    for pid in pids:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
            killed += 1
    return killed


def _gone(pids):
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        if not any(state != "Z" for pid, (_, state) in _processes().items() if pid in pids):
            return True
        time.sleep(0.05)
    return False


def test_closing_leaves_no_process_behind():
    before = _descendants(os.getpid())
    pool = Pool(workers=2, limits=LIMITS)
    job = Job("j", "def f(x):\n    return x\n", "f", (RunInput("a", arguments="1"),))
    list(pool.run([job, job, job]))
    started = _descendants(os.getpid()) - before
    assert started
    pool.close()
    pool.close()
    assert _descendants(os.getpid()) <= before


# What is started in the background of a shell ignores SIGINT, and its children do: the script asks for it anew.
CHILD = """
import signal
signal.signal(signal.SIGINT, signal.default_int_handler)
from tracepile_assets.execution import Job, Limits, Pool, RunInput
sleep = Job("s", "import time\\ntime.sleep(600)", None, (RunInput("a"),))
quick = Job("q", "print(1)", None, (RunInput("a"),))
with Pool(workers=2, limits=Limits(wall_s=600)) as pool:
    for job, _ in pool.run([quick, sleep, sleep]):
        print("ready", flush=True)
"""


def test_the_jails_die_with_the_parent():
    process = subprocess.Popen(
        [sys.executable, "-c", CHILD], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    )
    assert process.stdout.readline() == "ready\n"
    time.sleep(0.5)
    started = _descendants(process.pid)
    assert started
    process.kill()
    process.wait(PATIENCE)
    assert _gone(started)


@pytest.mark.parametrize("pause", [0.0, 0.02, 0.3], ids=["at once", "soon", "under way"])
def test_an_interrupt_from_the_keyboard_ends_all_and_says_so_once(pause):
    process = subprocess.Popen(
        [sys.executable, "-c", CHILD],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    assert process.stdout.readline() == "ready\n"
    time.sleep(pause)
    started = _descendants(process.pid)
    assert started
    # A terminal sends it to the whole process group.
    os.killpg(process.pid, signal.SIGINT)
    _, said = process.communicate(timeout=PATIENCE)
    assert process.returncode != 0
    assert said.count("Traceback") == 1, said
    assert said.rstrip().endswith("KeyboardInterrupt")
    assert _gone(started)


def test_a_worker_that_is_killed_is_replaced():
    job = Job("j", "def f(x):\n    return x\n", "f", (RunInput("a", arguments="1"),))
    before = _descendants(os.getpid())
    with Pool(workers=1, limits=LIMITS) as pool:
        list(pool.run([job]))
        assert _kill(_descendants(os.getpid()) - before)
        ((_, (outcome,)),) = pool.run([job])
        assert outcome.recording.return_value == "1"


def test_any_death_among_the_workers_costs_no_program_its_result():
    """Processes of the jails that outlive a program, whichever they are, are killed again and again while jobs run."""
    inputs = tuple(RunInput(str(n), arguments=str(n)) for n in range(4))
    code = "def f(x):\n    t = 0\n    for i in range(300):\n        t += i * x\n    return t\n"
    before = _descendants(os.getpid())
    met, met_before = set(), 0
    killed = taken = 0

    def jobs():
        nonlocal taken
        # How many processes live long enough to be met depends on the machine, so jobs go on until enough have died.
        while taken < 40 or (killed <= 10 and taken < 1_000):
            taken += 1
            yield Job(str(taken), code, "f", inputs)

    with Pool(workers=2, limits=LIMITS) as pool:
        for number, (_, outcomes) in enumerate(pool.run(jobs()), 1):
            assert [outcome.recording.status for outcome in outcomes] == ["ok"] * 4
            assert [outcome.recording.return_value for outcome in outcomes] == [str(44850 * n) for n in range(4)]
            # When every job is done that was under way at the last count, what was counted and still lives is not the
            # process of a program; and no job that was hit by the last killing is hit by this one.
            if number > met_before:
                killed += _kill(sorted(met & _descendants(os.getpid()))[number % 2 :: 2])
                met, met_before = _descendants(os.getpid()) - before, taken
    assert number >= 40 and killed > 10


def test_a_zygote_that_grew_is_replaced():
    large = "x = 1\n" + "# " + "x" * 90_000_000 + "\n"
    small = Job("small", "x = 1\n", None, (RunInput("a"),))
    with Pool(workers=1, limits=LIMITS) as pool:
        list(pool.run([small]))
        first = _descendants(os.getpid())
        list(pool.run([small]))
        assert _descendants(os.getpid()) == first
        found = [outcome.recording.status for _, (outcome,) in pool.run([Job("large", large, None, (RunInput("a"),))])]
        ((_, (after,)),) = pool.run([small])
        assert (found, after.recording.status) == (["ok"], "ok")
        assert _descendants(os.getpid()) != first


def test_without_bubblewrap_nothing_runs_and_the_message_names_the_remedy(monkeypatch, tmp_path):
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(SandboxUnavailable, match="sudo apt-get install bubblewrap"):
        Pool()
    with pytest.raises(ValueError, match="isolation is one of bubblewrap, landlock, process"):
        Pool(isolation="none")


def test_another_isolation_is_to_be_had_by_name():
    with Pool(workers=1, limits=LIMITS, isolation="process") as pool:
        job = Job("j", "import os\ndef f(x):\n    os.fork()\n", "f", (RunInput("a", arguments="1"),))
        ((_, (outcome,)),) = pool.run([job])
    assert outcome.recording.exception.startswith("PermissionError")


def test_what_a_jail_shows():
    code = """
import os, sys
def f():
    return sorted(os.listdir('/')), os.getuid() != 0, os.listdir('.')
"""
    with Pool(workers=1, limits=LIMITS) as pool:
        ((_, (outcome,)),) = pool.run([Job("j", code, "f", (RunInput("a", arguments=""),))])
    folders, unprivileged, here = eval(outcome.recording.return_value)
    assert unprivileged
    assert here == []
    assert set(folders) <= {"jail", "lib", "lib64", "python", "tmp"}
