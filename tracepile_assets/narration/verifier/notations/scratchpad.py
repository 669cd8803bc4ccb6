"""Reads a scratchpad: numbered statements, below each what it did.

Belongs here: that grammar. Does not belong here: whether it is true (``checking``).
"""

import re
from collections.abc import Iterator

from tracepile_assets.narration.verifier.notations.said import Said, read_cells

_STEP = re.compile(r"(?P<indent> *)(?P<number>[1-9][0-9]*)\. (?P<source>.*)", re.DOTALL)
_CALL = re.compile(r"(?P<name>[^\W\d]\w*)\((?P<cells>.*)\)", re.DOTALL)
_BODY = re.compile(r"the program|class [^\W\d]\w*")
_TURN = re.compile(r"(?P<verb>returns|raises|yields|prints)(?: (?P<value>.*))?", re.DOTALL)
_LEAVES = re.compile(r"(?P<verb>leaves|ends) (?P<name>the program|class \w+|\w+)")
_GOES_ON = re.compile(r"(?P<name>the program|\w+) goes on")
_KINDS = {"returns": "return", "raises": "raise", "yields": "yield", "prints": "output", "leaves": "unwind"}
_WAYS = {"yes", "no", "done"}


def read(text: str) -> Iterator[Said]:
    """What the lines say, in order."""
    start = 0
    for line in text.split("\n"):
        end = start + len(line)
        yield _line(line, start, end)
        start = end + 1


def _line(line: str, start: int, end: int) -> Said:
    step = _STEP.fullmatch(line)
    if step is not None:
        source, number = step["source"], int(step["number"])
        return Said("line", start, end, source, number=number, indent=len(step["indent"]))
    body = line.lstrip(" ")
    return remark(body, end - len(body), end, _WAYS, len(line) - len(body))


def remark(body: str, start: int, end: int, ways: set[str], indent: int | None) -> Said:
    """What is said beside statements: calls, effects, endings. ``ways``: the words for how a test comes out."""
    if body in ways:
        return Said("way", start, end, body, indent=indent)
    if _BODY.fullmatch(body):
        return Said("call", start, end, body, indent=indent)
    if (turn := _TURN.fullmatch(body)) is not None:
        return Said(_KINDS[turn["verb"]], start, end, turn["value"] or "", indent=indent)
    if (leaves := _LEAVES.fullmatch(body)) is not None:
        return Said("unwind" if leaves["verb"] == "leaves" else "end", start, end, leaves["name"], indent=indent)
    if (goes_on := _GOES_ON.fullmatch(body)) is not None:
        return Said("resume", start, end, goes_on["name"], indent=indent)
    if (call := _CALL.fullmatch(body)) is not None:
        cells = read_cells(call["cells"], start + call.start("cells"))
        if cells is not None:
            return Said("call", start, end, call["name"], cells, indent=indent)
    cells = read_cells(body, start)
    return Said("unread", start, end) if not cells else Said("effect", start, end, "", cells, indent=indent)
