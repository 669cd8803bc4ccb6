"""A frame of the program while it is open, and where it stands.

Belongs here: what is remembered of one frame between events. Does not belong here: events and state (``tracer``).
"""

import opcode
from sys import getrefcount
from types import FrameType

from .scopes import CodeInfo

_YIELD = opcode.opmap["YIELD_VALUE"]
_RESUME = opcode.opmap["RESUME"]
_RETURN = frozenset(opcode.opmap[n] for n in ("RETURN_VALUE", "RETURN_CONST") if n in opcode.opmap)
_SWALLOW = frozenset(opcode.opmap[n] for n in ("FOR_ITER", "SEND", "END_SEND") if n in opcode.opmap)


class Frame:
    """A frame of the program while it is open."""

    __slots__ = (
        "again",
        "current",
        "depth",
        "frame",
        "held",
        "info",
        "nested",
        "number",
        "old",
        "pending",
        "raised",
        "shown",
        "statement",
        "written",
    )

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

    def is_alive(self) -> bool:
        """Whether the variables of the frame can be read.

        Those of a generator that died while it was suspended cannot: CPython 3.13.0 crashes on the attempt. Alive, a
        frame is held by its generator as well as from here and by the call below.
        """
        return self.frame is not None and getrefcount(self.frame) > 2


def stands_on_yield(frame: FrameType) -> bool:
    """Whether a frame that ends yields, or one that starts has yielded before.

    It stands on the yield, or, from 3.13 on, on the resumption behind it.
    """
    operation, operand = frame.f_code.co_code[frame.f_lasti : frame.f_lasti + 2]
    return operation == _YIELD or (operation == _RESUME and bool(operand & 3))


def stands_on_return(frame: FrameType) -> bool:
    """Whether a frame that ends returns."""
    return frame.f_code.co_code[frame.f_lasti] in _RETURN


def swallows_stop_iteration(frame: FrameType) -> bool:
    """Whether a frame stands where a ``StopIteration`` is the ordinary end of a loop or a delegation."""
    return frame.f_code.co_code[frame.f_lasti] in _SWALLOW
