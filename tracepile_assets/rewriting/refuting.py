"""Runs of deliberate mutants: which input shows that one differs from its program.

Belongs here: which mutants of a program are run, and what their runs decide. Does not belong here: making mutants
(``mutants``), and proofs of variants (``proving``).
"""

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from random import Random
from typing import Any

from tracepile_assets.execution import Job, Outcome, Pool, RunInput
from tracepile_assets.rewriting.behaviour import Behaviour
from tracepile_assets.rewriting.mutants import UNIT, Mutant, mutants
from tracepile_assets.rewriting.proposing import Rejection
from tracepile_assets.tables.surrogates import escaped


@dataclass
class _Running:
    """One mutant of one program, and what is known of it; `rewrites` names the transforms of the variant that was
    mutated, and the mutation."""

    mutant: Mutant
    rewrites: tuple[str, ...]
    entry_point: str | None
    telling: str | None = None
    shown: Behaviour | None = None
    verdict: Rejection | None = None

    def refuse(self, reason: str, detail: Mapping[str, Any]) -> None:
        told = {"rewrites": list(self.rewrites), "code": self.mutant.code, "entry_point": self.entry_point, **detail}
        unit = f"{UNIT}:{self.mutant.operator}"
        self.verdict = Rejection(unit, reason, json.dumps(escaped(told), ensure_ascii=False))


class Refuting:
    """The mutants of one program.

    They are run on every input that can prove something of the program's variants. What a run shows otherwise counts
    only where a second run, in the other zygote, shows the same: then the mutant is ``refuted``. ``survived`` is one
    that behaves as the program does on every input, and ``no_proof`` one of which no run says either.
    """

    def __init__(
        self,
        name: str,
        variants: Sequence[Mapping[str, Any]],
        behaviours: Mapping[str, Behaviour],
        inputs: Mapping[str, RunInput],
        seed: int,
        wanted: int,
    ) -> None:
        """Make the mutants.

        Args:
            name: the program; jobs are named after it.
            variants: rows of its variants, the original first. A mutant is made of one drawn by lot, so that two
                programs that are not the same differ no less than two that are.
            behaviours: what the original does on each input that counts.
            inputs: the inputs, by id.
            seed: decides what is mutated, with the original's text.
            wanted: number of mutants.
        """
        self.name = name
        self._behaviours = behaviours
        self._inputs = inputs
        digest = hashlib.blake2b(
            f"{seed}/mutants/{variants[0]['code']}".encode("utf-8", "surrogatepass"), digest_size=16
        )
        random = Random(int.from_bytes(digest.digest(), "big"))
        self._running: list[_Running] = []
        used: set[str] = set()
        for _ in range(wanted if behaviours else 0):
            variant = random.choice(variants[1:] or variants)
            for mutant in islice(mutants(variant["code"], random), 2 * wanted):
                if mutant.operator not in used:
                    used.add(mutant.operator)
                    rewrites = (*variant["rewrites"], f"{UNIT}:{mutant.operator}")
                    self._running.append(_Running(mutant, rewrites, variant["entry_point"]))
                    break

    def jobs(self) -> Iterator[Job]:
        """One job for each mutant."""
        for number, one in enumerate(self._running):
            yield self._job(number, one, self._behaviours)

    def take(self, number: int, outcomes: Sequence[Outcome]) -> None:
        """Decide on a mutant as far as its first runs tell."""
        one = self._running[number]
        shown = {outcome.input_id: Behaviour.of(outcome.recording) for outcome in outcomes}
        differing = [given for given, expected in self._behaviours.items() if shown.get(given) != expected]
        ended = [given for given in differing if given in shown and shown[given].ended()]
        # One that returns something else is worth more than one that fails.
        ended.sort(key=lambda given: shown[given].status != self._behaviours[given].status)
        if ended:
            one.telling, one.shown = ended[0], shown[ended[0]]
        elif differing:
            one.refuse("no_proof", self._compared(differing[0], shown.get(differing[0])))
        else:
            one.refuse("survived", {"inputs": len(self._behaviours)})

    def second_jobs(self) -> Iterator[Job]:
        """One job, on the telling input and under other conditions, for each mutant that showed something else."""
        for number, one in enumerate(self._running):
            if one.telling is not None:
                yield self._job(number, one, [one.telling], twin=True)

    def take_second(self, number: int, outcomes: Sequence[Outcome]) -> None:
        """Decide on a mutant that showed something else."""
        one = self._running[number]
        assert one.telling is not None
        again = [Behaviour.of(outcome.recording) for outcome in outcomes]
        reason = "refuted" if again == [one.shown] else "no_proof"
        one.refuse(reason, self._compared(one.telling, one.shown))

    def rejections(self) -> list[Rejection]:
        """What became of each mutant."""
        return [one.verdict for one in self._running if one.verdict is not None]

    def _compared(self, given: str, shown: Behaviour | None) -> dict[str, Any]:
        original = self._behaviours[given].shown()
        return {"input_id": given, "original": original, "variant": None if shown is None else shown.shown()}

    def _job(self, number: int, one: _Running, given: Iterable[str], *, twin: bool = False) -> Job:
        return Job(
            job_id=f"{self.name}/{number}",
            code=one.mutant.code,
            entry_point=one.entry_point,
            inputs=tuple(self._inputs[each] for each in given),
            twin=twin,
        )


def refute(programs: Sequence[Refuting], pool: Pool) -> None:
    """Run the mutants of programs, and decide on each.

    Args:
        programs: the programs; their names differ.
        pool: where they run; a run that its limits end says nothing.
    """
    by_name = {program.name: program for program in programs}

    def run(jobs: Iterable[Job], take: Callable[[Refuting, int, Sequence[Outcome]], None]) -> None:
        for job, outcomes in pool.run(jobs):
            name, _, number = job.job_id.rpartition("/")
            take(by_name[name], int(number), outcomes)

    run((job for program in programs for job in program.jobs()), Refuting.take)
    run((job for program in programs for job in program.second_jobs()), Refuting.take_second)
