"""What a source gives: a program with its inputs, before it has an id.

Belongs here: the values that every layout makes, and the digest that tells whether a row of a source changed. Does
not belong here: reading (layouts/, embedded/), ids and the columns of raw_programs (tables/).
"""

from dataclasses import astuple, dataclass
from typing import Literal

from tracepile_assets.tables.ids import digest


@dataclass(frozen=True, slots=True, kw_only=True)
class ProgramInput:
    """One input of a program.

    Attributes:
        codec: how ``arguments`` are written; ``literal`` is source text that the jail evaluates.
        arguments: what stands between the parentheses of the call (``[1, 2], k=3``); None for a stdin program.
        stdin: what the program reads; None for a function program.
        expected: what the source states about this input, and only that: an expression (function programs) or stdout
            text.
        origin: ``given`` by the source, ``generated`` by a generator from a seed, ``mutated`` from other inputs, or
            ``proposed`` by a language model.
    """

    arguments: str | None = None
    stdin: str | None = None
    expected: str | None = None
    origin: Literal["given", "generated", "mutated", "proposed"] = "given"
    codec: str = "literal"


@dataclass(frozen=True, slots=True, kw_only=True)
class InputGenerator:
    """A program's own generator of inputs, which is as little trusted as the program: it runs in the jail only.

    Attributes:
        code: Python source text that defines it; it may use what the program defines.
        call: name of the function that gives one input.
        takes_rng: whether it is called with a ``random.Random``, or with nothing.
        seed: seed of the source.
        count: number of different inputs asked for.
    """

    code: str
    call: str
    takes_rng: bool
    seed: int
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Program:
    """One program of a source.

    Attributes:
        source_row: natural key in the source, else content hash and a number among equals.
        domain: ``mathematics``, ``algorithms`` or ``competition``.
        title: short name for people.
        statement: the problem in words, None where the source has none.
        code: Python source text, lines ended by ``\\n``.
        entry_point: expression that is called with the arguments; None for a stdin program.
        inputs: its inputs in the order of the source; no two are equal.
        license: licence as the source states it.
        origin_uri: where the program came from; the only place that may hold a line number.
        status: ``ok``, or ``rejected``: the row is kept, nothing is made from it.
        reason: why it was rejected, else None.
        benchmark: a row of a benchmark: traced and asked about, never in a mixture.
        generator: what further inputs are to be drawn with, None where the source has no such thing.
        input_problems: one sentence for each input that the source states but that could not be read, or that it
            states twice.
    """

    source_row: str
    domain: str
    title: str
    code: str
    inputs: tuple[ProgramInput, ...]
    license: str
    origin_uri: str
    statement: str | None = None
    entry_point: str | None = None
    status: Literal["ok", "rejected"] = "ok"
    reason: str | None = None
    benchmark: bool = False
    generator: InputGenerator | None = None
    input_problems: tuple[str, ...] = ()


def content_digest(program: Program) -> str:
    """Digest of everything that the program's row is made from, except where it was read from: a moved row is not a
    changed one."""
    parts: list[str | None] = [
        program.source_row,
        program.domain,
        program.title,
        program.statement,
        program.code,
        program.entry_point,
        program.license,
        program.status,
        program.reason,
        str(program.benchmark),
        str(len(program.input_problems)),
        *program.input_problems,
    ]
    if program.generator is not None:
        parts += map(str, astuple(program.generator))
    for given in program.inputs:
        parts += [given.codec, given.arguments, given.stdin, given.expected, given.origin]
    return digest(parts)
