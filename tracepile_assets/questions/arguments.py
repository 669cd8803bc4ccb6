"""The text between the parentheses of a call, taken apart and put together again.

Not here: codecs, which decide what the parts become (trace_model), and running anything.
"""

import ast
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from .literals import NotLiteral, parse_expression, value_of

BLANK = "???"
"""Stands in a prompt where an argument is asked for."""


@dataclass(frozen=True, slots=True)
class Argument:
    """One argument of a call: the keyword it is given by, or None, and its source text."""

    keyword: str | None
    text: str

    def written(self) -> str:
        """The argument as it stands in a call."""
        return self.text if self.keyword is None else f"{self.keyword}={self.text}"


def split(arguments: str) -> list[Argument]:
    """The arguments of a call, each of them a literal.

    Raises:
        NotLiteral: the text is not that of literal arguments.
    """
    source = f"f({arguments}\n)"
    # The caps of `parse_expression` hold here too; the parentheses add one level of brackets.
    call = parse_expression(source)
    if not isinstance(call, ast.Call) or not isinstance(call.func, ast.Name):
        raise NotLiteral("not the arguments of one call")
    found = []
    for keyword, node in [(None, arg) for arg in call.args] + [
        (word.arg or "**", word.value) for word in call.keywords
    ]:
        if isinstance(node, ast.Starred) or keyword == "**":
            raise NotLiteral("arguments are unpacked")
        value_of(node)
        found.append(Argument(keyword, ast.get_source_segment(source, node) or ast.unparse(node)))
    return found


def join(arguments: list[Argument]) -> str:
    """The arguments as they stand in a call."""
    return ", ".join(each.written() for each in arguments)


def given_by(target: Mapping[str, Any], text: str) -> str:
    """The arguments of a target that leaves one open, with a text in its place.

    Args:
        target: its ``arguments`` are pairs of keyword and text, and the text of the one asked for is None.
        text: what to write there.
    """
    return join([Argument(keyword, text if given is None else given) for keyword, given in target["arguments"]])


def bare(answer: str, entry_point: str) -> str:
    """What stands between the parentheses, if an answer is written as the whole call; else the answer itself."""
    text = answer.strip()
    for name in (entry_point, entry_point.rpartition(".")[2]):
        if text.startswith(f"{name}(") and text.endswith(")"):
            inner = text[len(name) + 1 : -1]
            try:
                split(inner)
            except NotLiteral:
                continue
            return inner
    return text
