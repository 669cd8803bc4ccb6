"""What a text in a notation says, line by line, before anything is checked.

Belongs here: the values that readers give, and reading cells (``a = 1, b is gone``). Does not belong here: the grammar
of a notation, and checks.
"""

import re
from dataclasses import dataclass, field

_NAME = re.compile(r"[^\W\d]\w*")
_OPENING, _CLOSING = "([{", ")]}"


@dataclass(frozen=True, slots=True)
class Cell:
    """That a name has a value, or (None) is bound no more; from character ``start`` to ``end`` of the text."""

    name: str
    value: str | None
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Said:
    """One line or frame of a text.

    Attributes:
        kind: ``call``, ``line``, ``effect``, ``way``, ``output``, ``return``, ``raise``, ``unwind``, ``yield``,
            ``resume``, or ``unread`` for what the grammar does not know.
        start: first character.
        end: character after the last.
        text: what a statement reads, which function a call is of, how a test comes out, or the value of an ending.
        cells: what is said of variables.
        number: the number of a step, where one is given.
        indent: how far in the line stands, in characters; None where that means nothing.
    """

    kind: str
    start: int
    end: int
    text: str = ""
    cells: tuple[Cell, ...] = field(default=())
    number: int | None = None
    indent: int | None = None


def read_cells(text: str, start: int) -> tuple[Cell, ...] | None:
    """Cells between commas; None if the text is anything else. ``start``: where the text begins in the whole."""
    cells = []
    for piece, at in _pieces(text):
        match = _NAME.match(piece)
        if match is None:
            return None
        rest = piece[match.end() :]
        if rest == " is gone":
            cells.append(Cell(match.group(), None, start + at, start + at + len(piece)))
        elif rest.startswith(" = ") and len(rest) > 3:
            cells.append(Cell(match.group(), rest[3:], start + at, start + at + len(piece)))
        else:
            return None
    return tuple(cells)


def _pieces(text: str) -> list[tuple[str, int]]:
    """The pieces of a text between commas that stand in no bracket and no string, each with where it begins."""
    found = []
    begun = depth = 0
    quote = ""
    escaped = False
    for at, char in enumerate(text):
        if quote:
            escaped, ends = char == "\\" and not escaped, char == quote and not escaped
            quote = "" if ends else quote
        elif char in "'\"":
            quote = char
        elif char in _OPENING:
            depth += 1
        elif char in _CLOSING:
            depth -= 1
        elif char == "," and depth == 0 and text.startswith(", ", at):
            found.append((text[begun:at], begun))
            begun = at + 2
    return [*found, (text[begun:], begun)] if text else []
