"""Numbers the objects of a run and tells how their contents changed.

Belongs here: the table of objects seen, the last known contents of each, deltas. Does not belong here: variables and
events (``recorder``) and the text of values (``serialise``).

The contents of an object are compared with what they were part by part, by identity first and by text where that
differs, so that no code of the program runs and that an equal value put in place of another is no change.
"""

from collections import deque
from itertools import compress, count
from operator import is_not
from sys import getrefcount

from .beyond import Beyond, VagueWriter
from .classes import ClassShape
from .kinds import PLAIN_ATOMS, Shape, is_atom
from .parts import Change, differing_places, may_be_twice, named_changes, newcomers, read, same_objects
from .serialise import FIRST_SHORT, LAST_SHORT, Shapes, Writer


class Entry:
    """One object of the run: its number, shape and last known contents."""

    __slots__ = ("fixed", "number", "obj", "parts", "shape", "texts", "truncated")

    def __init__(self, number: int, obj: object, shape: Shape | ClassShape):
        self.number = number
        self.obj = obj
        self.shape = shape
        self.truncated = False
        self.parts: tuple[list, list, list, list] | None = None
        # Of a dict: lists of parts, each with the texts of what is in it.
        self.texts: tuple[tuple[list, list[str]], ...] = ()
        self.fixed = shape.opaque


