"""Exports of a small corpus, of a mixture of each format, for trainers to read."""

from pathlib import Path

import pytest

from tracepile_assets.building.exporting import export_mixture
from tracepile_assets.home import Home
from tracepile_assets.mixtures.exporting.writing import Options
from tracepile_assets_tests.cli.corpus_home import OF_EACH_FORMAT, corpus_home


@pytest.fixture(scope="session")
def home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """A home with a mixture of each format."""
    return corpus_home(tmp_path_factory.mktemp("corpus"))


@pytest.fixture(scope="session")
def exported(home: Home, tmp_path_factory: pytest.TempPathFactory):
    """Gives the folder with the export of a mixture of this format, in that format of exports."""
    made: dict[tuple[str, str], Path] = {}

    def export(kind: str, format_: str, **options: object) -> Path:
        if (kind, format_) not in made:
            folder = tmp_path_factory.mktemp(f"{kind}_{format_}")
            export_mixture(home, OF_EACH_FORMAT[kind], str(folder), Options(format_, **options))
            made[kind, format_] = folder
        return made[kind, format_]

    return export
