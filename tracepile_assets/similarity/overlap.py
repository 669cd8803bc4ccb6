"""Which items of a benchmark occur in a text or in a program: 13-grams in common.

Belongs here: what counts as an overlap, and finding it. Does not belong here: reading benchmarks and what follows from
an overlap (`mixtures`), and what of a program is compared (`blocks`).

How the numbers were chosen is told in docs/decisions/contamination.md.
"""

import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import accumulate, repeat
from typing import Literal

import numpy as np

from .blocks import Block, blocks

GRAM = 13
"""Words, or tokens of code, in a gram."""

CODE_SHARE = 0.7
"""Share of the grams of an item's code from which on it counts as found."""

_WORD = re.compile(r"\w+")
_MASK = re.compile(r"[av]\d+")
_FENCED = re.compile(r"^(`{3,})[^\n`]*\n(.*?)^\1`*[ \t]*$", re.MULTILINE | re.DOTALL)
_SIEVE_BITS = 22
_EVEN = np.uint64(0x9E37_79B9_7F4A_7C15)


@dataclass(frozen=True, slots=True)
class Item:
    """One item of a benchmark.

    Attributes:
        name: what the benchmark calls it.
        problem: the text of the task; matched whole where it is shorter than a gram.
        others: other texts, such as a solution in words; matched by grams only.
        code: its program, if it has one.
    """

    name: str
    problem: str = ""
    others: tuple[str, ...] = ()
    code: str = ""


@dataclass(frozen=True, slots=True)
class Hit:
    """An item found in a text or program.

    Attributes:
        item: name of the item.
        matched: `text`, or `code`: the same program under other names.
        start, end: the span in which it was found, in characters.
        share: share of the item's grams that were found.
    """

    item: str
    matched: Literal["text", "code"]
    start: int
    end: int
    share: float


class Overlaps:
    """The items of one benchmark, made to be looked for in many texts."""

    def __init__(self, items: Sequence[Item]) -> None:
        self._texts = _Texts(items)
        self._codes = _Codes(items)
        self._in_code = lru_cache(maxsize=4_096)(self._codes.find)

    def in_text(self, text: str) -> list[Hit]:
        """The items found in a text: in its words, and in the programs that stand fenced in it."""
        hits = self._texts.find(text)
        for fenced in _FENCED.finditer(text):
            start = fenced.start(2)
            hits += [
                Hit(hit.item, hit.matched, start + hit.start, start + hit.end, hit.share)
                for hit in self._in_code(fenced[2])
            ]
        return once_each(hits)

    def in_code(self, code: str) -> list[Hit]:
        """The items found in a program: in the words of its text, comments among them, and in what it does."""
        return once_each([*self._texts.find(code), *self._in_code(code)])


def once_each(hits: Iterable[Hit]) -> list[Hit]:
    """The hits in order of the items' names, one for each item and way of matching: that with the greatest share."""
    best: dict[tuple[str, str], Hit] = {}
    for hit in hits:
        known = best.get((hit.item, hit.matched))
        if known is None or hit.share > known.share:
            best[hit.item, hit.matched] = hit
    return [best[key] for key in sorted(best)]


