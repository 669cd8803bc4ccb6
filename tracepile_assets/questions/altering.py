"""Changes of one element of an input: a number, a character, an element more or less; of stdin, a word.

Belongs here: finding what can be changed, drawing what it becomes, and the input that comes of it; pure and seeded,
nothing is run. Does not belong here: what is asked about the changed run (`kinds.what_if`), and new inputs for programs
(sources/).
"""

import ast
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any

from .arguments import join, split
from .choice import draw
from .literals import NotLiteral, parse, parse_expression, value_of

LONGEST_STRING = 200
"""Characters of the longest string of which one is changed."""

_TRIES = 6
_WORD = re.compile(r"\S+")


@dataclass(frozen=True, slots=True)
class Alteration:
    """An input with one element changed.

    Attributes:
        change: what is changed, plain values only. Of a call ``argument`` (place among its arguments), ``path``
            (indices and keys that lead from there to the element, or to the list), ``how`` (``set``, ``drop`` the last
            element, ``append``), ``from`` and ``to`` (source text, where there is one). Of stdin ``line`` and ``word``,
            both from 1, ``from`` and ``to`` (as they stand in the text).
        arguments: the changed arguments; None for a program that reads stdin.
        stdin: the changed stdin; None for a program that is called.
    """

    change: dict[str, object]
    arguments: str | None
    stdin: str | None


@dataclass(frozen=True, slots=True)
class _Element:
    """A place in an argument: the node, the path to it, and the values beside it."""

    path: tuple[int | str, ...]
    node: ast.expr
    value: Any
    beside: tuple[Any, ...] = ()
    index: int | None = None


def propose(arguments: str | None, stdin: str | None, seed: object, count: int = 2) -> list[Alteration]:
    """At most so many changed inputs, no two alike.

    Args:
        arguments: text between the parentheses of the call; None for a program that reads stdin.
        stdin: what the program reads.
        seed: decides what is changed, and to what.
        count: how many.
    """
    found: dict[str, Alteration] = {}
    for attempt in range(_TRIES):
        if len(found) == count:
            break
        made = _of_stdin(stdin or "", seed, attempt) if arguments is None else _of_call(arguments, seed, attempt)
        if made is not None:
            found.setdefault(str((made.arguments, made.stdin)), made)
    return list(found.values())


# Arguments.


def _of_call(arguments: str, seed: object, attempt: int) -> Alteration | None:
    try:
        given = split(arguments)
        elements = [list(_elements(parse_expression(each.text), ())) for each in given]
    except NotLiteral:
        return None
    places = [place for place, found in enumerate(elements) if found]
    if not places:
        return None
    place = _one(places, seed, attempt, "argument")
    element = _one(elements[place], seed, attempt, "element")
    changed = _changed(given[place].text, element, (seed, attempt))
    if changed is None:
        return None
    change, text = changed
    others = [*given]
    others[place] = replace(given[place], text=text)
    return Alteration({"argument": place, **change}, join(others), None)


def _elements(node: ast.expr, path: tuple[int | str, ...]) -> Iterator[_Element]:
    """What can be changed in a literal: its numbers, truth values and strings, and the ends of its lists."""
    if isinstance(node, ast.List | ast.Tuple):
        values = tuple(_value(each) for each in node.elts)
        for index, each in enumerate(node.elts):
            for found in _elements(each, (*path, index)):
                yield replace(found, beside=values, index=index) if found.node is each else found
        # Of the rows of a matrix none is made longer than the others.
        if isinstance(node, ast.List) and not path and len(values) > 1 and all(map(_is_atom, values)):
            yield _Element(path, node, list(values))
    elif isinstance(node, ast.Dict):
        for key, each in zip(node.keys, node.values, strict=True):
            if isinstance(key, ast.Constant) and isinstance(key.value, int | str) and not isinstance(key.value, bool):
                yield from _elements(each, (*path, key.value))
    elif _is_atom(value := _value(node)):
        yield _Element(path, node, value)


def _value(node: ast.expr) -> Any:
    try:
        return value_of(node)
    except NotLiteral:
        return None


def _is_atom(value: Any) -> bool:
    if isinstance(value, str):
        return 0 < len(value) <= LONGEST_STRING
    return isinstance(value, bool | int) or (isinstance(value, float) and value - value == 0)


def _changed(text: str, element: _Element, seed: tuple[object, ...]) -> tuple[dict[str, object], str] | None:
    """The change of an element, and the argument's text with it."""
    start, end = _span(text, element.node)
    if isinstance(element.value, list):
        return _resized(text, element, seed)
    value: Any = element.value
    path: tuple[int | str, ...] = element.path
    if isinstance(value, str) and len(value) > 1:
        at = int(draw(*seed, "character") * len(value))
        letter = _letter(value[at], value, seed)
        if letter is None:
            return None
        new = repr(value[:at] + letter + value[at + 1 :])
        change = {"path": [*path, at], "how": "set", "from": repr(value[at]), "to": repr(letter)}
        return change, text[:start] + new + text[end:]
    other = _other(value, element.beside, element.index, seed)
    if other is None:
        return None
    change = {"path": list(path), "how": "set", "from": repr(value), "to": repr(other)}
    return change, text[:start] + repr(other) + text[end:]


