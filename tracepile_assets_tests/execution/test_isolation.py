"""The isolations other than the usual one: Landlock shows a program as little, and what is missing is refused."""

import os
import subprocess
import sys

import pytest

from tracepile_assets.execution import Job, Limits, Pool, RunInput
from tracepile_assets.execution.guest import landlock

from .programs import PROGRAMS

LIMITS = Limits(events=20_000, wall_s=60.0, cpu_s=20.0)


@pytest.fixture(scope="module")
def _landlock() -> None:
    try:
        landlock.version()
    except OSError as error:
        pytest.skip(f"this kernel has no Landlock: {error}")


def run(isolation, code, *stdins):
    with Pool(workers=1, limits=LIMITS, isolation=isolation) as pool:
        inputs = tuple(RunInput(str(n), stdin=stdin) for n, stdin in enumerate(stdins or ("",)))
        ((_, outcomes),) = pool.run([Job("j", code, None, inputs)])
    return [outcome.recording for outcome in outcomes]


def test_traces_are_the_same_under_landlock(_landlock):
    jobs = [
        Job(name, code, entry, (RunInput(name, arguments=args),), twin=twin)
        for name, code, entry, args in PROGRAMS
        for twin in (False, True)
    ]
    found = []
    for isolation in ("bubblewrap", "landlock"):
        with Pool(workers=1, limits=LIMITS, isolation=isolation) as pool:
            found.append([outcome.digest for _, outcomes in pool.run(jobs) for outcome in outcomes])
    assert found[0] == found[1]


def test_landlock_shows_the_standard_library_and_no_other_file(_landlock, tmp_path):
    secret = tmp_path / "secret"
    secret.write_text("a secret")
    secret.chmod(0o644)
    code = """
        import colorsys, os, sys
        from pathlib import Path
        assert Path(colorsys.__file__).read_text()
        for path in map(Path, PATHS):
            for read in (path.read_text, lambda: list(path.iterdir()), lambda: path.write_text('x'), path.unlink):
                try:
                    read()
                except OSError as error:
                    print(type(error).__name__)
                else:
                    print('reached', path)
        print(os.getcwd(), sorted(os.environ))
        """
    folders = ["/", "/tmp", "/etc", "/etc/passwd", "/proc/self/environ", "/proc", __file__]
    (recording,) = run("landlock", _dedented(code).replace("PATHS", repr([str(secret), str(tmp_path), *folders])))
    *refusals, last = recording.stdout.splitlines()
    assert set(refusals) <= {"PermissionError", "NotADirectoryError"}, recording.stdout
    assert len(refusals) == 4 * 9
    assert last == "/ []"
    assert secret.read_text() == "a secret"


def test_a_program_under_landlock_reads_its_stdin(_landlock):
    found = run("landlock", "print(open(0).read()[::-1])", "ab", "cd")
    assert [recording.stdout for recording in found] == ["ba\n", "dc\n"]


DENIED = """
import ctypes
from tracepile_assets.execution.guest.seccomp import Filter
rules = Filter()
rules.add(0x20, 0)
RULES
rules.add(0x06, 0x7FFF0000)
code = rules.assemble()
held = ctypes.create_string_buffer(code, len(code))
program = (ctypes.c_uint64 * 2)(len(code) // 8, ctypes.addressof(held))
libc = ctypes.CDLL(None)
assert libc.prctl(38, 1, 0, 0, 0) == 0 and libc.prctl(22, 2, program, 0, 0) == 0
"""
"""Puts the process into a filter of system calls, as a container does."""

NO_LANDLOCK = """
from tracepile_assets.execution import Pool, SandboxUnavailable
try:
    Pool(isolation="landlock")
except SandboxUnavailable as error:
    print(error)
"""

NO_NAMESPACES = """
from tracepile_assets.execution import Job, Pool, RunInput, SandboxUnavailable
from tracepile_assets.execution.trials import try_out
try:
    try_out("bubblewrap")
except SandboxUnavailable as error:
    print(error)
print(all(trial.holds for trial in try_out("landlock")))
with Pool(workers=1, isolation="landlock") as pool:
    ((_, (outcome,)),) = pool.run([Job("j", "def f(x): return x * 2", "f", (RunInput("a", arguments="21"),))])
print(outcome.recording.return_value)
"""


def said_by(code):
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.parametrize("error", ["ENOSYS", "EOPNOTSUPP"], ids=["not built", "not enabled at boot"])
def test_a_kernel_without_landlock_is_refused_with_the_remedy(error):
    rules = f"import errno; rules.add(0x15, 444, 0, 1); rules.add(0x06, 0x00050000 | errno.{error})"
    said = said_by(DENIED.replace("RULES", rules) + NO_LANDLOCK)
    assert said.startswith("this kernel offers no Landlock")
    assert "lsm=" in said
    assert "bubblewrap" in said


@pytest.mark.skipif(os.uname().machine != "x86_64", reason="the numbers of the system calls are those of x86_64")
def test_where_namespaces_are_forbidden_landlock_does_it(_landlock):
    unshare = "rules.add(0x15, 272, 0, 1); rules.add(0x06, 0x00050000 | 1)\n"
    clone = "rules.add(0x15, 56, 0, 4); rules.add(0x20, 16); rules.add(0x45, 0x7E020000, 0, 1)\n"
    clone += "rules.add(0x06, 0x00050000 | 1); rules.add(0x06, 0x7FFF0000)"
    remedy, holds, returned = said_by(DENIED.replace("RULES", unshare + clone) + NO_NAMESPACES).splitlines()
    assert "bwrap: " in remedy
    assert 'isolation = "landlock"' in remedy
    assert (holds, returned) == ("True", "42")


def _dedented(code):
    return "\n".join(line[8:] for line in code.strip("\n").splitlines())
