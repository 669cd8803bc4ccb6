"""The thirty classical algorithms of the CLRS reasoning benchmark.

Belongs here: the catalogue of this domain, put together from its areas. Does not belong here: program texts
(`programs/`, never imported), entries and generators (one module for each area), reading
(`tracepile_assets.sources.embedded`).
"""

from tracepile_assets.sources.embedded.algorithms import (
    dynamic_programming,
    geometry,
    graphs,
    greedy,
    searching,
    shortest_paths,
    sorting,
    spanning_trees,
    strings,
)
from tracepile_assets.sources.embedded.catalogue import Entry

ENTRIES: tuple[Entry, ...] = (
    *sorting.ENTRIES,
    *searching.ENTRIES,
    *greedy.ENTRIES,
    *dynamic_programming.ENTRIES,
    *graphs.ENTRIES,
    *spanning_trees.ENTRIES,
    *shortest_paths.ENTRIES,
    *strings.ENTRIES,
    *geometry.ENTRIES,
)