def _resized(text: str, element: _Element, seed: tuple[object, ...]) -> tuple[dict[str, object], str] | None:
    """A list without its last element, or with one more."""
    start, end = _span(text, element.node)
    values = element.value
    if draw(*seed, "shorter") < 0.5:
        change = {"path": list(element.path), "how": "drop", "from": repr(values[-1])}
        return change, text[:start] + repr(values[:-1]) + text[end:]
    last = _other(values[-1], tuple(values), None, seed)
    if last is None or (_ascends(values) and not _fits(last, values[-1], None)):
        return None
    change = {"path": list(element.path), "how": "append", "to": repr(last)}
    return change, text[:start] + repr([*values, last]) + text[end:]


def _span(text: str, node: ast.expr) -> tuple[int, int]:
    """Where a node stands in the text that it was read from."""
    starts = [0]
    for line in text.splitlines(keepends=True):
        starts.append(starts[-1] + len(line))
    lines = text.splitlines(keepends=True)

    def at(line: int, column: int) -> int:
        return starts[line - 1] + len(lines[line - 1].encode()[:column].decode())

    return at(node.lineno, node.col_offset), at(node.end_lineno or 0, node.end_col_offset or 0)


# Values.


def _other(value: Any, beside: tuple[Any, ...], index: int | None, seed: tuple[object, ...]) -> Any:
    """Another value of the same type, near it or one of those beside it; None if there is none that fits."""
    if isinstance(value, bool):
        return not value
    if isinstance(value, str):
        pool = [each for each in beside if isinstance(each, str)]
        return _letter(value, "".join(pool) or value, seed) if len(value) == 1 else None
    alike = [each for each in beside if type(each) is type(value)]
    if isinstance(value, float):
        near = [value + 0.5, value - 0.5, value + 1, value * 2]
    else:
        near = [value + 1, value - 1, value + 2, value + 3, value * 2, value // 2]
    largest = max(abs(each) for each in (*alike, value))
    least = min((*alike, value))
    options = [
        each
        for each in dict.fromkeys((*near, *alike))
        if each != value and abs(each) <= max(10, 2 * largest) and (least <= 0 or each > 0) and (least < 0 or each >= 0)
    ]
    if index is not None and _ascends(beside):
        before = beside[index - 1] if index else None
        after = beside[index + 1] if index + 1 < len(beside) else None
        options = [each for each in options if _fits(each, before, after)]
    return _one(options, *seed, "value") if options else None


def _ascends(values: Sequence[Any]) -> bool:
    """Whether values are numbers in ascending order, as a program may rely on; of two one cannot tell."""
    numbers = all(isinstance(each, int | float) for each in values)
    return numbers and len(values) > 2 and all(one <= two for one, two in pairwise(values))


def _fits(value: Any, before: Any, after: Any) -> bool:
    return (before is None or before <= value) and (after is None or value <= after)


def _letter(letter: str, around: str, seed: tuple[object, ...]) -> str | None:
    """Another character: one of those around it, else the next of its kind."""
    options = sorted(set(around) - {letter})
    if not options and letter.isascii() and letter.isalnum() and letter not in "zZ9":
        options = [chr(ord(letter) + 1)]
    return _one(options, *seed, "letter") if options else None


def _one(options: Sequence[Any], *seed: object) -> Any:
    return options[int(draw(*seed) * len(options))]


# Standard input.


def _of_stdin(text: str, seed: object, attempt: int) -> Alteration | None:
    lines = text.splitlines(keepends=True)
    words = [(number, list(_WORD.finditer(line))) for number, line in enumerate(lines, 1)]
    # The first of several lines often says how much there is to read.
    usable = [each for each in words if each[1] and (each[0] > 1 or len(words) == 1)]
    if not usable:
        return None
    number, found = _one(usable, seed, attempt, "line")
    at = int(draw(seed, attempt, "word") * len(found))
    old = found[at][0]
    new = _other_word(old, [each[0] for each in found], (seed, attempt))
    if new is None:
        return None
    line = lines[number - 1]
    lines[number - 1] = line[: found[at].start()] + new + line[found[at].end() :]
    return Alteration({"line": number, "word": at + 1, "from": old, "to": new}, None, "".join(lines))


def _other_word(word: str, beside: list[str], seed: tuple[object, ...]) -> str | None:
    numbers = tuple(number for each in beside if (number := _number(each)) is not None)
    if (number := _number(word)) is not None:
        other = _other(number, numbers, None, seed)
        return None if other is None else str(other)
    if len(word) > LONGEST_STRING:
        return None
    at = int(draw(*seed, "character") * len(word))
    letter = _letter(word[at], word, seed)
    return None if letter is None or letter.isspace() else word[:at] + letter + word[at + 1 :]


def _number(word: str) -> int | None:
    try:
        value = parse(word)
    except NotLiteral:
        return None
    return value if type(value) is int else None
