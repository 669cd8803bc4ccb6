"""What a proved variant costs, split into parsing, transforming and proving.

Parsing is the one LibCST parse of a program; transforming is making candidates, telling them apart included; proving is
all else that keeping them takes: the runs in the jail on the program's inputs and on fresh ones (all its processes are
counted), comparing them, the name maps.

Belongs here: the clock around the three. Does not belong here: doing them.
"""

from collections.abc import Iterator
from contextlib import ExitStack
from time import thread_time
from typing import Any
from unittest.mock import patch

import libcst as cst

from benchmarks.measuring import cpu_of_descendants, cpu_of_this_process, table
from benchmarks.workloads import Workload, named
from tracepile_assets.execution import Limits, Pool
from tracepile_assets.home.settings import Rewriting
from tracepile_assets.rewriting import fresh_inputs, proposing, prove, proving
from tracepile_assets.rewriting.transforms import SURFACE


def of(source: str, programs: int, inputs: int) -> str:
    """A table of milliseconds of CPU time per proved variant, with the default number of variants per program.

    Raises:
        FileNotFoundError: the data of the source is not there.
    """
    works = [work for work in named(source, inputs) if work.inputs]
    works = works[:: max(1, len(works) // programs)][:programs]
    variants = Rewriting().variants_per_program
    clock = _Clock()
    proved = structural = enough = 0
    with (
        Pool(workers=1, limits=Limits(events=100_000)) as pool,
        Pool(workers=1, limits=fresh_inputs.LIMITS) as fresh_pool,
        clock.watching(),
    ):
        settings = {"seed": 0, "variants_per_program": variants, "fresh_pool": fresh_pool}
        list(prove(_rows(works[:1]), pool, **settings))
        clock.reset()
        begun = cpu_of_this_process() + cpu_of_descendants()
        for result in prove(_rows(works), pool, **settings):
            kept = [not SURFACE & set(variant["rewrites"]) for variant in result.variants[1:]]
            proved += len(kept)
            structural += sum(kept)
            enough += sum(kept) >= 3
        total = cpu_of_this_process() + cpu_of_descendants() - begun
    parts = {
        "parsing": clock.parsing,
        "transforming": clock.transforming,
        "proving": total - clock.parsing - clock.transforming,
        "together": total,
    }
    print(f"programs parsed with LibCST: {clock.parsed} times for {len(works)} programs, {clock.made} candidates made")
    print(f"{structural} of {proved} variants change more than names; {enough} programs have three such or more")
    head = [
        f"{source}, {len(works)} programs, {inputs} inputs, {proved} proved variants",
        "ms per proved variant",
        "share",
    ]
    return table(head, [[part, 1000 * spent / proved, f"{spent / total:.0%}"] for part, spent in parts.items()])


def _rows(works: list[Workload]) -> Iterator[dict[str, Any]]:
    for number, work in enumerate(works):
        inputs = [
            {"input_id": f"i_{place}", "codec": "literal", "arguments": given, "stdin": None}
            for place, given in enumerate(work.inputs)
        ]
        yield {"program_id": f"p_{number}", "code": work.code, "entry_point": work.entry_point, "inputs": inputs}


class _Clock:
    """CPU seconds spent parsing and transforming, and how often; what is watched does what it always does."""

    def __init__(self) -> None:
        self.reset()

    def reset(self) -> None:
        self.parsing = self.transforming = 0.0
        self.parsed = self.made = 0

    def watching(self) -> ExitStack:
        """A context in which the clock runs."""
        stack = ExitStack()
        stack.enter_context(patch.object(proposing, "parse", self._parse(proposing.parse)))
        stack.enter_context(patch.object(proving, "proposals", self._proposals(proving.proposals)))
        return stack

    def _parse(self, parse: Any) -> Any:
        def timed(code: str) -> cst.Module:
            begun = thread_time()
            try:
                return parse(code)
            finally:
                self.parsing += thread_time() - begun
                self.parsed += 1

        return timed

    def _proposals(self, proposals: Any) -> Any:
        def timed(*args: Any, **options: Any) -> Iterator[Any]:
            made = proposals(*args, **options)
            while True:
                begun, parsing = thread_time(), self.parsing
                one = next(made, None)
                self.transforming += thread_time() - begun - (self.parsing - parsing)
                if one is None:
                    return
                self.made += isinstance(one, proposing.Candidate)
                yield one

        return timed
