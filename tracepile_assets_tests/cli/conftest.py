"""The command line in this process, in an empty working directory with a home of its own."""

from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result
from typer.testing import CliRunner

from tracepile_assets.cli.app import app


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
