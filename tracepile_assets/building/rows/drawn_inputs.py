"""Draws the inputs of programs that bring a generator of them, in the jail.

Belongs here: the seeds, which draws count, and what is said of a generator that gives none. Does not belong here: which
programs have a generator (sources/), ids and rows.

The draws of a program are a sequence without an end: the n-th has a seed made of the source's seed, the program's key
and n. Its inputs are the first different ones of that sequence, so that asking for more leaves the earlier ones as
they are. Each draw is made twice, where hash seed and clock differ: what the two do not agree on is no input.
"""

import ast
import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace

from tracepile_assets.execution import Job, Limits, Outcome, Pool, RunInput
from tracepile_assets.home import Settings
from tracepile_assets.sources import Program, ProgramInput
from tracepile_assets.sources.layouts.signatures import Signature
from tracepile_assets.trace_model.codecs import CodecError, codec, parse_literal
from tracepile_assets.trace_model.recording import Recording

BARREN = 12
"""Draws in a row without a new input after which a program is taken to have no further one."""
AT_ONCE = 8
"""Draws of a program that are made before any of them is looked at."""
LONGEST_ARGUMENTS = 50_000
"""Characters of the arguments of one input that is kept."""

LIMITS = Limits(wall_s=60.0, cpu_s=5.0)
"""What one draw may use: the same in every home, since no limit in its settings decides the rows of raw_programs."""

_DRAW = "__draw__"
_LITERAL = codec("literal")
_ENDED_BY_ITSELF = frozenset({"ok", "exception"})


class _UnstorableError(Exception):
    """A draw gave no input; the message says why."""


def open_pool(settings: Settings) -> Pool:
    """Make the pool that inputs are drawn in, to be used in a `with` statement. Raises ``SandboxUnavailable``."""
    return Pool(workers=settings.compute.workers, isolation=settings.compute.isolation, limits=LIMITS)


def draw(programs: Iterable[Program], pool: Pool) -> Iterator[Program]:
    """Give each program the inputs that its generator draws, behind those that it has; in the order of the programs.

    What a generator does wrong is told in ``input_problems``; a program that has no input after it is ``rejected``. The
    programs are held in memory together.
    """
    sequences = [_Sequence(program) for program in programs]
    while waiting := [sequence for sequence in sequences if not sequence.done]:
        jobs = (job for sequence in waiting for job in sequence.jobs())
        outcomes = iter(pool.run(jobs))
        for sequence, (_, first), (_, second) in zip(waiting, outcomes, outcomes, strict=True):
            sequence.take(first, second)
    yield from (sequence.drawn() for sequence in sequences)


@dataclass(slots=True)
class _Sequence:
    """The draws of one program, as far as they are made."""

    program: Program
    made: int = 0
    barren: int = 0
    ended: bool = False
    found: dict[str, ProgramInput] = field(default_factory=dict)
    problems: Counter[str] = field(default_factory=Counter)
    signature: Signature | None = field(init=False)

    def __post_init__(self) -> None:
        self.signature = Signature.of(self.program.code, self.program.entry_point) if self.program.generator else None

    @property
    def done(self) -> bool:
        """Whether no more draws are needed."""
        generator = self.program.generator
        return generator is None or self.ended or self.barren >= BARREN or len(self.found) >= generator.count

    def jobs(self) -> Iterator[Job]:
        """The next draws, and the same again in the twin."""
        generator = self.program.generator
        text = _text(self.program)
        # One that loops, loops in every draw of a job: the first draw is made alone.
        number = min(generator.count - len(self.found), AT_ONCE) if self.made else 1
        seeds = [_seed(generator.seed, self.program.source_row, self.made + n) for n in range(number)]
        draws = tuple(RunInput(str(n), arguments=str(seed)) for n, seed in enumerate(seeds))
        for twin in (False, True):
            yield Job(self.program.source_row, text, _DRAW, draws, record=False, twin=twin)

    def take(self, first: list[Outcome], second: list[Outcome]) -> None:
        """Go through draws in their order, up to the one that settles it."""
        for one, other in zip(first, second, strict=True):
            if self.done:
                return
            self.made += 1
            try:
                given = self._fitting(_input(one.recording, other.recording))
            except _UnstorableError as problem:
                self.problems[str(problem)] += 1
                self.barren += 1
                # A limit that was reached once would be reached again, and each time costs as much as it allows.
                self.ended = one.status not in _ENDED_BY_ITSELF or other.status not in _ENDED_BY_ITSELF
                continue
            is_new = given.arguments not in self.found
            self.barren = 0 if is_new else self.barren + 1
            self.found.setdefault(given.arguments, given)

    def _fitting(self, given: ProgramInput) -> ProgramInput:
        """The input, if the program's function takes it. Raises ``_UnstorableError``."""
        misfit = None if self.signature is None else self.signature.misfit(given.arguments or "")
        if misfit is not None:
            raise _UnstorableError(f"gives an input that {misfit}")
        return given

    def drawn(self) -> Program:
        """The program with what was found."""
        program = self.program
        if program.generator is None:
            return program
        known = {given.arguments for given in program.inputs}
        inputs = (*program.inputs, *(given for text, given in self.found.items() if text not in known))
        problems = [
            f"the generator of inputs {text}" + (f" ({times} of {self.made} draws)" if times > 1 else "")
            for text, times in self.problems.items()
        ]
        reason = None if inputs else f"has no inputs: {problems[0] if problems else 'the generator gives none'}"
        return replace(
            program,
            inputs=inputs,
            status=program.status if reason is None else "rejected",
            reason=program.reason if reason is None else reason,
            input_problems=(*program.input_problems, *problems),
        )


