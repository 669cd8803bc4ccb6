"""The room where runs are told and tellings are checked.

Belongs here: ``narrators`` (a trace becomes English) and ``verifier`` (English is checked against a trace). The
two import each other never and share nothing but the trace model. Does not belong here: what is asked about a run
(``questions``), and what a telling is used for (``mixtures``).
"""

from tracepile_assets.narration.narrators import (
    NOTATIONS,
    Attempt,
    Count,
    Narration,
    Rejection,
    attempts,
    counter,
    narrate,
    narrate_backward,
    notate,
)
from tracepile_assets.narration.verifier import (
    Admission,
    Claim,
    Verdict,
    admit,
    verify,
    verify_backward,
    verify_notation,
    verify_phases,
)

__all__ = [
    "NOTATIONS",
    "Admission",
    "Attempt",
    "Claim",
    "Count",
    "Narration",
    "Rejection",
    "Verdict",
    "admit",
    "attempts",
    "counter",
    "narrate",
    "narrate_backward",
    "notate",
    "verify",
    "verify_backward",
    "verify_notation",
    "verify_phases",
]
