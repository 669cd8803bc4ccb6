"""Strings: coding, comparing, grouping.

Belongs here: the entries of this area and their generators. Does not belong here: the program texts.
"""

from random import Random

from tracepile_assets.sources.embedded.competition.entries import entry
from tracepile_assets.sources.embedded.drawing import chance, line, lines, size, word

STEMS = (
    "stop",
    "item",
    "loop",
    "listen",
    "rat",
    "evil",
    "night",
    "dusty",
    "keen",
    "state",
    "angel",
    "cat",
    "east",
    "no",
)
SENTENCES = (
    "Meet me",
    "at noon",
    "by the old bridge",
    "Bring bread",
    "Say nothing",
    "It is safe",
    "Wait, wait",
    "Go now",
)


def _shuffled(rng: Random, text: str) -> str:
    return "".join(rng.sample(text, len(text)))


def _anagrams(rng: Random, level: float) -> str:
    stems = rng.sample(STEMS, size(rng, level, 1, len(STEMS)))
    words = [_shuffled(rng, rng.choice(stems)) for _ in range(size(rng, level, 2, 42))]
    return lines(line(text.title() if chance(rng, 0.1) else text for text in words))


def _codings(rng: Random, level: float) -> str:
    queries = []
    for _ in range(size(rng, level, 1, 5)):
        runs = [(rng.choice("abcxyz"), rng.choice((1, 1, 2, 3, 5, 11))) for _ in range(size(rng, level, 1, 9))]
        if chance(rng, 0.5):
            queries.append("E " + "".join(letter * count for letter, count in runs))
        else:
            queries.append("D " + "".join(f"{count if count > 1 else ''}{letter}" for letter, count in runs))
    return lines(len(queries), *queries)


def _near_palindromes(rng: Random, level: float) -> str:
    texts = []
    for _ in range(size(rng, level, 1, 8)):
        half = word(rng, size(rng, level, 1, 12), "abcde")
        text = list(half + rng.choice(("", "z")) + half[::-1])
        for _ in range(rng.randint(0, 1 + len(text) // 4)):
            text[rng.randrange(len(text))] = rng.choice("abcxyz")
        texts.append("".join(text))
    return lines(len(texts), *texts)


def _message(rng: Random, level: float) -> str:
    words = ". ".join(rng.sample(SENTENCES, size(rng, level, 1, 5)))
    text = words[: size(rng, level, 3, 70)].strip()
    key = word(rng, size(rng, level, 1, 6))
    return lines(key, _coded(text, key))


def _coded(text: str, key: str) -> str:
    coded, used = "", 0
    for character in text:
        if character.isalpha():
            first = "A" if character.isupper() else "a"
            shift = ord(key[used % len(key)]) - ord("a")
            coded += chr((ord(character) - ord(first) + shift) % 26 + ord(first))
            used += 1
        else:
            coded += character
    return coded


def _similar_words(rng: Random, level: float) -> str:
    longest = 2 + round(5 * level)
    wanted = word(rng, size(rng, level, 1, 7), "aeilnrst")
    others = []
    for _ in range(size(rng, level, 1, 4)):
        letters = list(wanted)
        for _ in range(0 if chance(rng, 0.05) else rng.randint(1, longest)):
            place = rng.randrange(len(letters) + 1)
            letters[place : place + rng.randint(0, 1)] = rng.choice(("", "a", "e", "s", "t", "nr"))
        others.append("".join(letters)[:8] or "a")
    return lines(wanted, len(others), *others)


ENTRIES = (
    entry(
        "group_anagrams",
        "Groups of anagrams",
        "Two words are anagrams if they consist of the same letters; capital and small letters count as the same. Sort "
        "words into groups of anagrams.\n\n"
        "Input: a line of words.\nOutput: each group of two or more words on a line, sorted, the groups in the order "
        "of "
        "their first word; then the number of all groups and the size of the largest one.",
        _anagrams,
    ),
    entry(
        "run_length",
        "Run-length coding",
        "A run of two or more equal letters is coded as their number and the letter, a single letter as itself: `aaab` "
        "becomes `3ab`.\n\n"
        "Input: the number of queries; each query is a line `E text` (code the text) or `D code` (decode "
        "it).\nOutput: the "
        "result of each query on a line.",
        _codings,
    ),
    entry(
        "palindrome_repair",
        "Repairing palindromes",
        "Turn a word into a palindrome by changing as few letters as possible; of two letters that differ the one that "
        "comes later in the alphabet becomes the other.\n\n"
        "Input: the number of words; the words.\nOutput: for each word a line with the number of changes and the "
        "palindrome.",
        _near_palindromes,
    ),
    entry(
        "secret_message",
        "Secret message",
        "A message was coded with a key: each letter was moved forward in the alphabet by the place of a letter of "
        "the key "
        "(a by 0, b by 1, ...), the letters of the key taken in turn. All other characters were left as they are, and "
        "used "
        "up no letter of the key. Decode it.\n\n"
        "Input: the key, in small letters; a line with the coded message.\nOutput: the message.",
        _message,
    ),
    entry(
        "word_distance",
        "The closest word",
        "The distance between two words is the least number of letters to be inserted, removed or replaced in order to "
        "turn one into the other. Which of some words is closest to a given one?\n\n"
        "Input: the given word; the number of other words; each of them on a line.\nOutput: the closest word, the "
        "first "
        "among equals, and its distance.",
        _similar_words,
    ),
)
