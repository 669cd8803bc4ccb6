"""Inputs that a proof is tried on beside those of the program: fresh mutants of them, on which the original ends well.

Belongs here: which mutants are run and which of them count. Does not belong here: making mutants (sources/mutation),
comparing what runs show (``behaviour``, ``proving``).
"""

from collections.abc import Mapping, Sequence
from typing import Any

from tracepile_assets.execution import Limits, Outcome, RunInput
from tracepile_assets.rewriting.behaviour import Behaviour
from tracepile_assets.sources.mutation import Mutator
from tracepile_assets.sources.program import ProgramInput
from tracepile_assets.trace_model.endings import teaches
from tracepile_assets.trace_model.statements import Syntax

LIMITS = Limits(events=20_000, wall_s=20.0, cpu_s=2.0, memory_mb=512, output_bytes=20_000)
"""What a run on a fresh input may use. A variant may take ten times the events that the original may."""

MOST_EVENTS = LIMITS.events // 10
"""Events of the original on a fresh input that counts."""
MOST_EXCEPTIONS = 0.2
"""Share of the fresh inputs on which the original may end in an exception."""
_SPARE = 2
"""Mutants that are run for each that is wanted."""
_PREFIX = "fresh_"


def draw(program: Mapping[str, Any], seed: int, wanted: int) -> dict[str, RunInput]:
    """Mutants of a program's inputs to choose from, by a name of their own; none where its inputs cannot be read.

    They depend on the program, its inputs and the seed; the key of the sequence is another than that of kept mutants.
    """
    given = [
        ProgramInput(arguments=each.get("arguments"), stdin=each.get("stdin"), codec=each.get("codec") or "literal")
        for each in program["inputs"]
    ]
    if not wanted or not given:
        return {}
    mutator = Mutator(program["code"], program["entry_point"], given)
    drawn = mutator.draw(f"proof/{seed}/{program['program_id']}", wanted * _SPARE)
    names = (f"{_PREFIX}{number}" for number in range(len(drawn)))
    return {
        name: RunInput(input_id=name, codec=each.codec, arguments=each.arguments, stdin=each.stdin)
        for name, each in zip(names, drawn, strict=True)
    }


def choose(code: str, entry_point: str | None, outcomes: Sequence[Outcome], wanted: int) -> list[Outcome]:
    """The first runs of the original that a variant has to equal.

    It came to its end within ``MOST_EVENTS``, with a value known in full; or it ended in an exception that says
    something of the program and not of an input that does not fit it (``trace_model.endings``), in a share of the runs.
    """
    syntax = Syntax(code)
    found: list[Outcome] = []
    exceptions = 0
    for outcome in outcomes:
        recording = outcome.recording
        if len(found) == wanted:
            break
        if outcome.status not in ("ok", "exception") or recording.n_events > MOST_EVENTS or recording.truncated:
            continue
        if Behaviour.of(recording).why_incomparable(entry_point is not None):
            continue
        if outcome.status == "exception":
            if exceptions + 1 > wanted * MOST_EXCEPTIONS:
                continue
            if not teaches(syntax, recording, reads_text=entry_point is None):
                continue
            exceptions += 1
        found.append(outcome)
    return found
