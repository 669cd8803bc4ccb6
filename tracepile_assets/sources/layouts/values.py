"""Writes values as JSON has them as Python source text, a value or the arguments of a call, and reads JSON in a column.

Belongs here: what `functions` and the layouts of foreign data sets share. Does not belong here: values of the programs
themselves (execution/), texts that are source already.
"""

import json
import math
from typing import Any

from tracepile_assets.sources.layouts.making import is_arguments


class UnwritableError(Exception):
    """A value has no source text; the message says which and why."""


def arguments_text(item: Any) -> str:
    """What stands between the parentheses of a call: the text itself, the values of a list in their order, or those of
    an object by their names.

    Raises:
        UnwritableError: the text is no arguments, or a value has no source text.
    """
    if isinstance(item, str):
        text = item.strip()
        if not is_arguments(text):
            raise UnwritableError(f"{item[:80]!r} cannot stand between the parentheses of a call")
        return text
    if isinstance(item, list):
        return ", ".join(map(source_text, item))
    if isinstance(item, dict):
        for name in item:
            if not is_arguments(f"{name}=0"):
                raise UnwritableError(f"{name!r} is no name of an argument")
        return ", ".join(f"{name}={source_text(value)}" for name, value in item.items())
    raise UnwritableError(f"{item!r} is neither text of arguments, nor a list or object of values")


def source_text(value: Any) -> str:
    """Source text of a JSON value, which evaluates to it.

    Raises:
        UnwritableError: it is of a type that JSON does not have.
    """
    if isinstance(value, float) and not math.isfinite(value):
        return f"float('{value}')"
    if value is None or type(value) in (bool, int, float, str, bytes):
        return repr(value)
    if isinstance(value, list):
        return "[" + ", ".join(map(source_text, value)) + "]"
    if isinstance(value, dict):
        return "{" + ", ".join(f"{source_text(key)}: {source_text(item)}" for key, item in value.items()) + "}"
    raise UnwritableError(f"a value of type {type(value).__name__} has no source text")


def as_json(text: str) -> Any:
    """The value of a JSON text; the text itself where it is none."""
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return text
