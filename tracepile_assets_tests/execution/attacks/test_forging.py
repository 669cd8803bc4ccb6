"""After a program has tried to falsify its recording, the rest is recorded as in a program that tried nothing."""

import re

import pytest

from tracepile_assets.execution import Job, Pool, RunInput
from tracepile_assets.trace_model.recording import Recording

from ..isolations import jails
from .expectations import FORGE
from .test_attacks import LIMITS, TEXTS

REST = """
def half(n):
    return n // 2
def f(x):
    try:
        attempt(x)
    except Exception:
        pass
    kept = [x]
    n = 3
    while n:
        n -= 1
        kept.append(half(kept[n - 3]) + n)
    return kept[3] + x
"""
HONEST = "def attempt(x):\n    return x * 2\n"


CALLED = ["call", "line", "return"]
KINDS = ["line", "line", *(["line"] * 3 + CALLED) * 3, "line", "line", "return"]
"""The events of the rest, from where ``kept`` is bound."""


@pytest.fixture(scope="module")
def recorded() -> dict[str, tuple[str, Recording]]:
    """The text of each program and what came of it."""
    codes = {name: re.sub(r"\bf\b", "attempt", (TEXTS / f"{name}.txt").read_text()) + REST for name in FORGE}
    codes["honest"] = HONEST + REST
    jobs = [Job(name, code, "f", (RunInput("a", arguments="21"),)) for name, code in codes.items()]
    with Pool(workers=1, limits=LIMITS, isolation=jails()[0]) as pool:
        return {job.job_id: (job.code, outcome.recording) for job, (outcome,) in pool.run(jobs)}


def _told(code: str, recording: Recording) -> list[tuple]:
    """The events of the rest, with the changes at each: lines from its beginning, objects and frames in their order."""
    first = code[: code.rindex("kept = [x]")].count("\n") + 1
    begins = max(i for i, line in enumerate(recording.event_line) if line == first)
    numbers: dict[str, str] = {}

    def named(text: str | None) -> str | None:
        known = lambda found: numbers.setdefault(found[0], f"<{len(numbers)}>")  # noqa: E731 - of one expression only
        return text and re.sub(r"#\d+|\bf[1-9]\d*\.", known, text)

    changes: dict[int, list[tuple]] = {}
    names = ("event", "cause", "place", "op", "value")
    for at, cause, place, op, value in zip(*(getattr(recording, f"change_{name}") for name in names), strict=True):
        if at > begins:
            changes.setdefault(at, []).append((cause - begins, named(place), op, named(value)))
    return [
        (
            recording.event_kind[i],
            recording.event_line[i] - first,
            recording.event_depth[i],
            named(recording.event_value[i]),
            changes.get(i),
        )
        for i in range(begins, recording.n_events)
    ]


@pytest.mark.parametrize("name", FORGE)
def test_what_follows_an_attempt_is_recorded_as_ever(recorded, name):
    code, recording = recorded[name]
    honest = _told(*recorded["honest"])
    assert [kind for kind, *_ in honest] == KINDS
    assert recording.status in FORGE[name].statuses, recording.reason
    if recording.status == "ok":
        assert recording.return_value == recorded["honest"][1].return_value == "31"
        assert _told(code, recording) == honest
