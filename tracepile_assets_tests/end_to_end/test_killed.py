"""A build that is stopped in the middle: nothing is broken, and the next build completes it."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tracepile_assets.tables.files import read_footer
from tracepile_assets.tables.schemas import STRIPE_TABLES
from tracepile_assets_tests.dagster_layer.conftest import make_home

TRACEPILE = Path(sys.executable).parent / "tracepile"


def start(home: Path) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [TRACEPILE, "build"],
        env={**os.environ, "TRACEPILE_HOME": str(home)},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )


def rows_of(home: Path) -> dict[str, bytes]:
    """The bytes of every table file, by its path."""
    return {str(path.relative_to(home)): path.read_bytes() for path in (home / "tables").rglob("*.parquet")}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where all homes of these tests lie: rows name the file of their source, so all read the same file."""
    return tmp_path_factory.mktemp("killed")


@pytest.fixture(scope="module")
def undisturbed(folder: Path) -> dict[str, bytes]:
    home = make_home(folder, "undisturbed").root
    build = start(home)
    said, _ = build.communicate(timeout=600)
    assert build.returncode == 0, said
    return rows_of(home)


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGINT], ids=lambda number: number.name)
def test_a_stopped_build_leaves_no_broken_table_and_the_next_completes_it(folder, number, undisturbed):
    home = make_home(folder, number.name).root
    build = start(home)
    # Stopped as soon as something is published, while the next table is being made.
    first = home / "tables" / "code_variants" / "source=small" / "00000.parquet"
    until = time.monotonic() + 300
    while not first.exists() and build.poll() is None and time.monotonic() < until:
        time.sleep(0.02)
    assert build.poll() is None
    # SIGKILL hits the process alone: its workers have to notice. Ctrl-C in a terminal reaches the whole group.
    if number == signal.SIGKILL:
        build.kill()
    else:
        os.killpg(build.pid, number)
    said, _ = build.communicate(timeout=600)
    assert build.returncode == (-signal.SIGKILL if number == signal.SIGKILL else 130), said
    for path in (home / "tables").rglob("*.parquet"):
        assert read_footer(path)["rows"] >= 0, path
    assert not all((home / "tables" / table / "source=small" / "00000.parquet").exists() for table in STRIPE_TABLES)

    again = start(home)
    said, _ = again.communicate(timeout=600)
    assert again.returncode == 0, said
    assert rows_of(home) == undisturbed
