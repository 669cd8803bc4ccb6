"""Runs solutions on the calls of tests, in the jail, and says which give what was expected.

What a test expects never enters the jail: a solution cannot read it, print it, or change how it is compared. Results
come back as text, are read as literals, and are compared here.

Not here: what is made of it (`agreement`).
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from tracepile_assets.execution import Job, Limits, Outcome, Pool, RunInput
from tracepile_assets.home import Settings
from tracepile_assets.trace_model.codecs import CodecError, parse_literal
from tracepile_assets.trace_model.equality import equal_stated

from .tasks import Case

LIMITS = Limits(wall_s=10.0, cpu_s=2.0, memory_mb=512, output_bytes=64_000, result_chars=20_000)
"""What one run of a solution may use: a test is small."""

_ROUNDS = (1, 8, 32)
"""Calls that are done when each round ends; the rest follows. A solution that reaches a limit in a round is out."""
_SOFT_ENDS = frozenset({"ok", "exception"})


@dataclass(slots=True)
class Trial:
    """Solutions of one task, and the tests that they are run on.

    Attributes:
        name: names the task among those run together.
        function: what is called.
        solutions: number → code.
        cases: the tests.
        passed: number of a solution → tests that it passes; filled by ``run``. One that reached a limit, or crashed,
            passes none: not all of its runs were made.
        ends: number of a solution → what its runs came to, other than a value.
    """

    name: str
    function: str
    solutions: Mapping[int, str]
    cases: Sequence[Case]
    passed: dict[int, set[int]] = field(default_factory=dict)
    ends: dict[int, list[str]] = field(default_factory=dict)
    _calls: list[str] = field(default_factory=list)
    _done: int = 0
    _gave: dict[int, dict[str, str | None]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._calls = list(dict.fromkeys(case.arguments for case in self.cases))
        self.passed = {number: set() for number in self.solutions}
        self.ends = {number: [] for number in self.solutions}
        self._gave = {number: {} for number in self.solutions}

    @property
    def over(self) -> bool:
        """Whether all rounds are done."""
        return self._done >= len(self._calls)

    def jobs(self) -> Iterator[Job]:
        """The calls of a round."""
        calls = self._calls[self._done : self._until]
        yield from (self._job(number, calls, twin=False) for number in self._gave)

    def take(self, number: int, outcomes: Sequence[Outcome]) -> None:
        """What a solution did in a round."""
        gave: dict[str, str | None] = {}
        for outcome in outcomes:
            if outcome.status == "ok":
                gave[outcome.input_id] = outcome.recording.return_value
            else:
                self.ends[number].append(outcome.status)
        if all(outcome.status in _SOFT_ENDS for outcome in outcomes):
            self._gave[number] = gave
        else:
            self._put_out(number)

    def twin_jobs(self) -> Iterator[Job]:
        """The calls of a round that gave a value, again, where hash seed and clock differ."""
        yield from (self._job(number, list(gave), twin=True) for number, gave in self._gave.items() if gave)

    def take_twin(self, number: int, outcomes: Sequence[Outcome]) -> None:
        """What came of the second runs: a value counts that both gave."""
        gave = self._gave[number]
        for outcome in outcomes:
            if outcome.status not in _SOFT_ENDS:
                self.ends[number].append(outcome.status)
                self._put_out(number)
                return
            if outcome.status != "ok" or outcome.recording.return_value != gave[outcome.input_id]:
                self.ends[number].append("another result in a second run")
            else:
                self._compare(number, outcome.input_id, gave[outcome.input_id])

    def next_round(self) -> None:
        """The calls of a round are done."""
        self._done = self._until

    @property
    def _until(self) -> int:
        return next((end for end in _ROUNDS if self._done < end < len(self._calls)), len(self._calls))

    def _job(self, number: int, calls: Sequence[str], *, twin: bool) -> Job:
        inputs = tuple(RunInput(call, arguments=call) for call in calls)
        return Job(f"{self.name}/{number}", self.solutions[number], self.function, inputs, record=False, twin=twin)

    def _put_out(self, number: int) -> None:
        del self._gave[number]
        self.passed[number] = set()

    def _compare(self, number: int, call: str, result: str | None) -> None:
        try:
            value = parse_literal(result or "")
        except CodecError:
            self.ends[number].append("no plain value")
            return
        for place, case in enumerate(self.cases):
            if case.arguments == call and equal_stated(value, parse_literal(case.expected)):
                self.passed[number].add(place)


def open_pool(settings: Settings) -> Pool:
    """Make the pool that solutions run in, to be used in a `with` statement. Raises ``SandboxUnavailable``."""
    return Pool(workers=settings.compute.workers, isolation=settings.compute.isolation, limits=LIMITS)


def run(trials: Sequence[Trial], pool: Pool) -> None:
    """Run all solutions of some tasks on all their tests."""
    by_name = {trial.name: trial for trial in trials}
    while waiting := [trial for trial in trials if not trial.over]:
        for jobs, take in ((Trial.jobs, Trial.take), (Trial.twin_jobs, Trial.take_twin)):
            # Taking an outcome changes what a trial has left, so the jobs of a round are all made before it.
            for job, outcomes in pool.run([job for trial in waiting for job in jobs(trial)]):
                name, _, number = job.job_id.rpartition("/")
                take(by_name[name], int(number), outcomes)
        for trial in waiting:
            trial.next_round()
