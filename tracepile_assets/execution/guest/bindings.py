"""Compares what the variables of a frame, or of the module, are bound to with what they were bound to.

Belongs here: which values of variables are state, and telling how they changed. Does not belong here: reading frames,
and when they are looked at (``tracer``), and the contents of objects (``heap``).
"""

from .frames import Frame
from .heap import Heap
from .kinds import PLAIN_ATOMS, is_class, is_invisible
from .tape import Tape

_ABSENT = object()


class Bindings:
    """The variables of one run."""

    def __init__(self, heap: Heap, tape: Tape):
        self._heap = heap
        self._tape = tape
        self._invisible: dict[int, tuple[bool, type]] = {}

    def compare(self, owner: Frame, names, held, prefix: str, passing) -> set[str]:
        """Note those of these variables that are bound otherwise than before; return their names."""
        old, shown = owner.old, owner.shown
        holds_on = self._heap.holds_on
        changed = set()
        for name in names:
            if passing and name in passing:
                continue  # Not even looked at: CPython 3.13.0 crashes if it is a cell outside the comprehension.
            value = held.get(name, _ABSENT)
            if value is old.get(name, _ABSENT) and (value is not _ABSENT or name not in shown):
                continue
            if value is _ABSENT and name not in shown and name not in old:
                continue
            changed.add(name)
            if value is _ABSENT or (self._unseen(value) and not self._shows(value)):
                if value is _ABSENT or not holds_on:
                    old.pop(name, None)
                else:
                    old[name] = value
                if name in shown:
                    del shown[name]
                    self._tape.change((prefix + name, "delete", None))
                continue
            if holds_on or id(type(value)) in PLAIN_ATOMS:
                old[name] = value
            else:
                old.pop(name, None)
                if name in shown and shown[name] is None:
                    continue
            shown[name] = self._heap.bind(prefix + name, value, shown.get(name, _ABSENT))
        return changed

    def review(self, owner: Frame, names, prefix: str, gained: list[type], lost: list[type]) -> None:
        """Note those of these variables that are bound, as before, to classes that have gained or lost their data."""
        old, shown = owner.old, owner.shown
        for name in names:
            if name not in old:
                continue
            value = old[name]
            if name in shown:
                if any(value is kind for kind in lost):
                    del shown[name]
                    self._tape.change((prefix + name, "delete", None))
            elif any(value is kind for kind in gained):
                shown[name] = self._heap.bind(prefix + name, value, _ABSENT)

    def lead_on(self, value: object) -> bool:
        """Whether a variable bound to a value may lead to state."""
        return not self._unseen(value) or is_class(value)

    def _unseen(self, value: object) -> bool:
        kind = type(value)
        known = self._invisible.get(id(kind))
        if known is None:
            # The type is held, so that no other one comes to have its identity.
            known = self._invisible[id(kind)] = (is_invisible(value), kind)
        return known[0]

    def _shows(self, value: object) -> bool:
        return is_class(value) and self._heap.shows(value)
