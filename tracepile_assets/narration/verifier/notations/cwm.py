"""Reads the frames of Code World Models.

Belongs here: that grammar (the prompting guide of CWM). Does not belong here: whether it is true (``checking``).
"""

import json
import re
from collections.abc import Iterator

from tracepile_assets.narration.verifier.notations.said import Cell, Said

_FRAME = re.compile(
    r"<\|(?P<kind>call|line|return|exception)_sep\|>(?P<held>[^<]*(?:<(?!\|)[^<]*)*)<\|action_sep\|>"
    r"(?P<source>[^<]*(?:<(?!\|)[^<]*)*)(?:<\|arg_sep\|>(?P<value>[^<]*(?:<(?!\|)[^<]*)*))?<\|frame_sep\|>"
)
_KINDS = {"call": "call", "line": "line", "return": "return", "exception": "raise"}
SAME = ".."


def read(text: str) -> Iterator[Said]:
    """What the frames say, in order. The cells of a call or line hold JSON text, or ``..``."""
    at = 0
    while at < len(text):
        frame = _FRAME.match(text, at)
        if frame is None:
            yield Said("unread", at, len(text))
            return
        yield _frame(frame)
        at = frame.end()


def _frame(frame: re.Match[str]) -> Said:
    kind, start, end = frame["kind"], frame.start(), frame.end()
    try:
        if kind in ("call", "line"):
            held = json.loads(frame["held"], object_pairs_hook=list)
            is_object = frame["held"].startswith("{") and frame["value"] is None
            if is_object and all(type(value) is str for _, value in held):
                cells = tuple(Cell(name, value, frame.start("held"), frame.end("held")) for name, value in held)
                return Said(_KINDS[kind], start, end, frame["source"], cells)
        elif not frame["held"] and frame["value"] is not None:
            value = json.loads(frame["value"])
            if type(value) is str:
                cell = Cell("", value, frame.start("value"), frame.end("value"))
                return Said(_KINDS[kind], start, end, frame["source"], (cell,))
    except (ValueError, TypeError, RecursionError):
        pass
    return Said("unread", start, end)
