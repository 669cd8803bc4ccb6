"""Changes to strings and byte strings.

Belongs here: structural changes, and the letters and pieces that a text may be given. Does not belong here: texts that
are a program's standard input (``lines``).
"""

import re
from random import Random

_NUMBER = re.compile(r"\d{1,9}")
_BRACKETS = {"(": ")", "[": "]", "{": "}"}


def other_text(rng: Random, value: str, pool: list[str], constants: list[str], lengths: list[int], longest: int) -> str:
    """Another text.

    Args:
        rng: decides.
        value: the text.
        pool: texts seen at the same place.
        constants: texts of the program.
        lengths: lengths that the program compares with.
        longest: greatest length seen.
    """
    letters = sorted({letter for text in (*pool, *constants) for letter in text}) or list("abc")
    most = max(2 * longest, 20)
    way = rng.randrange(13)
    at = rng.randint(0, max(0, len(value) - 1))
    found = value
    if way == 0:
        found = value[:at] + value[at + 1 :]
    elif way == 1:
        found = value[:at] + rng.choice(letters) + value[at:]
    elif way == 2:
        found = value[:at] + rng.choice(letters) + value[at + 1 :]
    elif way == 3:
        found = rng.choice((value[:at], value[at:], value[::-1], value * 2, value + value[::-1]))
    elif way == 4:
        found = rng.choice((value.upper(), value.lower(), value.swapcase(), value.title()))
    elif way == 5 and constants:
        piece = rng.choice(constants)
        found = rng.choice((piece, value[:at] + piece + value[at:], piece + value, value + piece))
    elif way == 6 and pool:
        piece = rng.choice(pool)
        found = rng.choice((piece, value[:at] + piece[at:], piece + value))
    elif way == 7:
        found = rng.choice(("", value[:1], rng.choice(letters), rng.choice(letters) * max(1, len(value))))
    elif way == 8:
        found = "".join(rng.choice((sorted(value), sorted(value, reverse=True), rng.sample(value, len(value)))))
    elif way == 9 and (numbers := list(_NUMBER.finditer(value))):
        number = rng.choice(numbers)
        changed = max(0, int(number[0]) + rng.choice((-1, 1, 10, -int(number[0]))))
        found = value[: number.start()] + str(changed) + value[number.end() :]
    elif way == 10 and (words := value.split(" "))[1:]:
        rng.shuffle(words)
        found = " ".join(words[: rng.randint(1, len(words))])
    elif way == 11 and lengths:
        wanted = max(0, rng.choice(lengths) + rng.choice((-1, 0, 0, 1)))
        found = (value or rng.choice(letters)) * (wanted // max(1, len(value)) + 1)
        found = found[:wanted]
    elif letters:
        found = "".join(rng.choice(letters) for _ in range(rng.randint(1, max(2, min(longest, 12)))))
        if any(letter in _BRACKETS for letter in letters) and rng.random() < 0.5:
            found = _nested(rng, [letter for letter in letters if letter in _BRACKETS])
    return found[:most]


def other_bytes(rng: Random, value: bytes, pool: list[bytes], longest: int) -> bytes:
    """Another byte string, of the bytes seen."""
    texts = [each.decode("latin-1") for each in pool if isinstance(each, bytes)]
    return other_text(rng, value.decode("latin-1"), texts, [], [], longest).encode("latin-1", "replace")


def _nested(rng: Random, opening: list[str]) -> str:
    """Brackets that close in order."""
    found: list[str] = []
    waiting: list[str] = []
    for _ in range(rng.randint(1, 5)):
        bracket = rng.choice(opening)
        found.append(bracket)
        waiting.append(_BRACKETS[bracket])
        while waiting and rng.random() < 0.5:
            found.append(waiting.pop())
    return "".join(found + waiting[::-1])