class _Texts:
    """The texts of items as word grams.

    Each gram is hashed by a sum of products, which is worked out for all places of a text at once; what is found is
    compared word by word, so that no two grams are taken for one.
    """

    def __init__(self, items: Sequence[Item]) -> None:
        self._numbers: dict[str, int] = {}
        self._parts: list[tuple[str, list[str]]] = []
        by_length: dict[int, list[tuple[int, int]]] = {}
        for item in items:
            for text, is_problem in (
                (item.problem, True),
                *((other, False) for other in item.others),
                (item.code, False),
            ):
                words = _words(text)
                length = min(GRAM, len(words))
                if not words or (length < GRAM and not is_problem):
                    continue
                for word in words:
                    self._numbers.setdefault(word, len(self._numbers) + 1)
                places = range(len(words) - length + 1)
                by_length.setdefault(length, []).extend((len(self._parts), place) for place in places)
                self._parts.append((item.name, words))
        self._grams = {length: self._table(places, length) for length, places in sorted(by_length.items())}

    def _table(self, places: list[tuple[int, int]], length: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """The hashes of the grams of one length in order, where each stands, and a sieve that lets them through."""
        kept: list[tuple[int, int]] = []
        hashes: list[np.ndarray] = []
        tells: list[np.ndarray] = []
        start = 0
        while start < len(places):
            part = places[start][0]
            words = self._parts[part][1]
            number = len(words) - length + 1
            hashes += (found for _, found in _hashes(self._word_numbers(words), (length,)))
            tells.append(_telling(words, length))
            kept.extend(places[start : start + number])
            start += number
        found = np.concatenate(hashes)
        telling = np.concatenate(tells)
        order = np.argsort(found[telling], kind="stable")
        sieve = np.zeros(1 << _SIEVE_BITS, np.bool_)
        sieve[_cell(found[telling])] = True
        return found[telling][order], np.array(kept, np.int32).reshape(-1, 2)[telling][order], sieve

    def _word_numbers(self, words: list[str]) -> np.ndarray:
        return np.fromiter(map(self._numbers.get, words, repeat(0)), np.uint64, len(words))

    def find(self, text: str) -> list[Hit]:
        """The items with which the text has a gram in common."""
        words = _words(text)
        numbers = self._word_numbers(words)
        shared: dict[int, set[int]] = {}
        at: dict[int, list[tuple[int, int]]] = {}
        for length, found in _hashes(numbers, self._grams):
            hashes, places, sieve = self._grams[length]
            through = np.flatnonzero(sieve[_cell(found)])
            firsts, lasts = (hashes.searchsorted(found[through], side) for side in ("left", "right"))
            known = lasts > firsts
            for place, first, last in zip(*(each[known].tolist() for each in (through, firsts, lasts)), strict=True):
                for part, there in places[first:last].tolist():
                    if self._parts[part][1][there : there + length] == words[place : place + length]:
                        shared.setdefault(part, set()).add(there)
                        at.setdefault(part, []).append((place, place + length))
        if not shared:
            return []
        spans = [match.span() for match in _WORD.finditer(text)]
        hits = []
        for part, found in shared.items():
            item, own = self._parts[part]
            start, end = min(first for first, _ in at[part]), max(last for _, last in at[part])
            share = len(found) / max(1, len(own) - GRAM + 1)
            hits.append(Hit(item, "text", spans[start][0], spans[end - 1][1], round(share, 4)))
        return hits


class _Codes:
    """The programs of items as grams of tokens."""

    def __init__(self, items: Sequence[Item]) -> None:
        self._names: list[str] = []
        self._sizes: list[int] = []
        self._having: dict[tuple[str, ...], list[int]] = {}
        for item in items:
            grams = {gram for block in blocks(item.code) for gram in _code_grams(block)} if item.code else set()
            if grams:
                for gram in grams:
                    self._having.setdefault(gram, []).append(len(self._names))
                self._names.append(item.name)
                self._sizes.append(len(grams))

    def find(self, code: str) -> list[Hit]:
        """The items of whose grams the program has the share that counts."""
        shared: Counter[int] = Counter()
        seen: set[tuple[str, ...]] = set()
        lines: dict[int, list[int]] = {}
        for block in blocks(code) if self._names else ():
            for gram in _code_grams(block):
                for number in self._having.get(gram, ()):
                    lines.setdefault(number, []).extend((block.first, block.last))
                    shared[number] += gram not in seen
                seen.add(gram)
        hits = []
        for number, grams in shared.items():
            share = grams / self._sizes[number]
            if share >= CODE_SHARE:
                start, end = _characters(code, min(lines[number]), max(lines[number]))
                hits.append(Hit(self._names[number], "code", start, end, round(share, 4)))
        return hits


def _code_grams(block: Block) -> Iterable[tuple[str, ...]]:
    """The grams of a block, or the whole of one that is shorter, in order.

    Names are numbered in each gram anew: what they stand for is told by where they come again in it, and one name more
    before it changes nothing.
    """
    tokens = block.tokens
    for start in range(max(1, len(tokens) - GRAM + 1)):
        numbers: dict[str, str] = {}
        yield tuple(
            numbers.setdefault(token, f"{token[0]}{len(numbers)}") if _MASK.fullmatch(token) else token
            for token in tokens[start : start + GRAM]
        )


def _characters(code: str, first: int, last: int) -> tuple[int, int]:
    """The span of some lines, numbered from 1, without the end of the last one."""
    ends = list(accumulate((len(line) for line in code.splitlines(keepends=True)), initial=0))
    return ends[first - 1], max(ends[first - 1] + 1, len(code[: ends[min(last, len(ends) - 1)]].rstrip("\r\n")))


def _words(text: str) -> list[str]:
    # Outside of ASCII a letter may have several for its small one, and not all of them of a word.
    return _WORD.findall(text.lower()) if text.isascii() else [word.lower() for word in _WORD.findall(text)]


def _telling(words: list[str], length: int) -> np.ndarray:
    """Which grams of some words say anything: numbers in a row are data, not a text."""
    named = np.cumsum([0, *(not word.isdecimal() for word in words)])
    return named[length:] > named[:-length]


def _hashes(numbers: np.ndarray, lengths: Collection[int]) -> Iterator[tuple[int, np.ndarray]]:
    """For each of these lengths for which there are enough words, ascending: the hash of the words from each place on,
    an array of as many as there are such grams.

    A longer gram begins with a shorter one, and its hash with that one's: all are worked out in one go.
    """
    found = np.zeros(len(numbers), np.uint64)
    for place in range(min(max(lengths, default=0), len(numbers))):
        found = (found[: len(numbers) - place] + numbers[place:]) * _EVEN
        found ^= found >> np.uint64(29)
        if place + 1 in lengths:
            yield place + 1, found


def _cell(hashes: np.ndarray) -> np.ndarray:
    return (hashes >> np.uint64(64 - _SIEVE_BITS)).astype(np.int64)
