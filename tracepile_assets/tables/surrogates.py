"""Lone surrogates in what programs did, which no UTF-8 text and no JSON can hold, written as their escapes.

Python lets a program have them in strings, whose value text escapes them already, in what an exception says, and in
names of attributes. Not here: sources, which refuse rows that hold them.
"""

from collections.abc import Mapping
from typing import Any


def escaped(value: Any) -> Any:
    """A value of a row, its texts with ``\\\\udXXX`` in place of each lone surrogate; other texts are as they were."""
    if isinstance(value, str):
        return value if value.isascii() else value.encode("utf-8", "backslashreplace").decode("utf-8")
    if isinstance(value, Mapping):
        return {key: escaped(each) for key, each in value.items()}
    return [escaped(each) for each in value] if isinstance(value, list | tuple) else value
