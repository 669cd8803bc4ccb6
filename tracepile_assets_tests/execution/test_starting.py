"""Jails that die while they start: another one is started, and at some time none is said to be had."""

import os
import shutil

import pytest

from tracepile_assets.execution import Job, Limits, Pool, RunInput, SandboxUnavailable


def jobs(count):
    return [Job(str(n), "def f(x):\n    return x\n", "f", (RunInput("a", arguments=str(n)),)) for n in range(count)]


def failing_bwrap(folder, monkeypatch, times):
    """Have the first jails die as they start; return the file that holds how many were started."""
    started = folder / "started"
    started.write_text("0\n")
    script = folder / "bwrap"
    count = f'read n < {started}; echo $((n + 1)) > {started}; [ "$n" -ge {times} ] || kill -KILL $$'
    script.write_text(f'#!/bin/sh\n{count}\nexec {shutil.which("bwrap")} "$@"\n')
    script.chmod(0o755)
    monkeypatch.setenv("PATH", f"{folder}:{os.environ['PATH']}")
    return started


def test_a_jail_that_dies_while_it_starts_is_started_again(monkeypatch, tmp_path):
    started = failing_bwrap(tmp_path, monkeypatch, 3)
    with Pool(workers=1, limits=Limits()) as pool:
        found = [outcome.recording.return_value for _, (outcome,) in pool.run(jobs(3))]
    assert found == ["0", "1", "2"]
    assert started.read_text() == "4\n"


def test_jails_that_never_start_are_given_up(monkeypatch, tmp_path):
    started = failing_bwrap(tmp_path, monkeypatch, 1_000)
    with Pool(workers=1, limits=Limits()) as pool, pytest.raises(SandboxUnavailable, match="the jail did not start"):
        list(pool.run(jobs(1)))
    assert 1 < int(started.read_text()) < 20
