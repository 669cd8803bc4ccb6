"""The command line in this process, in an empty working directory with a home of its own."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result
from typer.testing import CliRunner

from tracepile_assets.building import build_mixture
from tracepile_assets.cli.app import app
from tracepile_assets.home import Home, open_home
from tracepile_assets_tests.building.conftest import PROGRAMS, build_all, small_home, write_source
from tracepile_assets_tests.cli.built_home import BUILT

QUICK = {"COMPUTE__WORKERS": "1", "REWRITING__FRESH_INPUTS": "0", "TWINS__SHARE": "1"}
"""Settings with which so few programs are built soonest, and each telling has a twin."""


@pytest.fixture
def tracepile(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Result]:
    """Runs `tracepile` with these arguments; its home is `home` in the working directory."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("TRACEPILE_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("DAGSTER_HOME", str(tmp_path / "home" / "dagster"))
    monkeypatch.setenv("COLUMNS", "200")
    monkeypatch.setenv("TERM", "dumb")
    # Of so few tellings none might be drawn.
    monkeypatch.setenv("TRACEPILE_TWINS__SHARE", "1")

    def run(*arguments: object, input: str | None = None) -> Result:
        return CliRunner().invoke(app, [str(argument) for argument in arguments], input=input)

    return run


@pytest.fixture(scope="session")
def _built_once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("built_once")
    write_source(root / "mine.jsonl", PROGRAMS)
    with pytest.MonkeyPatch.context() as patch:
        for key, value in QUICK.items():
            patch.setenv(f"TRACEPILE_{key}", value)
        home = small_home(root / "home", root / "mine.jsonl")
        build_all(home)
        for name in BUILT:
            build_mixture(home, name)
    return home.root


@pytest.fixture
def built_home(_built_once: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Home:
    """A home of one source, whose stripe and two mixtures are built; the test may change it."""
    for key, value in QUICK.items():
        monkeypatch.setenv(f"TRACEPILE_{key}", value)
    shutil.copytree(_built_once, tmp_path / "home")
    return open_home(tmp_path / "home")
