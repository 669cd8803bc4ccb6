"""Changes to the standard input of a program: texts whose lines hold numbers and words.

Belongs here: learning which numbers count what follows, and keeping them right. Does not belong here: arguments of
calls (``arguments``).
"""

from collections.abc import Iterator
from random import Random

from tracepile_assets.sources.mutation.hints import Hints
from tracepile_assets.sources.mutation.knowledge import Common
from tracepile_assets.sources.mutation.numbers import other_int
from tracepile_assets.sources.mutation.texts import other_text

_HEAD = 3
"""Lines at the top in which a number may count what follows."""
_KEPT_UP = 0.9
_MOST_LINES = 60
_MOST_WORDS = 60

Lines = list[list[str]]
Place = tuple[int, int]


class Texts:
    """Makes standard inputs from the given ones."""

    def __init__(self, given: list[str], hints: Hints) -> None:
        self._hints = hints
        every = [_split(text) for text in given]
        self._words = list(dict.fromkeys(word for lines in every for line in lines for word in line))[:200]
        numbers = [int(word) for word in self._words if _is_number(word)]
        self._common = Common(
            low=min(numbers, default=0), high=max(numbers, default=0), signed=any(number < 0 for number in numbers)
        )
        self._longest = max((len(word) for word in self._words), default=0)
        self._of_line = self._learn(every, lambda lines, at: len(lines[at + 1]) if at + 1 < len(lines) else None)
        self._of_rest = self._learn(every, lambda lines, at: len(lines) - at - 1)
        self._of_letters = self._learn(
            every, lambda lines, at: len(lines[at + 1][0]) if at + 1 < len(lines) and len(lines[at + 1]) == 1 else None
        )

    def other(self, rng: Random, text: str, second: str) -> str:
        """Another text: a word changed, a line longer or shorter, a line more or less, its counts set right."""
        lines = _split(text)
        for _ in range(1 if rng.random() < 0.65 else 2):
            self._change(rng, lines, second)
        if rng.random() < _KEPT_UP:
            self._keep_up(lines)
        return "".join(" ".join(line) + "\n" for line in lines)

    def edges(self, text: str) -> Iterator[str]:
        """Texts with an empty line where a number counts its words, with none of the lines that a number counts, and
        with a number that is zero."""
        lines = _split(text)
        for at in sorted({at for at, _ in self._of_line if at + 1 < len(lines)}):
            yield self._joined([*lines[: at + 1], [], *lines[at + 2 :]])
        for at in sorted({at for at, _ in self._of_rest if at < len(lines)}):
            yield self._joined(lines[: at + 1])
        counts = {*self._of_line, *self._of_rest, *self._of_letters}
        for at, line in enumerate(lines):
            for word, number in enumerate(line):
                if _is_number(number) and (at, word) not in counts:
                    yield self._joined([*lines[:at], [*line[:word], "0", *line[word + 1 :]], *lines[at + 1 :]])

    def _joined(self, lines: Lines) -> str:
        """The text of lines, with the numbers right that count them."""
        lines = [list(line) for line in lines]
        self._keep_up(lines)
        return "".join(" ".join(line) + "\n" for line in lines)

    def _learn(self, every: list[Lines], counted: object) -> list[Place]:
        """Numbers at the top that count the same thing in all given texts."""
        found = []
        for at in range(_HEAD):
            for word in range(3):
                held = [
                    _is_number(lines[at][word]) and int(lines[at][word]) == counted(lines, at)
                    for lines in every
                    if at < len(lines) and word < len(lines[at])
                ]
                if held and all(held):
                    found.append((at, word))
        return found

    def _keep_up(self, lines: Lines) -> None:
        for places, count in (
            (self._of_rest, lambda at: len(lines) - at - 1),
            (self._of_line, lambda at: len(lines[at + 1]) if at + 1 < len(lines) else None),
            (self._of_letters, lambda at: len(lines[at + 1][0]) if at + 1 < len(lines) and lines[at + 1] else None),
        ):
            for at, word in places:
                if at < len(lines) and word < len(lines[at]) and (number := count(at)) is not None:
                    lines[at][word] = str(number)

    def _change(self, rng: Random, lines: Lines, second: str) -> None:
        counts = {*self._of_line, *self._of_rest, *self._of_letters}
        free = [
            (at, word)
            for at, line in enumerate(lines)
            for word in range(len(line))
            if (at, word) not in counts or rng.random() < 0.05
        ]
        way = rng.randrange(10)
        if free and way < 5:
            at, word = rng.choice(free)
            lines[at][word] = self._other_word(rng, lines[at][word])
            return
        # A line that a number counts, or one of those that a number counts, can grow and shrink.
        grown = sorted({at + 1 for at, _ in self._of_line if at + 1 < len(lines)})
        first = max((at for at, _ in self._of_rest), default=None)
        body = [at for at in range(len(lines)) if first is not None and at > first]
        if grown and (way < 8 or not body):
            line = lines[rng.choice(grown)]
            self._change_line(rng, line)
        elif body:
            at = rng.choice(body)
            if rng.random() < 0.5 and len(body) > 1:
                del lines[at]
            elif len(lines) < _MOST_LINES:
                lines.insert(at, [self._other_word(rng, word) if rng.random() < 0.5 else word for word in lines[at]])
        elif len(lines) == 1 and rng.random() < 0.5:
            self._change_line(rng, lines[0])
        elif free:
            at, word = rng.choice(free)
            others = [each for line in _split(second) for each in line]
            lines[at][word] = rng.choice(others or self._words or ["0"])

    def _change_line(self, rng: Random, line: list[str]) -> None:
        way = rng.randrange(5)
        if way == 0 and len(line) > 1:
            del line[rng.randrange(len(line))]
        elif way == 1 and line:
            rng.shuffle(line)
        elif way == 2 and line and all(map(_is_number, line)):
            line.sort(key=int, reverse=rng.random() < 0.5)
        elif way == 3 and line:
            line[:] = [self._other_word(rng, word) if rng.random() < 0.6 else word for word in line]
        elif line and len(line) < _MOST_WORDS:
            line.insert(rng.randint(0, len(line)), self._other_word(rng, rng.choice(line)))

    def _other_word(self, rng: Random, word: str) -> str:
        if _is_number(word):
            constants = self._hints.constants.get(int, [])
            pool = [int(each) for each in self._words if _is_number(each)]
            return str(other_int(rng, int(word), self._common, pool, constants))
        pool = [each for each in self._words if not _is_number(each)]
        constants = [each for each in self._hints.constants.get(str, []) if each.split() == [each]]
        found = other_text(rng, word, pool, constants, [], self._longest)
        return "".join(found.split()) or word


def _split(text: str) -> Lines:
    return [line.split() for line in text.splitlines()]


def _is_number(word: str) -> bool:
    return word.removeprefix("-").isdecimal() and word.isascii() and len(word) < 19
