"""Takes names and comments out of the words of a problem: of parameters, of results, of the function.

Not here: which number is which (`gsm8k_program`).
"""

import builtins
import keyword
import re
from dataclasses import dataclass
from functools import lru_cache


def _listed(words: str) -> list[str]:
    return re.findall(r"\w+", words)


_TEENS = "eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen"
_COUNTS = {
    **{word: value for value, word in enumerate(_listed(f"two three four five six seven eight nine ten {_TEENS}"), 2)},
    **{
        word: 10 * value
        for value, word in enumerate(_listed("twenty thirty forty fifty sixty seventy eighty ninety"), 2)
    },
}

# Not a part of a fraction, a time, a date or a name such as "3rd".
_GIVEN = re.compile(r"(?<![\w./:])\$?(\d[\d,]*(?:\.\d+)?|\.\d+)(?![\d:/]|\w)(?!,\d)|\b([A-Za-z]+)\b")
_FIGURE = r"(?:\d[\d,]*(?:\.\d+)?|\.\d+)%?"
_SIGN = "[-+*/x=\u00d7\u00f7]"
_CALCULATION = re.compile(rf"(?:{_SIGN}|\s)*[(\s$]*{_FIGURE}[)\s]*(?:{_SIGN}+\s*[(\s$]*(?:{_FIGURE})?[)\s]*)*")
_SIGN_IN_WORDS = re.compile(r"(?<=\d)\s+(?:plus|minus|times|equals|multiplied by|divided by)\s+(?=\$?[\d.])")
_LEFT_OVER = re.compile(rf"[$=]|(?<=\s)(?:{_SIGN}|%)(?=\s|$)|\(\s*\)")
_AROUND = 50
"""Characters before and behind a number in which the words are about it."""
_LAST = frozenset(
    _listed(
        "a an the of and or in on at to for from by with than that is are was were per as but her his its their because"
    )
)
_FILLERS = _LAST | frozenset(
    _listed(
        """
        this these those be been has have had does do did will would can could should my your our he she it they we you
        if then so each there who which what when how many much all some more one into out up also just only after
        before about not plus minus equals
        """
    )
)
_TAKEN = frozenset(keyword.kwlist) | frozenset(keyword.softkwlist) | frozenset(dir(builtins))


LONGEST_NUMBER = 15
"""Characters of a number that counts as one; what is longer is no quantity of a word problem."""


@dataclass(frozen=True, slots=True)
class Given:
    """A number that the question states: its value, a name made of the words behind it, and the words around it."""

    value: int | float
    name: str
    about: frozenset[str]


@lru_cache(maxsize=100)
def givens(question: str) -> tuple[Given, ...]:
    """The numbers of a question in their order, written in digits or, from two, as a word."""
    found = []
    for match in _GIVEN.finditer(question):
        digits, word = match.groups()
        if digits is not None:
            text = digits.replace(",", "")
            if len(text) > LONGEST_NUMBER:
                continue
            value = float(text) if text.partition(".")[2].strip("0") else int(text.partition(".")[0] or 0)
        elif word.lower() in _COUNTS:
            value = _COUNTS[word.lower()]
        else:
            continue
        rest = question[match.end() :]
        unit = "percent" if rest.startswith("%") else "dollars" if match.group().startswith("$") else ""
        before = re.split(r"[.?!;:]", question[: match.start()])[-1][-_AROUND:]
        about = content(f"{before} {re.split(r'[.?!;:]', rest)[0][:_AROUND]}")
        found.append(Given(value, _given_name(unit, rest.lstrip("%")), about))
    return tuple(found)


@lru_cache(maxsize=1_000)
def content(text: str) -> frozenset[str]:
    """The words of a text that say something, without the ending of a plural."""
    words = (word for word in _words(text, 200) if word not in _FILLERS and word not in _COUNTS)
    return frozenset(word[:-1] if word.endswith("s") and len(word) > 3 else word for word in words)


