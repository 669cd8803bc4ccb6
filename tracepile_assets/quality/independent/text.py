"""Cuts value text into parts without building values: elements, keys, references.

Belongs here: scanning text as the recorder writes it. Does not belong here: what the parts refer to (`heap`).
"""

import ast
from collections.abc import Iterator

_OPEN, _CLOSE, _QUOTES = "([{", ")]}", "'\""


def tokens(text: str) -> Iterator[tuple[int, int, int]]:
    """Pieces of a text as (start, end, depth of brackets): strings whole, ``#12`` whole, else single characters."""
    at = depth = 0
    while at < len(text):
        character = text[at]
        end = at + 1
        if character in _QUOTES:
            while text[end] != character:
                end += 2 if text[end] == "\\" else 1
            end += 1
        elif character == "#":
            while end < len(text) and text[end].isdigit():
                end += 1
        elif character in _CLOSE:
            depth -= 1
        yield at, end, depth
        if character in _OPEN:
            depth += 1
        at = end


def split(text: str, at: str = ",") -> list[str]:
    """The parts of a text between separators that stand outside all brackets and strings."""
    parts, start = [], 0
    for begin, end, depth in tokens(text):
        if depth == 0 and text[begin:end] == at:
            parts.append(text[start:begin].strip())
            start = end
    last = text[start:].strip()
    return [*parts, last] if last or parts else []


def references(text: str) -> Iterator[tuple[int, int, int]]:
    """The references in a text as (start, end, number)."""
    for begin, end, _ in tokens(text):
        if text[begin] == "#" and end > begin + 1:
            yield begin, end, int(text[begin + 1 : end])


def in_order(elements: list[str]) -> list[str]:
    """Elements of a set in the order in which they are written: sorted where they sort, else references, then text."""

    def by_text(element: str) -> tuple[int, int, str]:
        return (0, int(element[1:]), "") if element.startswith("#") else (1, 0, element)

    try:
        values = {element: ast.literal_eval(element) for element in elements}
        if all(not isinstance(value, frozenset) and value == value for value in values.values()):
            return sorted(elements, key=values.__getitem__)
    except (ValueError, SyntaxError, TypeError):
        pass
    return sorted(elements, key=by_text)
