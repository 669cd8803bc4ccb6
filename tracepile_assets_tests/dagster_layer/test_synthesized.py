"""The asset of model-made programs: it does what the command does, and only when it is asked."""

import dagster as dg

from tracepile_assets.automation.job import JOB_NAME
from tracepile_assets.building.synthesis import SynthesisFile
from tracepile_assets.definitions import build_definitions
from tracepile_assets.home import SourceEntry, open_home
from tracepile_assets.resources import TableStore
from tracepile_assets_tests.building.synthesis_script import RIGHT, TESTS, model, only_easy, set_of, solution
from tracepile_assets_tests.models.scripted import serving

KEY = dg.AssetKey("synthesized_programs")


def materialize(root) -> dg.ExecuteInProcessResult:
    definitions = build_definitions(TableStore(root))
    asset = definitions.get_assets_def(KEY)
    return dg.materialize([asset], resources=definitions.resources, raise_on_error=False)


def test_the_job_of_the_whole_graph_asks_no_model(tmp_path):
    job = build_definitions(TableStore(tmp_path)).resolve_job_def(JOB_NAME)
    assert KEY not in job.asset_layer.executable_asset_keys


def test_without_sources_it_does_nothing_and_needs_no_model(tmp_path):
    result = materialize(tmp_path)
    assert result.success
    (event,) = result.asset_materializations_for_node("synthesized_programs")
    assert event.metadata["sources"].value == 0


def test_it_goes_on_for_the_concepts_that_a_source_has(tmp_path):
    home = open_home(tmp_path)
    file = SynthesisFile(home, "made")
    file.mend()
    file.concepts.write_text("counting\n")
    home.registry().add(SourceEntry("made", "synthesis", str(file.path)))
    assert not materialize(tmp_path).success, "no model is named"
    with serving(model([solution(code) for code in RIGHT], [set_of(TESTS)], only_easy)) as server:
        home.settings_file.write_text(
            f'[models]\nname = "tiny"\nendpoint = "{server.endpoint}"\n[synthesis]\nsolutions = 3\ntest_sets = 1\n'
        )
        (event,) = materialize(tmp_path).asset_materializations_for_node("synthesized_programs")
    assert (event.metadata["kept"].value, event.metadata["dropped"].value) == (1, 2)
    assert sum(record["status"] == "kept" for record in file.lines()) == 1
