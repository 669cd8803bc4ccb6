"""Each input of a program runs alone, until what it made is gone."""

import pytest

from tracepile_assets.execution import Job, Limits, Pool, RunInput

from .isolations import jails

DIES_HARD = """
class R:
    def __del__(self):
        while self.n == 0:
            pass
def f(n):
    made = R()
    made.n = n
    return made
"""


@pytest.mark.parametrize("order", ["01", "10", "1", "0"])
def test_a_result_that_dies_hard_is_put_down_to_its_own_input(order):
    limits = Limits(cpu_s=1.0, wall_s=4.0)
    job = Job("j", DIES_HARD, "f", tuple(RunInput(n, arguments=n) for n in order))
    with Pool(workers=1, limits=limits, isolation=jails()[0]) as pool:
        ((_, outcomes),) = pool.run([job])
    told = {o.input_id: (o.recording.status, o.recording.n_events) for o in outcomes}
    assert list(told) == list(order)
    assert told.pop("1", ("ok", 5)) == ("ok", 5)
    assert all(status in ("cpu_limit", "timeout") and n_events == 5 for status, n_events in told.values())
