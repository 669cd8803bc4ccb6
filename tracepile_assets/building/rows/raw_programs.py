"""Rows of raw_programs: one unit per slot of the stripe map, one row per unit.

Programs that bring a generator of inputs have them drawn here, and those of files get mutants of their inputs, once for
each row that is made: reading a source runs nothing.
"""

import importlib
from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager, nullcontext

from tracepile_assets.planning import fingerprint
from tracepile_assets.similarity.normal_form import family_id
from tracepile_assets.sources import Program, SourceError, mutates_inputs
from tracepile_assets.tables import ids

from ..reading import programs_of
from .unit import Context, Made, Row, Unit, rejection

DRAWING = "tracepile_assets.building.rows.drawn_inputs"
"""The module that draws the inputs of programs that bring a generator."""
MUTATING = "tracepile_assets.building.rows.mutated_inputs"
"""The module that adds mutants to the inputs of programs."""
MODEL_INPUTS = "tracepile_assets.building.rows.model_inputs"
"""The module that has a language model propose inputs, where the settings ask for that."""


def units(context: Context) -> Iterator[Unit]:
    """One unit per program of the stripe, by program_id."""
    for slot in sorted(context.stripe_map.slots(context.stripe), key=lambda slot: slot.program_id):
        earlier = slot.earlier[-1] if slot.earlier else None
        payload = {"source_row": slot.source_row, "supersedes": earlier}
        yield Unit(
            slot.program_id,
            fingerprint(context.base, slot.content, earlier),
            lambda payload=payload: payload,
        )


def make(context: Context, stale: Iterable[Unit]) -> Iterator[Made]:
    """Make the row of every stale unit from what was read of the source.

    Raises:
        SourceError: the source changed after it was read, or has to be read again and cannot be.
        SandboxUnavailable: inputs have to be drawn and programs cannot be run.
    """
    wanted = {unit.unit_id: unit.load() for unit in stale}
    programs: dict[str, Program] = {}
    if wanted:
        rows_wanted = [payload["source_row"] for payload in wanted.values()]
        programs = programs_of(context.home, context.entry, context.stripe_map.fingerprint, rows_wanted)
    if any(program.generator is not None for program in programs.values()):
        # By name, or everything that runs programs would count as deciding every row of this table. What is drawn
        # depends on it by the content of its slot.
        drawing = importlib.import_module(DRAWING)
        with drawing.open_pool(context.settings) as pool:
            drawn = drawing.draw(programs.values(), pool)
            programs = dict(zip(programs, drawn, strict=True))
    if mutates_inputs(context.entry):
        programs = _with_mutants(context, programs)
    for unit_id, payload in wanted.items():
        program = programs.get(payload["source_row"])
        row = program and _row(context, program, payload["supersedes"])
        if row is None or row["program_id"] != unit_id:
            raise SourceError(
                f"source {context.entry.name}: row {payload['source_row']!r} changed while it was being read; "
                "build again"
            )
        unread = [rejection(unit_id, "input", "not taken", problem) for problem in program.input_problems]
        yield Made(unit_id, [row], unread)


def _with_mutants(context: Context, programs: dict[object, Program]) -> dict[object, Program]:
    mutating = importlib.import_module(MUTATING)
    at_most = context.entry.max_inputs
    wanting = [program for program in programs.values() if mutating.wants_mutants(program, at_most)]
    if not wanting:
        return programs
    with mutating.open_pool(context.settings) as pool, _open_proposer(context) as proposer:
        propose = None if proposer is None else proposer.propose
        extended = mutating.extend(wanting, pool, at_most=at_most, seed=context.entry.seed, propose=propose)
        return programs | {program.source_row: program for program in extended}


def _open_proposer(context: Context) -> AbstractContextManager:
    if not context.settings.inputs.by_model:
        return nullcontext()
    # By name, or what asks a model would count as deciding the rows of homes that ask none.
    return importlib.import_module(MODEL_INPUTS).open_proposer(context.home)


def _row(context: Context, program: Program, supersedes: object) -> Row:
    source = context.entry.name
    program_id = ids.program_id(source, program.source_row, program.code, program.entry_point)
    inputs: dict[str, Row] = {}
    for given in program.inputs:
        input_id = ids.input_id(program_id, given.codec, given.arguments, given.stdin)
        inputs.setdefault(
            input_id,
            {
                "input_id": input_id,
                "codec": given.codec,
                "arguments": given.arguments,
                "stdin": given.stdin,
                "expected": given.expected,
                "origin": given.origin,
            },
        )
    return {
        "program_id": program_id,
        "source": source,
        "source_row": program.source_row,
        "supersedes": supersedes,
        "status": program.status,
        "reason": program.reason,
        "domain": program.domain,
        "title": program.title,
        "statement": program.statement,
        "code": program.code,
        "entry_point": program.entry_point,
        "inputs": list(inputs.values()),
        "family_id": family_id(program.code),
        "license": program.license,
        "origin_uri": program.origin_uri,
        "benchmark": program.benchmark,
    }
