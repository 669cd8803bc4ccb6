"""The UI as a person sees it: `tracepile ui`, headless Chromium, the graph, one partition materialized from there."""

import contextlib
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.parse
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from selenium import webdriver
from selenium.common.exceptions import WebDriverException

from tracepile_assets.tables.schemas import FEATURES, STRIPE_TABLES
from tracepile_assets_tests.dagster_layer.conftest import SHIPPED, make_home

pytestmark = pytest.mark.browser

PATIENCE = 600.0
"""Seconds to wait for a page or a run; the machine may be busy with other tests."""

PARTITION = "small/00000"


def wait_for(what: str, found: Callable[[], Any]) -> Any:
    """Poll until something is there; servers and pages come up in their own time."""
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        if value := found():
            return value
        time.sleep(0.5)
    raise AssertionError(f"waited {PATIENCE} s for {what}")


class Dagster:
    """The web server's GraphQL endpoint, as the page uses it."""

    def __init__(self, url: str) -> None:
        self.url = url

    def ask(self, query: str, **variables: Any) -> dict[str, Any]:
        body = json.dumps({"query": query, "variables": variables}).encode()
        request = urllib.request.Request(f"{self.url}/graphql", body, {"Content-Type": "application/json"})
        with urllib.request.urlopen(request, timeout=PATIENCE) as response:
            answer = json.load(response)
        assert "errors" not in answer, answer
        return answer["data"]

    def is_up(self) -> bool:
        try:
            return bool(self.ask("{ version }"))
        except OSError:
            return False


def free_port() -> int:
    """A port that nothing listens on, and none that the system gives to whoever asks for any."""
    for port in range(20_000 + os.getpid() % 10_000, 32_000):
        with socket.socket() as probe, contextlib.suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return port
    raise AssertionError("every port is in use")


