"""A frame of the program while it is open, and where it stands.

Belongs here: what is remembered of one frame between events. Does not belong here: events and state (``tracer``).
"""

import ctypes
import opcode
import sys
import weakref
from types import AsyncGeneratorType, CoroutineType, FrameType, GeneratorType

from .kinds import is_a, is_wrapped
from .scopes import CodeInfo
from .slots import Variables, inner

_INSIDE = object.__basicsize__
_address_at = ctypes.c_void_p.from_address
_YIELD = opcode.opmap["YIELD_VALUE"]
_RESUME = opcode.opmap["RESUME"]
_RETURN = frozenset(opcode.opmap[n] for n in ("RETURN_VALUE", "RETURN_CONST") if n in opcode.opmap)
_WITHOUT_CALL = sys.version_info < (3, 12)
_SWALLOW = frozenset(opcode.opmap[n] for n in ("FOR_ITER", "END_FOR", "SEND", "END_SEND") if n in opcode.opmap)

# Told without an audit event, unlike `gi_frame`. 3.11 has none for the last, but reports the end of each.
_SUSPENDED = {
    GeneratorType: GeneratorType.gi_suspended.__get__,
    CoroutineType: CoroutineType.cr_suspended.__get__,
    AsyncGeneratorType: getattr(AsyncGeneratorType, "ag_suspended", AsyncGeneratorType.ag_code).__get__,
}


def _object_at(address: int) -> object:
    return ctypes.cast(address, ctypes.py_object).value


def _within() -> int:
    """How far inside a generator its frame lies."""
    generator = (nothing for nothing in ())
    return inner(generator.gi_frame) - id(generator)


_WITHIN = _within()


class Frame:
    """A frame of the program while it is open."""

    __slots__ = (
        "address",
        "again",
        "current",
        "depth",
        "frame",
        "generator",
        "held",
        "info",
        "nested",
        "number",
        "old",
        "pending",
        "prefix",
        "raised",
        "shown",
        "statement",
        "variables",
        "written",
    )

    def __init__(self, number: int, info: CodeInfo, frame: FrameType, depth: int):
        self.number = number
        self.prefix = f"f{number}."
        self.info = info
        # None while it is suspended: a frame object that outlives its generator holds on to what was in it, or, on
        # CPython 3.13.0, to nothing that may be read.
        self.frame = frame
        self.address = 0
        self.generator: weakref.ref | None = None
        self.depth = depth
        self.statement = -1
        self.current = -1
        self.old: dict[str, object] = {}
        self.shown: dict[str, str | None] = {}
        # None where they are read by name.
        self.variables: Variables | None = None
        # A resumed generator says so only once it does something: closing an abandoned one is no event.
        self.pending = False
        # How much the program had written when it was resumed.
        self.written = 0
        self.held: BaseException | None = None
        self.raised = False
        # Text of the exception that a bare `raise` is about to raise again, in a 1-tuple.
        self.again: tuple[str | None] | None = None
        # Whether other frames of the program ran since this one's statement was entered.
        self.nested = False

    def at(self) -> int:
        """Number of the statement that the frame executes; before the first, of the one that defines it."""
        return self.statement if self.statement >= 0 else self.info.statement

    def suspend(self) -> None:
        """Let go of the frame, whose generator has yielded."""
        if self.generator is None:
            self.generator = weakref.ref(_object_at(inner(self.frame) - _WITHIN))
        self.address = id(self.frame)
        self.frame = None

    def readable(self) -> FrameType | None:
        """The frame itself. None: it was suspended, and its generator has ended since; its variables are gone."""
        if self.frame is not None:
            return self.frame
        generator = self.generator()
        if generator is None or not _SUSPENDED[type(generator)](generator):
            return None
        return _object_at(self.address)


def stands_on_yield(frame: FrameType, operations: bytes) -> bool:
    """Whether a frame of this code that ends yields, or one that starts has yielded before.

    It stands on the yield, or, from 3.13 on, on the resumption behind it.
    """
    operation, operand = operations[frame.f_lasti : frame.f_lasti + 2]
    return operation == _YIELD or (operation == _RESUME and bool(operand & 3))


def yielded(value: object) -> object:
    """What a frame yields, of what it gives to its caller."""
    return _object_at(_address_at(id(value) + _INSIDE).value) if is_wrapped(value) else value


def stands_on_return(frame: FrameType, operations: bytes) -> bool:
    """Whether a frame of this code that ends returns."""
    return operations[frame.f_lasti] in _RETURN


def is_ordinary_end(frame: FrameType, info: CodeInfo, raised: BaseException) -> bool:
    """Whether an exception is how a loop or a delegation ends where a frame stands."""
    if is_a(raised, StopIteration):
        return info.operations[frame.f_lasti] in _SWALLOW or frame.f_lasti in info.wait_ends
    return is_a(raised, StopAsyncIteration) and frame.f_lasti in info.loop_ends


def goes_on_unseen(frame: FrameType, operations: bytes) -> bool:
    """Whether a frame of this code that yields for another generator may go on without a call being reported.

    CPython 3.11 reports none where that generator returns on having been thrown into.
    """
    behind = frame.f_lasti + 2
    return _WITHOUT_CALL and operations[behind] == _RESUME and operations[behind + 1] & 3 > 1
