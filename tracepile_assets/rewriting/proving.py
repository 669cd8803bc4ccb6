"""Proof by execution: of the candidates for a program, those that behave as it does on every input become variants.

Belongs here: which runs are made and what they decide. Does not belong here: making candidates (``proposing``),
comparing two runs (``behaviour``, ``name_map``), running (``execution``), ids of rows (``building``).
"""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain, islice
from typing import Any

from tracepile_assets.execution import Job, Outcome, Pool, RunInput
from tracepile_assets.rewriting import fresh_inputs
from tracepile_assets.rewriting.behaviour import Behaviour
from tracepile_assets.rewriting.name_map import matched, value_sequences
from tracepile_assets.rewriting.proposing import Candidate, Rejection, Rewriter, normal_form, proposals
from tracepile_assets.rewriting.refuting import Refuting, refute
from tracepile_assets.rewriting.rewrite import Place, Transform
from tracepile_assets.rewriting.transforms import TRANSFORMS
from tracepile_assets.tables.surrogates import escaped

_PROGRAMS_AT_ONCE = 16
_SPARE_CANDIDATES = 3
_INPUTS_SHOWN = 5

Digests = dict[Place, str | None]


@dataclass(frozen=True)
class ProvedProgram:
    """What came of one program.

    Attributes:
        program_id: the program.
        variants: rows of code_variants without ids, the original first: rewrites, code, entry_point, name_map,
            equivalence (``original`` or ``proved``), inputs_proved, variant_no.
        rejected: candidates, transforms and programs that gave none.
    """

    program_id: str
    variants: list[dict[str, Any]] = field(default_factory=list)
    rejected: list[Rejection] = field(default_factory=list)


def prove(
    programs: Iterable[Mapping[str, Any]],
    pool: Pool,
    *,
    seed: int,
    variants_per_program: int,
    transforms: Sequence[Transform] = TRANSFORMS,
    fresh_pool: Pool | None = None,
    n_fresh: int = 20,
    rewriter: Rewriter | None = None,
    n_mutants: int = 0,
) -> Iterator[ProvedProgram]:
    """Propose variants of programs and keep those that running proves, in the order of the programs.

    An input proves something if the original ends on it by itself, twice alike (the second time in the other zygote),
    with a value known in full. A candidate is kept only if it runs on every such input, there is one at least, and
    ending, return value, stdout, exception type and arguments afterwards are all equal; and equal too on fresh mutants
    of the inputs, where a pool for them is given: at least one, unless the program takes nothing. Candidates are tried
    in the order in which they are proposed, until enough are kept; what is kept for a program depends on that program
    alone.

    Args:
        programs: mappings with program_id, code, entry_point and inputs (mappings with input_id, codec, arguments and
            stdin).
        pool: where they run.
        seed: decides what is proposed.
        variants_per_program: greatest number of variants beside the original.
        transforms: what candidates are made with.
        fresh_pool: where fresh inputs are tried, with ``fresh_inputs.LIMITS``; None to try none.
        n_fresh: number of fresh inputs that are tried for each program, if as many are found.
        rewriter: gives further candidates; they are tried first, and those that are proved come beside the others.
        n_mutants: number of deliberate mutants that are run for each program, and of which only rejections come.
    """
    remaining = iter(programs)
    while batch := list(islice(remaining, _PROGRAMS_AT_ONCE)):
        n_tried = n_fresh if fresh_pool is not None and (variants_per_program or rewriter is not None) else 0
        trials = [_Trial(program, seed, variants_per_program, transforms, n_tried) for program in batch]
        _run(pool, (trial.original_job() for trial in trials), trials, _Trial.take_original)
        _run(pool, (trial.twin_job() for trial in trials), trials, _Trial.take_twin)
        if n_tried:
            _run(fresh_pool, (trial.fresh_job() for trial in trials), trials, _Trial.take_fresh)
            _run(fresh_pool, (trial.fresh_twin_job() for trial in trials), trials, _Trial.take_fresh_twin)
        for trial in trials:
            trial.propose()
        if rewriter is not None:
            able = [trial for trial in trials if trial.can_prove]
            for trial, further in zip(able, rewriter.rewrite([trial.program for trial in able]), strict=True):
                trial.offer(further)
        while any(trial.lacks() for trial in trials):
            jobs = (job for trial in trials for job in trial.candidate_jobs())
            _run(pool, jobs, trials, _Trial.take_candidate)
            if n_tried:
                jobs = (job for trial in trials for job in trial.fresh_candidate_jobs())
                _run(fresh_pool, jobs, trials, _Trial.take_fresh_candidate)
        if n_mutants and variants_per_program:
            refuting = [trial.refuting(n_mutants) for trial in trials]
            refute(refuting, fresh_pool or pool)
            for trial, mutated in zip(trials, refuting, strict=True):
                trial.result.rejected.extend(mutated.rejections())
        for trial in trials:
            yield trial.result


