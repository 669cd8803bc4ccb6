"""Tells how the contents of an object changed, by deltas or whole.

Belongs here: comparing contents with what they were, for each kind of container. Does not belong here: which objects
there are and when they are looked at (``heap``).

Contents are compared part by part, by identity first and by text where that differs, so that no code of the program
runs and that an equal value put in place of another is no change.
"""

from collections import deque
from itertools import compress, count
from operator import is_, is_not

from .classes import ClassShape
from .kinds import Shape, name_text
from .parts import Change, differing_places, may_be_twice, named_changes, newcomers, read, same_objects
from .serialise import FIRST_SHORT, LAST_SHORT, is_flat
from .slots import ARE_FOUND, LEAST_SPAN, Span

_BRIEF = 16


class Entry:
    """One object of the run: its number, shape and last known contents."""

    __slots__ = ("checked", "fixed", "name", "number", "obj", "parts", "shape", "span", "texts", "truncated")

    def __init__(self, number: int, obj: object, shape: Shape | ClassShape):
        self.number = number
        self.name = f"#{number}"
        self.obj = obj
        self.shape = shape
        self.truncated = False
        self.parts: tuple[list, list, list, list] | None = None
        # Of a dict: lists of parts, each with the texts of what is in it.
        self.texts: tuple[tuple[list, list[str]], ...] = ()
        self.fixed = shape.opaque
        # Of a dict: how many of its first keys and values are known to be brief; -1: not all of them are.
        self.checked = 0
        # Of a long list: the addresses of what is in it.
        self.span: Span | None = None


