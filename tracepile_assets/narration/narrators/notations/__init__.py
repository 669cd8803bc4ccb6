"""Notations: a run told in a fixed grammar instead of prose, step by step.

Belongs here: one module per notation, and the order in which a run is told. Does not belong here: prose (``frames`` and
its neighbours), and checking a notation (``verifier.notations``, which knows nothing of this package).

Every cell of a notation is a claim. A notation states a value where the run has got to it and not before: the effect of
a statement stands below what happens inside it.
"""

from tracepile_assets.narration.narrators.notations.telling import NOTATIONS, notate

__all__ = ["NOTATIONS", "notate"]
