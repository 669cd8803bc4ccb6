"""Turns what ``sys.settrace`` reports into the events and changes of a recording.

Belongs here: frames, events, and when state is looked at. Does not belong here: how values are read and written (``kinds``,
``serialise``, ``heap``), names (``scopes``), and setting up a run (``recorder``).

Between two events exactly one frame executes. What it may have changed is looked at when the next event comes, and is put
down to that frame's latest line (or call, or resume) event.
"""

import opcode
import sys
from time import monotonic
from types import FrameType

from .effects import NOTHING
from .heap import Heap
from .kinds import is_invisible
from .recursion import Recursion
from .scopes import CodeInfo, Names, is_hidden_name
from .serialise import Shapes
from .touching import Lost, touched

_YIELD = opcode.opmap["YIELD_VALUE"]
_RESUME = opcode.opmap["RESUME"]
_RETURN = {opcode.opmap[n] for n in ("RETURN_VALUE", "RETURN_CONST") if n in opcode.opmap}
_SWALLOW = {opcode.opmap[n] for n in ("FOR_ITER", "SEND", "END_SEND") if n in opcode.opmap}
_ABSENT = object()
# A program finds another one under this name.
_settrace = sys.settrace


class Stop(BaseException):
    """Leaves the program when a limit of the recording is reached."""


class Frame:
    """A frame of the program while it is open."""

    __slots__ = ("current", "depth", "frame", "held", "info", "nested", "number", "old", "pending", "raised", "shown", "statement")

    def __init__(self, number: int, info: CodeInfo, frame: FrameType, depth: int):
        self.number = number
        self.info = info
        self.frame = frame
        self.depth = depth
        self.statement = -1
        self.current = -1
        self.old: dict[str, object] = {}
        self.shown: dict[str, str | None] = {}
        # A resumed generator says so only once it does something: closing an abandoned one is no event.
        self.pending = False
        self.held: BaseException | None = None
        self.raised = False
        # Whether other frames of the program ran since this one's statement was entered.
        self.nested = False


