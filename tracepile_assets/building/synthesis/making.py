"""The run of a synthesis: concept by concept, what the file does not have yet is asked for, run, chosen and appended.

Belongs here: the order of the stages, and what a line of the file says. Does not belong here: the stages themselves.

The same concepts, settings and cache of replies give the same file, byte for byte, however often the run was killed:
lines stand in the order of the concepts, and nothing of a line depends on when it was made. A task for which the model
did not answer at all gets no line: the next run asks again.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice

from tracepile_assets.execution import Pool
from tracepile_assets.home import Home, Settings, SourceEntry
from tracepile_assets.models import Answer, ChatRequest, Client, Estimate, Failure, parsed
from tracepile_assets.similarity.normal_form import normalise

from . import tasks as asking
from .agreement import Agreement, agree
from .concepts import add_concepts, read_concepts
from .record import LAYOUT, SynthesisError, SynthesisFile
from .running import Trial, open_pool, run
from .tasks import LEVELS, Case, Task, Tasks

_CONCEPTS_AT_ONCE = 4
_GUESSED = Task(title="", statement="x" * 2_000, signature="def function(first: list[int], second: int) -> int")

Progress = Callable[[int, int], None]
"""Called with the number of concepts done, and of all."""


@dataclass
class Synthesized:
    """What a run came to.

    Attributes:
        kept: tasks whose program was kept.
        dropped: reason → tasks that gave no program.
        left_out: ``solution`` or ``test``, and reason → how many were left out, of all tasks.
        unanswered: tasks, or requests for them, that the model did not answer; they are asked for again next time.
        known: tasks that the file had already.
        tokens: tokens used.
        cost: what they cost.
    """

    kept: int = 0
    dropped: Counter[str] = field(default_factory=Counter)
    left_out: Counter[str] = field(default_factory=Counter)
    unanswered: int = 0
    known: int = 0
    tokens: int = 0
    cost: float = 0.0


def synthesize(
    home: Home,
    entry: SourceEntry,
    client: Client,
    concepts: Sequence[str] = (),
    progress: Progress = lambda done, total: None,
) -> Synthesized:
    """Make what a source of model-made programs lacks, and append it to its file.

    Args:
        home: the home.
        entry: the source; it is put into the registry if it is not there.
        client: the model; its budget is that of the run.
        concepts: added to those that the source has.
        progress: told how far the run is.

    Raises:
        SynthesisError: the name belongs to a source of another layout, or there is no concept.
        ModelError: the model cannot be used, or the budget is spent; what was made stays.
        SandboxUnavailable: solutions cannot be run.
    """
    file = SynthesisFile(home, entry.name)
    with home.lock(f"synthesis/{entry.name}"):
        _check_name(home, entry.name)
        wanted = add_concepts(file.concepts, concepts)
        if not wanted:
            raise SynthesisError(f"{file.concepts}: there is no concept yet; give some with --concepts or --text")
        file.mend()
        making = _Making(home.settings(), client, file)
        try:
            with open_pool(home.settings()) as pool:
                making.make(wanted, pool, progress)
        finally:
            # A file without a line would be a source that cannot be read.
            if file.path.stat().st_size:
                _register(home, entry)
            making.result.tokens, making.result.cost = client.budget.used, client.budget.cost
    return making.result


def estimate(home: Home, name: str, client: Client, concepts: Sequence[str] = ()) -> Estimate:
    """What `synthesize` would ask for at most; exact where the tasks are in the cache already. Asks for nothing."""
    settings, file = home.settings(), SynthesisFile(home, name)
    known = file.ids()
    found: list[ChatRequest] = []
    cached = 0
    for concept in dict.fromkeys([*read_concepts(file.concepts), *concepts]):
        for level in LEVELS:
            request = asking.ask_tasks(settings, concept, level)
            if _id(client, request) in known:
                continue
            answer = client.known(request)
            reply = _GUESSED if answer is None else parsed(answer, Tasks)
            cached += answer is not None
            if answer is None:
                found.append(request)
            if isinstance(reply, Failure):
                continue
            stated = [_GUESSED] * settings.synthesis.tasks if isinstance(reply, Task) else reply.tasks
            for task in stated[: settings.synthesis.tasks]:
                if task.key not in known:
                    found += [*asking.ask_solutions(settings, task), *asking.ask_tests(settings, task)]
    return client.budget.estimate([one for one in found if client.known(one) is None], cached)


def _check_name(home: Home, name: str) -> bool:
    """Whether the source is in the registry. Raises ``SynthesisError`` if it has another layout there."""
    known = next((entry for entry in home.registry().entries() if entry.name == name), None)
    if known is not None and known.layout != LAYOUT:
        raise SynthesisError(
            f"source {name!r} has layout {known.layout}, and model-made programs go to a source of their own; choose "
            "another name"
        )
    return known is not None


def _register(home: Home, entry: SourceEntry) -> None:
    with home.lock("home"):
        if not _check_name(home, entry.name):
            home.registry().add(entry)


def _id(client: Client, request: ChatRequest) -> str:
    return request.key(client.model, client.revision)


@dataclass
class _Unit:
    """A task under way, or a request for tasks that gave none."""

    id: str
    concept: str
    level: str
    task: Task | None = None
    fault: Failure | None = None
    solutions: dict[int, str] = field(default_factory=dict)
    cases: list[Case] = field(default_factory=list)
    left_out: list[dict[str, object]] = field(default_factory=list)
    unanswered: bool = False
    trial: Trial | None = None
    forms: set[str] = field(default_factory=set)

    def leave_out(self, unit: str, failure: Failure) -> None:
        self.unanswered |= not failure.final
        self.left_out.append({"unit": unit, "reason": failure.reason, "detail": failure.detail})


class _Making:
    """One run; counts as it goes."""

    def __init__(self, settings: Settings, client: Client, file: SynthesisFile) -> None:
        self.settings = settings
        self.client = client
        self.file = file
        self.seen = file.ids()
        self.result = Synthesized()

    def make(self, concepts: Sequence[str], pool: Pool, progress: Progress) -> None:
        remaining = iter(concepts)
        done = 0
        while batch := list(islice(remaining, _CONCEPTS_AT_ONCE)):
            units = list(self._units(batch))
            self._ask(units)
            trials = [unit.trial for unit in units if unit.trial is not None]
            run(trials, pool)
            for unit in units:
                self._write(unit)
            done += len(batch)
            progress(done, len(concepts))

    def _units(self, concepts: Sequence[str]) -> Iterator[_Unit]:
        """Ask for tasks; give those that the file does not have."""
        requests: dict[str, tuple[str, str, ChatRequest]] = {}
        for concept in concepts:
            for level in LEVELS:
                request = asking.ask_tasks(self.settings, concept, level)
                request_id = _id(self.client, request)
                if request_id not in self.seen:
                    requests[request_id] = (concept, level, request)
        answers = self.client.ask(request for _, _, request in requests.values())
        for (request_id, (concept, level, _)), answer in zip(requests.items(), answers, strict=True):
            yield from self._stated(answer, request_id, concept, level)

    def _stated(self, answer: Answer, request_id: str, concept: str, level: str) -> Iterator[_Unit]:
        reply: Tasks | Failure = parsed(answer, Tasks)
        if not isinstance(reply, Failure) and not reply.tasks:
            reply = Failure("empty", "the model states no task")
        if isinstance(reply, Failure):
            self.seen.add(request_id)
            yield _Unit(request_id, concept, level, fault=reply, unanswered=not reply.final)
            return
        for task in reply.tasks[: self.settings.synthesis.tasks]:
            if task.key in self.seen:
                self.result.known += 1
                continue
            self.seen.add(task.key)
            yield _Unit(task.key, concept, level, task, asking.fault_of(task))

    def _ask(self, units: Sequence[_Unit]) -> None:
        """Ask for the solutions and tests of all tasks together, and set up their trials."""
        able = [unit for unit in units if unit.task is not None and unit.fault is None]
        answers = self.client.ask(
            request
            for unit in able
            for ask in (asking.ask_solutions, asking.ask_tests)
            for request in ask(self.settings, unit.task)
        )
        for unit in able:
            for number in range(self.settings.synthesis.solutions):
                self._take_solution(unit, number, next(answers))
            for number in range(self.settings.synthesis.test_sets):
                self._take_tests(unit, number, next(answers))
            if not unit.unanswered and unit.solutions and unit.cases:
                unit.trial = Trial(unit.id, unit.task.function, unit.solutions, unit.cases)

    def _take_solution(self, unit: _Unit, number: int, answer: Answer) -> None:
        code = asking.read_solution(answer, unit.task)
        if not isinstance(code, Failure) and (form := normalise(code)) in unit.forms:
            code = Failure("copy", "equal to an earlier one but for names and comments, and so no second witness")
        if isinstance(code, Failure):
            unit.leave_out(f"solution {number + 1}", code)
        else:
            unit.solutions[number] = code
            unit.forms.add(form)

    def _take_tests(self, unit: _Unit, number: int, answer: Answer) -> None:
        cases, failures = asking.read_tests(answer, unit.task)
        for failure in failures:
            unit.leave_out(f"test of set {number + 1}", failure)
        unit.cases += [case for case in dict.fromkeys(cases) if case not in unit.cases]

    def _write(self, unit: _Unit) -> None:
        if unit.unanswered:
            self.result.unanswered += 1
            return
        record = self._record(unit)
        self.file.append(record)
        for left in unit.left_out:
            self.result.left_out[f"{str(left['unit']).split()[0]}: {left['reason']}"] += 1
        if record["reason"] is None:
            self.result.kept += 1
        else:
            self.result.dropped[str(record["reason"]).partition(":")[0]] += 1

    def _record(self, unit: _Unit) -> dict[str, object]:
        """The line of a task."""
        models, wanted = self.settings.models, self.settings.synthesis
        found: Agreement | None = None
        if unit.trial is not None:
            passed = {number: frozenset(tests) for number, tests in unit.trial.passed.items()}
            found = agree(
                passed,
                [case.expected for case in unit.cases],
                least_solutions=wanted.agreeing_solutions,
                least_tests=wanted.agreeing_tests,
            )
            _leave_out_losers(unit, found)
        fault = unit.fault
        if fault is None and found is None:
            fault = Failure("no agreement", f"no {'test' if unit.solutions else 'solution'} can be used")
        elif fault is None and found.reason is not None:
            fault = Failure(found.reason, found.detail)
        kept = None
        if fault is None:
            kept = max(found.solutions, key=lambda number: (asking.n_statements(unit.solutions[number]), -number))
        cases = [unit.cases[number] for number in found.tests] if kept is not None else []
        return {
            "id": unit.id,
            "status": "dropped" if fault else "kept",
            "reason": f"{fault.reason}: {fault.detail}" if fault else None,
            "concept": unit.concept,
            "level": unit.level,
            "title": unit.task.title if unit.task else unit.concept,
            "statement": unit.task.statement if unit.task else None,
            "entry_point": unit.task.function if unit.task and not unit.fault else None,
            "code": None if kept is None else unit.solutions[kept],
            "calls": [case.arguments for case in cases],
            "results": [case.expected for case in cases],
            "agreement": {
                "solutions": len(unit.solutions),
                "tests": len(unit.cases),
                "agreeing_solutions": len(found.solutions) if found else 0,
                "agreeing_tests": len(found.tests) if found else 0,
            },
            "made_by": {
                "model": self.client.model,
                "revision": self.client.revision,
                "temperature": models.temperature,
                "top_p": models.top_p,
                "seed": models.seed + (kept or 0),
                "prompts": asking.versions(),
            },
            "left_out": unit.left_out,
        }


def _leave_out_losers(unit: _Unit, found: Agreement) -> None:
    """Say of each solution and test outside the best cluster why it is not in it."""
    for number in unit.solutions:
        if number not in found.solutions:
            ends = Counter(unit.trial.ends[number])
            how = "".join(f", {times} runs ended with {end}" for end, times in sorted(ends.items()))
            passes = len(unit.trial.passed[number])
            unit.leave_out(
                f"solution {number + 1}", Failure("disagrees", f"passes {passes} of {len(unit.cases)} tests{how}")
            )
    for number, case in enumerate(unit.cases):
        if number not in found.tests:
            by = sum(number in tests for tests in unit.trial.passed.values())
            said = f"{unit.task.function}({case.arguments}) == {case.expected}, which {by} solutions pass"
            unit.leave_out(f"test {number + 1}", Failure("disagrees", said))
