"""Adds to the inputs of programs the mutants that reach what the others do not, found by running them in the jail.

Belongs here: how many mutants are run, which of them are kept, and which of the inputs that somebody proposes. Does not
belong here: making mutants (sources/mutation), what a run reached (trace_model/coverage), ids and rows.

A mutant is kept if it reaches a statement, a way from a test or a class of a loop's number of rounds that no input
before it reached, or ends in another way; those that reach most come first, until the program has as many inputs as it
may. It has to come to its end within the limits, twice alike (the second time where hash seed, clock and addresses
differ), with a value known in full. Of those that end in an exception, only such as say something of the program count
(trace_model/endings): at most a fifth of the inputs that there may be, and at most one that the program did not raise
by a statement of its own.

What is kept for a program depends on it, its inputs, the seed of its source and how many inputs are asked for, and on
nothing else.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice
from operator import itemgetter

from tracepile_assets.execution import Job, Limits, Outcome, Pool, RunInput
from tracepile_assets.home import Settings
from tracepile_assets.sources import Program, ProgramInput
from tracepile_assets.sources.mutation import Mutator
from tracepile_assets.trace_model.coverage import Reached, possible_ways, reached, together
from tracepile_assets.trace_model.endings import outcome, raised_by_itself, teaches
from tracepile_assets.trace_model.recording import Recording
from tracepile_assets.trace_model.statements import Syntax

ROUNDS = (16, 12, 12)
"""Mutants that are run in each round. Those that reached something are parents in the rounds after."""
MOST_EXCEPTIONS = 0.2
"""Share of a program's inputs that mutants ending in an exception may be."""

LIMITS = Limits(events=10_000, wall_s=20.0, cpu_s=5.0, memory_mb=512, output_bytes=20_000)
"""What one run may use: the same in every home, since no limit in its settings decides the rows of raw_programs."""

MOST_EVENTS = LIMITS.events // 2
"""Events of a mutant that may be kept. Which mutants are kept must not hang on how fast a machine is: this leaves a
millisecond of CPU time to each event, many times what one takes, so that events are what a run is measured by."""

_PROGRAMS_AT_ONCE = 64
_MOST_COSTLY = 2
"""Mutants that run into a limit other than that of events, after which a program is left as it is."""
_COSTLY = frozenset({"timeout", "cpu_limit", "memory_limit", "crash"})


def open_pool(settings: Settings) -> Pool:
    """Make the pool that mutants are run in, to be used in a `with` statement. Raises ``SandboxUnavailable``."""
    return Pool(workers=settings.compute.workers, isolation=settings.compute.isolation, limits=LIMITS)


def wants_mutants(program: Program, at_most: int) -> bool:
    """Whether a program may get further inputs."""
    return program.status == "ok" and 0 < len(program.inputs) < at_most


Propose = Callable[[Sequence[Program]], Iterable[tuple[Program, list[ProgramInput]]]]
"""Gives each program with further inputs that are tried in the first round, as mutants are."""


def extend(
    programs: Iterable[Program], pool: Pool, *, at_most: int, seed: int, propose: Propose | None = None
) -> Iterator[Program]:
    """Give each program the mutants that are kept, behind the inputs that it has; in the order of the programs.

    Args:
        programs: the programs; some are held in memory together.
        pool: where they run, with ``LIMITS``.
        at_most: number of inputs up to which mutants are added. Inputs that are there stay, however many there are.
        seed: seed of the source.
        propose: proposes inputs beside the mutants; None for mutants only.
    """
    remaining = iter(programs)
    while batch := list(islice(remaining, _PROGRAMS_AT_ONCE)):
        proposed = propose(batch) if propose is not None else [(program, []) for program in batch]
        searches = [_Search(program, at_most, seed, list(inputs)) for program, inputs in proposed]
        for number in range(len(ROUNDS)):
            _run(pool, searches, [search.round(number) for search in searches], _Search.take)
        _run(pool, searches, [search.chosen() for search in searches], _Search.confirm)
        yield from (search.extended() for search in searches)


def _run(pool: Pool, searches: Sequence["_Search"], jobs: Sequence[Job | None], take: object) -> None:
    due = [(search, job) for search, job in zip(searches, jobs, strict=True) if job is not None]
    for (search, _), (_, outcomes) in zip(due, pool.run(job for _, job in due), strict=True):
        take(search, outcomes)


@dataclass(frozen=True, slots=True)
class _Candidate:
    """A mutant that may be kept, and what its run showed."""

    given: ProgramInput
    reached: Reached
    outcome: tuple
    digest: str
    raised_by_itself: bool


