"""Ranges of a list: prefix sums, two pointers, sliding windows.

Belongs here: the entries of this area and their generators. Does not belong here: the program texts.
"""

from random import Random

from tracepile_assets.sources.embedded.competition.entries import entry
from tracepile_assets.sources.embedded.drawing import chance, integers, line, lines, size, word


def _queries(rng: Random, level: float) -> str:
    values = integers(rng, size(rng, level, 1, 40), -20, 60)
    asked = []
    for _ in range(size(rng, level, 1, 45)):
        left, right = sorted(integers(rng, 2, 1, len(values)))
        asked.append(line((left, right)))
    return lines(line((len(values), len(asked))), line(values), *asked)


def _segments(rng: Random, level: float) -> str:
    cases = []
    for _ in range(size(rng, level, 1, 6)):
        values = integers(rng, size(rng, level, 2, 24), *rng.choice(((-3, 4), (0, 3), (1, 6))))
        left, right = sorted(integers(rng, 2, 0, len(values)))
        target = rng.randint(-4, 12) if chance(rng, 0.3) else sum(values[left:right])
        cases.append(lines(line((len(values), target)), line(values)))
    return lines(len(cases)) + "".join(cases)


def _texts(rng: Random, level: float) -> str:
    letters = rng.choice(("abc", "abcdef", "abcdefghijk"))
    texts = [word(rng, size(rng, level, 1, 30), letters) for _ in range(size(rng, level, 1, 7))]
    return lines(len(texts), *texts)


def _books(rng: Random, level: float) -> str:
    minutes = integers(rng, size(rng, level, 2, 60), 1, 20)
    free = rng.randint(0, 3) if chance(rng, 0.05) else rng.randint(10, 20 + 3 * len(minutes))
    return lines(line((len(minutes), free)), line(minutes))


ENTRIES = (
    entry(
        "range_sums",
        "Sums of ranges",
        "Answer questions about a list of whole numbers: what is the sum from place l to place r, and the mean of "
        "these "
        "numbers, rounded down? Places are counted from 1.\n\n"
        "Input: the length of the list and the number of questions; the list; for each question a line with l and r.\n"
        "Output: for each question a line with sum and mean.",
        _queries,
    ),
    entry(
        "sum_segments",
        "Segments with a given sum",
        "How many segments of neighboring entries of a list have a given sum?\n\n"
        "Input: the number of test cases. Each test case has a line with the length of the list and the sum, and a "
        "line "
        "with the list.\nOutput: the number of segments for each test case.",
        _segments,
    ),
    entry(
        "longest_distinct",
        "No letter twice",
        "Find the longest part of a text in which no letter comes twice, the first one among equals.\n\n"
        "Input: the number of texts; the texts.\nOutput: for each text a line with the length and the part.",
        _texts,
    ),
    entry(
        "reading_time",
        "Reading time",
        "Books stand on a shelf, each with the minutes that it takes to read. You choose a first book and read on from "
        "there, book by book. How many can you finish in your free time at most?\n\n"
        "Input: the number of books and the free minutes; a line with the minutes of each book.\nOutput: the largest "
        "number of books.",
        _books,
    ),
)
