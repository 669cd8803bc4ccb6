"""Programs that read standard input and print, as contest solutions do.

Belongs here: the catalogue of this collection, put together from its areas. Does not belong here: program texts
(`programs/`, never imported), entries and generators (one module for each area).
"""

from tracepile_assets.sources.embedded.catalogue import Entry
from tracepile_assets.sources.embedded.competition import (
    dynamic_programming,
    greedy,
    grids,
    ranges,
    simulation,
    stacks_queues_maps,
    strings,
)

ENTRIES: tuple[Entry, ...] = (
    *greedy.ENTRIES,
    *simulation.ENTRIES,
    *stacks_queues_maps.ENTRIES,
    *strings.ENTRIES,
    *grids.ENTRIES,
    *ranges.ENTRIES,
    *dynamic_programming.ENTRIES,
)
