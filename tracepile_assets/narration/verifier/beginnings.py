"""What was verified of earlier texts about a run, so that a text that begins alike is checked from where it parts.

The questions about one run are told one after the other, and their tellings begin with the same sentences. Belongs
here: finding how far a text repeats an earlier one, and the state of the check there. Does not belong here: any check
(``verification`` goes on from what it finds here).
"""

from bisect import bisect_right
from dataclasses import dataclass, field
from typing import NamedTuple

from tracepile_assets.narration.verifier.cursor import Cursor
from tracepile_assets.narration.verifier.text import Sentence
from tracepile_assets.narration.verifier.verdict import Claim

_APART = 2
"""Sentences from one place to go on from to the next."""

_TEXTS = 16
_QUOTES = ("'", '"')


class Place(NamedTuple):
    """The end of a sentence up to which every claim was verified: where it is in the text, how many sentences and
    claims go before it, the latest event that one of them is about, and where the run was left."""

    end: int
    sentences: int
    claims: int
    latest: int
    cursor: Cursor


@dataclass(slots=True)
class Beginning:
    """A text as far as it was verified, and the places from which another may go on."""

    text: str
    claims: list[Claim] = field(default_factory=list)
    places: list[Place] = field(default_factory=list)
    open: bool = True

    def note(self, sentence: Sentence, says: str, read: int, latest: int, cursor: Cursor) -> None:
        """Keep the end of a sentence, the one numbered `read`, all claims up to which are verified and independent of
        the question, as a place to go on from."""
        self.open = self.open and sentence.closed and sentence.end < len(self.text) and _is_settled(sentence, says)
        if self.open and read % _APART == 0:
            self.places.append(Place(sentence.end, read, len(self.claims), latest, cursor.copy()))


class Beginnings:
    """The texts about one run."""

    def __init__(self) -> None:
        """No text yet."""
        self._texts: list[Beginning] = []

    def begin(self, text: str, moment: int | None) -> tuple[Beginning, Place | None]:
        """A text to be verified, with what an earlier one has in common with it, and the place to go on from.

        Args:
            text: the text.
            moment: the event after which nothing may be told; None for the end of the run.
        """
        best, place = None, None
        for earlier in self._texts:
            common = _common(text, earlier.text)
            # The character after a sentence's end belongs to what decides that it ends there.
            number = bisect_right(earlier.places, common - 1, key=lambda known: known.end)
            while number and moment is not None and earlier.places[number - 1].latest >= moment:
                number -= 1
            if number and (place is None or earlier.places[number - 1].end > place.end):
                best, place = earlier, earlier.places[number - 1]
        begun = Beginning(text)
        if best is not None and place is not None:
            begun.claims = best.claims[: place.claims]
            begun.places = best.places[: best.places.index(place) + 1]
        self._texts.append(begun)
        del self._texts[:-_TEXTS]
        return begun, place


def _common(one: str, other: str) -> int:
    """Number of characters with which both texts begin."""
    low, high = 0, min(len(one), len(other))
    while low < high:
        middle = (low + high + 1) // 2
        if one[low:middle] == other[low:middle]:
            low = middle
        else:
            high = middle - 1
    return low


def _is_settled(sentence: Sentence, says: str) -> bool:
    """Whether what follows a sentence has no say in how it is cut into tokens: no quote in it looks for its fellow
    further on."""
    if not any(quote in says for quote in _QUOTES):
        return True
    return not any(
        token.text in _QUOTES if token.kind == "sign" else any(quote in token.text for quote in _QUOTES)
        for token in sentence.tokens
        if token.kind in ("sign", "code")
    )