@dataclass(slots=True)
class _Search:
    """The mutants of one program, as far as they are run."""

    program: Program
    at_most: int
    seed: int
    proposed: list[ProgramInput]
    syntax: Syntax | None = None
    mutator: Mutator | None = None
    waiting: list[ProgramInput] = field(default_factory=list)
    base: Reached = field(default_factory=Reached)
    outcomes: set[tuple] = field(default_factory=set)
    candidates: list[_Candidate] = field(default_factory=list)
    kept: list[_Candidate] = field(default_factory=list)
    costly: int = 0

    def __post_init__(self) -> None:
        if not wants_mutants(self.program, self.at_most):
            return
        mutator = Mutator(self.program.code, self.program.entry_point, self.program.inputs)
        if mutator.can_mutate or self.proposed:
            self.syntax = Syntax(self.program.code)
            self.mutator = mutator

    def round(self, number: int) -> Job | None:
        """The next mutants, in the first round behind the inputs that there are; None where nothing is to be found."""
        if self.mutator is None or self.costly >= _MOST_COSTLY or (number and self._complete()):
            return None
        grown = [candidate.given for candidate in _best(self.candidates, self.base, self.outcomes, self.at_most)]
        key = f"{self.seed}/{self.program.source_row}/{number}"
        drawn = self.mutator.draw(key, ROUNDS[number], grown)
        proposed = {} if number else {_text(given): given for given in self.proposed}
        self.waiting = [*proposed.values(), *(given for given in drawn if _text(given) not in proposed)]
        if not self.waiting:
            return None
        return self._job([*(self.program.inputs if number == 0 else ()), *self.waiting])

    def take(self, outcomes: list[Outcome]) -> None:
        """Look at the runs of a round."""
        known = len(outcomes) - len(self.waiting)
        for ended in outcomes[:known]:
            self.base |= reached(self.syntax, ended.recording)
            self.outcomes.add(outcome(ended.recording))
        for given, ended in zip(self.waiting, outcomes[known:], strict=True):
            self.costly += ended.status in _COSTLY
            recording = ended.recording
            if self._may_stay(recording):
                by_itself = raised_by_itself(self.syntax, recording)
                self.candidates.append(
                    _Candidate(given, reached(self.syntax, recording), outcome(recording), ended.digest, by_itself)
                )

    def chosen(self) -> Job | None:
        """Choose, and run what is chosen again where it would differ if it can."""
        if self.costly < _MOST_COSTLY:
            room = self.at_most - len(self.program.inputs)
            self.kept = _best(self.candidates, self.base, self.outcomes, room, MOST_EXCEPTIONS * self.at_most)
        return self._job([candidate.given for candidate in self.kept], twin=True) if self.kept else None

    def confirm(self, outcomes: list[Outcome]) -> None:
        """Drop what a second run does not bear out."""
        self.kept = [one for one, again in zip(self.kept, outcomes, strict=True) if one.digest == again.digest]

    def extended(self) -> Program:
        """The program with what was kept."""
        return replace(self.program, inputs=(*self.program.inputs, *(candidate.given for candidate in self.kept)))

    def _complete(self) -> bool:
        found = self.base | together(candidate.reached for candidate in self.candidates)
        ways = possible_ways(self.syntax, in_module=self.program.entry_point is None)
        return ways <= found.ways

    def _may_stay(self, recording: Recording) -> bool:
        is_function = self.program.entry_point is not None
        if recording.truncated or recording.n_events > MOST_EVENTS:
            return False
        if is_function and recording.status == "ok" and recording.return_value is None:
            return False
        return teaches(self.syntax, recording, reads_text=not is_function)

    def _job(self, inputs: Sequence[ProgramInput], *, twin: bool = False) -> Job:
        runs = tuple(
            RunInput(str(number), codec=given.codec, arguments=given.arguments, stdin=given.stdin)
            for number, given in enumerate(inputs)
        )
        return Job(self.program.source_row, self.program.code, self.program.entry_point, runs, twin=twin)


def _best(
    candidates: Sequence[_Candidate],
    base: Reached,
    outcomes: set[tuple],
    room: int,
    most_exceptions: float | None = None,
) -> list[_Candidate]:
    """Candidates that reach something new beyond those before them, the one that reaches most first.

    ``most_exceptions`` limits those that end in one; None: as many as come.
    """
    found: list[_Candidate] = []
    left = list(candidates)
    known = set(outcomes)
    while left and len(found) < room:
        scores = [_score(candidate, base, known) for candidate in left]
        best, score = max(zip(left, scores, strict=True), key=itemgetter(1))
        # What reaches nothing new now never will.
        left = [one for one, score in zip(left, scores, strict=True) if any(score[:3]) and one is not best]
        if any(score[:3]) and (most_exceptions is None or _has_room(best, found, most_exceptions)):
            found.append(best)
            base |= best.reached
            known.add(best.outcome)
    return found


def _has_room(one: _Candidate, found: Sequence[_Candidate], most_exceptions: float) -> bool:
    if one.outcome[0] != "exception":
        return True
    exceptions = [each for each in found if each.outcome[0] == "exception"]
    return len(exceptions) < int(most_exceptions) and (
        one.raised_by_itself or all(each.raised_by_itself for each in exceptions)
    )


def _score(candidate: _Candidate, base: Reached, outcomes: set[tuple]) -> tuple[int, int, int, bool, int]:
    new = candidate.reached - base
    size = len(_text(candidate.given))
    raised = candidate.outcome[0] == "exception"
    ways = len(new.ways) + len(new.statements)
    return ways, candidate.outcome not in outcomes, len(new.rounds), not raised, -size


def _text(given: ProgramInput) -> str:
    return (given.arguments if given.stdin is None else given.stdin) or ""
