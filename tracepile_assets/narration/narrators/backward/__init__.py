"""Telling from an outcome back to an input: the search for an input, and the words of it.

Belongs here: what may have been the input (``attempts``: inverse rules first, then a bounded enumeration), and the
telling of one that works. The search sees the program, the outcome and what the question shows, never the input of the
run. Does not belong here: running the attempts (building/), and telling a run forward (``deterministic``).
"""

from tracepile_assets.narration.narrators.backward.search import Attempt, attempts
from tracepile_assets.narration.narrators.backward.telling import narrate_backward

__all__ = ["Attempt", "attempts", "narrate_backward"]
