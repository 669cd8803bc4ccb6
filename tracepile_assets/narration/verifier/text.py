"""Words, numbers, strings and signs of a telling, and where its sentences end.

Belongs here: cutting a text up, with whatever stands inside a string literal or between backticks left alone, so that a
value holding quotes, newlines or whole sentences is one token. Does not belong here: what the tokens mean
(``grammar``).
"""

import re
from typing import NamedTuple

_STRING = r"""(?:\b[bB]|(?<!\w))(?:'(?:[^'\\\n]|\\.)*'|"(?:[^"\\\n]|\\.)*")"""
_TOKEN = re.compile(
    rf"""(?P<string>{_STRING})
    |(?P<ordinal>[0-9]+(?:st|nd|rd|th)\b)
    |(?P<number>[0-9][0-9_]*(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?j?\b)
    |(?P<word>[^\W\d]\w*(?:'(?:t|s|re|ll|ve|d)\b)?)
    |(?P<code>`)
    |(?P<sign>\*\*|//|<<|>>|<=|>=|==|!=|\.\.\.|\S)
    """,
    re.VERBOSE | re.UNICODE,
)
_STRING_IN_CODE = re.compile(r"""[fFrRbBuU]{0,2}(?:'(?:[^'\\\n]|\\.)*'|"(?:[^"\\\n]|\\.)*")""")
_OPEN, _CLOSE = "([{", ")]}"


class Token(NamedTuple):
    """One token: kind (``string``, ``number``, ``ordinal``, ``word``, ``code``, ``sign``), its text (of code: what the
    backticks enclose), where it stands, and whether white space goes before it."""

    kind: str
    text: str
    start: int
    end: int
    spaced: bool


class Sentence(NamedTuple):
    """One sentence: its span and its tokens without the full stop."""

    start: int
    end: int
    tokens: tuple[Token, ...]
    closed: bool


def tokens(text: str, position: int = 0) -> list[Token]:
    """Cut a text into tokens, from a position on; characters that fit nowhere become signs, so nothing is lost."""
    found: list[Token] = []
    while position < len(text):
        match = _TOKEN.search(text, position)
        if match is None:
            break
        start, end = match.span()
        kind = match.lastgroup or "sign"
        spaced = start > position or start == 0
        if kind == "code":
            end = _closing_backtick(text, start)
            found.append(Token("code", text[start + 1 : end - 1], start, end, spaced))
        else:
            found.append(Token(kind, match.group(), start, end, spaced))
        position = end
    return found


def _closing_backtick(text: str, start: int) -> int:
    """The position after the backtick that closes the one at `start`; the end of the text if none does."""
    position = start + 1
    while position < len(text):
        if text[position] == "`":
            return position + 1
        literal = _STRING_IN_CODE.match(text, position)
        position = literal.end() if literal else position + 1
    return len(text) + 1


def sentences(text: str, position: int = 0) -> list[Sentence]:
    """Cut a text into sentences, from a position on: a full stop outside brackets that white space or the end follows
    ends one, and so does an empty line."""
    found: list[Sentence] = []
    current: list[Token] = []
    depth = 0
    for token in tokens(text, position):
        if current and "\n\n" in text[current[-1].end : token.start]:
            found.append(_sentence(current, closed=False))
            current, depth = [], 0
        if token.kind == "sign" and token.text in _OPEN:
            depth += 1
        elif token.kind == "sign" and token.text in _CLOSE:
            depth = max(0, depth - 1)
        current.append(token)
        stops = token.kind == "sign" and token.text == "." and depth == 0
        if stops and (token.end >= len(text) or text[token.end].isspace()):
            found.append(_sentence(current, closed=True))
            current = []
    if current:
        found.append(_sentence(current, closed=False))
    return found


def _sentence(current: list[Token], *, closed: bool) -> Sentence:
    body = current[:-1] if closed else current
    return Sentence(current[0].start, current[-1].end, tuple(body), closed)