def _seed(seed: int, source_row: str, number: int) -> int:
    key = f"{seed}/{source_row}/{number}".encode()
    return int.from_bytes(hashlib.blake2b(key, digest_size=4).digest(), "big")


def _text(program: Program) -> str:
    """The program, its generator, and the function that makes one draw."""
    generator = program.generator
    seeds = ["    random.seed(seed)"]
    if "numpy" in program.code or "numpy" in generator.code:
        seeds += ["    import numpy", "    numpy.random.seed(seed)"]
    call = f"{generator.call}(random.Random(seed))" if generator.takes_rng else f"{generator.call}()"
    lines = ["from random import Random", generator.code, f"def {_DRAW}(seed):", "    import random", *seeds]
    return "\n".join([program.code, *lines, _TOLD.replace("CALL", call)])


_PLAIN, _SHARING, _EXITED = "plain", "sharing", "exited"
_TOLD = f"""\
    import builtins as b, collections
    try:
        given = CALL
    except b.SystemExit:
        return '{_EXITED}', None
    seen, waiting = b.set(), [given]
    while waiting:
        value = waiting.pop()
        kind = b.type(value)
        if kind in (b.list, b.dict, b.set, b.bytearray, collections.deque):
            if b.id(value) in seen:
                return '{_SHARING}', given
            seen.add(b.id(value))
        if kind in (b.list, b.tuple, b.set, b.frozenset, collections.deque):
            waiting.extend(value)
        elif kind is b.dict:
            waiting.extend(value.keys())
            waiting.extend(value.values())
    return '{_PLAIN}', given
"""
"""The end of a draw: what was given, and what its text alone would not tell of it."""


def _input(one: Recording, other: Recording) -> ProgramInput:
    """The input that a draw gave. Raises ``_UnstorableError``."""
    for recording in (one, other):
        if recording.status == "rejected":
            raise _UnstorableError(f"cannot be run: {recording.reason}")
        if recording.status == "exception":
            raise _UnstorableError(f"raises {_shown(recording.exception)}")
        if recording.status != "ok":
            raise _UnstorableError(f"ends with {recording.status}: {recording.reason}")
    if one.return_value is None or other.return_value is None:
        raise _UnstorableError("gives more than can be stored")
    if one.return_value != other.return_value:
        raise _UnstorableError("gives another input in a second run from the same seed")
    told, text = _told(one.return_value)
    if told == _EXITED:
        raise _UnstorableError("ends the program with sys.exit() in place of giving an input")
    try:
        value = parse_literal(text)
        if _holds_ellipsis(text):
            # What contains itself is written so too.
            raise CodecError("...")
    except CodecError:
        raise _UnstorableError(f"gives what cannot be stored: {_shown(text)}") from None
    if told == _SHARING:
        raise _UnstorableError(f"gives one object in two places, which no text of arguments can say: {_shown(text)}")
    if isinstance(value, dict):
        if not all(isinstance(name, str) and name.isidentifier() for name in value):
            raise _UnstorableError(f"gives names that no argument can have: {_shown(text)}")
        arguments = _LITERAL.encode((), value)
    else:
        arguments = _LITERAL.encode(value if isinstance(value, tuple) else (value,), {})
    if len(arguments) > LONGEST_ARGUMENTS:
        raise _UnstorableError(f"gives arguments of more than {LONGEST_ARGUMENTS:,} characters")
    try:
        _LITERAL.decode(arguments)
    except CodecError:
        raise _UnstorableError(f"gives names that no argument can have: {_shown(text)}") from None
    return ProgramInput(arguments=arguments, origin="generated")


def _told(text: str) -> tuple[str, str]:
    """What the draw tells of the input, and the input's text."""
    told = next((told for told in (_PLAIN, _SHARING, _EXITED) if text.startswith(f"('{told}', ")), None)
    if told is None:
        # The program's own exit, before the draw: nothing else returns without telling.
        return _EXITED, text
    return told, text[len(f"('{told}', ") : -1]


def _holds_ellipsis(text: str) -> bool:
    return "..." in text and any(
        isinstance(node, ast.Constant) and node.value is ... for node in ast.walk(ast.parse(text, mode="eval"))
    )


def _shown(text: str | None) -> str:
    line = " ".join((text or "an error").split())
    return line if len(line) <= 120 else line[:117] + "..."
