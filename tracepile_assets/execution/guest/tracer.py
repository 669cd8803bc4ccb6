"""Turns what ``sys.settrace`` reports into the events and changes of a recording.

Belongs here: frames, events, and when state is looked at. Does not belong here: how values are read and written
(``kinds``, ``serialise``, ``heap``), names (``scopes``), and setting up a run (``recorder``).

Between two events exactly one frame executes. What it may have changed is looked at when the next event comes, and is
put down to that frame's latest line (or call, or resume) event.
"""

import sys
from types import CodeType, FrameType

from . import hook
from .bindings import Bindings
from .effects import NOTHING, Effect
from .fleeting import FleetingHeap
from .frames import Frame, stands_on_return, stands_on_yield, swallows_stop_iteration
from .heap import Heap
from .kinds import is_a
from .recursion import Recursion
from .scopes import CodeInfo, Names, is_hidden_name
from .serialise import Shapes
from .tape import Stop, Tape
from .touching import Lost, touched

# A program finds others under these names.
_settrace, _gettrace = sys.settrace, sys.gettrace


class Tracer:
    """Records one run onto the tape at a place in ``buffer``.

    ``stop(status, reason)`` is called when a limit is reached, and does not return.
    """

    def __init__(
        self, names: Names, infos: dict, namespace: dict, limits, output, stop, beyond, buffer, place, deadline
    ):
        self.tape = Tape(buffer, place, limits, stop, beyond, deadline)
        self._names = names
        self._infos: dict[int, CodeInfo] = infos
        self._globals = namespace
        self._bare_raises = names.bare_raises
        self._visible = frozenset(name for name in names.mentioned if not is_hidden_name(name))
        self._limits = limits
        self._output = output
        self._stop = stop
        self._stack: list[Frame] = []
        # By the frame's address, which is its own for as long as its generator lives.
        self._suspended: dict[int, Frame] = {}
        self._global_frame = Frame(-1, None, None, 0)
        self.recursion = Recursion()
        self.shapes = Shapes(namespace["__name__"])
        self._effects = names.effects
        self._before: tuple[dict, dict] = {}, {}
        self._fleeting = names.observes_lifetimes
        self._snapshots: list[dict] = []
        self._returned: object = None
        self.recursion.by_hook = self._fleeting
        kind = FleetingHeap if self._fleeting else Heap
        self.heap = kind(self.shapes, self.tape.change, beyond, limits)
        self.writer = self.heap.writer
        self._bindings = Bindings(self.heap, self.tape)

    @property
    def truncated(self) -> bool:
        """Whether a value was left out."""
        return self.tape.truncated or self.heap.truncated

    def start(self) -> None:
        """Begin to trace the current thread."""
        self._written = self._output.tell()
        self.recursion.begin()
        hook.install(self, Stop) if self._fleeting else _settrace(self.trace)

    def end(self) -> None:
        """Stop tracing the current thread, and note whether the interpreter had stopped it already."""
        self.switched_off = not self._fleeting and _gettrace() is None
        hook.remove() if self._fleeting else _settrace(None)
        self.recursion.end()

    def owns(self, code: CodeType) -> bool:
        """Whether a code object is the program's."""
        return id(code) in self._infos

    def let_go(self) -> None:
        """Hold nothing of the program any more, until the next event."""
        for held in self._snapshots:
            held.clear()
        self._snapshots.clear()
        self.heap.finish(self._returned)
        self._returned = None

    def trace(self, frame: FrameType, event: str, arg: object):
        """The trace function of new frames."""
        if (info := self._infos.get(id(frame.f_code))) is None:
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
        if not self._stack and self.tape.frames and (frame.f_code.co_name == "__del__" or id(frame) in self._suspended):
            # The entry call has ended: what dies with it is no part of the run.
            return None
        if frame.f_lasti < info.start:
            # A generator that never began is closed, or thrown into: its frame executes nothing.
            return None
        if self._stack and self._stack[-1].pending:
            self._tell_resume(self._stack[-1])
        known = self._suspended.pop(id(frame), None)
        if known is not None and frame.f_lasti <= info.start:
            # The generator that had a frame at this address died while it was suspended.
            known = None
        if known is not None:
            # What the generator does from here on is no doing of its caller.
            self._settle_state(False)
            if known.info.cells:
                self._variables(known, frame, True)
            known.written = self._output.tell()
            if self._fleeting:
                self.heap.wake(known.number)
            known.frame = frame
            known.pending = True
            known.held = None
            known.raised = False
            known.depth = len(self._stack)
            self._stack.append(known)
            return self.local
        if not self.tape.frames:
            # A module lies at level 1, and a function that it calls at level 2.
            self.recursion.root(1 if info.is_module else 2)
        if len(self._stack) >= self.recursion.watched:
            fallen = self.recursion.check(frame, [known.code for known in self._infos.values()])
            if fallen is not None:
                return fallen
        self._settle(False)
        opened = Frame(self.tape.open_frame(info.function), info, frame, len(self._stack))
        if not opened.info.is_module:
            self._variables(opened, frame, False)
        if opened.number == 0:
            self._global_variables()
        if self._stack:
            self._stack[-1].nested = True
        opened.current = self.tape.event("call", info.statement, opened, None)
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
            if top.again is not None:
                self._tell_raised_again(top)
            self._settle(True)
            top.current = self.tape.event("line", number, top, None)
            top.statement = number
            top.raised = False
            top.nested = False
            if number in self._bare_raises:
                top.again = (self.writer.deep(sys.exc_info()[1], self._limits.value_chars),)
        elif event == "exception":
            self._exception(top, frame, arg[1])
        elif event == "return":
            self._return(top, frame, arg)
        return self.local

    def _exception(self, top: Frame, frame: FrameType, raised: BaseException) -> None:
        if type(raised) is RecursionError:
            self.recursion.word(raised)
        if is_a(raised, StopIteration) and swallows_stop_iteration(frame):
            return
        if top.pending:
            if type(raised) is GeneratorExit and top.held is None:
                top.held = raised
                top.raised = True
                return
            self._tell_resume(top)
        top.again = None
        self._settle(False)
        self.tape.event("raise", top.at(), top, self.writer.deep(raised, self._limits.value_chars))
        top.raised = True
        if self._fleeting:
            self._returned = raised

    def _tell_raised_again(self, top: Frame) -> None:
        """A bare ``raise`` is reported by no version: it shows in what comes next in the frame."""
        if top.again is not None:
            self._settle(False)
            self.tape.event("raise", top.at(), top, top.again[0])
            top.again = None
            top.raised = True

    def _return(self, top: Frame, frame: FrameType, value: object) -> None:
        if top.pending:
            if top.held is not None:
                self._stack.pop()
                return
            self._tell_resume(top)
        self._tell_raised_again(top)
        self._settle(not top.raised)
        if not top.raised and stands_on_yield(frame):
            self.tape.event("yield", top.at(), top, self._text(value, top))
            held = self._values_of(top) if self._fleeting else []
            self._stack.pop()
            if self._fleeting:
                self.heap.fall_asleep(top.number, held, self._roots())
            top.suspend()
            self._suspended[id(frame)] = top
            return
        if not top.raised and stands_on_return(frame):
            self.tape.event("return", top.at(), top, "None" if top.info.is_class else self._text(value, top))
        else:
            self.tape.event("unwind", top.at(), top, None)
            if self._fleeting:
                self.heap.keep_in_flight()
        self._stack.pop()
        if self._fleeting:
            self._forget(top, value)

    def _tell_resume(self, top: Frame) -> None:
        top.pending = False
        self._stack.pop()
        if self._stack:
            self._tell_output(self._stack[-1], top.written)
            self._stack[-1].nested = True
        top.nested = True
        self._stack.append(top)
        top.current = self.tape.event("resume", top.at(), top, None)
        if top.held is not None:
            self.tape.event("raise", top.at(), top, self.writer.deep(top.held, self._limits.value_chars))
            top.held = None

    def _settle(self, at_rest: bool) -> None:
        """Note what the executing frame did since the last event. ``at_rest``: between two of its statements."""
        if self._stack:
            self._settle_state(at_rest)
            if (written := self._output.tell()) != self._written:
                self._tell_output(self._stack[-1], written)

    def _settle_state(self, at_rest: bool) -> None:
        """As ``_settle``, without what was written."""
        if not (top := self._stack[-1] if self._stack else None):
            return
        self.tape.cause = top.current
        effect = self._effects[top.statement] if top.statement >= 0 else NOTHING
        if effect.paths:
            self._before = dict(top.old), dict(self._global_frame.old)
        if self._fleeting:
            self.heap.begin(self._roots())
        if top.info.is_module:
            self._global_variables()
        else:
            changed = self._variables(top, top.frame, not at_rest)
            if changed and top.info.cells:
                self._others_cells(top, changed)
            if top.info.writes_globals or self._names.reaches_globals:
                self._global_variables()
        if effect.anything or effect.paths or self._fleeting or self.heap.is_crowded():
            self._contents(top, effect)

    def _tell_output(self, top: Frame, written: int) -> None:
        """Note what a frame wrote, up to this place in the output."""
        if written != self._written:
            text = self._output.read_from(self._written, written)
            self._written = written
            self.tape.event("output", top.at(), top, text)
            if written > self._limits.output_bytes:
                self._stop("output_limit", self._output.excess())

    def _contents(self, top: Frame, effect: Effect) -> None:
        """Note how objects changed: those that the statement can change, or all."""
        if self.heap.is_crowded():
            self.heap.prune()
        if effect.anything or self._fleeting:
            self._scan()
        elif effect.paths:
            if top.nested and any(len(path) > 1 or path[0] in self._names.shared for path in effect.paths):
                self._scan()
                return
            before, after = self._before, (top.frame.f_locals, self._globals)
            try:
                self.heap.scan_only(touched(effect.paths, (before, after), self.shapes))
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
        opened = [*self._stack, *self._suspended.values()]
        if self._fleeting:
            for each in opened:
                if not each.info.is_module and (frame := each.readable()):
                    self._variables(each, frame, True)
            self._global_variables()
            return
        for each in opened:
            if each.readable() is not None:
                names = each.frame.f_locals if each.info.is_class else each.info.variables
                self._bindings.review(each, names, f"f{each.number}.", gained, lost)
        self._bindings.review(self._global_frame, self._globals, "g.", gained, lost)

    def _variables(self, owner: Frame, frame: FrameType, inside_statement: bool) -> set[str]:
        """Note the variables of a frame that are bound otherwise than before; return their names."""
        held = self._locals(owner, frame) if self._fleeting else frame.f_locals
        names = owner.info.variables
        if owner.info.is_class:
            names = [n for n in [*held, *(n for n in owner.shown if n not in held)] if not is_hidden_name(n)]
        passing = owner.info.passing.get(owner.statement, ()) if inside_statement else ()
        return self._bindings.compare(owner, names, held, f"f{owner.number}.", passing)

    def _locals(self, owner: Frame, frame: FrameType):
        held = frame.f_locals
        if self._fleeting and type(held) is dict and not (owner.info.is_class or owner.info.is_module):
            self._snapshots.append(held)
        return held

    def _forget(self, ended: Frame, value: object) -> None:
        """Forget what only a frame that has ended held. What calls a special method still holds its object."""
        code = ended.info.code
        special = is_hidden_name(code.co_name) and code.co_argcount
        held = self._locals(ended, ended.frame).get(code.co_varnames[0]) if special else None
        self.heap.forget_all_but([*self._roots(), value, held])

    def _roots(self) -> list:
        """Every value that a variable is bound to."""
        roots = [v for n, v in self._globals.items() if n in self._names.mentioned and self._bindings.lead_on(v)]
        for opened in self._stack:
            roots += self._values_of(opened)
        return roots

    def _values_of(self, opened: Frame) -> list:
        if opened.info.is_module:
            return []
        held = self._locals(opened, opened.frame)
        passing = opened.info.passing.get(opened.statement, ())
        names = list(held) if opened.info.is_class else [n for n in opened.info.variables if n not in passing]
        return [held[n] for n in names if n in held and self._bindings.lead_on(held[n])]

    def _global_variables(self) -> None:
        held, visible, owner = self._globals, self._visible, self._global_frame
        names = [n for n in held if n in visible]
        names += [n for n in owner.shown if n not in held]
        self._bindings.compare(owner, names, held, "g.", ())

    def _others_cells(self, top: Frame, changed: set[str]) -> None:
        for other in [*self._stack[:-1], *self._suspended.values()]:
            if other is not top and not changed.isdisjoint(other.info.cells) and (frame := other.readable()):
                self._variables(other, frame, True)

    def _text(self, value: object, top: Frame) -> str | None:
        self.tape.cause = top.current
        if self._fleeting:
            self._returned = value
        return self.heap.text(value)
