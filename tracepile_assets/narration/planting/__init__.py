"""Plants single faults in true tellings.

Belongs here: choosing a place in a telling by its stored claims, and changing it. Does not belong here: whether the
text is then false (``quality`` judges that), and checking texts (``verifier``). Nothing of narrators or verifier is
imported.
"""

from tracepile_assets.narration.planting.faults import FAULTS, Planted, plant, plant_each

__all__ = ["FAULTS", "Planted", "plant", "plant_each"]
