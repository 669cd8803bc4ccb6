"""Sensors and schedule, ticked as the daemon would, with the runs that they ask for run in this process."""

import json

import dagster as dg
import pytest
from dagster._core.definitions.partitions.context import partition_loading_context

from tracepile_assets.automation.job import JOB_NAME
from tracepile_assets.building import BuildBlocked
from tracepile_assets.definitions import build_definitions
from tracepile_assets.quality import Finding
from tracepile_assets.resources import TableStore
from tracepile_assets.tables.files import read_footer
from tracepile_assets.tables.schemas import FEATURES, STRIPE_TABLES

from .conftest import PROGRAMS, SHIPPED, write_programs

QUIET = {"loggers": {"console": {"config": {"log_level": "CRITICAL"}}}}


class Daemon:
    """Ticks the automation of one home and runs what it asks for."""

    def __init__(self, store: TableStore, instance: dg.DagsterInstance) -> None:
        self.store = store
        self.instance = instance
        self.definitions = build_definitions(store)

    def _sensor(self, name: str) -> object:
        sensor = next(sensor for sensor in self.definitions.sensors if sensor.name == name)
        context = dg.build_sensor_context(
            self.instance,
            repository_def=self.definitions.get_repository_def(),
            resources={"store": self.store},
        )
        with partition_loading_context(dynamic_partitions_store=self.instance):  # as the daemon does
            return sensor.evaluate_tick(context)

    def find_sources(self) -> list[str]:
        tick = self._sensor("new_sources")
        for request in tick.dynamic_partitions_requests or ():
            if isinstance(request, dg.AddDynamicPartitionsRequest):
                self.instance.add_dynamic_partitions(request.partitions_def_name, request.partition_keys)
            else:
                for key in request.partition_keys:
                    self.instance.delete_dynamic_partition(request.partitions_def_name, key)
        return sorted(self.instance.get_dynamic_partitions("stripes"))

    def plan(self) -> tuple[list[dg.RunRequest], str | None]:
        tick = self._sensor("planner")
        return list(tick.run_requests or ()), tick.skip_message

    def run(self, request: dg.RunRequest) -> dg.ExecuteInProcessResult:
        return self.definitions.resolve_job_def(JOB_NAME).execute_in_process(
            instance=self.instance,
            partition_key=request.partition_key,
            asset_selection=list(request.asset_selection),
            tags={**request.tags},
            run_config=QUIET,
            raise_on_error=False,
        )


@pytest.fixture
def daemon(home, instance) -> Daemon:
    return Daemon(TableStore(home.root), instance)


def test_everything_is_built_once_and_then_left_alone(daemon, home, instance):
    assert daemon.find_sources() == ["small/00000"]
    [request], _ = daemon.plan()
    assert request.partition_key == "small/00000"
    assert [key.to_user_string() for key in request.asset_selection] == [*STRIPE_TABLES, FEATURES]
    assert daemon.run(request).success

    [request], _ = daemon.plan()
    assert [key.to_user_string() for key in request.asset_selection] == ["program_families", "quality_report"]
    assert daemon.run(request).success

    requests, _ = daemon.plan()
    assert {request.asset_selection[0] for request in requests} == {
        dg.AssetKey(["training_mixtures", m]) for m in SHIPPED
    }
    assert all(daemon.run(request).success for request in requests)
    assert daemon.plan() == ([], "everything is current")

    lineage = {}
    for table in (*STRIPE_TABLES, FEATURES):
        place = f"{FEATURES}/feature=signatures" if table == FEATURES else table
        assert read_footer(home.tables / place / "source=small" / "00000.parquet")["rows"] > 0
        event = instance.get_latest_materialization_event(dg.AssetKey(table))
        metadata = event.asset_materialization.metadata
        assert metadata["dagster/partition_row_count"].value > 0
        assert "preview" in metadata
        assert len(json.dumps({name: str(value.value) for name, value in metadata.items()})) < 40_000
        lineage[table] = metadata["dagster/column_lineage"].value.deps_by_column
    for table, parent, column in (
        ("chains_of_execution", "tracing_questions", "question_id"),
        ("corrupted_twins", "chains_of_execution", "coe_id"),
        (FEATURES, "chains_of_execution", "coe_id"),
    ):
        assert dg.TableColumnDep(dg.AssetKey(parent), column) in lineage[table][column]

    schedule = daemon.definitions.schedules[0]
    tick = schedule.evaluate_tick(dg.build_schedule_context(instance, resources={"store": daemon.store}))
    assert not tick.run_requests
    assert tick.skip_message == "everything is current"


