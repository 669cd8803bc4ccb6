"""Cuts free prose into sentences, expressions, and the words between them.

Belongs here: tokens, sentences, expressions among words, number words, what links two expressions. Does not belong
here: whether anything is so (``checks``).
"""

import ast
from collections.abc import Iterator
from dataclasses import dataclass

from tracepile_assets.narration.verifier.expressions import parse
from tracepile_assets.narration.verifier.grammar import Reader
from tracepile_assets.narration.verifier.text import Token, tokens

_SIGNS = {
    "\u00d7": "*",
    "\u00b7": "*",
    "\u2212": "-",
    "\u2264": "<=",
    "\u2265": ">=",
    "\u2260": "!=",
    "\u2192": "->",
    "\u21d2": "->",
}
_DIGITS = 4_000
_STOPS = {".", "?", "!"}
_OPEN, _CLOSE = "([{", ")]}"
_PAIRS = {"pair", "pairs", "point", "edge", "cell", "position", "indices"}
"""Words before two numbers with a comma between."""

_BULLETS = {"-", "*", "**", "#", "•", ">"}
_SMALL = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen "
    "eighteen nineteen twenty"
)
NUMBER_WORDS = {word: number for number, word in enumerate(_SMALL.split())}
"""Numbers that are written as words."""

_TENS = {"thirty": 30, "forty": 40, "fifty": 50, "sixty": 60, "seventy": 70, "eighty": 80, "ninety": 90}
NUMBER_WORDS |= {"once": 1, "twice": 2, "thrice": 3, **_TENS, "hundred": 100, "thousand": 1_000, "million": 1_000_000}

_PLACES = (
    "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth fourteenth fifteenth "
    "sixteenth seventeenth eighteenth nineteenth twentieth"
)
ORDINAL_WORDS = {word: number for number, word in enumerate(_PLACES.split(), 1)}
"""Places in an order that are written as words."""


@dataclass(frozen=True, slots=True)
class Prose:
    """One sentence or line: its tokens without bullets and list numbers, and its span in the text."""

    tokens: tuple[Token, ...]
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Span:
    """An expression in a sentence: its tokens from ``first`` to before ``last``; ``code``: it stood in backticks."""

    node: ast.expr
    first: int
    last: int
    code: bool = False


def sentences(text: str) -> list[Prose]:
    """Sentences and lines of a text; a bracket that stays open does not hold a line together."""
    found: list[Prose] = []
    current: list[Token] = []
    depth = 0
    for token in _joined(list(_grouped(tokens(text)))):
        if current and "\n" in text[current[-1].end : token.start]:
            _end(current, found)
            current, depth = [], 0
        depth = max(0, depth + (token.kind == "sign") * ((token.text in _OPEN) - (token.text in _CLOSE)))
        current.append(token)
        after = text[token.end : token.end + 1]
        if token.kind == "sign" and token.text in _STOPS and depth == 0 and (not after or after.isspace()):
            _end(current, found)
            current = []
    _end(current, found)
    return found


def _end(current: list[Token], found: list[Prose]) -> None:
    rest = current
    while rest and rest[0].kind == "sign" and rest[0].text in _BULLETS:
        rest = rest[1:]
    if len(rest) > 1 and rest[0].kind == "number" and rest[1].text in (".", ")") and not rest[1].spaced:
        rest = rest[2:]
    while rest and rest[-1].kind == "sign" and rest[-1].text in {*_STOPS, "**"} - {"?"}:
        rest = rest[:-1]
    if rest:
        found.append(Prose(tuple(rest), rest[0].start, rest[-1].end))


def _grouped(found: list[Token]) -> Iterator[Token]:
    """Tokens with the digits of a number joined that commas group by threes; within brackets commas part values."""
    depth = position = 0
    while position < len(found):
        token = found[position]
        depth = max(0, depth + (token.kind == "sign") * ((token.text in _OPEN) - (token.text in _CLOSE)))
        end = position + 1
        listed = position > 0 and found[position - 1].text == "," and not token.spaced
        short = token.text.isdigit() and len(token.text) < 4 and token.text[0] != "0"
        paired = position > 0 and found[position - 1].text.lower() in _PAIRS
        if token.kind == "number" and depth == 0 and short and not listed and not paired:
            while end + 1 < len(found) and _is_group(found[end], found[end + 1]):
                end += 2
        if end > position + 1:
            digits = "".join(each.text for each in found[position:end:2])
            yield Token("number", digits, token.start, found[end - 1].end, token.spaced)
        else:
            yield token
        position = end


def _is_group(comma: Token, digits: Token) -> bool:
    plain = digits.kind == "number" and digits.text.isdigit() and len(digits.text) == 3
    return comma.text == "," and plain and not comma.spaced and not digits.spaced


