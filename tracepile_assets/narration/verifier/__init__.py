"""The claim verifier: text and trace in, claims with verdicts out.

Belongs here: reading English with a grammar of its own, and checking what it says on the recorded run. Does not belong
here: telling. Nothing of the narrators is known or imported, and no run is ever told again in order to compare.
"""

from tracepile_assets.narration.verifier.admission import Admission, admit
from tracepile_assets.narration.verifier.backward import verify_backward
from tracepile_assets.narration.verifier.notations import verify_notation
from tracepile_assets.narration.verifier.phases import verify_phases
from tracepile_assets.narration.verifier.verdict import Claim, Verdict
from tracepile_assets.narration.verifier.verification import verify

__all__ = ["Admission", "Claim", "Verdict", "admit", "verify", "verify_backward", "verify_notation", "verify_phases"]