class Heap:
    """The objects seen in a run. ``emit(change)`` receives every change in order."""

    holds_on = True
    """Whether objects may live longer for being known."""

    def __init__(self, shapes: Shapes, emit, beyond: Beyond, limits):
        self._shapes = shapes
        self._emit = emit
        self._beyond = beyond
        self._value_chars = limits.value_chars
        self._items = limits.contents_items
        self._chars = limits.contents_chars
        self._entries: dict[int, Entry] = {}
        self._prune_at = 4096
        self._next = 0
        self.writer = Writer(shapes, self.number_of)
        self._vague = VagueWriter(shapes, self._number_if_known)
        self.truncated = False

    def number_of(self, x: object) -> int:
        """Number of an object that was seen."""
        return self._entries[id(x)].number

    def _number_if_known(self, x: object) -> int:
        entry = self._entries.get(id(x))
        return -1 if entry is None else entry.number

    def text(self, value: object) -> str | None:
        """Shallow text of a value, whose objects are numbered and described if they are new; None: over a cap."""
        if id(type(value)) in PLAIN_ATOMS:
            found = self.writer.text(value, self._value_chars)
        else:
            fresh = self._admit([value])
            found = self.writer.text(value, self._value_chars)
            if fresh:
                self._describe(fresh)
        if found is None:
            self._leave_out(value)
        return found

    def bind(self, place: str, value: object, before: object) -> str | None:
        """Emit that a variable is bound to a value, then what is new in it; return the value's text.

        Nothing is emitted if its text is still the one given as ``before``.
        """
        kind = type(value)
        if kind is int and FIRST_SHORT < value < LAST_SHORT:
            found = repr(value)
            if found != before:
                self._emit((place, "set", found))
            return found
        fresh = () if id(kind) in PLAIN_ATOMS else self._admit([value])
        found = self.writer.text(value, self._value_chars)
        if found is None:
            self._leave_out(value)
        if found is None or found != before:
            self._emit((place, "set", found))
        if fresh:
            self._describe(fresh)
        return found

    def shows(self, kind: type) -> bool:
        """Whether a class holds data. If it does not, and a variable is bound to it, those behind it come into view."""
        if self._shapes.classes.shape(kind) is not None:
            return True
        self._describe(self._admit(self._met(kind)))
        return False

    def take_in_classes(self) -> tuple[list[type], list[type]]:
        """Emit the classes that have come to hold data since the last call, and those that hold none any more."""
        gained, lost = self._shapes.classes.changed()
        for kind in (*gained, *lost):
            entry = self._entries.get(id(kind))
            if entry is None:
                self._describe(self._admit([kind]))
                continue
            entry.obj, entry.shape = kind, self._shapes.of(kind)
            entry.fixed = entry.shape.opaque
            entry.parts = None if entry.fixed else read(kind, entry.shape)
            self._describe([entry, *self._admit(entry.parts[3] if entry.parts else [])])
        return gained, lost

    def _met(self, kind: type) -> list[type]:
        """The classes that hold data among those that come into view with a class."""
        classes = self._shapes.classes
        return [each for each in classes.meet(kind) if classes.shape(each) is not None]

    def scan(self) -> None:
        """Emit every change of contents since they were last looked at."""
        for entry in list(self._entries.values()):
            if not entry.fixed:
                self._compare(entry)

    def scan_only(self, objects) -> None:
        """As ``scan``, of these objects alone; atoms and objects not seen yet are passed over."""
        known = {entry.number: entry for entry in map(self._entries.get, map(id, objects)) if entry is not None}
        for number in sorted(known):
            if not known[number].fixed:
                self._compare(known[number])

    def is_crowded(self) -> bool:
        """Whether it is worth looking for objects that are gone."""
        return len(self._entries) > self._prune_at

    def prune(self) -> None:
        """Forget objects that nothing but this table holds."""
        # Two references are ours: the entry's own and the argument of getrefcount.
        dead = [key for key, entry in self._entries.items() if getrefcount(entry.obj) <= 2]
        for key in dead:
            del self._entries[key]
        self._prune_at = max(4096, 2 * len(self._entries))

    def _admit(self, values: list) -> list[Entry]:
        fresh: list[Entry] = []
        entries = self._entries
        stack = values[::-1]
        passed: dict[int, object] = {}
        while stack:
            value = stack.pop()
            kind = type(value)
            if id(kind) in PLAIN_ATOMS:
                continue
            key = id(value)
            if kind is tuple or kind is frozenset:
                if key not in passed:
                    passed[key] = value
                    stack.extend(reversed(list(value)))
                continue
            if key in entries or is_atom(value):
                continue
            shape = self._shapes.of(value)
            entry = Entry(self._next, value, shape)
            self._next += 1
            entries[key] = entry
            fresh.append(entry)
            if not shape.met:
                stack += reversed(self._met(value if shape.of_class else kind))
                if not shape.of_class:
                    shape.met = True
            if not entry.fixed:
                parts = entry.parts = read(entry.obj, entry.shape)
                if len(parts[0]) <= self._items:
                    for group in reversed(parts):
                        stack.extend(reversed(group))
        return fresh

    def _describe(self, fresh: list[Entry]) -> None:
        for entry in fresh:
            self._emit_whole(entry)

    def _emit_whole(self, entry: Entry) -> None:
        text = None
        if not entry.truncated:
            parts = entry.parts
            if parts is None or len(parts[0]) <= self._items:
                text = self.writer.contents(entry.obj, self._chars)
            if text is None:
                entry.truncated = True
                self._leave_out(entry.obj)
        self._emit((f"#{entry.number}", "set", text))

    def _leave_out(self, value: object) -> None:
        self.truncated = True
        self._beyond.add_value(self.writer, value)

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
        self._emit((f"#{entry.number}", "set", None))

    def _compare(self, entry: Entry) -> None:
        old = entry.parts
        if entry.shape.base is list and entry.shape.exact and not entry.truncated:
            items = list.copy(entry.obj)
            if len(items) == len(old[0]) <= self._items:
                places = list(compress(count(), map(is_not, old[0], items)))
                if places:
                    self._compare_slots(entry, old[0], items, places)
                return
        new = read(entry.obj, entry.shape)
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
        deltas = self._deltas(entry, old, new, differing)
        if deltas is None:
            self._emit_whole(entry)
        else:
            for delta in deltas:
                self._emit(delta)
        self._describe(fresh)

    def _compare_slots(self, entry: Entry, old: list, new: list, places: list[int]) -> None:
        """As ``_compare``, of a list in which only slots changed."""
        entry.parts = new, [], [], []
        come = [new[i] for i in places]
        fresh = [] if all(id(type(x)) in PLAIN_ATOMS for x in come) else self._admit(come)
        before, after = self._texts([old[i] for i in places]), self._texts(come)
        number = entry.number
        if before is None or after is None:
            self._emit_whole(entry)
        else:
            deltas = [(f"#{number}[{i}]", "delta", b) for i, a, b in zip(places, before, after, strict=True) if a != b]
            if self._is_long(entry, deltas, len(new)):
                self._emit_whole(entry)
            else:
                for delta in deltas:
                    self._emit(delta)
        self._describe(fresh)

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
        place = f"#{entry.number}"
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
        place = f"#{entry.number}"
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
        return named_changes([old_names, before, new_names, after], lambda name: f"{place}.{name}")

    def _elements(self, place: str, old: list, new: list) -> list[Change] | None:
        known = {id(x) for x in old}
        kept = {id(x) for x in new}
        gone = self.writer.ordered([x for x in old if id(x) not in kept], None)
        come = self.writer.ordered([x for x in new if id(x) not in known], None)
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
