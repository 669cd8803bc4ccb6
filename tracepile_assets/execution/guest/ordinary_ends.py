"""Where in a code object an exception is how a loop or a delegation ends, by its table of handlers.

Belongs here: reading that table. Does not belong here: what is recorded of an exception (``tracer``), and ends that the
instruction itself tells (``frames``).
"""

import opcode
from collections.abc import Iterator
from types import CodeType

_LOOP = opcode.opmap["END_ASYNC_FOR"]
_YIELD = opcode.opmap["YIELD_VALUE"]
_WAIT = opcode.opmap.get("CLEANUP_THROW")


def ends(code: CodeType, operations: bytes) -> tuple[frozenset[int], frozenset[int]]:
    """Offsets of instructions at which a ``StopAsyncIteration`` ends an ``async for``, or a comprehension with it, and
    of those at which a ``StopIteration`` ends an ``await`` or ``yield from`` into which something was thrown."""
    if not {_LOOP, _WAIT}.intersection(operations[::2]):
        return frozenset(), frozenset()
    handlers = {place: target for start, end, target in _handlers(code) for place in range(start, end, 2)}
    waits = {place for place, target in handlers.items() if operations[target] == _WAIT}
    loops = {place for place in handlers if _leads_to_loop(place, handlers, operations)}
    return _as_told(loops, operations), _as_told(waits, operations)


def _as_told(places: set[int], operations: bytes) -> frozenset[int]:
    """Places with those behind a yield: there a frame into which something is thrown stands, CPython 3.13 says."""
    return frozenset(places.union(place + 2 for place in places if operations[place] == _YIELD))


def _leads_to_loop(place: int, handlers: dict[int, int], operations: bytes) -> bool:
    target = handlers.get(place)
    # What does not end a wait is passed on.
    while target is not None and operations[target] == _WAIT:
        target = handlers.get(target)
    return target is not None and operations[target] == _LOOP


def _handlers(code: CodeType) -> Iterator[tuple[int, int, int]]:
    """First offset, the one behind the last, and the handler's."""
    numbers = _numbers(code.co_exceptiontable)
    for start, length, target, _ in zip(numbers, numbers, numbers, numbers, strict=True):
        yield 2 * start, 2 * (start + length), 2 * target


def _numbers(octets: bytes) -> Iterator[int]:
    """Six bits to an octet, the highest first; another bit says that more follow."""
    number = 0
    for octet in octets:
        number = number << 6 | octet & 0x3F
        if not octet & 0x40:
            yield number
            number = 0
