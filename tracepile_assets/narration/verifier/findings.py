"""The small values that checks give back.

Belongs here: ``Finding``. Does not belong here: deciding on a whole text (``verification``).
"""

from typing import NamedTuple

from tracepile_assets.narration.verifier.verdict import CONTRADICTED, UNGROUNDED, VERIFIED


class Finding(NamedTuple):
    """What became of one claim: its verdict, the event it was matched to, why it fails, whether it was only
    observed."""

    verdict: str
    event: int | None = None
    detail: str | None = None
    observed: bool = False


def verified(event: int | None, *, observed: bool = False) -> Finding:
    """The claim holds at the event."""
    return Finding(VERIFIED, event, None, observed)


def contradicted(event: int | None, detail: str) -> Finding:
    """The event shows otherwise."""
    return Finding(CONTRADICTED, event, detail)


def ungrounded(detail: str) -> Finding:
    """There is nothing in the run that the claim could be about."""
    return Finding(UNGROUNDED, None, detail)
