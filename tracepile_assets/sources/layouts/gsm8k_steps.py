"""Reads the calculations of an answer: annotations (`<<48/2=24>>`), plain equations (`48/2 = 24`), and equations with
words in them (`6 hours / 2 hours per book equals 3`).

Belongs here: finding them, their expression as a syntax tree of plain arithmetic, and its value. Does not belong here:
which number of the question a number is, names (`gsm8k_program`, `gsm8k_words`).
"""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from tracepile_assets.sources.layouts.gsm8k_words import LONGEST_NUMBER

_ANNOTATION = re.compile(r"<<([^<>=]*)=([^<>]*)>>")
_NUMBER = r"\d[\d,]*(?:\.\d+)?|\.\d+"
_EQUATION = re.compile(
    rf"((?:[(\s$]*(?:{_NUMBER})\s*%?[)\s]*[-+*/x\u00d7\u00f7])+[(\s$]*(?:{_NUMBER})\s*%?[)\s]*)=\s*\$?\s*({_NUMBER})"
)
_SIGN_WORDS = {"plus": "+", "minus": "-", "times": "*", "multiplied by": "*", "divided by": "/"}
_TOKEN = re.compile(
    rf"(?P<number>{_NUMBER})|(?P<sign>[-+*/\u00d7\u00f7\u2212\u2013]|\bx\b|\b(?:{'|'.join(_SIGN_WORDS)})\b)"
    r"|(?P<bracket>[()%])|(?P<equals>=|\bequals\b)|(?P<word>[A-Za-z'\u2019]+)|(?P<end>[.,;:?!](?!\d)|[<>])"
)
_MOST_WORDS = 6
"""Words between a number and the sign behind it."""
_SIGNS = str.maketrans(
    {"\u00d7": "*", "x": "*", "X": "*", "\u00f7": "/", "\u2212": "-", "\u2013": "-", "^": "**"}
    | dict.fromkeys("$, ", "")
)
_OPERATORS = (ast.Add, ast.Sub, ast.Mult, ast.Div, ast.FloorDiv, ast.Mod, ast.Pow)
_LARGEST_POWER = 64
_LONGEST_CALCULATION = 300


@dataclass(frozen=True, slots=True)
class Step:
    """One calculation.

    Attributes:
        line: number of its line in the answer, from 0.
        start: where it starts in its line, as plain text without annotations.
        end: where its result ends there.
        expression: the tree of its left side: numbers, signs and the four operations with powers.
        stated: text of its result, a plain number.
    """

    line: int
    start: int
    end: int
    expression: ast.expr
    stated: str

    @property
    def result(self) -> int | float:
        """The stated result as a number."""
        return number(self.stated)


def lines_of(answer: str) -> tuple[list[str], str | None]:
    """The lines of an answer, and the number behind `####` in the last one, None where there is none."""
    body, mark, last = answer.partition("####")
    stated = plain_number(last) if mark else None
    return [line.strip() for line in body.strip().split("\n")], stated


def annotated_steps(lines: list[str]) -> list[Step]:
    """The annotations that are calculations of plain numbers, in their order."""
    steps = []
    for number_of_line, line in enumerate(lines):
        removed = 0
        for found in _ANNOTATION.finditer(line):
            start = found.start() - removed
            removed += len(found.group())
            step = _step(number_of_line, start, start, *found.groups())
            if step is not None:
                steps.append(step)
    return steps


def plain_steps(lines: list[str]) -> list[Step]:
    """The equations that stand in the text itself, in their order."""
    steps = []
    for number_of_line, line in enumerate(lines):
        for found in _EQUATION.finditer(without_annotations(line)):
            step = _step(number_of_line, found.start(), found.end(), *found.groups())
            if step is not None:
                steps.append(step)
    return steps


def worded_steps(lines: list[str]) -> list[Step]:
    """The equations whose numbers have units behind them, or words between them for signs, in their order."""
    steps = []
    for number_of_line, line in enumerate(lines):
        for start, end, left, right in _worded(without_annotations(line)):
            step = _step(number_of_line, start, end, left, right)
            if step is not None:
                steps.append(step)
    return steps


def _worded(line: str) -> Iterator[tuple[int, int, str, str]]:
    """Start, end and both sides of the equations of a line: numbers with signs between them, whatever else is said."""
    left: list[re.Match] = []
    words = 0
    tokens = list(_TOKEN.finditer(line))
    for token, after in pairwise(tokens):
        kind = token.lastgroup
        if kind == "word":
            words += 1
        elif kind == "equals" and left and left[-1].lastgroup != "sign" and after.lastgroup == "number":
            signs = (_SIGN_WORDS.get(part[0], part[0]) for part in left)
            yield left[0].start(), after.end(), "".join(signs), after[0]
            left = []
        elif kind in ("equals", "end"):
            left = []
        elif kind == "number" and left and left[-1].lastgroup != "sign" and left[-1][0] != "(":
            left = [token]
        elif kind != "sign" or (left and words <= _MOST_WORDS and (after.lastgroup == "number" or after[0] == "(")):
            left.append(token)
        words = words if kind == "word" else 0


def without_annotations(line: str) -> str:
    """The line as a reader sees it."""
    return _ANNOTATION.sub("", line)


def _step(line: int, start: int, end: int, left: str, right: str) -> Step | None:
    expression, stated = _tree(left), plain_number(right)
    if expression is None or stated is None or not isinstance(expression, ast.BinOp):
        return None
    return Step(line, start, end, expression, stated)


def plain_number(text: str) -> str | None:
    """The text of a number without currency, separators and a full stop at its end; None where it is no number."""
    plain = text.translate(_SIGNS).strip().rstrip(".").removesuffix("%")
    return plain if re.fullmatch(r"-?(\d+(\.\d*)?|\.\d+)", plain) and len(plain) <= LONGEST_NUMBER else None


def number(text: str) -> int | float:
    """The number of a plain text: whole where it is written without a point or with zeros behind it."""
    whole, _, decimals = text.partition(".")
    return float(text) if decimals.strip("0") else int(whole or "0")


def _tree(text: str) -> ast.expr | None:
    """The tree of an expression in plain arithmetic; `20%` is 20/100."""
    if len(text) > _LONGEST_CALCULATION:
        return None
    plain = re.sub(r"(\d+(?:\.\d+)?|\.\d+)%(?![\d(.])", r"(\1/100)", text.translate(_SIGNS))
    plain = re.sub(r"(?<![\d.])0+(?=\d)", "", plain)
    try:
        tree = ast.parse(plain, mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None
    return tree if all(map(_is_arithmetic, ast.walk(tree))) else None


def _is_arithmetic(node: ast.AST) -> bool:
    if isinstance(node, ast.Constant):
        return type(node.value) in (int, float)
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Pow):
        base, power = node.left, node.right
        return isinstance(base, ast.Constant) and isinstance(power, ast.Constant) and 0 <= power.value <= _LARGEST_POWER
    return isinstance(node, (ast.BinOp, ast.UnaryOp, ast.UAdd, ast.USub, *_OPERATORS))
