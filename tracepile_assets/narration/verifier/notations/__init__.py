"""Checks texts in the notations, cell by cell: each is read by a grammar of its own, and every cell is a claim.

Belongs here: one module per notation that reads its text, and the check of what was read against the run. Does not
belong here: prose (``verification``), and writing notations (the narrators, which know nothing of this package).
"""

from tracepile_assets.narration.verifier.notations.checking import NOTATIONS, verify_notation

__all__ = ["NOTATIONS", "verify_notation"]