def spelled_number(found: tuple[Token, ...], position: int) -> tuple[int, int] | None:
    """A number that is spelled out from a position on, as in `three hundred and twenty-one`, and where it ends."""
    total = value = 0
    end = position
    while end < len(found):
        word = found[end].text.lower()
        if found[end].kind == "word" and word in NUMBER_WORDS and word not in ("once", "twice", "thrice"):
            number_ = NUMBER_WORDS[word]
            if number_ == 100:
                value = max(value, 1) * 100
            elif number_ > 100:
                total, value = total + max(value, 1) * number_, 0
            elif end > position and (value % 100 and not (value % 10 == 0 and value % 100 > 10 and number_ < 10)):
                break
            else:
                value += number_
            end += 1
        elif end > position and word in ("-", "and") and _goes_on(found, end, value + total):
            end += 1
        else:
            break
    return (total + value, end) if end > position else None


def _goes_on(found: tuple[Token, ...], at: int, value: int) -> bool:
    """Whether a hyphen or an "and" stands inside a number that is spelled out."""
    following = NUMBER_WORDS.get(found[at + 1].text.lower(), 0) if at + 1 < len(found) else 0
    if found[at].text == "-":
        return value % 10 == 0 and value % 100 > 10 and 0 < following < 10 and not found[at].spaced
    return value >= 100 and value % 100 == 0 and 0 < following < 100


def _joined(found: list[Token]) -> Iterator[Token]:
    """Tokens with arrows whole and other signs in the spelling of the language."""
    skip = False
    for token, following in zip(found, [*found[1:], None], strict=False):
        if skip:
            skip = False
            continue
        arrow = token.text in ("-", "=", "--") and following is not None and following.text == ">"
        if token.kind == "sign" and arrow and following is not None and not following.spaced:
            skip = True
            yield Token("sign", "->", token.start, following.end, token.spaced)
        elif token.kind == "sign" and token.text in _SIGNS:
            yield Token("sign", _SIGNS[token.text], token.start, token.end, token.spaced)
        elif token.kind == "number" and token.text[1:2].isdigit() and token.text[0] == "0":
            # Written in base two, which a program would have to mark.
            yield Token("binary", token.text, token.start, token.end, token.spaced)
        else:
            yield token


class Expressions(Reader):
    """Finds the expressions in sentences about one program.

    Args:
        names: every name of the program.
    """

    def __init__(self, names: frozenset[str]) -> None:
        """Keep the names."""
        super().__init__((), set(names))

    def spans(self, sentence: Prose) -> list[Span]:
        """The expressions of a sentence from left to right, each as long as it can be."""
        self._tokens = sentence.tokens
        self._expressions = {}
        found: list[Span] = []
        position = 0
        while position < len(sentence.tokens):
            read = self._slot_expr(position) if self._may_begin(position) else None
            if read is None:
                position += 1
                continue
            node, end = read
            found.append(Span(node, position, end, sentence.tokens[position].kind == "code"))
            position = end
        return found

    def _may_begin(self, position: int) -> bool:
        token = self._tokens[position]
        if token.kind == "sign" and token.text in ("-", "+"):
            # A dash between words is no sign of a number.
            following = self._tokens[position + 1 : position + 2]
            return bool(following) and not following[0].spaced and following[0].kind in ("number", "word")
        return token.kind != "sign" or token.text in (*_OPEN, "~")


def as_code(text: str) -> str:
    """Program text without white space, to look for quoted code in."""
    return "".join(text.split()).rstrip(":;")


def number(token: Token) -> int | None:
    """The whole number that a token is, in digits or in words."""
    if token.kind == "number" and token.text.replace("_", "").isdigit() and len(token.text) < _DIGITS:
        return int(token.text)
    return NUMBER_WORDS.get(token.text.lower()) if token.kind == "word" else None


def binary(text: str) -> int | None:
    """The number that digits mean in base two; None for other digits."""
    return int(text, 2) if set(text) <= {"0", "1"} and text else None


def value_node(node: ast.AST) -> bool:
    """Whether an expression is a literal: a number, a string, a constant, or a container of such."""
    if isinstance(node, ast.Constant):
        return True
    if isinstance(node, ast.UnaryOp):
        return isinstance(node.op, ast.USub) and isinstance(node.operand, ast.Constant)
    if isinstance(node, ast.List | ast.Tuple | ast.Set):
        return all(map(value_node, node.elts))
    if isinstance(node, ast.Dict):
        return all(key is not None and value_node(key) for key in node.keys) and all(map(value_node, node.values))
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and all(map(value_node, node.args))


def closed(node: ast.AST) -> bool:
    """Whether an expression holds no names at all."""
    return not any(isinstance(part, ast.Name) for part in ast.walk(node))


__all__ = [
    "NUMBER_WORDS",
    "ORDINAL_WORDS",
    "Expressions",
    "Prose",
    "Span",
    "as_code",
    "binary",
    "closed",
    "number",
    "parse",
    "sentences",
    "spelled_number",
]
__all__ += ["value_node"]
