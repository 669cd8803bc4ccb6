"""What companion questions are made of, read from the tables of a stripe: the problem of each original, its other runs,
its proved variants and what was refuted.

Not here: the questions (questions/companions), and the rows (tracing_questions).
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from hashlib import blake2b

import orjson
import pyarrow.compute as pc

from tracepile_assets.questions import OtherProgram, Problem, ProblemRun, differ
from tracepile_assets.sources.layouts import POSING
from tracepile_assets.tables.files import read_footer, read_table

from . import parents
from .unit import Context, Row

_LONGEST = 4_000
"""Characters of the longest outcome that is kept, and of the longest input that may be shown."""

_RUN_COLUMNS = (
    "variant_id",
    "program_id",
    "input_id",
    "status",
    "return_value",
    "stdout",
    "exception",
    "expected_agrees",
    "deterministic",
)


@dataclass
class _Runs:
    """What the runs of one variant came to: a digest of each result that can be compared, by input; of an original
    also the short outcomes, and whether all runs are as they should be."""

    results: dict[str, bytes] = field(default_factory=dict)
    outcomes: dict[str, str] = field(default_factory=dict)
    sound: bool = True


class Problems:
    """The problems of the programs of a stripe."""

    def __init__(self, context: Context) -> None:
        """Read them."""
        self._holds_input = context.entry.layout in POSING
        self._programs = parents.programs(context)
        rows = read_table(context.home.stripe_file("code_variants", context.stripe), "code_variants").to_pylist()
        self._originals = {row["variant_id"]: row["program_id"] for row in rows if row["equivalence"] == "original"}
        self._variants: dict[str, list[Row]] = {}
        for row in rows:
            if row["equivalence"] == "proved":
                self._variants.setdefault(row["program_id"], []).append(row)
        self._refuted = _refuted(context)
        self._runs: dict[str, _Runs] = {}
        for row in parents.rows_of(context, "execution_traces", _RUN_COLUMNS):
            self._note(row)

    def of(self, trace: Row) -> Problem | None:
        """What is known beside a trace; None where it is not one of an original."""
        program_id = self._originals.get(trace["variant_id"])
        if program_id is None:
            return None
        program = self._programs[program_id]
        own = self._runs[trace["variant_id"]]
        first = program["inputs"][0]["input_id"] == trace["input_id"]
        return Problem(
            statement=program["statement"],
            holds_input=self._holds_input,
            is_first=first,
            is_sound=own.sound and bool(own.results),
            runs=tuple(self._shown(program, own)) if first else (),
            alike=tuple(self._alike(program_id, own)) if first else (),
            unlike=tuple(self._unlike(program_id)) if first else (),
        )

    def _note(self, row: Row) -> None:
        runs = self._runs.setdefault(row["variant_id"], _Runs())
        ended = row["status"] in ("ok", "exception") and row["deterministic"] != "no"
        runs.sound = runs.sound and ended and row["expected_agrees"] is not False
        if not ended or row["status"] != "ok":
            return
        called = self._programs[row["program_id"]]["entry_point"] is not None
        outcome = row["return_value"] if called else row["stdout"]
        if outcome is None:
            return
        result = f"{outcome}\0{row['stdout']}".encode("utf-8", "surrogatepass")
        runs.results[row["input_id"]] = blake2b(result, digest_size=16).digest()
        if row["variant_id"] in self._originals and len(outcome) <= _LONGEST:
            runs.outcomes[row["input_id"]] = outcome

    def _shown(self, program: Row, own: _Runs) -> Iterator[ProblemRun]:
        for given in program["inputs"]:
            name = given["input_id"]
            if name in own.results and len(given["arguments"] or given["stdin"] or "") <= _LONGEST:
                run = (name, given["codec"], given["arguments"], given["stdin"])
                yield ProblemRun(*run, own.outcomes.get(name))

    def _alike(self, program_id: str, own: _Runs) -> Iterator[OtherProgram]:
        for row in self._variants.get(program_id, ()):
            theirs = self._runs.get(row["variant_id"], _Runs()).results
            same = tuple(name for name, result in own.results.items() if theirs.get(name) == result)
            if same:
                yield OtherProgram(tuple(row["rewrites"]), row["code"], row["entry_point"], same)

    def _unlike(self, program_id: str) -> Iterator[OtherProgram]:
        for detail in self._refuted.get(program_id, ()):
            # An input with its text beside it is a fresh one, which stands in no table.
            if "codec" in detail or not detail["variant"] or not differ(detail["original"], detail["variant"]):
                continue
            rewrites = tuple(detail["rewrites"])
            yield OtherProgram(rewrites, detail["code"], detail["entry_point"], (detail["input_id"],))


def _refuted(context: Context) -> dict[str, list[Row]]:
    """What the proof of each program's variants refuted, its details read."""
    path = context.home.side_file("rejected", "code_variants", context.stripe)
    said, of = read_footer(path), read_footer(context.home.stripe_file("code_variants", context.stripe))
    if said is None or of is None or said["inputs"] != of["inputs"]:
        return {}
    table = read_table(path, "rejected")
    found: dict[str, list[Row]] = {}
    for row in table.filter(pc.equal(table.column("reason"), "refuted")).to_pylist():
        found.setdefault(row["parent_id"], []).append(orjson.loads(row["detail"]))
    return found