class Tracer:
    """Records one run. ``stop(status, reason)`` is called when a limit is reached, and does not return."""

    def __init__(self, names: Names, infos: dict[int, CodeInfo], namespace: dict, limits, output, stop):
        self.kind: list[str] = []
        self.statement: list[int] = []
        self.depth: list[int] = []
        self.frame_id: list[int] = []
        self.value: list[str | None] = []
        self.change_event: list[int] = []
        self.change_cause: list[int] = []
        self.change_place: list[str] = []
        self.change_op: list[str] = []
        self.change_value: list[str | None] = []
        self.functions: list[str] = []
        self.truncated = False
        self._names = names
        self._infos = infos
        self._globals = namespace
        self._limits = limits
        self._output = output
        self._written = 0
        self._stop = stop
        self._stack: list[Frame] = []
        self._suspended: dict[FrameType, Frame] = {}
        self._global_frame = Frame(-1, None, None, 0)
        self._cause = -1
        self._invisible: dict[type, bool] = {}
        self._chars = 0
        self.deadline = float("inf")
        self.recursion = Recursion()
        self.shapes = Shapes(namespace["__name__"])
        self._effects = names.effects
        self._before: dict[str, object] = {}
        self.heap = Heap(self.shapes, self._emit, limits.value_chars, limits.contents_items, limits.contents_chars)

    def start(self) -> None:
        """Begin to trace the current thread."""
        self._written = self._output.tell()
        self.recursion.begin()
        _settrace(self.trace)

    def end(self) -> None:
        """Stop tracing the current thread."""
        _settrace(None)
        self.recursion.end()

    def columns(self, lines: list[int]) -> dict:
        """The columns of events and changes. ``lines``: source line of each statement."""
        return {
            "event_kind": self.kind,
            "event_statement": self.statement,
            "event_line": [lines[number] if number < len(lines) else 1 for number in self.statement],
            "event_depth": self.depth,
            "event_frame_id": self.frame_id,
            "event_value": self.value,
            "change_event": self.change_event,
            "change_cause": self.change_cause,
            "change_place": self.change_place,
            "change_op": self.change_op,
            "change_value": self.change_value,
            "frame_function": self.functions,
            "n_events": len(self.kind),
        }

    # -- what settrace reports

    def trace(self, frame: FrameType, event: str, arg: object):
        """The trace function of new frames."""
        info = self._infos.get(id(frame.f_code))
        if info is None:
            return None
        try:
            return self._call(frame, info)
        except Stop:
            raise
        except BaseException as error:
            return self._fail(error)

    def local(self, frame: FrameType, event: str, arg: object):
        """The trace function of a frame of the program after its call."""
        try:
            return self._inside(frame, event, arg)
        except Stop:
            raise
        except BaseException as error:
            return self._fail(error)

    def _fail(self, error: BaseException) -> None:
        if isinstance(error, MemoryError):
            self._stop("memory_limit", "out of memory")
        self._stop("crash", f"the recorder failed: {type(error).__name__}: {error}")

    def _call(self, frame: FrameType, info: CodeInfo):
        if self._stack and self._stack[-1].pending:
            self._tell_resume(self._stack[-1])
        known = self._suspended.pop(frame, None)
        if known is not None:
            known.pending = True
            known.held = None
            known.raised = False
            known.depth = len(self._stack)
            self._stack.append(known)
            return self.local
        if not self.functions:
            # A module lies at level 1, and a function that it calls at level 2.
            self.recursion.root(1 if info.is_module else 2)
        if len(self._stack) >= self.recursion.watched:
            fallen = self.recursion.check(frame, [known.code for known in self._infos.values()])
            if fallen is not None:
                return fallen
        self._settle(False)
        opened = Frame(len(self.functions), info, frame, len(self._stack))
        self.functions.append(info.function)
        if not opened.info.is_module:
            self._variables(opened, frame, False)
        if opened.number == 0:
            self._global_variables()
        if self._stack:
            self._stack[-1].nested = True
        opened.current = self._event("call", info.statement, opened, None)
        self._stack.append(opened)
        return self.local

    def _inside(self, frame: FrameType, event: str, arg: object):
        stack = self._stack
        if not stack or stack[-1].frame is not frame:
            if not any(f.frame is frame for f in stack):
                return self.local
            while stack[-1].frame is not frame:
                stack.pop()
        top = stack[-1]
        if event == "line":
            number = (frame.f_lineno or 0) - 1
            if number == top.statement or number < 0 or number == top.info.own_statement:
                return self.local
            if top.pending:
                self._tell_resume(top)
            self._settle(True)
            top.current = self._event("line", number, top, None)
            top.statement = number
            top.raised = False
            top.nested = False
        elif event == "exception":
            self._exception(top, frame, arg[1])
        elif event == "return":
            self._return(top, frame, arg)
        return self.local

    def _exception(self, top: Frame, frame: FrameType, raised: BaseException) -> None:
        if type(raised) is RecursionError:
            self.recursion.word(raised)
        if isinstance(raised, StopIteration) and frame.f_code.co_code[frame.f_lasti] in _SWALLOW:
            return
        if top.pending:
            if type(raised) is GeneratorExit and top.held is None:
                top.held = raised
                top.raised = True
                return
            self._tell_resume(top)
        self._settle(False)
        self._event("raise", self._at(top), top, self.heap.writer.deep(raised, self._limits.value_chars))
        top.raised = True

    def _return(self, top: Frame, frame: FrameType, value: object) -> None:
        at = frame.f_lasti
        operation, operand = frame.f_code.co_code[at : at + 2]
        if top.pending:
            if top.held is not None:
                self._stack.pop()
                return
            self._tell_resume(top)
        self._settle(not top.raised)
        # A frame that yields stands on the yield, or, from 3.13 on, on the resumption behind it.
        if not top.raised and (operation == _YIELD or (operation == _RESUME and operand & 3)):
            self._event("yield", self._at(top), top, self._text(value, top))
            self._stack.pop()
            self._suspended[frame] = top
            return
        if not top.raised and operation in _RETURN:
            self._event("return", self._at(top), top, "None" if top.info.is_class else self._text(value, top))
        else:
            self._event("unwind", self._at(top), top, None)
        self._stack.pop()

    def _tell_resume(self, top: Frame) -> None:
        top.pending = False
        self._stack.pop()
        self._settle(False)
        if self._stack:
            self._stack[-1].nested = True
        top.nested = True
        self._stack.append(top)
        top.current = self._event("resume", self._at(top), top, None)
        if top.held is not None:
            self._event("raise", self._at(top), top, self.heap.writer.deep(top.held, self._limits.value_chars))
            top.held = None

    @staticmethod
    def _at(top: Frame) -> int:
        return top.statement if top.statement >= 0 else top.info.statement

    # -- state

    def _settle(self, at_rest: bool) -> None:
        """Note what the executing frame changed since the last event. ``at_rest``: between two of its statements."""
        if not self._stack:
            return
        top = self._stack[-1]
        self._cause = top.current
        effect = self._effects[top.statement] if top.statement >= 0 else NOTHING
        self._before = dict(top.old) if effect.paths else {}
        if top.info.is_module:
            self._global_variables()
        else:
            changed = self._variables(top, top.frame, not at_rest)
            if changed and top.info.cells:
                self._others_cells(top, changed)
            if top.info.writes_globals or self._names.reaches_globals:
                self._global_variables()
        self._contents(top)
        written = self._output.tell()
        if written != self._written:
            text = self._output.read_from(self._written)
            self._written = written
            self._event("output", self._at(top), top, text)
            if written > self._limits.output_bytes:
                self._stop("output_limit", f"wrote more than {self._limits.output_bytes:,} bytes")

    def _contents(self, top: Frame) -> None:
        """Note how objects changed: those that the statement can change, or all."""
        if self.heap.crowded:
            self.heap.prune()
        if top.statement < 0:
            return
        effect = self._effects[top.statement]
        if effect.anything:
            self.heap.scan()
        elif effect.paths:
            if top.nested and any(len(path) > 1 or path[0] in self._names.shared for path in effect.paths):
                self.heap.scan()
                return
            before, after = (self._before, self._global_frame.old), (top.frame.f_locals, self._globals)
            try:
                self.heap.scan_only(touched(effect.paths, (before, after), self.shapes))
            except Lost:
                self.heap.scan()

    def _variables(self, owner: Frame, frame: FrameType, inside_statement: bool) -> set[str]:
        """Note the variables of a frame that are bound otherwise than before; return their names."""
        held = frame.f_locals
        names = owner.info.variables
        if owner.info.is_class:
            names = [n for n in [*held, *(n for n in owner.old if n not in held)] if not is_hidden_name(n)]
        passing = self._names.comprehension_names[owner.statement] if inside_statement and owner.statement >= 0 else ()
        return self._compare(owner, names, held, f"f{owner.number}.", passing)

    def _global_variables(self) -> None:
        held = self._globals
        mentioned = self._names.mentioned
        owner = self._global_frame
        names = [n for n in held if n in mentioned and not is_hidden_name(n)]
        if owner.old:
            names += [n for n in owner.old if n not in held]
        self._compare(owner, names, held, "g.", ())

    def _compare(self, owner: Frame, names, held, prefix: str, passing) -> set[str]:
        old, shown = owner.old, owner.shown
        changed = set()
        for name in names:
            value = held.get(name, _ABSENT)
            if value is old.get(name, _ABSENT) or name in passing:
                continue
            changed.add(name)
            if value is _ABSENT or self._unseen(value):
                if value is _ABSENT:
                    del old[name]
                else:
                    old[name] = value
                if name in shown:
                    del shown[name]
                    self._emit((prefix + name, "delete", None))
                continue
            old[name] = value
            shown[name] = self.heap.bind(prefix + name, value, shown.get(name, _ABSENT))
        return changed

    def _others_cells(self, top: Frame, changed: set[str]) -> None:
        for other in [*self._stack[:-1], *self._suspended.values()]:
            if other is not top and not changed.isdisjoint(other.info.cells):
                self._variables(other, other.frame, True)

    def _unseen(self, value: object) -> bool:
        kind = type(value)
        unseen = self._invisible.get(kind)
        if unseen is None:
            unseen = self._invisible[kind] = is_invisible(value)
        return unseen

    def _text(self, value: object, top: Frame) -> str | None:
        self._cause = top.current
        return self.heap.text(value)

    # -- what is recorded

    def _emit(self, change: tuple[str, str, str | None]) -> None:
        place, op, value = change
        if value is not None:
            self._chars += len(value)
            if self._chars > self._limits.total_chars:
                value = None
                self.truncated = True
        self.change_event.append(len(self.kind))
        self.change_cause.append(self._cause)
        self.change_place.append(place)
        self.change_op.append(op)
        self.change_value.append(value)

    def _event(self, kind: str, statement: int, owner: Frame, value: str | None) -> int:
        index = len(self.kind)
        if not index & 255 and monotonic() > self.deadline:
            self._stop("timeout", "took longer than the limit on wall-clock time")
        if index >= self._limits.events:
            self._drop_changes_after(index)
            self._stop("event_limit", f"more than {self._limits.events:,} events")
        self.kind.append(kind)
        self.statement.append(statement)
        self.depth.append(owner.depth)
        self.frame_id.append(owner.number)
        self.value.append(value)
        return index

    def _drop_changes_after(self, index: int) -> None:
        while self.change_event and self.change_event[-1] >= index:
            for column in (
                self.change_event, self.change_cause, self.change_place, self.change_op, self.change_value,
            ):
                column.pop()
