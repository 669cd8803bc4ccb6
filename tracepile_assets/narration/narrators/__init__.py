"""The narrators: a trace becomes English.

Belongs here: telling. Does not belong here: checking what was told (``verifier``, which knows nothing of this package).
"""

from tracepile_assets.narration.narrators.backward import Attempt, attempts, narrate_backward
from tracepile_assets.narration.narrators.deterministic import narrate
from tracepile_assets.narration.narrators.notations import NOTATIONS, notate
from tracepile_assets.narration.narrators.telling import Narration, Rejection
from tracepile_assets.narration.narrators.tokens import Count, counter

__all__ = [
    "NOTATIONS",
    "Attempt",
    "Count",
    "Narration",
    "Rejection",
    "attempts",
    "counter",
    "narrate",
    "narrate_backward",
    "notate",
]
