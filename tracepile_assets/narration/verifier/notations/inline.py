"""Reads code with comments: the statements as they ran, what they did behind ``#``.

Belongs here: that grammar. Does not belong here: whether it is true (``checking``).

A ``#`` may stand in the code as well: what a line says is read for each place where its comment may begin, from the
last one on, and taken where it can be read.
"""

from collections.abc import Iterator

from tracepile_assets.narration.verifier.notations.said import Said
from tracepile_assets.narration.verifier.notations.scratchpad import remark

_MARK = "  # "
_WAYS = {"True", "False", "done"}


def read(text: str) -> Iterator[Said]:
    """What the lines say, in order; a line with a comment says two things or three."""
    start = 0
    for line in text.split("\n"):
        end = start + len(line)
        body = line.lstrip(" ")
        indent = len(line) - len(body)
        if body.startswith("# "):
            yield from _comment(body[2:], start + indent + 2, end, indent)
        else:
            yield from _line(line, start, end, indent)
        start = end + 1


def _line(line: str, start: int, end: int, indent: int) -> Iterator[Said]:
    at = line.rfind(_MARK)
    while at > 0:
        said = list(_comment(line[at + len(_MARK) :], start + at + len(_MARK), end, None))
        if all(each.kind != "unread" for each in said):
            yield Said("line", start, start + at, line[indent:at], indent=indent)
            yield from said
            return
        at = line.rfind(_MARK, 0, at)
    yield Said("line", start, end, line[indent:], indent=indent)


def _comment(body: str, start: int, end: int, indent: int | None) -> Iterator[Said]:
    first, _, rest = body.partition(", ")
    if first in _WAYS and rest:
        yield remark(first, start, start + len(first), _WAYS, indent)
        yield remark(rest, start + len(first) + 2, end, set(), None)
    else:
        yield remark(body, start, end, _WAYS, indent)
