"""Turns what ``sys.settrace`` reports into the events of a recording.

Belongs here: frames, and when which event is told. Does not belong here: the state at an event (``state``), how values
are read and written (``kinds``, ``serialise``, ``heap``), names (``scopes``), and setting up a run (``recorder``).
"""

import sys
from types import CodeType, FrameType

from . import hook
from .fleeting_state import FleetingState
from .frames import Frame, goes_on_unseen, is_ordinary_end, stands_on_return, stands_on_yield, yielded
from .recursion import Recursion
from .scopes import CodeInfo, Names
from .state import State
from .tape import Stop, Tape
from .untraceable import set_opcodes

# A program finds others under these names.
_settrace, _gettrace = sys.settrace, sys.gettrace


class Tracer:
    """Records one run onto the tape at a place in ``buffer``.

    ``stop(status, reason)`` is called when a limit is reached, and does not return.
    """

    def __init__(
        self,
        names: Names,
        infos: dict,
        namespace: dict,
        limits,
        output,
        stop,
        beyond,
        buffer,
        place,
        deadline,
        compares_all: bool,
    ):
        self.tape = Tape(buffer, place, limits, stop, beyond, deadline)
        self._infos: dict[int, CodeInfo] = infos
        self._copies: list[CodeType] = []
        self._bare_raises = names.bare_raises
        self._first_line = names.first_line
        self._limits = limits
        self._output = output
        self._tell = output.tell
        self._stop = stop
        self.recursion = Recursion()
        kind = FleetingState if names.observes_lifetimes else State
        self._state = kind(names, namespace, limits, self.tape, beyond, compares_all)
        self._stack, self._suspended = self._state.stack, self._state.suspended
        self._by_hook = self.recursion.by_hook = self._state.by_hook
        self.writer = self._state.heap.writer

    @property
    def truncated(self) -> bool:
        """Whether a value was left out."""
        return self.tape.truncated or self._state.heap.truncated

    def start(self) -> None:
        """Begin to trace the current thread."""
        self._written = self._tell()
        self.recursion.begin()
        hook.install(self, Stop) if self._by_hook else _settrace(self.trace)

    def end(self) -> None:
        """Stop tracing the current thread, and note whether the interpreter had stopped it already."""
        self.switched_off = not self._by_hook and _gettrace() is None
        hook.remove() if self._by_hook else _settrace(None)
        self.recursion.end()

    def take_in(self, copy: CodeType, own: CodeType) -> None:
        """Record what a copy of one of the program's code objects executes as if it were that one."""
        # The copy lives as long as the recorder.
        self._copies.append(copy)
        self._infos = {**self._infos, id(copy): self._infos[id(own)]} if id(own) in self._infos else self._infos

    def owns(self, code: CodeType) -> bool:
        """Whether a code object is the program's."""
        return id(code) in self._infos

    def let_go(self) -> None:
        """Hold nothing of the program any more, until the next event."""
        self._state.let_go()

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

    def local(self, frame: FrameType, event: str, arg: object) -> None:
        """The trace function of a frame of the program after its call. It stays so, since it gives None."""
        stack = self._stack
        try:
            if (not stack or stack[-1].frame is not frame) and not self._come_back_to(frame):
                if id(frame) not in self._suspended:
                    self._bound_late_output()
                    return
                self._call(frame, self._infos[id(frame.f_code)])
                if not stack or stack[-1].frame is not frame:
                    return
            top = stack[-1]
            if event == "line":
                number = (frame.f_lineno or 0) - self._first_line
                if number != top.statement and number >= 0 and number != top.info.own_statement:
                    self._line(top, number)
            elif event == "exception":
                self._exception(top, frame, arg[1])
            elif event == "return":
                self._return(top, frame, arg)
        except Stop:
            raise
        except BaseException as error:
            self._fail(error)

    def _fail(self, error: BaseException) -> None:
        if isinstance(error, MemoryError):
            self._stop("memory_limit", "out of memory")
        self._stop("crash", f"the recorder failed: {type(error).__name__}: {error}")

    def _come_back_to(self, frame: FrameType) -> bool:
        """Whether a frame is open; those above it have ended then."""
        stack = self._stack
        if not any(opened.frame is frame for opened in stack):
            return False
        while stack[-1].frame is not frame:
            stack.pop()
        return True

    def _line(self, top: Frame, number: int) -> None:
        if top.pending:
            self._tell_resume(top)
        if top.again is not None:
            self._tell_raised_again(top)
        self._state.settle(True)
        if (written := self._tell()) != self._written:
            self._tell_output(top, written)
        top.current = self.tape.event("line", number, top, None)
        top.statement = number
        top.raised = False
        top.nested = False
        if number in self._bare_raises:
            top.again = (self.writer.deep(sys.exc_info()[1], self._limits.value_chars),)

    def _call(self, frame: FrameType, info: CodeInfo):
        if not self._stack and self.tape.frames and (frame.f_code.co_name == "__del__" or id(frame) in self._suspended):
            # The entry call has ended: what dies with it is no part of the run.
            self._bound_late_output()
            return self.local
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
            if self._stack:
                self._state.settle(False)
            self._state.wake(known, frame)
            known.written = self._tell()
            known.frame = frame
            set_opcodes(frame, False)
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
        self._state.open(opened)
        if self._stack:
            self._stack[-1].nested = True
        opened.current = self.tape.event("call", info.statement, opened, None)
        self._stack.append(opened)
        return self.local

    def _exception(self, top: Frame, frame: FrameType, raised: BaseException) -> None:
        if type(raised) is RecursionError:
            self.recursion.word(raised)
        if is_ordinary_end(frame, top.info, raised):
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
        self._state.note_passing(raised)

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
        operations = top.info.operations
        yields = not top.raised and top.info.may_yield and stands_on_yield(frame, operations)
        # Where it yields it is in the middle of a statement.
        self._settle(not top.raised and not yields)
        if yields:
            self.tape.event("yield", top.at(), top, self._text(yielded(value), top))
            # So that the first thing that it does is seen.
            set_opcodes(frame, goes_on_unseen(frame, operations))
            self._state.fall_asleep(top)
            return
        is_unwound = top.raised or not stands_on_return(frame, operations)
        if is_unwound:
            self.tape.event("unwind", top.at(), top, None)
        else:
            self.tape.event("return", top.at(), top, "None" if top.info.is_class else self._text(value, top))
        self._state.leave(top, value, is_unwound)

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
            self._state.settle(at_rest)
            if (written := self._tell()) != self._written:
                self._tell_output(self._stack[-1], written)

    def _tell_output(self, top: Frame, written: int) -> None:
        """Note what a frame wrote, up to this place in the output."""
        if written != self._written:
            text = self._output.read_from(self._written, written)
            self._written = written
            self.tape.event("output", top.at(), top, text)
            if written > self._limits.output_bytes:
                self._stop("output_limit", self._output.excess())

    def _bound_late_output(self) -> None:
        """End a run that writes too much once its entry call has ended."""
        if not self._stack and self._tell() > self._limits.output_bytes:
            self._stop("output_limit", self._output.excess())

    def _text(self, value: object, top: Frame) -> str | None:
        self.tape.cause = top.current
        self._state.note_passing(value)
        return self._state.heap.text(value)