def test_a_changed_program_asks_for_its_stripe_alone(daemon, home, instance, tmp_path):
    daemon.find_sources()
    [request], _ = daemon.plan()
    daemon.run(request)
    changed = [{**PROGRAMS[0], "inputs": ["[7]"], "expected": ["7"]}, *PROGRAMS[1:]]
    write_programs(tmp_path / "small.jsonl", changed)
    [again], _ = daemon.plan()
    assert again.partition_key == "small/00000"
    assert again.run_key != request.run_key
    assert daemon.run(again).success


def test_a_run_under_way_is_not_asked_for_again(daemon, instance):
    daemon.find_sources()
    [request], _ = daemon.plan()
    job = daemon.definitions.resolve_job_def(JOB_NAME)
    instance.create_run_for_job(job, status=dg.DagsterRunStatus.STARTED, tags={"dagster/partition": "small/00000"})
    requests, said = daemon.plan()
    assert requests == []
    assert said == "small/00000: a run is under way"
    assert request.partition_key == "small/00000"


def test_a_removed_source_takes_its_partitions_away(daemon, home):
    assert daemon.find_sources() == ["small/00000"]
    home.registry().remove("small")
    assert daemon.find_sources() == []


def test_an_unreadable_source_is_told_and_keeps_its_partitions(daemon, tmp_path):
    daemon.find_sources()
    (tmp_path / "small.jsonl").unlink()
    assert daemon.find_sources() == ["small/00000"]
    requests, said = daemon.plan()
    assert all(request.partition_key is None for request in requests)
    assert requests or "small.jsonl" in said


class BlockedStore(TableStore):
    """A store whose builds are stopped by an audit, as by rows that no quarantine can hold."""

    def build_stripe(self, table, key):
        raise BuildBlocked("check keys failed: mend it", [Finding("keys", "error", False, 3, ("p_1",), "twice")])


def test_a_blocked_build_fails_its_check_records_nothing_and_is_not_tried_again(home, instance):
    daemon = Daemon(BlockedStore(home.root), instance)
    daemon.find_sources()
    [request], _ = daemon.plan()
    result = daemon.run(request)
    assert not result.success
    events = [event.event_type for event in result.all_events]
    assert dg.DagsterEventType.ASSET_CHECK_EVALUATION in events
    assert dg.DagsterEventType.ASSET_MATERIALIZATION not in events
    [failure] = [e for e in result.all_events if e.event_type == dg.DagsterEventType.STEP_FAILURE]
    assert failure.step_failure_data.user_failure_data.description == "check keys failed: mend it"
    requests, said = daemon.plan()
    assert {r.partition_key for r in requests} <= {None}
    assert not requests or said is None


def test_a_crashed_run_is_tried_three_times(home, instance):
    daemon = Daemon(TableStore(home.root), instance)
    daemon.find_sources()
    job = daemon.definitions.resolve_job_def(JOB_NAME)
    run_keys = set()
    for _ in range(3):
        [request], _ = daemon.plan()
        run_keys.add(request.run_key)
        run = instance.create_run_for_job(job, status=dg.DagsterRunStatus.STARTED, tags=dict(request.tags))
        instance.report_run_failed(run, "killed")
    assert len(run_keys) == 3
    requests, _ = daemon.plan()
    assert "small/00000" not in {request.partition_key for request in requests}
