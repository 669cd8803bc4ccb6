"""What all tests share: the folder of real data, and the rule that nothing is skipped in silence.

`TRACEPILE_TEST_DATA` names a folder with real data. With `TRACEPILE_TEST_STRICT` set, as in continuous integration, a
skipped test is a failure, unless what it lacks is another Python, or data where no data folder was named.

Properties are tried on the same examples in every run, so that a run tells of what was changed and not of the luck of
the draw. `--hypothesis-profile search` draws others each time.
"""

import os
from pathlib import Path

import hypothesis
import pytest

DATA = "TRACEPILE_TEST_DATA"
STRICT = "TRACEPILE_TEST_STRICT"

# How long an example takes, to be made or to be tried, depends on what else the machine does.
for _profile, _same in (("steady", True), ("search", False)):
    hypothesis.settings.register_profile(
        _profile,
        derandomize=_same,
        deadline=None,
        suppress_health_check=[hypothesis.HealthCheck.too_slow],
    )
hypothesis.settings.load_profile("steady")


@pytest.fixture(scope="session")
def test_data() -> Path:
    """The folder of real data; the test is skipped where none is named."""
    folder = os.environ.get(DATA)
    if not folder:
        pytest.skip(f"{DATA} names no folder of real data")
    return Path(folder)


@pytest.fixture(autouse=True, scope="session")
def _no_home_of_the_user() -> None:
    """Tests make homes of their own: the user's are out of reach."""
    for name in ("TRACEPILE_HOME", "DAGSTER_HOME"):
        os.environ.pop(name, None)
    os.environ["DAGSTER_DISABLE_TELEMETRY"] = "yes"


def _may_be_skipped(reason: str) -> bool:
    if not os.environ.get(STRICT):
        return True
    return "CPython" in reason or (DATA in reason and not os.environ.get(DATA))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo) -> object:
    """Make a skipped test a failure where it may not be skipped."""
    report = yield
    if report.skipped and not hasattr(report, "wasxfail"):
        reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else str(report.longrepr)
        if not _may_be_skipped(reason):
            report.outcome = "failed"
            report.longrepr = f"{STRICT} is set, and the test was skipped: {reason}"
    return report
