"""Writing down what is told of a run, as long as it can keep to the budget.

The tellings of the questions about one run begin alike, and what they have in common is written once. Belongs here: the
beats that a budget has room for, and sharing what was written of them. Does not belong here: the beats (``frames``) and
the sentences (``prose``).
"""

from collections.abc import Callable

from tracepile_assets.narration.narrators.beats import Beat
from tracepile_assets.narration.narrators.frames import Frames
from tracepile_assets.narration.narrators.prose import Prose, joined

_APART = 8
"""Beats from one place to go on from to the next."""


def fitting(frames: Frames, most: int) -> list[tuple[Beat, int]] | None:
    """The beats of a run, each with the last event that had a say in what was told up to it (``Frames.looked``); None
    if they have more than `most` characters."""
    found: list[tuple[Beat, int]] = []
    for beat in joined(frames.tell(frames.trace.frames[0])):
        most -= len(beat.text)
        if most < 0:
            return None
        found.append((beat, frames.looked))
    return found


class Writing:
    """The longest text that was written of a run, and the places in it from which another may go on.

    Args:
        begin: gives the empty text.
    """

    def __init__(self, begin: Callable[[], Prose]) -> None:
        """Nothing is written yet."""
        self._begin = begin
        self._beats: list[Beat] = []
        self._places: list[tuple[int, Prose]] = []

    def write(self, beats: list[Beat], most: int) -> tuple[Prose, int]:
        """Write down beats, up to the last of them or until the text certainly has more than `most` characters.

        Returns:
            The text, and how many of the beats it holds.
        """
        common = _common(beats, self._beats)
        places = [place for place in self._places if place[0] <= common]
        taken, prose = (places[-1][0], places[-1][1].copy()) if places else (0, self._begin())
        while taken < len(beats) and prose.length <= most:
            prose.take(beats[taken])
            taken += 1
            if taken % _APART == 0:
                places.append((taken, prose.copy()))
        if len(beats) >= len(self._beats):
            self._beats, self._places = beats[:taken], places
        return prose, taken


def _common(one: list[Beat], other: list[Beat]) -> int:
    """Number of beats with which both begin."""
    for number, (mine, yours) in enumerate(zip(one, other, strict=False)):
        if mine is not yours and mine != yours:
            return number
    return min(len(one), len(other))
