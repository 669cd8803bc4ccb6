"""Tables that the mixture tests share."""

import pytest

from tracepile_assets_tests.mixtures.corpus import Corpus


@pytest.fixture(scope="session")
def tables(tmp_path_factory):
    """Three hundred programs of two sources; number 290 is a benchmark's, 291 is rejected, 292 was folded opaquely."""
    corpus = Corpus(tmp_path_factory.mktemp("home") / "tables")
    for number in range(290):
        # Every fifth program is of the family of the one before.
        family = f"f_{number - 1:04d}" if number % 5 == 4 else None
        corpus.add(number, source="alpha" if number < 200 else "beta", family=family)
    corpus.add(290, source="beta", benchmark=True)
    corpus.add(291, source="beta", status="rejected")
    corpus.add(292, source="beta", opaque=True)
    corpus.add(293, source="beta", verdict="blocked")
    return corpus.write()


@pytest.fixture
def small(tmp_path):
    """An empty corpus to be filled by the test."""
    return Corpus(tmp_path / "tables")