def _run(pool: Pool, jobs: Iterable[Job | None], trials: "list[_Trial]", take: Any) -> None:
    """Run jobs, each named by the number of its trial and a number of its own, and hand the outcomes to their
    trials."""
    by_name = {trial.name: trial for trial in trials}
    for job, outcomes in pool.run(job for job in jobs if job is not None):
        name, _, number = job.job_id.rpartition("/")
        take(by_name[name], int(number), outcomes)


class _Trial:
    """The proof of one program's variants, run by run."""

    def __init__(
        self, program: Mapping[str, Any], seed: int, wanted: int, transforms: Sequence[Transform], n_fresh: int
    ) -> None:
        self.name: str = program["program_id"]
        self.result = ProvedProgram(self.name)
        self._code: str = program["code"]
        self._entry_point: str | None = program["entry_point"]
        self._inputs = {
            given["input_id"]: RunInput(
                input_id=given["input_id"],
                codec=given.get("codec") or "literal",
                arguments=given.get("arguments"),
                stdin=given.get("stdin"),
            )
            for given in program["inputs"]
        }
        self._program = program
        self._n_fresh = n_fresh
        self._fresh: dict[str, RunInput] = {}
        self._fresh_behaviours: dict[str, Behaviour] = {}
        self._equal_so_far: list[tuple[int, dict[str, Digests]]] = []
        self._seed = seed
        self._wanted = wanted
        self._transforms = transforms
        self._behaviours: dict[str, Behaviour] = {}
        self._useless: dict[str, str] = {}
        self._sequences: dict[str, Digests] = {}
        self._proposals: Iterator[Candidate | Rejection] = iter(())
        self._candidates: list[Candidate] = []
        self._next = 0

    # The original.

    def original_job(self) -> Job | None:
        return self._job(0, self._code, self._entry_point) if self._inputs else None

    def take_original(self, _: int, outcomes: list[Outcome]) -> None:
        for outcome in outcomes:
            behaviour = Behaviour.of(outcome.recording)
            why_not = behaviour.why_incomparable(self._entry_point is not None)
            if why_not:
                self._useless[outcome.input_id] = why_not
            else:
                self._behaviours[outcome.input_id] = behaviour
                self._sequences[outcome.input_id] = value_sequences(outcome.recording)

    def twin_job(self) -> Job | None:
        """A second run of the original under other conditions: what differs between the two can prove nothing."""
        return self._job(0, self._code, self._entry_point, record=False, twin=True) if self._behaviours else None

    def take_twin(self, _: int, outcomes: list[Outcome]) -> None:
        again = {outcome.input_id: Behaviour.of(outcome.recording) for outcome in outcomes}
        for given, one in self._behaviours.items():
            if again.get(given) != one:
                self._useless[given] = "two runs differ"
        self._behaviours = {given: one for given, one in self._behaviours.items() if given not in self._useless}
        self._sequences = {given: self._sequences[given] for given in self._behaviours}

    # The original on fresh inputs.

    def fresh_job(self) -> Job | None:
        if not self._behaviours:
            return None
        self._fresh = fresh_inputs.draw(self._program, self._seed, self._n_fresh)
        return self._fresh_run(0, self._code, self._entry_point) if self._fresh else None

    def take_fresh(self, _: int, outcomes: list[Outcome]) -> None:
        chosen = fresh_inputs.choose(self._code, self._entry_point, outcomes, self._n_fresh)
        self._fresh = {outcome.input_id: self._fresh[outcome.input_id] for outcome in chosen}
        for outcome in chosen:
            self._fresh_behaviours[outcome.input_id] = Behaviour.of(outcome.recording)
            self._sequences[outcome.input_id] = value_sequences(outcome.recording)

    def fresh_twin_job(self) -> Job | None:
        return self._fresh_run(0, self._code, self._entry_point, record=False, twin=True) if self._fresh else None

    def take_fresh_twin(self, _: int, outcomes: list[Outcome]) -> None:
        for outcome in outcomes:
            if Behaviour.of(outcome.recording) != self._fresh_behaviours[outcome.input_id]:
                for known in (self._fresh, self._fresh_behaviours, self._sequences):
                    del known[outcome.input_id]

    # The candidates.

    def propose(self) -> None:
        self._keep(Candidate((), self._code, self._entry_point), "original", [])
        if self._wanted == 0:
            return
        if not self.can_prove:
            found = "; ".join(f"{given}: {why}" for given, why in list(self._useless.items())[:_INPUTS_SHOWN])
            detail = f"no input can prove anything ({found or 'there is none'})"
            if self._behaviours:
                detail = "no fresh input was found on which the program ends well, and those given prove too little"
            self.result.rejected.append(Rejection("proof", "no_proof", detail))
            return
        self._proposals = proposals(
            self._code,
            self._entry_point,
            seed=self._seed,
            arguments=[given.arguments for given in self._inputs.values() if given.arguments is not None],
            transforms=self._transforms,
        )

    @property
    def program(self) -> tuple[str, str | None]:
        """Code and entry point."""
        return self._code, self._entry_point

    @property
    def can_prove(self) -> bool:
        """Whether there are inputs on which a candidate could be proved: one that is kept, and where fresh ones are
        wanted and there can be any, one of those."""
        varies = any(given.arguments or given.stdin for given in self._inputs.values())
        return bool(self._behaviours) and bool(self._fresh or not self._n_fresh or not varies)

    def offer(self, further: Sequence[Candidate | Rejection]) -> None:
        """Put further candidates before those of the transforms, and want as many variants more."""
        forms = {_form(self._code)}
        new: list[Candidate] = []
        for one in further:
            if isinstance(one, Rejection):
                self.result.rejected.append(one)
            elif _form(one.code) in forms:
                self.result.rejected.append(Rejection("+".join(one.rewrites), "duplicate"))
            else:
                forms.add(_form(one.code))
                new.append(one)
        self._wanted += len(new)
        self._proposals = chain(new, _without(self._proposals, forms))

    def lacks(self) -> int:
        """How many more candidates to run; they are made as they are needed."""
        missing = self._wanted - (len(self.result.variants) - 1)
        limit = min(self._next + missing, 2 * self._wanted + _SPARE_CANDIDATES)
        while len(self._candidates) < limit and (one := next(self._proposals, None)) is not None:
            if isinstance(one, Rejection):
                self.result.rejected.append(one)
            else:
                self._candidates.append(one)
        return min(missing, len(self._candidates) - self._next)

    def candidate_jobs(self) -> list[Job]:
        first = self._next
        self._next += self.lacks()
        return [
            self._job(number, self._candidates[number].code, self._candidates[number].entry_point)
            for number in range(first, self._next)
        ]

    def take_candidate(self, number: int, outcomes: list[Outcome]) -> None:
        sequences = self._equal(number, outcomes, self._behaviours)
        if sequences is not None and self._fresh:
            self._equal_so_far.append((number, sequences))
        elif sequences is not None:
            self._keep_proved(number, sequences)

    def fresh_candidate_jobs(self) -> list[Job]:
        candidates = [(number, self._candidates[number]) for number, _ in self._equal_so_far]
        return [self._fresh_run(number, one.code, one.entry_point) for number, one in candidates]

    def take_fresh_candidate(self, number: int, outcomes: list[Outcome]) -> None:
        # They come in the order in which they were handed over.
        _, before = self._equal_so_far.pop(0)
        sequences = self._equal(number, outcomes, self._fresh_behaviours)
        if sequences is not None:
            self._keep_proved(number, before | sequences)

    def _equal(
        self, number: int, outcomes: list[Outcome], behaviours: Mapping[str, Behaviour]
    ) -> dict[str, Digests] | None:
        """What variables took on each input, if a candidate behaves as expected on all; else it is refused."""
        candidate = self._candidates[number]
        runs = {outcome.input_id: outcome.recording for outcome in outcomes}
        sequences: dict[str, Digests] = {}
        for given, expected in behaviours.items():
            shown = Behaviour.of(runs[given]) if given in runs else None
            if shown != expected:
                # A run cut off by a limit shows no difference; it shows no equality either.
                reason = "refuted" if shown is not None and shown.ended() else "no_proof"
                self.result.rejected.append(_refusal(candidate, reason, given, expected, shown, self._fresh.get(given)))
                return None
            sequences[given] = value_sequences(runs[given])
        return sequences

    def refuting(self, n_mutants: int) -> Refuting:
        """The program's mutants, once its variants are known."""
        return Refuting(self.name, self.result.variants, self._behaviours, self._inputs, self._seed, n_mutants)

    def _keep_proved(self, number: int, sequences: dict[str, Digests]) -> None:
        candidate = self._candidates[number]
        self._keep(candidate, "proved", matched(self._sequences, sequences, candidate.renames))

    def _keep(self, candidate: Candidate, equivalence: str, name_map: list[dict[str, str]]) -> None:
        self.result.variants.append(
            {
                "variant_no": len(self.result.variants),
                "rewrites": list(candidate.rewrites),
                "code": candidate.code,
                "entry_point": candidate.entry_point,
                "name_map": name_map,
                "equivalence": equivalence,
                "inputs_proved": len(self._behaviours) + len(self._fresh_behaviours),
            }
        )

    def _job(self, number: int, code: str, entry_point: str | None, *, record: bool = True, twin: bool = False) -> Job:
        # The original's first run tells which inputs prove anything; later runs are made on those only.
        inputs = [run for given, run in self._inputs.items() if not self._behaviours or given in self._behaviours]
        return self._run_on(inputs, number, code, entry_point, record=record, twin=twin)

    def _fresh_run(self, number: int, code: str, entry_point: str | None, **how: bool) -> Job:
        return self._run_on(self._fresh.values(), number, code, entry_point, **how)

    def _run_on(self, inputs: Iterable[RunInput], number: int, code: str, entry_point: str | None, **how: bool) -> Job:
        return Job(job_id=f"{self.name}/{number}", code=code, entry_point=entry_point, inputs=tuple(inputs), **how)


def _form(code: str) -> str | None:
    try:
        return normal_form(code)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None  # running it tells what is wrong with it


def _without(proposals: Iterator[Candidate | Rejection], forms: set[str | None]) -> Iterator[Candidate | Rejection]:
    """Proposals, those that equal a candidate of these forms turned into rejections."""
    for one in proposals:
        if isinstance(one, Candidate) and _form(one.code) in forms:
            yield Rejection("+".join(one.rewrites), "duplicate")
        else:
            yield one


def _refusal(
    candidate: Candidate, reason: str, given: str, expected: Behaviour, shown: Behaviour | None, fresh: RunInput | None
) -> Rejection:
    detail = {
        "rewrites": list(candidate.rewrites),
        "code": candidate.code,
        "entry_point": candidate.entry_point,
        "input_id": given,
        "original": expected.shown(),
        "variant": None if shown is None else shown.shown(),
    }
    if fresh is not None:
        # It stands in no table.
        detail |= {"codec": fresh.codec, "arguments": fresh.arguments, "stdin": fresh.stdin}
    return Rejection("+".join(candidate.rewrites), reason, json.dumps(escaped(detail), ensure_ascii=False))
