"""What a telling says to a reader who has seen no code: the program as the plan, what is given, the problem's words.

Belongs here: whether such claims hold on a document. Does not belong here: claims about steps (`claims`).
"""

import ast

from .arithmetic import spelled
from .heap import CannotTell
from .states import States

KINDS = ("plan", "given", "comment")
"""Kinds of claims that are judged here."""


def plain(kind: str, text: str) -> str:
    """A claim's words as they stand in a telling to a reader of the code."""
    result = "The result is "
    return f"The call returns {text.removeprefix(result)}" if kind == "return" and text.startswith(result) else text


def holds(states: States, kind: str, event: int | None, text: str) -> bool:
    """Whether a claim of one of these kinds is true.

    Raises:
        CannotTell: the words cannot be read here.
    """
    lines = states.document.raw["code"].split("\n")
    if kind == "plan":
        told = text.strip().split("\n")
        return told[3:-1] == "\n".join(lines).removesuffix("\n").split("\n")
    if kind == "comment":
        if event is None:
            raise CannotTell("the words are about no step")
        line = states.nodes[states.events[event]["statement"]].lineno
        above = lines[line - 2].strip() if line > 1 else ""
        return above.startswith("#") and _words(above) == _words(text)
    names = text.strip().removeprefix("Given ").rstrip(".")
    *others, last = names.rsplit(" and ", 1)
    try:
        call = ast.parse(f"f({', '.join([*others, last])})", mode="eval").body
    except SyntaxError:
        return False
    if not isinstance(call, ast.Call) or call.args or not call.keywords:
        return False
    texts = states.texts(0)
    return all(
        word.arg in texts and spelled(texts[word.arg]) == spelled(word.value) for word in call.keywords if word.arg
    )


def _words(text: str) -> list[str]:
    return text.strip().lstrip("# ").rstrip(" .:;,").split()
