"""Every command explains itself with an example; the command line starts without loading what it does not need."""

import subprocess
import sys

import pytest

from tracepile_assets.execution import recorder_version
from tracepile_assets.sources.layouts import LAYOUTS

COMMANDS = [
    ["build"],
    ["plan"],
    ["trace"],
    ["verify"],
    ["show"],
    ["lineage"],
    ["impact"],
    ["export"],
    ["release"],
    ["diff"],
    ["gc"],
    ["ui"],
    ["doctor"],
    ["sources", "add"],
    ["sources", "list"],
    ["sources", "synthesize"],
    ["sources", "remove"],
    ["sources", "forget"],
    ["mixtures", "list"],
    ["mixtures", "new"],
    ["mixtures", "preview"],
    ["releases", "list"],
    ["releases", "rebuild"],
    ["releases", "rollback"],
    ["releases", "follow"],
    ["releases", "remove"],
]


@pytest.mark.parametrize("command", [*COMMANDS, [], ["sources"], ["mixtures"], ["releases"]], ids=" ".join)
def test_help_says_what_a_command_does_with_an_example(tracepile, command):
    result = tracepile(*command, "--help")
    assert result.exit_code == 0
    assert " ".join(["tracepile", *command]) in result.output.split("Example:")[1]


def test_the_list_of_commands_is_complete(tracepile):
    listed = tracepile("--help").output
    assert all(command[0] in listed for command in COMMANDS)


def test_version_names_the_recorder_in_use(tracepile):
    assert tracepile("--version").output == f"tracepile 0.1.0, recorder {recorder_version()}\n"


def test_help_loads_nothing_heavy():
    code = (
        "import sys; from tracepile_assets.cli.app import app; "
        "print([m for m in ('dagster', 'polars', 'great_expectations', 'duckdb', 'pandas') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"


def test_help_names_every_layout(tracepile):
    shown = " ".join(tracepile("sources", "add", "--help").output.split())
    assert all(layout in shown for layout in LAYOUTS)
