"""Changes to the arguments of a call.

Belongs here: which of them are changed, and keeping up what all given calls have in common. Does not belong here: the
values themselves (``values``), the text of a call (``drawing``).
"""

from collections.abc import Iterator
from random import Random
from typing import Any

from tracepile_assets.sources.mutation.edges import edges
from tracepile_assets.sources.mutation.knowledge import Arguments, Knowledge, kind_of, length
from tracepile_assets.sources.mutation.values import Values
from tracepile_assets.trace_model.codecs import Nodes

_KEPT_UP = 0.85
_MORE = 0.35
_BOTH = 0.2
_EQUAL = 0.1
_PASSED = 0.25
"""How often a parameter is given a value that all given calls leave to its default, if an annotation says of what
type."""
_NOTHING = frozenset(("None", "any"))
"""Annotations that tell no type to make a value of."""


class Calls:
    """Makes arguments from arguments."""

    def __init__(self, knowledge: Knowledge) -> None:
        self._knowledge = knowledge
        self._values = Values(knowledge)
        known = knowledge.hints
        self._left_out = [
            name
            for name in known.parameters
            if (name,) not in knowledge.seen and known.types.get((name,), _NOTHING) - _NOTHING
        ]

    def other(self, rng: Random, arguments: Arguments, second: Arguments) -> Arguments:
        """Other arguments: one or a few of them changed, some taken from a second call of the same form."""
        found = dict(arguments)
        if not found:
            return found
        parameters = list(found)
        if rng.random() < _BOTH:
            for name in parameters:
                if name in second and rng.random() < 0.5:
                    found[name] = second[name]
        if len(parameters) > 1 and rng.random() < _EQUAL:
            self._make_equal(rng, found)
            return found
        changed = [rng.choice(parameters)]
        while rng.random() < _MORE:
            changed.append(rng.choice(parameters))
        for name in changed:
            found[name] = self._values.other(rng, found[name], (name,))
        left_out = [name for name in self._left_out if name not in found]
        if left_out and rng.random() < _PASSED:
            name = rng.choice(left_out)
            found[name] = self._knowledge.element(rng, (name,))
        if rng.random() < _KEPT_UP:
            self._keep_up(rng, found, changed)
        return found

    def edges(self, rng: Random, arguments: Arguments) -> Iterator[Arguments]:
        """Arguments of which some are empty, zero, or next to it."""
        for found in edges(self._knowledge, arguments):
            self._keep_up(rng, found, [name for name in found if found[name] is not arguments[name]])
            yield found

    def _make_equal(self, rng: Random, found: Arguments) -> None:
        """Give some arguments the value that another one of their kind has."""
        source = rng.choice(list(found))
        alike = [name for name in found if name != source and kind_of(found[name]) == kind_of(found[source])]
        for name in alike if rng.random() < 0.5 else alike[:1]:
            found[name] = found[source]

    def _keep_up(self, rng: Random, found: Arguments, changed: list[str]) -> None:
        """Make lengths fit again that fit in all given calls."""
        for one, two in self._knowledge.parallel:
            if one in found and two in found and length(found[one]) != length(found[two]):
                source, target = (two, one) if two in changed else (one, two)
                found[target] = self._fitted(rng, found[target], length(found[source]) or 0, target)
        for name, other, difference in self._knowledge.tied:
            if name in found and (size := length(found.get(other))) is not None and type(found[name]) is int:
                found[name] = size + difference

    def _fitted(self, rng: Random, value: Any, wanted: int, name: str) -> Any:
        if isinstance(value, Nodes):
            return value
        if isinstance(value, str):
            return (value + value[-1:] * wanted)[:wanted] if value else value
        if not isinstance(value, (list, tuple)):
            return value
        parts = list(value)[:wanted]
        while len(parts) < wanted:
            parts.append(self._knowledge.element(rng, (name, "*")))
        return type(value)(parts)
