"""From beats to sentences: which clauses share a sentence, how they are joined, and how monotony is avoided.

Belongs here: connectives and sentence shape. Does not belong here: what the clauses say (``phrases``, ``frames``).
"""

import random
import re
from collections.abc import Callable, Iterable, Iterator
from typing import Self

from tracepile_assets.narration.narrators.beats import Beat
from tracepile_assets.narration.narrators.skeletons import first_word, last_word, skeleton

_SENTENCE = 230
_MERGED = 260
_SLIGHT = 90
"""Characters of the longest clause that is no sentence of its own where it can go on with the one before."""
_ROW = 2
"""Clauses that a sentence may be continued by for that reason."""
_START = 160
"""Characters of the longest sentence of mere assignments that goes on with the next one: most calls begin so."""

_OURS = re.compile(r"(?:for|in iteration|this|the|there|nothing|after|break|it)\b")
"""Words of ours that a clause begins with."""


class Prose:
    """Collects beats and writes sentences; ``length`` counts the characters of those that will not change any more.

    ``rng`` decides how many short iterations share a sentence. ``governs`` tells of the events of a test and of
    something done later whether the outcome of the test led to it, so that "so" stands only where it is meant.
    """

    evens = True
    """Whether slight sentences, and those of one shape in a row, are joined."""

    def __init__(self, rng: random.Random, governs: Callable[[int, int], bool]) -> None:
        """Begin an empty text."""
        self.rng, self.governs = rng, governs
        self.rooms: list[int] = []
        self.drawn = 0
        self.sentences: list[str] = []
        self.length = 0
        self.shapes: list[str | None] = []
        self.waiting: list[Beat] = []
        self.last: Beat | None = None
        self.seen: set[object] = set()
        self.room = 0
        self.starts, self.called = False, True

    def copy(self) -> Self:
        """The same text, to be gone on with in another way; what is drawn next is the same for both."""
        other = type(self).__new__(type(self))
        other.__dict__ |= self.__dict__
        other.sentences, other.shapes = self.sentences.copy(), self.shapes.copy()
        other.waiting, other.seen = self.waiting.copy(), self.seen.copy()
        return other

    def take(self, beat: Beat) -> None:
        """Take the next beat."""
        if self.waiting and not self._joins(beat):
            self.stop()
        self.waiting.append(beat)
        self.last = beat
        if beat.kind in ("call", "return", "loop_end", "caught", "fold"):
            self.stop()

    def _joins(self, beat: Beat) -> bool:
        """Whether a beat goes into the sentence that is being made."""
        if beat.kind in ("fold", "raise"):
            return False
        kinds = [waiting.kind for waiting in self.waiting]
        acts = kinds.count("effect") + kinds.count("output")
        tests = [waiting for waiting in self.waiting if waiting.kind == "test"] if "test" in kinds else []
        if beat.kind == "pass":
            return set(kinds) == {"pass"} and beat.key != "nth" and self.waiting[-1].key != "nth"
        if beat.kind == "test":
            return not acts and len(kinds) < 4
        if beat.kind == "loop_end":
            alone = set(kinds) == {"pass"} and beat.text.startswith("there is")
            ends = kinds[-1] == "test" and (tests[-1].event == beat.event or self.governs(tests[-1].event, beat.event))
            return alone or ends
        if tests and not self.governs(tests[-1].event, beat.event) and beat.kind != "caught":
            return False
        if beat.kind in ("effect", "output"):
            return acts < 3 and self._length() + len(beat.text) <= _SENTENCE
        if beat.kind == "return":
            return bool(tests) and not acts
        return beat.kind == "caught" or not acts

    def _length(self) -> int:
        return sum(len(beat.text) + 5 for beat in self.waiting)

    def stop(self) -> None:
        """End the sentence."""
        beats, self.waiting = self.waiting, []
        if all(beat.key == "nth" for beat in beats):
            return
        body = self._sentence(beats)
        mergeable = beats[0].kind == "fold" or (
            beats[0].kind == "pass" and all(b.kind in ("pass", "test", "effect") for b in beats)
        )
        together = bool(self.sentences) and len(self.sentences[-1]) + len(body) < _MERGED
        in_a_row = mergeable and self.room > 0 and together
        alone = _capital(body) + "."
        longer = f"{self.sentences[-1][:-1]}; {body}." if self.sentences else alone
        goes_on = in_a_row or (self.evens and together and (self._is_slight(beats, body) or self._starts(beats)))
        if goes_on and self._is_third(longer, 1):
            goes_on = False
        elif self.evens and not goes_on and self._is_third(alone, 0):
            goes_on = True
        if goes_on:
            self.room -= in_a_row
            self.sentences[-1], self.shapes[-1] = longer, None
            self.starts, self.called = False, beats[-1].kind == "call"
            return
        self.room = self._draw() if mergeable else 0
        self.length += len(self.sentences[-1]) + 1 if self.sentences else 0
        self.sentences.append(alone)
        self.shapes.append(None)
        self.starts = self.called and all(beat.kind == "effect" for beat in beats)
        self.called = beats[-1].kind == "call"

    def _draw(self) -> int:
        """How many short iterations may go on with the sentence that begins."""
        if self.drawn == len(self.rooms):
            self.rooms.append(self.rng.choice((0, 1, 1, 2)))
        self.drawn += 1
        return self.rooms[self.drawn - 1]

    def _is_slight(self, beats: list[Beat], body: str) -> bool:
        """Whether a clause says too little for a sentence of its own, beside one that is not a row of such already."""
        return len(beats) == 1 and len(body) < _SLIGHT and self.sentences[-1].count("; ") < _ROW

    def _starts(self, beats: list[Beat]) -> bool:
        """Whether the sentence before begins a call with a few assignments, and goes on with these beats."""
        return self.starts and len(self.sentences[-1]) < _START and beats[0].kind != "raise"

    def _is_third(self, sentence: str, instead: int) -> bool:
        """Whether the two sentences before have the very shape of this one, which replaces so many at the end."""
        before = len(self.sentences) - instead
        if before < 2:
            return False
        one, other = self.sentences[before - 1], self.sentences[before - 2]
        if not first_word(sentence) == first_word(one) == first_word(other):
            return False
        if not last_word(sentence) == last_word(one) == last_word(other):
            return False
        return self._shape(before - 1) == self._shape(before - 2) == skeleton(sentence)

    def _shape(self, at: int) -> str:
        if self.shapes[at] is None:
            self.shapes[at] = skeleton(self.sentences[at])
        return self.shapes[at]

    def _sentence(self, beats: list[Beat]) -> str:
        lead, tests, rest = "", [], []
        for beat in beats:
            if beat.kind == "pass":
                lead = f"{lead[:-2]} and {beat.text.removeprefix('for ')}, " if lead else f"{beat.text}, "
            elif beat.kind == "test":
                tests.append(beat)
            else:
                rest.append(beat)
        said = self._tests(tests, bool(rest))
        acts = _listed([self._act(beat, bool(tests)) for beat in rest], [beat.holds_state for beat in rest])
        body = f"{said}, so {acts}" if said and acts else said or acts
        if not body:
            return lead.rstrip(", ").removeprefix("for ")
        return lead + body

    def _tests(self, tests: list[Beat], followed: bool) -> str:
        said = ""
        for number, beat in enumerate(tests):
            last = number == len(tests) - 1
            text = beat.bare if beat.bare is not None and last and followed else beat.text
            if beat.first is not None and beat.key not in self.seen:
                text = beat.first.words() or text
            self.seen.add(beat.key)
            if not said:
                said = text
            else:
                said += f", {'and' if tests[number - 1].truth == beat.truth else 'but'} {text}"
        return said

    def _act(self, beat: Beat, after_test: bool) -> str:
        if beat.kind == "call":
            return f"{beat.text} is called"
        if beat.kind == "return" and beat.text.startswith("returns"):
            return f"{'it' if after_test else 'the call'} {beat.text}"
        return beat.text