@pytest.fixture(scope="module")
def dagster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Dagster]:
    """`tracepile ui` on a small home, on a free port, in a process group of its own that is interrupted at the end."""
    root = tmp_path_factory.mktemp("ui")
    home = make_home(root)
    port = free_port()
    with (root / "log").open("w") as log:
        server = subprocess.Popen(
            [Path(sys.executable).parent / "tracepile", "ui", "--port", str(port)],
            env={**os.environ, "TRACEPILE_HOME": str(home.root)},
            cwd=root,
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        try:
            made = Dagster(f"http://127.0.0.1:{port}")
            wait_for("the web server", lambda: server.poll() is not None or made.is_up())
            assert server.poll() is None, (root / "log").read_text()
            yield made
        finally:
            os.killpg(server.pid, signal.SIGINT)
            try:
                server.wait(PATIENCE)
            except subprocess.TimeoutExpired:
                os.killpg(server.pid, signal.SIGKILL)
                raise


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """A headless Chromium."""
    browser, driver = shutil.which("chromium"), shutil.which("chromedriver")
    if not (browser and driver):
        pytest.skip("needs chromium and chromedriver")

    def start() -> Any:
        options = webdriver.ChromeOptions()
        options.binary_location = browser
        for argument in (
            "--headless",
            "--no-sandbox",
            "--disable-gpu",
            "--disable-dev-shm-usage",
            "--disable-background-networking",
            "--disable-component-update",
            "--no-first-run",
            "--window-size=5400,6400",
            f"--user-data-dir={tmp_path_factory.mktemp('profile')}",
        ):
            options.add_argument(argument)
        with contextlib.suppress(WebDriverException):  # it did not come up within the driver's time
            return webdriver.Chrome(options=options, service=webdriver.ChromeService(driver))
        return None

    opened = wait_for("the browser", start)
    try:
        yield opened
    finally:
        opened.quit()


def show(page: Any, url: str) -> None:
    """Have the browser go there; the driver loses patience before we do."""

    def gone() -> bool:
        with contextlib.suppress(WebDriverException):
            page.get(url)
            return True
        return False

    wait_for(url, gone)


def text_of(page: Any) -> str:
    try:
        return page.find_element("tag name", "body").text
    except WebDriverException:  # the page was replaced while it was being read
        return ""


GROUPS = ("sources", "rewriting", "tracing", "questions", "narration", "mixtures")


def test_the_asset_graph_shows_every_table_and_mixture(dagster, page):
    unfolded = urllib.parse.quote(",".join(f"global@global:{group}" for group in GROUPS), safe="")
    show(page, f"{dagster.url}/asset-groups?expanded={unfolded}")
    names = {*STRIPE_TABLES, FEATURES, "program_families", "quality_report", *SHIPPED}
    wait_for("the graph", lambda: names <= set(text_of(page).split()))


LAUNCH = """
mutation LaunchPipelineExecution($executionParams: ExecutionParams!) {
  launchPipelineExecution(executionParams: $executionParams) {
    __typename
    ... on LaunchRunSuccess { run { runId } }
    ... on PythonError { message }
    ... on InvalidSubsetError { message }
  }
}
"""


def test_a_partition_is_materialized_and_the_page_shows_that_it_succeeded(dagster, page):
    # The partition is the new-source sensor's work, not ours.
    partitions = '{ assetNodeOrError(assetKey: {path: ["raw_programs"]}) { ... on AssetNode { partitionKeys } } }'
    wait_for("the partition", lambda: PARTITION in dagster.ask(partitions)["assetNodeOrError"].get("partitionKeys", ()))
    parameters = {
        "mode": "default",
        "runConfigData": "{}",
        "selector": {
            "repositoryLocationName": "tracepile_assets",
            "repositoryName": "__repository__",
            "pipelineName": "__ASSET_JOB",
            "assetSelection": [{"path": ["raw_programs"]}],
        },
        "executionMetadata": {"tags": [{"key": "dagster/partition", "value": PARTITION}]},
    }
    launched = dagster.ask(LAUNCH, executionParams=parameters)["launchPipelineExecution"]
    assert launched["__typename"] == "LaunchRunSuccess", launched
    run_id = launched["run"]["runId"]
    show(page, f"{dagster.url}/runs/{run_id}")
    wait_for("the run in the page", lambda: "Success" in text_of(page) or "Failure" in text_of(page))
    assert "Failure" not in text_of(page)
    status = dagster.ask("query($id: ID!) { runOrError(runId: $id) { ... on Run { status } } }", id=run_id)
    assert status["runOrError"]["status"] == "SUCCESS"
    show(page, f"{dagster.url}/assets/raw_programs?view=partitions&partition={PARTITION.replace('/', '%2F')}")
    wait_for("the asset's page", lambda: "dagster/partition_row_count" in text_of(page))


def test_the_daemon_builds_the_rest_by_itself(dagster):
    query = '{ assetNodeOrError(assetKey: {path: ["training_mixtures", "instruction_tuning"]}) { ... on AssetNode { '
    query += "assetMaterializations(limit: 1) { runId } } } }"
    wait_for("the mixture", lambda: dagster.ask(query)["assetNodeOrError"].get("assetMaterializations"))


def test_the_page_of_a_mixture_shows_its_data_card_with_the_plots(dagster, page):
    show(page, f"{dagster.url}/assets/training_mixtures/instruction_tuning")
    of_the_card = "//tr[td[contains(., 'data card')]]//*[text()='[Show Markdown]']"

    def opened() -> bool:
        with contextlib.suppress(WebDriverException):  # the page was replaced while it was being read
            page.find_element("xpath", of_the_card).click()
            return True
        return False

    wait_for("the data card", opened)
    widths = "return [...document.querySelectorAll('img[src^=\"data:image/png\"]')].map(each => each.naturalWidth)"
    wait_for("the plots", lambda: len(page.execute_script(widths)) == 3 and min(page.execute_script(widths)) > 600)
    # What lies below the edge of the dialogue is no visible text.
    assert "What it is not good for" in page.execute_script("return document.body.textContent")
