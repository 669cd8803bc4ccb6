"""Reads the shipped programs: a collection is a folder of program texts and, beside it, their entries by area.

Belongs here: pairing text and entry, drawing the inputs from their seeds. Does not belong here: what an entry holds
(`catalogue`), any single program, its statement or its generator (`<collection>/`).
"""

import hashlib
from collections.abc import Iterator
from importlib import import_module, resources
from random import Random

from tracepile_assets.sources.embedded.catalogue import Entry
from tracepile_assets.sources.errors import SourceError
from tracepile_assets.sources.program import Program, ProgramInput

COLLECTIONS = ("algorithms", "mathematics", "competition")
LAYOUT = "embedded"
LICENSE = "Apache-2.0"

_DRAWS = 12
"""Times that an input is drawn before a program is taken to have no further one at this level."""


def read(source_name: str, inputs_per_program: int, seed: int) -> Iterator[Program]:
    """The programs of a collection, each with its generated inputs.

    The levels of the inputs are those of ``level_of``. Each is drawn from a seed of its own, made of ``seed``, the
    program's name and the number of the input, so that asking for more inputs leaves the earlier ones as they are.
    One that equals an earlier one is drawn again, and left out if that keeps happening, so that a program with few
    inputs may have fewer than asked for.

    Args:
        source_name: name of the collection: ``algorithms``, ``mathematics`` or ``competition``.
        inputs_per_program: number of inputs to draw for each program.
        seed: seed of the source.

    Raises:
        SourceError: there is no such collection.
    """
    entries = entries_of(source_name)
    texts = resources.files(f"{__name__}.{source_name}") / "programs"
    for entry in entries:
        code = (texts / f"{entry.name}.py").read_text(encoding="utf-8")
        yield Program(
            source_row=entry.name,
            domain=entry.domain,
            title=entry.title,
            statement=entry.statement,
            code=code,
            entry_point=entry.entry_point,
            inputs=tuple(_inputs(entry, inputs_per_program, seed)),
            license=LICENSE,
            origin_uri=f"tracepile://{source_name}/{entry.name}.py",
        )


def entries_of(source_name: str) -> tuple[Entry, ...]:
    """The entries of a collection, in its order.

    Raises:
        SourceError: there is no such collection.
    """
    if source_name not in COLLECTIONS:
        known = ", ".join(COLLECTIONS)
        raise SourceError(
            f"there is no embedded collection {source_name!r} (there are: {known}); name the source after one of "
            "them, or set its option "
            "`collection`"
        )
    return tuple(import_module(f"{__name__}.{source_name}").ENTRIES)


def level_of(index: int) -> float:
    """Level of the input of a number (from 0), between 0 and 1: 1/2, 1/4, 3/4, 1/8, 5/8, 3/8, 7/8, 1/16, …

    However many inputs are drawn, they lie evenly (the radical inverse in base 2 of van der Corput, 1935).
    """
    level, step, rest = 0.0, 0.5, index + 1
    while rest:
        level += step * (rest & 1)
        rest >>= 1
        step /= 2
    return level


def _inputs(entry: Entry, count: int, seed: int) -> Iterator[ProgramInput]:
    seen: set[str] = set()
    for index in range(count):
        level = level_of(index)
        for draw in range(_DRAWS):
            text = entry.generate(random_of(seed, entry.name, index, draw), level)
            if text not in seen:
                seen.add(text)
                if entry.entry_point is None:
                    yield ProgramInput(stdin=text, origin="generated")
                else:
                    yield ProgramInput(arguments=text, origin="generated")
                break


def random_of(seed: int, name: str, index: int, draw: int = 0) -> Random:
    """The generator of random numbers that an input of a program is drawn with, for the n-th time (from 0)."""
    # Random(str) would do, but its seeding of strings is not promised to stay the same between Python versions.
    key = f"{seed}/{name}/{index}/{draw}".encode()
    return Random(int.from_bytes(hashlib.blake2b(key, digest_size=16).digest(), "big"))
