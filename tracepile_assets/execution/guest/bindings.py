"""Compares what the variables of a frame, or of the module, are bound to with what they were bound to.

Belongs here: which values of variables are state, and telling how they changed. Does not belong here: reading frames,
and when they are looked at (``tracer``), and the contents of objects (``heap``).
"""

from .frames import Frame
from .heap import Heap
from .kinds import PLAIN_ATOMS, is_class, is_invisible, name_text
from .slots import ABSENT
from .tape import Tape


class Bindings:
    """The variables of one run."""

    def __init__(self, heap: Heap, tape: Tape):
        self._heap = heap
        self._tape = tape
        self._invisible: dict[int, tuple[bool, type]] = {}

    def compare(self, owner: Frame, names, held, passing) -> set[str]:
        """Note those of these variables that are bound otherwise than before; return their names."""
        old, shown = owner.old, owner.shown
        changed = set()
        for name in names:
            if passing and name in passing:
                continue  # Not even looked at: CPython 3.13.0 crashes if it is a cell outside the comprehension.
            value = held.get(name, ABSENT)
            if value is old.get(name, ABSENT) and (value is not ABSENT or name not in shown):
                continue
            if value is ABSENT and name not in shown and name not in old:
                continue
            changed.add(name)
            self._note(owner, name, value)
        return changed

    def note(self, owner: Frame, found: list[tuple[int, str, object]]) -> set[str]:
        """As ``compare``, of variables that may be bound otherwise, each with its rank, name and value.

        The heap holds on to what they are bound to.
        """
        old, shown, bind, start = owner.old, owner.shown, self._heap.bind, owner.prefix
        changed = set()
        for _, name, value in found:
            if value is not old.get(name, ABSENT):
                changed.add(name)
                kind = type(value)
                if kind is int or kind is str or kind is list or kind is tuple or kind is bool:
                    old[name] = value
                    shown[name] = bind(start + name_text(name), value, shown.get(name, ABSENT))
                else:
                    self._note(owner, name, value)
        return changed

    def _note(self, owner: Frame, name: str, value: object) -> None:
        old, shown, holds_on = owner.old, owner.shown, self._heap.holds_on
        is_plain = id(type(value)) in PLAIN_ATOMS
        if not is_plain and (value is ABSENT or (self._unseen(value) and not self._shows(value))):
            if value is ABSENT or not holds_on:
                old.pop(name, None)
            else:
                old[name] = value
            if name in shown:
                del shown[name]
                self._tape.change((owner.prefix + name_text(name), "delete", None))
            return
        if holds_on or is_plain:
            old[name] = value
        else:
            old.pop(name, None)
            if name in shown and shown[name] is None:
                return
        shown[name] = self._heap.bind(owner.prefix + name_text(name), value, shown.get(name, ABSENT))

    def review(self, owner: Frame, names, gained: list[type], lost: list[type]) -> None:
        """Note those of these variables that are bound, as before, to classes that have gained or lost their data."""
        old, shown = owner.old, owner.shown
        for name in names:
            if name not in old:
                continue
            value = old[name]
            if name in shown:
                if any(value is kind for kind in lost):
                    del shown[name]
                    self._tape.change((owner.prefix + name_text(name), "delete", None))
            elif any(value is kind for kind in gained):
                shown[name] = self._heap.bind(owner.prefix + name_text(name), value, ABSENT)

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