def beside(line: str, end: int, value: float, needed: int) -> frozenset[str]:
    """The words that stand beside a number in the part of a line that ends there: those behind it up to the next figure
    or sign, and the one before it.

    Args:
        line: the line.
        end: where the part ends.
        value: the number.
        needed: of several places where it stands, how many there are from the one that is meant to the end.
    """
    places = []
    for match in _GIVEN.finditer(line, 0, end):
        digits, word = match.groups()
        if (float(digits.replace(",", "")) if digits is not None else _COUNTS.get(word.lower())) == value:
            places.append(match)
    if not places:
        return frozenset()
    match = places[-min(needed, len(places))]
    behind = re.split(r"[\d=<;:.!?+*]|[-/x] *[\d(]", line[match.end() : match.end() + _AROUND].lstrip(" .%"))[0]
    before = re.split(r"[\d=<;:.!?+*]", line[: match.start()])[-1]
    dollars = "dollars" if match[0].startswith("$") else ""
    return content(" ".join([dollars, *_words(behind, 3), *_words(before, 200)[-1:]]))


def _given_name(unit: str, rest: str) -> str:
    behind = _words(re.split(r"[.?!;:,]", rest)[0], 6)
    content = [word for word in behind if word not in _FILLERS | _COUNTS.keys()]
    if unit:
        if behind[:1] == ["each"]:
            return f"{unit}_each"
        if len(behind) > 1 and behind[0] in ("per", "a", "an", "every") and behind[1] in content:
            return f"{unit}_per_{behind[1]}"
        return "_".join([unit, *(word for word in behind[:2] if word in content)])
    return content[0] if content else "number"


def result_name(line: str, end: int) -> str:
    """A name for the result that ends there in its line: the words behind it, else those before it."""
    behind = _words(re.split(r"[\d=<;:,.!?(]", line[end:].lstrip(" .%)0123456789,"), maxsplit=1)[0], 3)
    while behind and behind[-1] in _LAST:
        behind.pop()
    if [word for word in behind if word not in _FILLERS]:
        return "_".join(behind)
    before = [word for word in _words(re.sub(r"[^A-Za-z' ]", " ", line[:end]), 12) if word not in _FILLERS]
    return "_".join(before[:3]) or "result"


def function_name(question: str) -> str:
    """A name for what is asked for: the content words of the last question."""
    asked = [part for part in re.split(r"(?<=[.?!])\s+", question.strip()) if part]
    words = [word for word in _words(asked[-1] if asked else "", 20) if word not in _FILLERS]
    return "_".join(words[:4]) or "answer"


def comment(line: str) -> str:
    """A sentence without its calculations and numbers."""
    line = _SIGN_IN_WORDS.sub(" = ", line)
    text = _LEFT_OVER.sub(" ", _CALCULATION.sub(" ", re.sub(r"\b\d+(?:st|nd|rd|th)\b", "", line)))
    text = re.sub(r"\b(\w+)(?: \1\b)+", r"\1", re.sub(r"\s+", " ", text))
    text = re.sub(r"\s+([.,;:!?%])", r"\1", text).strip(" ,;:-")
    text = re.sub(r",?\s+(?:because|since|as|is|are|so|and)\W*$", "", text)
    return text if re.search(r"[A-Za-z]{2}", text) else ""


def distinct(name: str, taken: set[str]) -> str:
    """The name, with a number where it is taken by another or by Python; it is taken from now on."""
    base = name if name.isidentifier() and name.isascii() else "number"
    if base in _TAKEN:
        base += "_1"
    chosen, count = base, 1
    while chosen in taken:
        count += 1
        chosen = f"{base}_{count}"
    taken.add(chosen)
    return chosen


def _words(text: str, most: int) -> list[str]:
    return re.findall(r"[a-z]{2,}|\ba\b", re.sub("['\u2019]", "", text.lower()))[:most]