class Comparing:
    """What a ``heap.Heap`` does to compare."""

    def _touch(self, entry: Entry, old: tuple, new: tuple) -> None:
        """Emit that truncated contents changed; how they did is compared between runs all the same."""
        # What is in there is not numbered.
        exact, self.writer = self.writer, self._vague
        deltas = self._deltas(entry, old, new, [differing_places(a, b) for a, b in zip(old, new, strict=True)])
        self.writer = exact
        if deltas is None:
            self._beyond.add_value(self.writer, entry.obj)
        elif not deltas:
            return
        else:
            self._beyond.add(repr(deltas))
        self._emit((entry.name, "set", None))

    def _compare(self, entry: Entry) -> None:
        old, shape = entry.parts, entry.shape
        if shape.exact and not entry.truncated and self._compare_exact(entry, shape.base, old):
            return
        if not (shape.exact or shape.of_class) and type(entry.obj) is not shape.kind:
            self._take_class(entry)
            return
        entry.span, entry.checked = None, min(entry.checked, 0)
        new = read(entry.obj, shape)
        differing = [differing_places(a, b) if a or b else a for a, b in zip(old, new, strict=True)]
        if not any(differing):
            return
        entry.parts = new
        if entry.truncated:
            self._touch(entry, old, new)
            return
        if len(new[0]) > self._items:
            self._emit_whole(entry)
            return
        fresh = self._admit(newcomers(old, new, differing))
        self._tell(entry, self._deltas(entry, old, new, differing), fresh)

    def _tell(self, entry: Entry, deltas: list[Change] | None, fresh: list[Entry]) -> None:
        """Emit deltas, or the whole contents if there are none, and then what is new in them."""
        if deltas is None:
            self._emit_whole(entry)
        else:
            for delta in deltas:
                self._emit(delta)
        if fresh:
            self._describe(fresh)

    def _compare_exact(self, entry: Entry, base: type | None, old: tuple) -> bool:
        """Compare in the ways in which containers mostly change. False: it changed otherwise; nothing was done."""
        if base is list:
            if len(old[0]) >= LEAST_SPAN and ARE_FOUND and self.holds_on:
                return self._compare_span(entry, old[0])
            return self._compare_items(entry, old[0], list.copy(entry.obj))
        if not self.holds_on:
            return False
        if base is dict:
            return self._compare_entries(entry, old)
        if base is set:
            return self._compare_members(entry, old[0])
        return base is deque and self._compare_items(entry, old[0], list(deque.__iter__(entry.obj)))

    def _compare_span(self, entry: Entry, old: list) -> bool:
        """As ``_compare_exact``, of a long list."""
        held = entry.obj
        if len(held) != len(old) or len(held) > self._items:
            entry.span = None
            return self._compare_items(entry, old, list.copy(held))
        if entry.span is None:
            entry.span = Span(held)
            return self._compare_items(entry, old, list.copy(held))
        start, stop = entry.span.changed()
        if start == stop:
            return True
        places = [start + n for n in compress(count(), map(is_not, old[start:stop], held[start:stop]))]
        return self._compare_slots(entry, old, held.copy(), places)

    def _compare_items(self, entry: Entry, old: list, new: list) -> bool:
        """As ``_compare_exact``, of a list or deque: slots, or some more or fewer at its end, or the first gone."""
        length, before = len(new), len(old)
        if length > self._items:
            return False
        if length == before:
            places = list(compress(count(), map(is_not, old, new)))
            return not places or self._compare_slots(entry, old, new, places)
        if not self.holds_on:
            return False
        if all(map(is_, old, new)):
            start, stop = min(length, before), before
        elif length == before - 1 and all(map(is_, old[1:], new)):
            first, second = self.writer.text(old[0], self._value_chars), self.writer.text(new[0], self._value_chars)
            if first == second:
                return False
            start, stop = 0, 1
        else:
            return False
        come = new[before:]
        entry.parts = new, [], [], []
        fresh = self._admit(come)
        after = self._texts(come)
        deltas: list[Change] | None = None
        if after is not None:
            deltas = [(f"{entry.name}[{start}:{stop}]", "delta", f"[{', '.join(after)}]")]
        self._tell_if_short(entry, deltas, length, fresh)
        return True

    def _compare_slots(self, entry: Entry, old: list, new: list, places: list[int]) -> bool:
        """As ``_compare_exact``, of a list or deque in which only slots changed."""
        entry.parts = new, [], [], []
        come = [new[i] for i in places]
        fresh = self._admit(come)
        before, after = self._texts([old[i] for i in places]), self._texts(come)
        deltas: list[Change] | None = None
        if before is not None and after is not None:
            name = entry.name
            deltas = [(f"{name}[{i}]", "delta", b) for i, a, b in zip(places, before, after, strict=True) if a != b]
        self._tell_if_short(entry, deltas, len(new), fresh)
        return True

    def _tell_if_short(self, entry: Entry, deltas: list[Change] | None, parts: int, fresh: list[Entry]) -> None:
        too_long = deltas is not None and self._is_long(entry, deltas, parts)
        self._tell(entry, None if too_long else deltas, fresh)

    def _compare_entries(self, entry: Entry, old: tuple) -> bool:
        """As ``_compare_exact``, of a dict: other values, and more keys at its end, all of them brief."""
        held = entry.obj
        keys, values = list(held), list(held.values())
        old_keys, old_values = old[0], old[1]
        length, before = len(keys), len(old_keys)
        if length < before or length > self._items or not all(map(is_, old_keys, keys)):
            return False
        places = list(compress(count(), map(is_not, old_values, values)))
        if length == before and not places:
            return True
        if entry.checked < before and not self._are_brief(entry, old_keys, old_values):
            return False
        places += range(before, length)
        come_keys, come = [keys[i] for i in places], [values[i] for i in places]
        if not all(map(is_brief_key, come_keys)):
            return False
        entry.parts = keys, values, [], []
        fresh = self._admit(come)
        after, texts = self._texts(come), self._texts(come_keys)
        deltas: list[Change] | None = None
        if after is None or texts is None:
            entry.checked = -1
        else:
            entry.checked = length
            gone = self._texts([old_values[i] for i in places if i < before])
            gone += [None] * (length - before)
            name = entry.name
            deltas = [(f"{name}[{key}]", "delta", b) for key, a, b in zip(texts, gone, after, strict=True) if a != b]
        self._tell_if_short(entry, deltas, length, fresh)
        return True

    def _are_brief(self, entry: Entry, keys: list, values: list) -> bool:
        """Whether all keys and values have texts, and keys texts of their own."""
        if entry.checked < 0:
            return False
        is_brief = all(map(is_brief_key, keys)) and None not in map(self._brief_text, values)
        entry.checked = len(keys) if is_brief else -1
        return is_brief

    def _brief_text(self, value: object) -> str | None:
        return self.writer.text(value, self._value_chars)

    def _compare_members(self, entry: Entry, old: list) -> bool:
        """As ``_compare_exact``, of a set of nothing but numbers, or of nothing but strings."""
        new = list(entry.obj)
        if len(new) == len(old) and all(map(is_, old, new)):
            return True
        kind = type(new[0] if new else old[0])
        if kind is not int and kind is not str:
            return False
        if len(new) > self._items or not (_all_are(kind, new) and _all_are(kind, old)):
            return False
        come, gone = sorted(entry.obj.difference(old)), sorted(set(old).difference(new))
        entry.parts = new, [], [], []
        before, after = self._texts(gone), self._texts(come)
        deltas: list[Change] | None = None
        if before is not None and after is not None:
            name = entry.name
            deltas = [(f"{name}{{{text}}}", "delete", None) for text in before]
            deltas += [(f"{name}{{{text}}}", "delta", text) for text in after]
        self._tell_if_short(entry, deltas, len(new), [])
        return True

    def _is_long(self, entry: Entry, deltas: list[Change], parts: int) -> bool:
        """Whether the whole contents, of at least so many parts, are to be written rather than these deltas."""
        if len(deltas) == 1:
            length = len(deltas[0][2] or "")
        else:
            length = sum(len(change[0]) + len(change[2] or "") for change in deltas)
        # Contents of n parts take at least 3 n characters: most deltas need no look at the whole.
        if length <= 3 * parts:
            return False
        whole = self.writer.contents(entry.obj, self._chars)
        return whole is None or (bool(deltas) and length > len(whole))

    def _deltas(self, entry: Entry, old: tuple, new: tuple, differing: list[list[int]]) -> list[Change] | None:
        """The changes from old to new parts; None if the whole contents are to be written."""
        place = entry.name
        base = entry.shape.base
        if base is list or base is deque:
            deltas = self._sequence(place, old[0], new[0], differing[0])
        elif base is dict:
            deltas = self._mapping(entry, old[0], old[1], new[0], new[1])
        elif base is set:
            deltas = self._elements(place, old[0], new[0])
        elif base is bytearray:
            deltas = self._octets(place, old[0][0], new[0][0])
        else:
            deltas = [] if self._alike(old[0], new[0]) else None
        if deltas is None:
            return None
        attributes = self._attributes(place, old[2], old[3], new[2], new[3])
        if attributes is None:
            return None
        deltas += attributes
        return None if self._is_long(entry, deltas, max(len(new[0]), len(new[2]))) else deltas

    def _alike(self, old: list, new: list) -> bool:
        if same_objects(old, new):
            return True
        before = self._texts(old)
        return before is not None and before == self._texts(new)

    def _texts(self, values) -> list[str] | None:
        write, chars = self.writer.text, self._value_chars
        texts = [repr(x) if type(x) is int and FIRST_SHORT < x < LAST_SHORT else write(x, chars) for x in values]
        return None if None in texts else texts

    def _sequence(self, place: str, old: list, new: list, places: list[int]) -> list[Change] | None:
        if len(old) == len(new):
            before, after = self._texts([old[i] for i in places]), self._texts([new[i] for i in places])
            if before is None or after is None:
                return None
            return [(f"{place}[{i}]", "delta", b) for i, a, b in zip(places, before, after, strict=True) if a != b]
        start, stop_old, stop_new = self._trim(old, new)
        after = self._texts(new[start:stop_new])
        return None if after is None else [(f"{place}[{start}:{stop_old}]", "delta", f"[{', '.join(after)}]")]

    def _trim(self, old: list, new: list) -> tuple[int, int, int]:
        write, chars = self.writer.text, self._value_chars
        shorter = min(len(old), len(new))
        start = next(compress(count(), map(is_not, old, new)), shorter)
        while start < shorter and write(old[start], chars) == write(new[start], chars):
            start += 1
        stop_old, stop_new = len(old), len(new)
        while min(stop_old, stop_new) > start:
            a, b = old[stop_old - 1], new[stop_new - 1]
            if a is not b and write(a, chars) != write(b, chars):
                break
            stop_old -= 1
            stop_new -= 1
        return start, stop_old, stop_new

    def _mapping(self, entry: Entry, old_keys: list, old: list, new_keys: list, new: list) -> list[Change] | None:
        place = entry.name
        if same_objects(old_keys, new_keys):
            places = list(compress(count(), map(is_not, old, new)))
            keys = self._texts([new_keys[i] for i in places])
            before, after = self._texts([old[i] for i in places]), self._texts([new[i] for i in places])
            if keys is None or before is None or after is None:
                return None
            differing = [(key, b) for key, a, b in zip(keys, before, after, strict=True) if a != b]
            if len(dict(differing)) != len(differing) or any(may_be_twice(key) for key, _ in differing):
                return None
            return [(f"{place}[{key}]", "delta", text) for key, text in differing]
        known = () if entry.truncated else entry.texts
        groups: list[list[str]] = []
        for parts in (old_keys, old, new_keys, new):
            texts = self._texts_beyond(parts, known)
            if texts is None:
                return None
            groups.append(texts)
            known = (*known, (parts, texts))
        if self.holds_on and not entry.truncated:
            entry.texts = known[-2:]
        return named_changes(groups, lambda key: f"{place}[{key}]")

    def _texts_beyond(self, parts: list, known: tuple[tuple[list, list[str]], ...]) -> list[str] | None:
        """Texts of parts; those of the first of them are taken from where they stand among known ones."""
        best, texts = 0, []
        for held, held_texts in known:
            if held and parts and held[0] is parts[0]:
                shared = min(len(held), len(parts))
                start = next(compress(count(), map(is_not, held, parts)), shared)
                if start > best:
                    best, texts = start, held_texts[:start]
        rest = self._texts(parts[best:])
        return None if rest is None else texts + rest

    def _attributes(self, place: str, old_names: list, old: list, new_names: list, new: list) -> list[Change] | None:
        if old_names == new_names and same_objects(old, new):
            return []
        before, after = self._texts(old), self._texts(new)
        if before is None or after is None:
            return None
        return named_changes([old_names, before, new_names, after], lambda name: f"{place}.{name_text(name)}")

    def _elements(self, place: str, old: list, new: list) -> list[Change] | None:
        known = {id(x) for x in old}
        kept = {id(x) for x in new}
        gone = self.writer.ordered([x for x in old if id(x) not in kept], None)
        come = self.writer.ordered([x for x in new if id(x) not in known], None)
        if gone is None or come is None:
            return None
        gone, come = self._texts(gone), self._texts(come)
        if gone is None or come is None:
            return None
        if len(set(gone)) != len(gone) or len(set(come)) != len(come):
            return None
        if any(map(may_be_twice, gone + come)):
            return None
        deltas = [(f"{place}{{{text}}}", "delete", None) for text in gone if text not in come]
        return deltas + [(f"{place}{{{text}}}", "delta", text) for text in come if text not in gone]

    def _octets(self, place: str, old, new) -> list[Change] | None:
        if type(old) is tuple or type(new) is tuple:
            return [] if old == new else None
        if len(old) == len(new):
            return [(f"{place}[{i}]", "delta", str(b)) for i, (a, b) in enumerate(zip(old, new, strict=True)) if a != b]
        start, stop_old, stop_new = self._trim(list(old), list(new))
        return [(f"{place}[{start}:{stop_old}]", "delta", f"[{', '.join(map(str, new[start:stop_new]))}]")]


def is_brief_key(key: object) -> bool:
    """Whether a key of a dict has a text that no other key has, and a short one."""
    kind = type(key)
    if kind is int:
        return FIRST_SHORT < key < LAST_SHORT
    if kind is tuple:
        # A string in a tuple may look like a NaN.
        return len(key) < _BRIEF and not [1 for x in key if type(x) is not int] and is_flat(key)
    return kind is str and len(key) < _BRIEF


def _all_are(kind: type, values: list) -> bool:
    return not [1 for x in values if type(x) is not kind]
