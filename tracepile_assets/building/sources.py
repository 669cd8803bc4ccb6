"""Bringing the stripe map of a source up to date with what the source holds now.

Not here: reading a layout (sources/), and the rows of raw_programs (rows/raw_programs.py).
"""

import platform
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from functools import cache

from tracepile_assets.execution import packages, recorder_version
from tracepile_assets.home import Home, SourceEntry, StripeMap
from tracepile_assets.planning import fingerprint, versions_digest
from tracepile_assets.sources import Program, SourceError, draws_inputs, mark_of, mutates_inputs
from tracepile_assets.tables import ids

from .reading import keep, readable
from .rows.raw_programs import DRAWING, MUTATING

MODULES = ("tracepile_assets.sources", "tracepile_assets.similarity")


@dataclass(frozen=True)
class SourceProblem:
    """A source that cannot be read, and the message that says why."""

    source: str
    message: str


def program_content(entry: SourceEntry, program: Program) -> str:
    """Digest of all that a source says of a program, its place included: what a row of raw_programs is made from.

    Of a program with a generator it covers also what draws the inputs, of one that may get mutants what makes them.
    """
    generator = program.generator
    mutates = mutates_inputs(entry) and program.status == "ok"
    mutating = [entry.max_inputs, entry.seed, _mutating_version(), packages.versions(program.code)]
    return fingerprint(
        program.domain,
        program.statement,
        program.code,
        program.entry_point,
        [[i.codec, i.arguments, i.stdin, i.expected, i.origin] for i in program.inputs],
        program.status,
        program.reason,
        program.benchmark,
        list(program.input_problems),
        [program.title, program.license, program.origin_uri],
        *([] if generator is None else [asdict(generator), _drawing_version(), _imported(program)]),
        *([mutating] if mutates else []),
    )


def _imported(program: Program) -> list[str]:
    return packages.versions(f"{program.code}\n{program.generator.code}")


@cache
def _drawing_version() -> str:
    """What draws inputs: our code, and the Python that runs the programs."""
    return fingerprint(versions_digest((DRAWING,)), ".".join(platform.python_version_tuple()[:2]))


@cache
def _mutating_version() -> str:
    """What chooses among mutants: our code, the Python that runs the programs, and the recorder."""
    python = ".".join(platform.python_version_tuple()[:2])
    return fingerprint(versions_digest((MUTATING,)), python, recorder_version())


def program_id_of(entry: SourceEntry, program: Program) -> str:
    """Id of a program of a source."""
    return ids.program_id(entry.name, program.source_row, program.code, program.entry_point)


def _stamp(home: Home, entry: SourceEntry) -> str:
    """What tells whether a source may have changed since it was read: its entry, our readers, its file's own mark, and
    what was taken down of it.
    """
    drawn = [_drawing_version(), packages.installed()] if draws_inputs(entry) else []
    if mutates_inputs(entry):
        drawn += [_mutating_version(), packages.installed()]
    forgotten = sorted(home.forgotten().rows(entry.name))
    return fingerprint(asdict(entry), mark_of(entry), versions_digest(MODULES), *drawn, *forgotten)


def _rows(home: Home, entry: SourceEntry) -> Iterator[tuple[Program, str, str]]:
    for program in readable(home, entry):
        yield program, program_id_of(entry, program), program_content(entry, program)


def sync_source(home: Home, entry: SourceEntry) -> StripeMap:
    """Read a source if it may have changed, and write its stripe map.

    The whole source is read before anything is written, so that a fault in its last row leaves the map as it was. What
    is read is kept on disk for the stripes to be made of: a source is read once, and no more than one stripe of it is
    in memory.

    Raises:
        SourceError: the source cannot be read; the message names file, row and remedy.
    """
    stamp = _stamp(home, entry)
    stripe_map = home.stripe_map(entry.name)
    if stripe_map.fingerprint == stamp:
        return stripe_map
    with home.lock(f"source/{entry.name}"):
        stripe_map = home.stripe_map(entry.name)
        if stripe_map.fingerprint == stamp:
            return stripe_map
        with keep(home, entry.name, stamp, _rows(home, entry)) as rows, home.lock("home"):
            stripe_map = home.stripe_map(entry.name)
            stripe_map.update(rows, stamp, limited=entry.limit is not None)
            stripe_map.save()
    return stripe_map


def sync_sources(home: Home, sources: Iterable[str] | None = None) -> tuple[dict[str, StripeMap], list[SourceProblem]]:
    """Bring the stripe maps of all sources up to date, or of those named.

    Returns:
        The stripe map per source that can be read, and a problem per source that cannot.

    Raises:
        HomeError: a name is not in the registry.
    """
    registry = home.registry()
    entries = registry.entries() if sources is None else [registry.get(name) for name in sources]
    maps: dict[str, StripeMap] = {}
    problems: list[SourceProblem] = []
    for entry in entries:
        try:
            maps[entry.name] = sync_source(home, entry)
        except SourceError as error:
            problems.append(SourceProblem(entry.name, str(error)))
    return maps, problems
