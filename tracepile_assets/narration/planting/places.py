"""Where in the words of a claim a fault can stand, and what stands there instead.

Belongs here: the tokens of a claim, which of them are values, operators, names, verdicts, counts, reasons, and what
each becomes. Does not belong here: choosing among them (``faults``).
"""

import random
import re
from collections.abc import Iterator
from typing import NamedTuple

VALUE, OPERATOR, BRANCH, COUNT, NAME, REASON, ANSWER = (
    "value",
    "operator",
    "branch",
    "count",
    "name",
    "reason",
    "answer",
)

_TOKEN = re.compile(
    r"""(?P<string>(?<![\w'"])[bB]?(?:'(?:[^'\\\n]|\\.)*'|"(?:[^"\\\n]|\\.)*"))
    |(?P<number>(?<![\w.])\d[\d_]*(?:\.\d+)?(?:[eE][+-]?\d+)?(?![\w]))
    |(?P<word>[^\W\d]\w*)
    |(?P<sign>\*\*|//|<<|>>|<=|>=|==|!=|[-+*/%<>&|^=()\[\]{}.,:`])
    """,
    re.VERBOSE,
)
_ARITHMETIC = ("+", "-", "*", "//", "%", "/", "**", "<<", ">>", "&", "|", "^")
_COMPARISONS = ("<", "<=", ">", ">=", "==", "!=")
_VERDICTS = (
    ("is not in", "is in"),
    ("is in", "is not in"),
    ("is not empty", "is empty"),
    ("is empty", "is not empty"),
    ("is not None", "is None"),
    ("is None", "is not None"),
    ("is nonzero", "is zero"),
    ("is zero", "is nonzero"),
    ("holds", "fails"),
    ("fails", "holds"),
    ("is true", "is false"),
    ("is false", "is true"),
    ("is taken", "is skipped"),
    ("is skipped", "is taken"),
)
_BRANCHING = {"test", "membership", "emptiness", "zero", "noneness", "condition", "branch"}
_COUNTED = {
    *("loop_end", "nth", "tally", "count", "iteration_end", "unchanged", "unchanged_through"),
    *("goes_on", "first", "calls_total", "open_total", "changes_total", "raised_at"),
}
_COUNTS = re.compile(
    r"(?<=after )\d+(?= iterations?\b)|(?<=iteration )\d+|(?<=iterations )\d+|(?<= to )\d+(?= of\b)"
    r"|(?<=ran )\d+(?= time)|(?<=was called )\d+(?= time)|(?<=changed )\d+(?= time)"
    r"|(?<=t most )\d+(?= calls of)|(?<=at line )\d+"
    r"|(?<=\()\d+(?= times? so far\))|(?<=\()\d+(?=(?:st|nd|rd|th) time\))|(?<=for the )\d+(?=(?:st|nd|rd|th) time)"
)
_ORDINAL = re.compile(r"(?:st|nd|rd|th)\b")
_REASONS = (
    (
        re.compile(r".+ is exhausted(?= after|$)", re.DOTALL),
        ("the loop is left by break", "the loop is left by return"),
    ),
    (re.compile(r"the loop is left by break"), ("the loop is left by return",)),
    (re.compile(r"the loop is left by return"), ("the loop is left by break",)),
    (re.compile(r"the loop (?:ends|is over|stops)"), ("the loop is left by break", "the loop is left by return")),
    (re.compile(r"break leaves the loop in iteration"), ("the loop is left by return after iteration",)),
)
_CONSTANTS = {"True": ("False",), "False": ("True",), "None": ("0", "False")}
_LETTERS = "abcdefghijklmnopqrstuvwxyz"


class Place(NamedTuple):
    """A span within a claim's words, what is put there, and the kind of fault that this is."""

    start: int
    end: int
    put: str
    fault: str


class Claim(NamedTuple):
    """What the places of a claim depend on: its kind, and its words."""

    kind: str
    says: str


def can_hold(kind: str, fault: str) -> bool:
    """Whether a claim of a kind may have a place for a fault."""
    if fault in (COUNT, BRANCH, REASON, ANSWER):
        return kind in {COUNT: _COUNTED, BRANCH: _BRANCHING, REASON: {"loop_end"}, ANSWER: {"answer"}}[fault]
    return fault != VALUE or kind != "answer"


