"""Small mathematics programs.

Belongs here: the catalogue of this collection, put together from its areas. Does not belong here: program texts
(`programs/`, never imported), entries and generators (one module for each area).
"""

from tracepile_assets.sources.embedded.catalogue import Entry
from tracepile_assets.sources.embedded.mathematics import (
    algebra,
    combinatorics,
    everyday,
    number_theory,
    probability,
    sequences,
)

ENTRIES: tuple[Entry, ...] = (
    *number_theory.ENTRIES,
    *combinatorics.ENTRIES,
    *algebra.ENTRIES,
    *sequences.ENTRIES,
    *everyday.ENTRIES,
    *probability.ENTRIES,
)
