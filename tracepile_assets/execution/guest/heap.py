"""Numbers the objects of a run and tells when they are new.

Belongs here: the table of objects seen, and the first and the truncated contents of each. Does not belong here: how
contents changed (``comparing``), variables and events (``bindings``, ``tracer``) and the text of values
(``serialise``).
"""

from sys import getrefcount

from .beyond import Beyond, VagueWriter
from .comparing import Comparing, Entry
from .kinds import PLAIN_ATOMS, is_atom
from .parts import read
from .serialise import FIRST_SHORT, LAST_SHORT, Shapes, Writer, is_flat


class Heap(Comparing):
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
        self.entries: dict[int, Entry] = {}
        """The objects that were seen, by address."""
        self.prune_at = 4096
        """From how many objects on it is worth looking for those that are gone."""
        self._next = 0
        self.writer = Writer(shapes, self.number_of)
        self._vague = VagueWriter(shapes, self._number_if_known)
        self.truncated = False

    def number_of(self, x: object) -> int:
        """Number of an object that was seen."""
        return self.entries[id(x)].number

    def _number_if_known(self, x: object) -> int:
        entry = self.entries.get(id(x))
        return -1 if entry is None else entry.number

    def text(self, value: object) -> str | None:
        """Shallow text of a value, whose objects are numbered and described if they are new; None: over a cap."""
        kind = type(value)
        if kind is int or kind is str or value is None or id(kind) in PLAIN_ATOMS:
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
        fresh = ()
        if kind is str or kind is bool or id(kind) in PLAIN_ATOMS or (kind is tuple and is_flat(value)):
            found = self.writer.text(value, self._value_chars)
        elif (entry := self.entries.get(id(value))) is not None:
            found = entry.name
        else:
            fresh = self._admit([value])
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
            entry = self.entries.get(id(kind))
            if entry is None:
                self._describe(self._admit([kind]))
                continue
            entry.obj, entry.shape = kind, self._shapes.of(kind)
            entry.fixed = entry.shape.opaque
            entry.parts = None if entry.fixed else read(kind, entry.shape)
            self._describe([entry, *self._admit(entry.parts[3] if entry.parts else [])])
        return gained, lost

    def _take_class(self, entry: Entry) -> None:
        """Emit what an object holds whose class has become another one."""
        shape = entry.shape = self._shapes.of(entry.obj)
        entry.parts, entry.texts = read(entry.obj, shape), ()
        fresh = self._admit([part for group in entry.parts for part in group])
        if not shape.met:
            shape.met = True
            fresh += self._admit(self._met(shape.kind))
        self._describe([entry, *fresh])

    def _met(self, kind: type) -> list[type]:
        """The classes that hold data among those that come into view with a class."""
        classes = self._shapes.classes
        return [each for each in classes.meet(kind) if classes.shape(each) is not None]

    def scan(self) -> None:
        """Emit every change of contents since they were last looked at."""
        for entry in list(self.entries.values()):
            if not entry.fixed:
                self._compare(entry)

    def scan_only(self, objects) -> None:
        """As ``scan``, of these objects alone; atoms and objects not seen yet are passed over."""
        known = {entry.number: entry for entry in map(self.entries.get, map(id, objects)) if entry is not None}
        for number in sorted(known):
            if not known[number].fixed:
                self._compare(known[number])

    def compare(self, entries: list[Entry]) -> None:
        """As ``scan``, of these entries alone."""
        for entry in entries:
            self._compare(entry)

    def prune(self) -> None:
        """Forget objects that nothing but this table holds."""
        # Two references are ours: the entry's own and the argument of getrefcount.
        dead = [key for key, entry in self.entries.items() if getrefcount(entry.obj) <= 2]
        for key in dead:
            del self.entries[key]
        self.prune_at = max(4096, 2 * len(self.entries))

    def _admit(self, values: list) -> list[Entry]:
        fresh: list[Entry] = []
        entries = self.entries
        stack = values[::-1]
        passed: dict[int, object] = {}
        while stack:
            value = stack.pop()
            kind = type(value)
            if kind is int or kind is str or kind is bool or kind is float or id(kind) in PLAIN_ATOMS:
                continue
            if kind is tuple and is_flat(value):
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
        self._emit((entry.name, "set", text))

    def _leave_out(self, value: object) -> None:
        self.truncated = True
        self._beyond.add_value(self.writer, value)
