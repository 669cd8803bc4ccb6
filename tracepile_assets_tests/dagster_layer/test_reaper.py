"""The reaper, on a run whose process was really killed."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import dagster as dg

from tracepile_assets.automation.reaper import end_dead_runs

HANGS = r"""
import ctypes, pathlib, sys, time
import dagster as dg

NAME = 15
ctypes.CDLL(None).prctl(NAME, b"\xff) Z (")

@dg.op
def hang():
    pathlib.Path(sys.argv[1]).touch()
    time.sleep(600)

@dg.job(executor_def=dg.in_process_executor)
def hanging():
    hang()

with dg.DagsterInstance.get() as instance:
    hanging.execute_in_process(instance=instance)
"""


def test_a_killed_run_is_ended_and_a_living_one_is_not(tmp_path: Path, monkeypatch):
    home = tmp_path / "dagster"
    home.mkdir()
    (home / "dagster.yaml").write_text("telemetry: {enabled: false}\n")
    monkeypatch.setenv("DAGSTER_HOME", str(home))
    started = tmp_path / "started"
    process = subprocess.Popen(
        [sys.executable, "-c", HANGS, str(started)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        until = time.monotonic() + 300
        while not started.exists() and process.poll() is None and time.monotonic() < until:
            time.sleep(0.1)
        with dg.DagsterInstance.get() as instance:
            [run] = instance.get_runs()
            assert run.status == dg.DagsterRunStatus.STARTED
            assert end_dead_runs(instance) == []
            os.kill(process.pid, signal.SIGKILL)
            process.wait()
            assert end_dead_runs(instance) == [run.run_id]
            assert instance.get_run_by_id(run.run_id).status == dg.DagsterRunStatus.FAILURE
            assert end_dead_runs(instance) == []
    finally:
        process.kill()
        process.wait()
