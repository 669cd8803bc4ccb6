"""A heap that keeps no object alive, for programs that can tell when an object dies.

Belongs here: recognising objects from one event to the next without holding them. Does not belong here: which
programs need it (``scopes``) and reading frames without holding them (``hook``).

Such a program has finalizers, weak references or generators with clean-up code. Contents are remembered as text. An
object is recognised through a weak reference where its type has them, through a strong one where it holds plain
values only, and else through its address for as long as it is reachable at every event, on its way as a result or an
exception, or held by a suspended generator: it cannot be replaced there by another one unseen, unless one statement
both drops it and binds a new one of the same type at the same address.
"""

import sys
import weakref

from .heap import Entry, Heap
from .kinds import PLAIN_ATOMS, is_atom
from .parts import read
from .serialise import Writer

_BEHIND_EXCEPTION = tuple(
    BaseException.__dict__[name].__get__ for name in ("__traceback__", "__context__", "__cause__")
)


class _Token:
    """An element of remembered contents, by its text."""

    __slots__ = ("text",)

    def __init__(self, text: str | None):
        self.text = text


class _FleetingWriter(Writer):
    def text(self, value: object, limit: int) -> str | None:
        if type(value) is _Token:
            return value.text
        return super().text(value, limit)


class FleetingHeap(Heap):
    """As ``Heap``; between ``begin`` and ``finish`` objects are at hand, outside they are not."""

    holds_on = False

    def __init__(self, shapes, emit, beyond, limits):
        super().__init__(shapes, emit, beyond, limits)
        shapes.classes.holds_on = False
        self.writer = _FleetingWriter(shapes, self.number_of)
        self._vague = _FleetingWriter(shapes, self._number_if_known)
        self._live: dict[int, object] = {}
        self._in_flight: set[int] = set()
        self._still_in_flight = True
        self._asleep: dict[int, set[int]] = {}
        self.prune_at = 1 << 60

    def begin(self, roots: list) -> None:
        """Look at what is reachable from these values, and forget the objects that are gone."""
        handled = self._reach([sys.exc_info()[1]])
        self._live = self._reach(roots)
        self._still_in_flight = False
        for asleep in self._asleep.values():
            # Only the generator reached it: what is found there now is another object.
            for key in asleep.intersection(self._live) - self._in_flight - handled.keys():
                asleep.discard(key)
                if key in self.entries and self.entries[key].obj is None:
                    del self.entries[key]
        self._live |= handled
        self._forget(self._live)

    def keep_in_flight(self) -> None:
        """What was on its way before this event still is after it."""
        self._still_in_flight = True

    def forget_all_but(self, values: list) -> None:
        """Forget what only a frame that has ended held, before something else is made at its address."""
        if not self._still_in_flight:
            self._in_flight = set()
        self._forget(self._reach([*values, sys.exc_info()[1]]))

    def fall_asleep(self, frame: int, held: list, others: list) -> None:
        """A generator is suspended that holds these values; ``others``: what is visible without it."""
        self._asleep[frame] = self._reach(held).keys() - self._reach(others).keys()

    def wake(self, frame: int) -> None:
        """The generator goes on."""
        self._asleep.pop(frame, None)

    def finish(self, returned: object = None) -> None:
        """Let go of every object. ``returned`` is on its way to a variable, as may be the exception being handled."""
        self._live = {}
        on_its_way = [x for x in (returned, sys.exc_info()[1]) if not is_atom(x)]
        kept = self._in_flight if self._still_in_flight else set()
        self._in_flight = kept.union(self._reach(on_its_way))
        # What is reported next may be no event.
        self._still_in_flight = True

    def scan(self) -> None:
        """Emit every change of contents of the reachable objects."""
        for key, entry in list(self.entries.items()):
            if not entry.fixed and key in self._live:
                held, entry.obj = entry.obj, self._live[key]
                self._compare(entry)
                entry.obj = held
                entry.parts = self._remembered(entry.parts)

    def _forget(self, reached: dict[int, object]) -> None:
        """Forget the objects that are neither among these nor held otherwise."""
        elsewhere = self._in_flight.union(*self._asleep.values())
        for key, entry in list(self.entries.items()):
            if type(entry.obj) is weakref.ref:
                gone = entry.obj() is None
            elif key in reached:
                # Of another type it is another object, unless a class of the program's was exchanged.
                gone = entry.obj is None and not entry.shape.instance and type(reached[key]) is not entry.shape.kind
            else:
                gone = entry.obj is None and key not in elsewhere
            if gone:
                del self.entries[key]

    def _describe(self, fresh: list[Entry]) -> None:
        super()._describe(fresh)
        for entry in reversed(fresh):
            x = entry.obj
            self._live[id(x)] = x
            entry.obj = self._hold(entry)
            if entry.parts is not None:
                entry.parts = self._remembered(entry.parts)

    def _hold(self, entry: Entry) -> object:
        try:
            return weakref.ref(entry.obj)
        except TypeError:
            plain = entry.parts is not None and entry.shape.exact
            if plain and all(id(type(x)) in PLAIN_ATOMS for group in entry.parts for x in group):
                return entry.obj
            return None

    def _remembered(self, parts: tuple) -> tuple:
        write, chars = self._vague.text, self._value_chars
        return tuple(
            [x if id(type(x)) in PLAIN_ATOMS or type(x) is _Token else _Token(write(x, chars)) for x in group]
            for group in parts
        )

    def _elements(self, place: str, old: list, new: list):
        before, after = self._texts(old), self._texts(new)
        if before is None or after is None or len(set(before)) != len(before) or len(set(after)) != len(after):
            return None
        deltas = [(f"{place}{{{text}}}", "delete", None) for text in sorted(set(before) - set(after))]
        return deltas + [(f"{place}{{{text}}}", "delta", text) for text in sorted(set(after) - set(before))]

    def _reach(self, roots: list) -> dict[int, object]:
        """Every heap object that is visible from these values, by address."""
        reached: dict[int, object] = {}
        passed: set[int] = set()
        stack = list(roots)
        while stack:
            value = stack.pop()
            kind = type(value)
            if id(kind) in PLAIN_ATOMS or id(value) in passed or is_atom(value):
                continue
            passed.add(id(value))
            if kind is tuple or kind is frozenset:
                stack.extend(value)
                continue
            reached[id(value)] = value
            shape = self._shapes.of(value)
            if shape.of_class or shape.instance:
                stack.extend(self._shapes.classes.behind(value if shape.of_class else kind))
            entry = Entry(-1, value, shape)
            if not entry.fixed:
                for group in read(entry.obj, entry.shape)[:4]:
                    stack.extend(group)
                if entry.shape.base is BaseException:
                    stack.extend(get(value) for get in _BEHIND_EXCEPTION)
        return reached