def joined(beats: Iterable[Beat]) -> Iterator[Beat]:
    """The beats, with neighbouring iterations of a loop in which nothing changes made into one."""
    held: list[Beat] = []
    for beat in beats:
        if held and beat.key == held[0].key:
            held.append(beat)
            continue
        if held:
            yield from _one_of(held)
            held = []
        if beat.kind == "fold" and beat.full is not None:
            held.append(beat)
        else:
            yield beat
    yield from _one_of(held)


def _one_of(held: list[Beat]) -> Iterator[Beat]:
    if len(held) > 1:
        text = (held[0].full or "").replace("{}", held[0].bare or "", 1).replace("{}", held[-1].bare or "", 1)
        yield Beat("fold", text, held[-1].event, key="fold")
    elif held:
        yield Beat("fold", held[0].text, held[0].event, key="fold")


def _listed(clauses: list[str], holds: list[bool]) -> str:
    """Clauses joined by commas and a last "and"; after one that ends in what holds, by a semicolon."""
    text = ""
    for number, clause in enumerate(clauses):
        if number == 0:
            text = clause
        elif holds[number - 1]:
            text += f"; {clause}"
        elif number == len(clauses) - 1:
            text += f" and {clause}"
        else:
            text += f", {clause}"
    return text


def _capital(text: str) -> str:
    """A sentence's first letter is raised where it begins with a word of ours, not of the program."""
    return text[0].upper() + text[1:] if _OURS.match(text) else text
