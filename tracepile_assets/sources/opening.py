"""Opens a source of the registry, whatever its layout.

Belongs here: the choice of the layout, the limit, the scan. Does not belong here: any layout's format (layouts/).
"""

from collections.abc import Iterator
from itertools import islice
from typing import NamedTuple

from tracepile_assets.home.registry import SourceEntry
from tracepile_assets.sources import embedded, layouts
from tracepile_assets.sources.program import Program, content_digest


class Scanned(NamedTuple):
    """What a scan tells about one program: its natural key, and a digest that changes when its row does."""

    source_row: str
    digest: str


def open_source(entry: SourceEntry) -> Iterator[Program]:
    """The programs of a source in its order, at most ``entry.limit``, read one at a time.

    Raises:
        SourceError: while iterating, where the source cannot be read or is not of its layout.
    """
    return islice(_all(entry), entry.limit)


def scan(entry: SourceEntry) -> list[Scanned]:
    """Read the whole of a source (up to its limit) and tell what is in it.

    Raises:
        SourceError: it cannot be read, is not of its layout, or holds a natural key twice.
    """
    return [Scanned(program.source_row, content_digest(program)) for program in open_source(entry)]


def draws_inputs(entry: SourceEntry) -> bool:
    """Whether programs of a source may bring generators, so that what is made of it depends on running them."""
    return entry.layout in layouts.DRAWING


def mutates_inputs(entry: SourceEntry) -> bool:
    """Whether programs of a source may get mutants of their inputs: not the shipped ones, whose generators draw any
    number of inputs of each size."""
    return entry.layout != embedded.LAYOUT and entry.max_inputs > 1


def _all(entry: SourceEntry) -> Iterator[Program]:
    if entry.layout == embedded.LAYOUT:
        collection = entry.options.get("collection") or entry.name
        yield from embedded.read(collection, entry.inputs_per_program, entry.seed)
    else:
        yield from layouts.get(entry.layout).read(entry)
