"""The graph as Dagster loads it: what is in it, and that every asset tells a reader what it is."""

import subprocess
import sys
from itertools import pairwise
from pathlib import Path

import dagster as dg
import pytest

from tracepile_assets.definitions import build_definitions
from tracepile_assets.resources import TableStore
from tracepile_assets.tables.schemas import FEATURES, STRIPE_TABLES

from .conftest import SHIPPED

USERS_MIXTURE = """\
-- name = "mine"
-- description = "Short answers only."
-- stage = "instruction_tuning"
-- format = "messages"
-- seed = 1

SELECT question_id FROM questions WHERE length(answer) < 5
"""


@pytest.fixture
def definitions(tmp_path: Path) -> dg.Definitions:
    return build_definitions(TableStore(tmp_path / "home"))


def keys(definitions: dg.Definitions) -> set[str]:
    return {key.to_user_string() for key in definitions.resolve_all_asset_keys()}


def test_the_graph_has_the_stripe_tables_the_families_and_a_mixture_per_sql_file(definitions):
    assert SHIPPED
    assert keys(definitions) == {
        *STRIPE_TABLES,
        FEATURES,
        "synthesized_programs",
        "program_families",
        "quality_report",
        *(f"training_mixtures/{name}" for name in SHIPPED),
    }


def test_listing_the_graph_makes_no_home(definitions, tmp_path):
    assert not (tmp_path / "home").exists()


def test_data_flows_in_the_order_of_the_tables(definitions):
    graph = definitions.resolve_asset_graph()
    for parent, child in pairwise(STRIPE_TABLES):
        assert graph.get(dg.AssetKey(child)).parent_keys == {dg.AssetKey(parent)}
        assert graph.get(dg.AssetKey(child)).partitions_def.name == "stripes"
    assert graph.get(dg.AssetKey(FEATURES)).parent_keys == {dg.AssetKey("chains_of_execution")}
    assert graph.get(dg.AssetKey(FEATURES)).partitions_def.name == "stripes"
    for name in SHIPPED:
        parents = graph.get(dg.AssetKey(["training_mixtures", name])).parent_keys
        assert {dg.AssetKey("chains_of_execution"), dg.AssetKey(FEATURES)} <= parents
        assert (dg.AssetKey("corrupted_twins") in parents) == (name == "preference_pairs")


def test_every_asset_says_what_it_is(definitions):
    for node in definitions.resolve_asset_graph().asset_nodes:
        assert node.description, node.key
        assert node.group_name != "default", node.key
        assert node.kinds, node.key
        assert node.owners, node.key
        assert "dagster/code_references" in node.metadata, node.key
        if node.key != dg.AssetKey("quality_report"):
            schema = node.metadata["dagster/column_schema"]
            schema = getattr(schema, "schema", schema)
            assert all(column.description for column in schema.columns), node.key


def test_every_stripe_table_has_blocking_checks(definitions):
    graph = definitions.resolve_asset_graph()
    for table in (*STRIPE_TABLES, FEATURES):
        checks = {key.name: graph.get(key) for key in graph.get(dg.AssetKey(table)).check_keys}
        assert {"schema", "keys"} <= set(checks)
        assert checks["schema"].blocking
        assert checks["schema"].partitions_def.name == "stripes"


def test_automation_runs_by_default(definitions):
    sensors = {sensor.name: sensor for sensor in definitions.sensors}
    assert set(sensors) == {"new_sources", "planner", "reaper"}
    assert all(sensor.default_status == dg.DefaultSensorStatus.RUNNING for sensor in sensors.values())
    [schedule] = definitions.schedules
    assert schedule.default_status == dg.DefaultScheduleStatus.RUNNING
    assert schedule.cron_schedule == "0 3 * * *"


def test_a_sql_file_in_the_home_is_a_mixture_asset(tmp_path):
    folder = tmp_path / "home" / "mixtures"
    folder.mkdir(parents=True)
    (folder / "mine.sql").write_text(USERS_MIXTURE)
    assert "training_mixtures/mine" in keys(build_definitions(TableStore(tmp_path / "home")))


def test_a_faulty_sql_file_is_left_out_with_a_warning(tmp_path):
    folder = tmp_path / "home" / "mixtures"
    folder.mkdir(parents=True)
    (folder / "mine.sql").write_text("SELECT 1\n")
    with pytest.warns(UserWarning, match=r"left out of the graph: .*mine\.sql"):
        assert "training_mixtures/mine" not in keys(build_definitions(TableStore(tmp_path / "home")))


def test_dg_finds_nothing_wrong(tmp_path):
    dg_command = Path(sys.executable).parent / "dg"
    done = subprocess.run(
        [dg_command, "check", "defs"], cwd=Path(__file__).parents[2], capture_output=True, text=True, timeout=300
    )
    assert done.returncode == 0, done.stdout + done.stderr
