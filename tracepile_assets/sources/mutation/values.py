"""Changes to a value of any type that inputs are made of: a part of it, or its structure.

Belongs here: the choice by type, containers, linked lists and trees. Does not belong here: what numbers (``numbers``)
and texts (``texts``) become, and what the arguments of a call have in common (``arguments``).
"""

from collections.abc import Callable
from random import Random
from typing import Any

from tracepile_assets.sources.mutation.hints import Path
from tracepile_assets.sources.mutation.knowledge import Knowledge, is_record, kind_of, same
from tracepile_assets.sources.mutation.numbers import other_float, other_int
from tracepile_assets.sources.mutation.texts import other_bytes, other_text
from tracepile_assets.trace_model.codecs import Nodes

_KEPT_UP = 0.8
"""How often what all given values have in common is kept up."""
_BELOW_ZERO = 0.1
_NONE = 0.06
_WHOLE = 0.12
_COMPARED = 0.12
_LEAST_MOST = 24
_TRIES = 4


class Values:
    """Changes values of one program's inputs."""

    def __init__(self, knowledge: Knowledge) -> None:
        self._knowledge = knowledge
        self._by_type: dict[type, Callable[[Random, Any, Path], Any]] = {
            bool: lambda rng, value, place: not value,
            int: self._int,
            float: self._float,
            str: self._str,
            bytes: self._bytes,
            type(None): lambda rng, value, place: self._knowledge.element(rng, place),
            list: self._list,
            tuple: self._tuple,
            dict: self._dict,
            set: self._set,
            frozenset: lambda rng, value, place: frozenset(self._set(rng, set(value), place)),
            Nodes: self._nodes,
        }

    def other(self, rng: Random, value: Any, place: Path) -> Any:
        """Another value for a place; now and then the same one, where no other is found."""
        for _ in range(_TRIES):
            found = self._once(rng, value, place)
            if not same(found, value):
                return found
        return value

    def _once(self, rng: Random, value: Any, place: Path) -> Any:
        if "None" in self._knowledge.hints.types.get(place, ()) and value is not None and rng.random() < _NONE:
            return None
        seen = self._knowledge.seen.get(place, ())
        if len(seen) > 1 and rng.random() < _WHOLE:
            return rng.choice(seen)
        compared = [each for each in self._knowledge.hints.compared.get(str(place[0]), ()) if type(each) is type(value)]
        if compared and rng.random() < _COMPARED:
            return rng.choice(compared)
        change = self._by_type.get(type(value))
        return value if change is None else change(rng, value, place)

    # Atoms.

    def _int(self, rng: Random, value: int, place: Path) -> Any:
        if "float" in self._knowledge.hints.types.get(place, ()) and rng.random() < 0.2:
            return value + rng.choice((0.5, 0.25, -0.5))
        if self._goes_below_zero(rng, place):
            return -value or -1
        pool = [each for each in self._knowledge.seen.get(place, ()) if type(each) is int]
        return other_int(rng, value, self._knowledge.about(place), pool, self._constants(rng, place, int))

    def _float(self, rng: Random, value: float, place: Path) -> float:
        if self._goes_below_zero(rng, place):
            return -value or -1.0
        pool = [each for each in self._knowledge.seen.get(place, ()) if type(each) in (int, float)]
        constants = self._constants(rng, place, int) + self._constants(rng, place, float)
        return other_float(rng, value, self._knowledge.about(place), pool, constants)

    def _goes_below_zero(self, rng: Random, place: Path) -> bool:
        """Whether a number gets the sign that none has there. Only elements: a size or an index would seldom make
        sense."""
        return len(place) > 1 and not self._knowledge.about(place).signed and rng.random() < _BELOW_ZERO

    def _str(self, rng: Random, value: str, place: Path) -> str:
        pool = [each for each in self._knowledge.seen.get(place, ()) if type(each) is str]
        lengths = self._knowledge.hints.lengths.get(str(place[0]), []) if len(place) == 1 else []
        longest = self._knowledge.about(place).longest
        if longest == 1 and len(value) == 1 and rng.random() < _KEPT_UP:
            single = [each for each in (*pool, *self._constants(rng, place, str)) if len(each) == 1]
            return rng.choice(single) if single else value
        return other_text(rng, value, pool, self._constants(rng, place, str), lengths, longest)

    def _bytes(self, rng: Random, value: bytes, place: Path) -> bytes:
        return other_bytes(rng, value, self._knowledge.seen.get(place, []), self._knowledge.about(place).longest)

    def _constants(self, rng: Random, place: Path, kind: type) -> list:
        """Constants of the program: mostly those that its parameter is compared with, where there are such."""
        hints = self._knowledge.hints
        compared = [each for each in hints.compared.get(str(place[0]), ()) if type(each) is kind]
        return compared if compared and rng.random() < 0.7 else hints.constants.get(kind, [])

    # Containers.

    def _list(self, rng: Random, value: list, place: Path) -> list:
        common = self._knowledge.about(place)
        if common.rows and rng.random() < _KEPT_UP + 0.1:
            return self._rows(rng, value, place)
        found = self._changed_sequence(rng, value, place)
        if common.sorted and rng.random() < _KEPT_UP:
            try:
                found.sort()
            except TypeError:
                return found
        return found

    def _changed_sequence(self, rng: Random, value: list, place: Path) -> list:
        inner = (*place, "*")
        found = list(value)
        way = rng.randrange(16)
        if found and way < 5:
            at = rng.randrange(len(found))
            found[at] = self.other(rng, found[at], inner)
        elif way < 7 or not found:
            found.insert(rng.randint(0, len(found)), self._new_element(rng, found, inner))
        elif way == 7:
            del found[rng.randrange(len(found))]
        elif way == 8:
            found.insert(rng.randint(0, len(found)), rng.choice(found))
        elif way == 9:
            one, two = rng.randrange(len(found)), rng.randrange(len(found))
            found[one], found[two] = found[two], found[one]
        elif way == 10:
            found = rng.choice((found[::-1], rng.sample(found, len(found)), _in_order(found), _in_order(found)[::-1]))
        elif way == 11:
            found = rng.choice(([], found[:1], found[: len(found) // 2], found[len(found) // 2 :]))
        elif way == 12:
            found = found * 2 if rng.random() < 0.5 else [rng.choice(found)] * len(found)
        elif way == 13 and (lengths := self._knowledge.hints.lengths.get(str(place[0]))) and len(place) == 1:
            wanted = max(0, rng.choice(lengths) + rng.choice((-1, 0, 0, 1)))
            while len(found) < wanted:
                found.append(self._new_element(rng, found, inner))
            del found[wanted:]
        elif way == 14:
            found = [self._new_element(rng, found, inner) for _ in range(rng.randint(1, max(2, len(found))))]
        else:
            for at in range(len(found)):
                if rng.random() < 0.5:
                    found[at] = self.other(rng, found[at], inner)
        return found[: max(_LEAST_MOST, 2 * self._knowledge.about(place).longest)]

    def _new_element(self, rng: Random, around: list, place: Path) -> Any:
        found = rng.choice(around) if around and rng.random() < 0.3 else self._knowledge.element(rng, place)
        return self.other(rng, found, place) if rng.random() < 0.5 else found

    def _rows(self, rng: Random, value: list, place: Path) -> list:
        """Another list of equally long lists."""
        if not value or any(type(row) not in (list, tuple) or len(row) != len(value[0]) or not row for row in value):
            return self._changed_sequence(rng, value, place)
        rows = [list(row) for row in value]
        inner, cell = (*place, "*"), (*place, "*", "*")
        width = len(rows[0])
        # Rows of a length of their own, such as pairs, stay so.
        way = rng.randrange(10) if not self._knowledge.about(place).width else rng.choice((0, 1, 2, 4, 5, 7, 7))
        if way < 4:
            row = rng.choice(rows)
            at = rng.randrange(width)
            row[at] = self.other(rng, row[at], cell)
        elif way == 4:
            row = rng.choice(rows)
            row[:] = [self.other(rng, each, cell) if rng.random() < 0.5 else each for each in row]
        elif way == 5 and len(rows) > 1:
            del rows[rng.randrange(len(rows))]
        elif way == 6 and width > 1:
            at = rng.randrange(width)
            for row in rows:
                del row[at]
        elif way == 7:
            rows.append([rng.choice(rows)[at] for at in range(width)])
        elif way == 8:
            rows = [[row[at] for row in rows] for at in range(width)]
        elif way == 9:
            rows = rng.choice((rows[::-1], [row[::-1] for row in rows], rows[:1], [row[:1] for row in rows]))
        kinds = self._knowledge.seen.get(inner, ())
        return [tuple(row) for row in rows] if kinds and all(type(each) is tuple for each in kinds) else rows

    def _tuple(self, rng: Random, value: tuple, place: Path) -> tuple:
        seen = [each for each in self._knowledge.seen.get(place, ()) if type(each) is tuple]
        fixed = len({len(each) for each in seen}) < 2 and (len(place) > 1 or len(seen) > 1)
        if value and (is_record(value) or (fixed and rng.random() < _KEPT_UP)):
            parts = list(value)
            at = rng.randrange(len(parts))
            parts[at] = self.other(rng, parts[at], (*place, at if is_record(value) else "*"))
            return tuple(parts)
        return tuple(self._changed_sequence(rng, list(value), place))

    def _dict(self, rng: Random, value: dict, place: Path) -> dict:
        keys = (*place, "k")
        parts = (*place, "v")
        found = dict(value)
        way = rng.randrange(8)
        if found and way < 4:
            key = rng.choice(list(found))
            found[key] = self.other(rng, found[key], parts)
        elif way < 6 or not found:
            key = self._knowledge.element(rng, keys)
            key = self.other(rng, key, keys) if rng.random() < 0.6 else key
            found[key] = self._knowledge.element(rng, parts)
        elif way == 6:
            del found[rng.choice(list(found))]
        else:
            some = dict(list(found.items())[: rng.randint(0, len(found))])
            found = rng.choice(({}, some, dict(reversed(found.items()))))
        return found

    def _set(self, rng: Random, value: set, place: Path) -> set:
        order = sorted(value, key=repr)
        way = rng.randrange(6)
        if order and way < 2:
            order.remove(rng.choice(order))
        elif order and way == 2:
            order = order[: rng.randint(0, len(order))]
        else:
            order.append(self._new_element(rng, order, (*place, "*")))
        return set(order)

    # Linked lists and trees.

    def _nodes(self, rng: Random, value: Nodes, place: Path) -> Nodes:
        changed = self._changed_sequence(rng, list(value.values), place)
        if value.codec == "list_node":
            common = self._knowledge.about(place)
            changed = [each for each in changed if each is not None]
            if common.sorted and rng.random() < _KEPT_UP:
                changed = _in_order(changed)
            return Nodes(value.codec, changed)
        if changed and len(changed) > 2 and rng.random() < 0.4:
            at = rng.randrange(1, len(changed))
            changed[at] = None if changed[at] is not None else next(v for v in (*changed, 0) if v is not None)
        return Nodes(value.codec, _tree(changed))


def _tree(values: list) -> list:
    """Values level by level without what would have no parent, and without empty places at the end."""
    found = list(values)
    while found and found[0] is None:
        del found[0]
    places = 1
    for position, value in enumerate(found):
        if position >= places:
            del found[position:]
            break
        if value is not None:
            places += 2
    while found and found[-1] is None:
        found.pop()
    return found


def _in_order(values: list) -> list:
    try:
        return sorted(values)
    except TypeError:
        return sorted(values, key=lambda each: (kind_of(each), repr(each)))
