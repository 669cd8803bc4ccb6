"""Looks at the state of programs that can tell when an object dies, and holds on to nothing between events.

Belongs here: reading frames without holding what they hold, and what the heap must know to recognise objects. Does not
belong here: recognising them (``fleeting``) and which programs need this (``scopes``).
"""

from types import FrameType

from .fleeting import FleetingHeap
from .frames import Frame
from .heap import Heap
from .scopes import is_hidden_name
from .state import State


class FleetingState(State):
    """As ``State``. Every frame is read by name, and all that is reachable is looked at at every event."""

    by_hook = True

    def __init__(self, names, namespace: dict, limits, tape, beyond, compares_all: bool):
        super().__init__(names, namespace, limits, tape, beyond, compares_all)
        self._snapshots: list[dict] = []
        self._returned: object = None

    def _new_heap(self, beyond, limits) -> Heap:
        return FleetingHeap(self._shapes, self._tape.change, beyond, limits)

    def _read_directly(self, opened: Frame) -> None:
        pass

    def wake(self, known: Frame, frame: FrameType) -> None:
        """As of ``State``."""
        super().wake(known, frame)
        self.heap.wake(known.number)

    def fall_asleep(self, top: Frame) -> None:
        """As of ``State``."""
        held = self._values_of(top)
        self.stack.pop()
        self.heap.fall_asleep(top.number, held, self._roots())
        self.suspended[id(top.frame)] = top
        top.suspend()

    def leave(self, top: Frame, value: object, is_unwound: bool) -> None:
        """As of ``State``. What calls a special method still holds its object."""
        if is_unwound:
            self.heap.keep_in_flight()
        self.stack.pop()
        code = top.info.code
        special = is_hidden_name(code.co_name) and code.co_argcount
        held = self._held_by(top, top.frame).get(code.co_varnames[0]) if special else None
        self.heap.forget_all_but([*self._roots(), value, held])

    def note_passing(self, value: object) -> None:
        """As of ``State``."""
        self._returned = value

    def let_go(self) -> None:
        """As of ``State``."""
        for held in self._snapshots:
            held.clear()
        self._snapshots.clear()
        self.heap.finish(self._returned)
        self._returned = None

    def settle(self, at_rest: bool) -> None:
        """As of ``State``."""
        top = self.stack[-1]
        self._tape.cause = top.current
        self.heap.begin(self._roots())
        if top.info.is_module:
            self._global_variables()
        else:
            changed = self.variables(top, top.frame, not at_rest)
            if changed and top.info.cells:
                self._others_cells(top, changed)
            if self._names.reaches_frames:
                self._others_variables(top)
            if top.info.writes_globals or self._names.reaches_globals:
                self._global_variables()
        self._scan()

    def _review(self, gained: list[type], lost: list[type]) -> None:
        for each in [*self.stack, *self.suspended.values()]:
            if not each.info.is_module and (frame := each.readable()):
                self.variables(each, frame, True)
        self._global_variables()

    def _held_by(self, owner: Frame, frame: FrameType):
        held = frame.f_locals
        if type(held) is dict and not (owner.info.is_class or owner.info.is_module):
            self._snapshots.append(held)
        return held

    def _roots(self) -> list:
        """Every value that a variable is bound to."""
        roots = [v for n, v in self._globals.items() if n in self._names.mentioned and self._bindings.lead_on(v)]
        for opened in self.stack:
            roots += self._values_of(opened)
        return roots

    def _values_of(self, opened: Frame) -> list:
        if opened.info.is_module:
            return []
        held = self._held_by(opened, opened.frame)
        passing = opened.info.passing.get(opened.statement, ())
        names = list(held) if opened.info.is_class else [n for n in opened.info.variables if n not in passing]
        return [held[n] for n in names if n in held and self._bindings.lead_on(held[n])]
