"""Runs of the whole-graph job in this process, and what went wrong in them in a person's words."""

from typing import TYPE_CHECKING

import dagster as dg

from tracepile_assets.assets.training_mixtures import mixture_key
from tracepile_assets.automation.job import JOB_NAME
from tracepile_assets.automation.requests import ATTEMPT_TAG, FAMILIES, PART_TAG, PLAN_TAG, REPORT
from tracepile_assets.definitions import build_definitions
from tracepile_assets.resources import Listener, TableStore

if TYPE_CHECKING:
    from tracepile_assets.home import Home

# The progress bar tells what Dagster would log; the log itself is in the run's history.
QUIET = {"loggers": {"console": {"config": {"log_level": "CRITICAL"}}}}


class Runs:
    """Runs parts of the graph of one home in this process.

    Args:
        home: the home.
        instance: where the runs are recorded.
        listener: told how far they are.
    """

    def __init__(self, home: "Home", instance: dg.DagsterInstance, listener: Listener) -> None:
        self._instance = instance
        self._job = build_definitions(TableStore(home.root, listener)).resolve_job_def(JOB_NAME)

    def stripe(self, key: str, tables: list[str], digest: str) -> list[str]:
        """Materialize tables of one stripe; returns what went wrong."""
        return self._run([dg.AssetKey(table) for table in tables], {PLAN_TAG: digest, ATTEMPT_TAG: "cli"}, key)

    def families_and_report(self, digest: str) -> list[str]:
        """Materialize the ledger of families and the quality report; returns what went wrong."""
        tags = {PLAN_TAG: digest, ATTEMPT_TAG: "cli", PART_TAG: "quality_report"}
        return self._run([FAMILIES, REPORT], tags, None)

    def mixture(self, name: str, digest: str) -> list[str]:
        """Materialize a mixture; returns what went wrong."""
        tags = {PLAN_TAG: digest, ATTEMPT_TAG: "cli", PART_TAG: name}
        return self._run([mixture_key(name)], tags, None)

    def _run(self, assets: list[dg.AssetKey], tags: dict[str, str], key: str | None) -> list[str]:
        result = self._job.execute_in_process(
            instance=self._instance,
            partition_key=key,
            asset_selection=assets,
            tags=tags,
            run_config=QUIET,
            raise_on_error=False,
        )
        if not result.success and _was_interrupted(result):
            raise KeyboardInterrupt  # Dagster ends the run and returns; the build ends with it
        return [] if result.success else _faults(result)


def _was_interrupted(result: dg.ExecuteInProcessResult) -> bool:
    ended = {event.event_type for event in result.all_events}
    return dg.DagsterEventType.RUN_CANCELED in ended or any(
        event.event_type == dg.DagsterEventType.STEP_FAILURE
        and event.step_failure_data.error.cls_name == "DagsterExecutionInterruptedError"
        for event in result.all_events
    )


def _faults(result: dg.ExecuteInProcessResult) -> list[str]:
    faults = []
    for event in result.all_events:
        if event.event_type == dg.DagsterEventType.STEP_FAILURE:
            failure = event.step_failure_data
            if failure.user_failure_data and failure.user_failure_data.description:
                faults.append(failure.user_failure_data.description)
            else:
                error = failure.error
                while error.cause:
                    error = error.cause
                said = error.message.strip().splitlines()[-1]
                faults.append(f"{event.step_key} failed: {said}; run {result.run_id} in the UI has the whole story")
    return faults or [f"run {result.run_id} failed; see it in the UI"]
