"""What a narrator gives back.

Belongs here: the frozen values. Does not belong here: how a text comes about, and how long one is (``tokens``).
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Narration:
    """One telling.

    Attributes:
        text: the telling.
        style: its style: ``narrative``, ``backward``, or that of a notation.
        narrator: who told it (``deterministic``).
        direction: ``forward`` or ``backward``.
        n_steps: executed steps (line events) that it tells of.
        n_tokens: its length in tokens.
        opaque_fold: part of the run is told by its outcome alone, which a reader cannot derive step by step.
    """

    text: str
    style: str
    narrator: str
    direction: str
    n_steps: int
    n_tokens: int
    opaque_fold: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Rejection:
    """Why there is no telling.

    Attributes:
        unit: the narrator and style that gave up.
        reason: ``over_budget``, ``not_narrated``, ``too_deep``, ``no_events`` or ``truncated``.
        detail: what exactly stood in the way.
    """

    unit: str
    reason: str
    detail: str | None = None
