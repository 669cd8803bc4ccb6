"""Where a frame stands in its code, as the naive recorder looks it up: in what ``dis`` says.

Does not belong here: what it means for an event (``oracle``).
"""

import dis


def operation(frame):
    """Name of the instruction that a frame stands on."""
    return dis.opname[frame.f_code.co_code[frame.f_lasti]]


def yields(frame):
    """Whether a frame that is left yields. From 3.13 on it then stands behind the yield."""
    if operation(frame) == "RESUME":
        return frame.f_code.co_code[frame.f_lasti + 1] & 3 != 0
    return operation(frame) == "YIELD_VALUE"


def ends_ordinarily(frame, error):
    """Whether an exception is how a loop, or waiting for another generator, ends."""
    if isinstance(error, StopIteration) and operation(frame) in ("FOR_ITER", "END_FOR", "SEND", "END_SEND"):
        return True
    # What it is thrown into stands behind the yield from 3.13 on.
    handlers = _handlers(frame.f_code, frame.f_lasti - 2 * (operation(frame) == "RESUME"))
    if handlers[:1] == ["CLEANUP_THROW"] and isinstance(error, StopIteration):
        return True
    last = [name for name in handlers if name != "CLEANUP_THROW"][:1]
    return last == ["END_ASYNC_FOR"] and isinstance(error, StopAsyncIteration)


def _handlers(code, place):
    """Names of the instructions that an exception raised at a place goes to, each raising it again."""
    entries = dis.Bytecode(code).exception_entries
    found = []
    while (entry := next((e for e in entries if e.start <= place < e.end), None)) is not None:
        place = entry.target
        found.append(dis.opname[code.co_code[place]])
    return found
