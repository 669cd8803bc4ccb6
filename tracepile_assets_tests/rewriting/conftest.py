"""The pool that proofs run in, shared: starting a jail takes longer than most programs."""

from collections.abc import Iterator

import pytest

from tracepile_assets.execution import Limits, Pool


@pytest.fixture(scope="session")
def pool() -> Iterator[Pool]:
    with Pool(workers=2, limits=Limits(events=20_000, wall_s=60, cpu_s=20)) as started:
        yield started
