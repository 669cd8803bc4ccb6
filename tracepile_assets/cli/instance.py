"""Dagster's own home under ours: made where it is missing, with the settings that ship, and opened.

Not here: runs (build.py) and servers (ui.py).
"""

import os
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.resources import files
from pathlib import Path

import dagster as dg

from tracepile_assets.assets.shape import SANDBOX
from tracepile_assets.home import Home


def prepare(home: Home) -> Path:
    """Make Dagster's home, point the environment at both homes, and return it.

    Children of this process (web server, daemon, runs) then use the same homes, whatever their working directory is.
    """
    folder = home.dagster_home
    folder.mkdir(parents=True, exist_ok=True)
    settings = folder / "dagster.yaml"
    if not settings.exists():
        settings.write_text(files("tracepile_assets.automation").joinpath("dagster.yaml").read_text("utf-8"), "utf-8")
    os.environ["TRACEPILE_HOME"] = str(home.root)
    os.environ["DAGSTER_HOME"] = str(folder)
    os.environ["DAGSTER_DISABLE_TELEMETRY"] = "yes"
    return folder


@contextmanager
def open_instance(home: Home) -> Iterator[dg.DagsterInstance]:
    """Open the instance of a home, with the limits of our pools set."""
    folder = prepare(home)
    warnings.filterwarnings("ignore", category=dg.PreviewWarning)
    warnings.filterwarnings("ignore", category=dg.BetaWarning)
    with dg.DagsterInstance.from_config(str(folder)) as instance:
        if SANDBOX not in instance.event_log_storage.get_concurrency_keys():
            instance.event_log_storage.set_concurrency_slots(SANDBOX, 1)
        yield instance