def places(claim: Claim, names: list[str], rng: random.Random) -> Iterator[Place]:
    """Every place of a claim where a fault can stand, with one way to put it.

    Args:
        claim: the claim.
        names: names of the program that may be put for one another.
        rng: decides what is put.
    """
    counts = [match.span() for match in _COUNTS.finditer(claim.says)] if claim.kind in _COUNTED else []
    for start, end in counts:
        yield _counted(claim.says, start, end, rng)
    if claim.kind == "loop_end":
        yield from _reasons(claim.says, rng)
    if claim.kind in _BRANCHING:
        yield from _verdicts(claim.says)
    tokens = list(_TOKEN.finditer(claim.says))
    for number, token in enumerate(tokens):
        before = tokens[number - 1] if number else None
        if any(start <= token.start() < end for start, end in counts):
            continue
        fault = ANSWER if claim.kind == "answer" else VALUE
        if token.lastgroup in ("string", "number") or token.group() in _CONSTANTS:
            # What `is None` says is a verdict, and has been changed as one.
            if not (token.group() == "None" and claim.kind == "noneness"):
                yield Place(token.start(), token.end(), _other_value(token, rng), fault)
        elif token.lastgroup == "sign" and before is not None and _is_operand(before):
            kinds = next((kinds for kinds in (_ARITHMETIC, _COMPARISONS) if token.group() in kinds), None)
            following = tokens[number + 1] if number + 1 < len(tokens) else None
            if kinds and following is not None and _spaced(claim.says, token):
                put = rng.choice([each for each in kinds if each != token.group()])
                yield Place(token.start(), token.end(), put, OPERATOR)
        elif token.lastgroup == "word" and token.group() in names and claim.kind not in ("entry", "escapes", "resume"):
            called = claim.says[token.end() : token.end() + 1] == "("
            part = before is not None and before.group() == "." and before.end() == token.start()
            others = [name for name in names if name != token.group()]
            if others and not called and not part:
                yield Place(token.start(), token.end(), rng.choice(others), NAME)


def _is_operand(token: re.Match[str]) -> bool:
    return token.lastgroup in ("string", "number", "word") or token.group() in (")", "]", "}")


def _spaced(says: str, token: re.Match[str]) -> bool:
    return says[token.start() - 1 : token.start()] == " " and says[token.end() : token.end() + 1] == " "


def _counted(says: str, start: int, end: int, rng: random.Random) -> Place:
    number = int(says[start:end]) + rng.choice((1, 1, 2, 3, -1))
    number = number if number > 0 and number != int(says[start:end]) else int(says[start:end]) + 1
    ordinal = _ORDINAL.match(says, end)
    if ordinal is None:
        return Place(start, end, str(number), COUNT)
    last = "th" if number % 100 in (11, 12, 13) else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return Place(start, ordinal.end(), f"{number}{last}", COUNT)


def _reasons(says: str, rng: random.Random) -> Iterator[Place]:
    for pattern, others in _REASONS:
        match = pattern.match(says) or pattern.match(says[:1].lower() + says[1:])
        if match:
            yield Place(match.start(), match.end(), rng.choice(others), REASON)
            return


def _verdicts(says: str) -> Iterator[Place]:
    strings = [match.span() for match in _TOKEN.finditer(says) if match.lastgroup == "string"]
    for verdict, other in _VERDICTS:
        for match in re.finditer(rf"(?<!\w){verdict}(?!\w)", says):
            if not any(start <= match.start() < end for start, end in strings):
                yield Place(match.start(), match.end(), other, BRANCH)
                return


def _other_value(token: re.Match[str], rng: random.Random) -> str:
    text = token.group()
    if text in _CONSTANTS:
        return rng.choice(_CONSTANTS[text])
    if token.lastgroup == "string":
        head = text.index(text[-1]) + 1
        if len(text) == head + 1:
            return text[:head] + rng.choice(_LETTERS) + text[-1]
        letters = [at for at in range(head, len(text) - 1) if text[at].isalnum() and text[at - 1] != "\\"]
        if not letters:
            return text[:head] + rng.choice(_LETTERS) + text[head:]
        at = rng.choice(letters)
        put = rng.choice([letter for letter in _LETTERS if letter != text[at]])
        return text[:at] + put + text[at + 1 :]
    if text.replace("_", "").isdigit():
        number = int(text)
        others = (number + 1, number + 2, number + 7, number - 1, number * 10)
        return str(rng.choice([other for other in others if other != number and other >= 0]))
    return str(float(text) + rng.choice((0.5, 1.0, 2.5)))
