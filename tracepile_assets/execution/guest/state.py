"""Looks at what the program's variables and objects are between two events, and notes what changed.

Belongs here: what has to be looked at after which statement. Does not belong here: events (``tracer``), how bindings
and contents are compared (``bindings``, ``heap``), and programs that can tell when an object dies (``fleeting_state``).

Between two events exactly one frame executes. What it may have changed is looked at when the next event comes, and is
put down to that frame's latest line (or call, or resume) event.
"""

from types import FrameType

from .bindings import Bindings
from .effects import ANYTHING
from .frames import Frame
from .heap import Heap
from .scopes import Names, is_hidden_name
from .serialise import Shapes
from .slots import ARE_FOUND, Slots, Variables
from .tape import Tape
from .touching import Lost, Plan, entries_at, planned, touched


class State:
    """The variables and objects of one run, as they were at the latest event.

    ``stack`` holds the open frames, the executing one last, ``suspended`` those of generators by the address of the
    frame object, which is its own for as long as the generator lives.
    """

    by_hook = False
    """Whether frames are to be reported without copies of their variables: see ``hook``."""

    def __init__(self, names: Names, namespace: dict, limits, tape: Tape, beyond, compares_all: bool):
        self.stack: list[Frame] = []
        self.suspended: dict[int, Frame] = {}
        self._names = names
        self._globals = namespace
        self._visible = frozenset(name for name in names.mentioned if not is_hidden_name(name))
        self._tape = tape
        self._global_frame = Frame(-1, None, None, 0)
        self._global_frame.prefix = "g."
        self._shapes = Shapes(namespace["__name__"])
        if names.plans is None:
            names.plans = planned(names.effects, names.shared)
        self._plans: list[Plan | None] = names.plans
        if names.is_open or compares_all:
            self._plans = [Plan(ANYTHING, names.shared)] * len(names.plans)
        self.heap = self._new_heap(beyond, limits)
        self._bindings = Bindings(self.heap, tape)

    def _new_heap(self, beyond, limits) -> Heap:
        return Heap(self._shapes, self._tape.change, beyond, limits)

    def open(self, opened: Frame) -> None:
        """Note the parameters of a frame that has been called, and of the first one the globals."""
        info = opened.info
        if not info.is_module:
            self._read_directly(opened)
            self.variables(opened, opened.frame, False)
        if opened.number == 0:
            self._global_variables()

    def _read_directly(self, opened: Frame) -> None:
        info = opened.info
        if info.is_plain and ARE_FOUND:
            if info.slots is None:
                info.slots = Slots(info.names, info.variables, info.cells)
            opened.variables = Variables(info.slots, opened.frame)

    def wake(self, known: Frame, frame: FrameType) -> None:
        """Note what others did to the variables of a generator that goes on."""
        if known.info.cells:
            self.variables(known, frame, True)

    def fall_asleep(self, top: Frame) -> None:
        """Take the executing frame, whose generator has yielded, off the stack."""
        self.stack.pop()
        self.suspended[id(top.frame)] = top
        top.suspend()

    def leave(self, top: Frame, value: object, is_unwound: bool) -> None:
        """Take the executing frame, which has ended, off the stack. ``value`` is on its way to its caller."""
        self.stack.pop()

    def note_passing(self, value: object) -> None:
        """A value is on its way that no variable holds."""

    def let_go(self) -> None:
        """Hold nothing of the program any more, until the next event."""

    def settle(self, at_rest: bool) -> None:
        """Note what the executing frame did since the last event. ``at_rest``: between two of its statements."""
        top = self.stack[-1]
        self._tape.cause = top.current
        plan = self._plans[top.statement]
        info = top.info
        before = top.old.copy() if plan is not None and plan.paths else None
        if info.is_module or info.writes_globals or self._names.reaches_globals:
            self._settle_with_globals(top, plan, before, at_rest)
            return
        if at_rest and top.variables is not None:
            found = top.variables.changed()
            changed = self._bindings.note(top, found) if found else found
        else:
            changed = self.variables(top, top.frame, not at_rest)
        if changed and info.cells:
            self._others_cells(top, changed)
        if self._names.reaches_frames:
            self._others_variables(top)
        if len(self.heap.entries) > self.heap.prune_at:
            self.heap.prune()
        if plan is None:
            return
        if plan.anything or (top.nested and plan.is_risky):
            self._scan()
            return
        names, globals_before = plan.names, self._global_frame.old
        if top.variables is None or top.statement in info.passing or not names.isdisjoint(info.unlisted):
            held = top.frame.f_locals
        else:
            held = top.old
        self._look_at(plan, (before, globals_before), (held, self._globals))

    def _settle_with_globals(self, top: Frame, plan: Plan | None, before: dict | None, at_rest: bool) -> None:
        """As ``settle``, of a frame that may rebind globals too."""
        globals_before = None if before is None else self._global_frame.old.copy()
        if not top.info.is_module:
            changed = self.variables(top, top.frame, not at_rest)
            if changed and top.info.cells:
                self._others_cells(top, changed)
        if self._names.reaches_frames:
            self._others_variables(top)
        self._global_variables()
        if len(self.heap.entries) > self.heap.prune_at:
            self.heap.prune()
        if plan is None:
            return
        if plan.anything or (top.nested and plan.is_risky):
            self._scan()
        else:
            self._look_at(plan, (before, globals_before), (top.frame.f_locals, self._globals))

    def _look_at(self, plan: Plan, before: tuple, after: tuple) -> None:
        """Note how the objects changed that a statement can change, found by what its variables were and are."""
        if plan.roots:
            entries = entries_at(plan.roots, before, after, self.heap.entries)
            if entries is not None:
                if entries:
                    self.heap.compare(entries)
                return
        try:
            self.heap.scan_only(touched(plan, before, after, self._shapes))
        except Lost:
            self._scan()

    def _scan(self) -> None:
        """Note how any object changed, and which classes have gained or lost their data."""
        gained, lost = self.heap.take_in_classes()
        self.heap.scan()
        if gained or lost:
            self._review(gained, lost)

    def _review(self, gained: list[type], lost: list[type]) -> None:
        """Note the variables that are bound to these classes."""
        for each in [*self.stack, *self.suspended.values()]:
            if each.readable() is not None:
                names = each.frame.f_locals if each.info.is_class else each.info.variables
                self._bindings.review(each, names, gained, lost)
        self._bindings.review(self._global_frame, self._globals, gained, lost)

    def variables(self, owner: Frame, frame: FrameType, inside_statement: bool) -> set[str] | tuple[()]:
        """Note the variables of a frame that are bound otherwise than before; return their names."""
        info, direct = owner.info, owner.variables
        passing = info.passing.get(owner.statement, ()) if inside_statement else ()
        if direct is not None:
            if inside_statement and not direct.are_in_place():
                # It ended, and nobody said so: its frame object has what it held.
                owner.variables = None
            elif passing:
                direct.forget()
            else:
                return self._bindings.note(owner, direct.changed())
        held = self._held_by(owner, frame)
        names = info.variables
        if info.is_class:
            names = [n for n in [*held, *(n for n in owner.shown if n not in held)] if not is_hidden_name(n)]
        return self._bindings.compare(owner, names, held, passing)

    def _held_by(self, owner: Frame, frame: FrameType):
        """What the variables of a frame are bound to, by name."""
        return frame.f_locals

    def _global_variables(self) -> None:
        held, visible, owner = self._globals, self._visible, self._global_frame
        names = [n for n in held if n in visible]
        names += [n for n in owner.shown if n not in held]
        self._bindings.compare(owner, names, held, ())

    def _others_cells(self, top: Frame, changed: set[str]) -> None:
        for other in [*self.stack[:-1], *self.suspended.values()]:
            if other is not top and not changed.isdisjoint(other.info.cells) and (frame := other.readable()):
                self.variables(other, frame, True)

    def _others_variables(self, top: Frame) -> None:
        for other in [*self.stack[:-1], *self.suspended.values()]:
            if other is not top and not other.info.is_module and (frame := other.readable()):
                self.variables(other, frame, True)
