"""Ending runs whose process is gone, which Dagster's default launcher does not notice. This machine's runs only."""

import os
import time
from pathlib import Path

import dagster as dg

CLOCK_SLACK = 5.0
"""Seconds by which a process may seem to have started after its own first event (clock ticks, rounding)."""


def end_dead_runs(instance: dg.DagsterInstance) -> list[str]:
    """Report every started run without a living process as failed, and return the ids of those runs."""
    ended = []
    for run in instance.get_runs(dg.RunsFilter(statuses=[dg.DagsterRunStatus.STARTED, dg.DagsterRunStatus.CANCELING])):
        if process := _process_of(instance, run.run_id):
            pid, since = process
            if not _lives(pid, since):
                instance.report_run_failed(run, f"process {pid} of this run is gone: killed, or the machine restarted")
                # Else the dead would keep their place in a pool.
                instance.event_log_storage.free_concurrency_slots_for_run(run.run_id)
                ended.append(run.run_id)
    return ended


def _process_of(instance: dg.DagsterInstance, run_id: str) -> tuple[int, float] | None:
    """Process id of a run and the time of the event that names it; None while no event does."""
    records = instance.get_records_for_run(run_id, of_type=dg.DagsterEventType.ENGINE_EVENT).records
    for record in reversed(records):
        metadata = record.event_log_entry.get_dagster_event().engine_event_data.metadata
        if (pid := metadata.get("pid")) is not None:
            return int(pid.value), record.event_log_entry.timestamp
    return None


def _lives(pid: int, since: float) -> bool:
    """Whether the process is there and is not a later one that was given the same number."""
    try:
        # A process may bear any name, text or not.
        after_name = Path(f"/proc/{pid}/stat").read_bytes().rpartition(b")")[2].decode().split()
        uptime = float(Path("/proc/uptime").read_text().split()[0])
    except OSError:
        return False
    state, start_ticks = after_name[0], int(after_name[19])
    started = time.time() - uptime + start_ticks / os.sysconf("SC_CLK_TCK")
    return state != "Z" and started <= since + CLOCK_SLACK
