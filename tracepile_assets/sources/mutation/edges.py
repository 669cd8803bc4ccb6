"""Values at the edge of a type: the empty container, the empty text, zero, one element, one; then lists of numbers with
one below zero, and with all of them equal.

Belongs here: which they are, for arguments of calls. Does not belong here: values that are changed by lot (``values``),
and what standard input holds (``lines``).
"""

from collections.abc import Iterator
from typing import Any

from tracepile_assets.sources.mutation.hints import Path
from tracepile_assets.sources.mutation.knowledge import Arguments, Knowledge, is_record
from tracepile_assets.trace_model.codecs import Nodes

_EMPTY = (list, tuple, dict, set, frozenset, str, bytes, int, float)


def edges(knowledge: Knowledge, arguments: Arguments) -> Iterator[Arguments]:
    """Arguments with values at the edge in the place of those given: first the least for each parameter, then for all
    of them at once, then the next to least for each, then those with elements that tell."""
    least = {name: _least(knowledge, value, (name,)) for name, value in arguments.items()}
    yield from ({**arguments, name: value} for name, found in least.items() for value in found)
    if len(least) > 1:
        yield {name: found[0] if found else arguments[name] for name, found in least.items()}
    for name, value in arguments.items():
        yield from ({**arguments, name: found} for found in _next_to_least(value))
    for name, value in arguments.items():
        yield from ({**arguments, name: found} for found in _telling_elements(value))


def _least(knowledge: Knowledge, value: Any, place: Path) -> list[Any]:
    """The empty or zero value of a type, and None where a parameter may be."""
    found: list[Any] = []
    if isinstance(value, Nodes):
        found = [Nodes(value.codec, [])]
    elif type(value) in _EMPTY and not _has_a_form(knowledge, value, place):
        found = [type(value)()]
    if "None" in knowledge.hints.types.get(place, ()) and value is not None:
        found.append(None)
    return found


def _next_to_least(value: Any) -> list[Any]:
    """One element of several, and one."""
    if isinstance(value, Nodes):
        return [Nodes(value.codec, value.values[:1])] if len(value.values) > 1 else []
    if type(value) in (list, str, bytes):
        return [value[:1]] if len(value) > 1 else []
    if type(value) is dict:
        return [dict([next(iter(value.items()))])] if len(value) > 1 else []
    return [type(value)(1)] if type(value) in (int, float) else []


def _telling_elements(value: Any) -> list[Any]:
    """Of a list of numbers: one below zero, if there is none, and all of them equal."""
    if type(value) is not list or not value or any(type(each) not in (int, float) for each in value):
        return []
    found = [] if min(value) < 0 else [[-value[0] or type(value[0])(-1), *value[1:]]]
    return [*found, [value[0]] * len(value)] if len(set(value)) > 1 else found


def _has_a_form(knowledge: Knowledge, value: Any, place: Path) -> bool:
    """Whether a tuple is one of places with a meaning each."""
    lengths = {len(each) for each in knowledge.seen.get(place, ()) if type(each) is tuple}
    return type(value) is tuple and (is_record(value) or len(lengths) == 1)
