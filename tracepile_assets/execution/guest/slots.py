"""Reads the variables of a frame, and what is in a list, where the interpreter keeps them.

Belongs here: where they lie, and telling which are others than when last looked at. Does not belong here: which
variables count (``scopes``) and what comes of it (``bindings``, ``comparing``).

``frame.f_locals`` takes time for every variable at every event, and until 3.12 every call of a trace function takes as
long again once it has been asked for. Here all variables are compared as one run of octets, their addresses. Whoever
does so holds on to what they were bound to, so that no other object comes to lie at an address.
"""

import ctypes
import sys
from types import CellType, FrameType

_INNER = 24
"""Where a frame object has the address of the interpreter's own frame, which lies in the generator, if it is one's."""
_VARIABLES = 72
"""Where that one has the first of its variables."""
_LIST = 16
"""Where a list has its length, and behind it the address of its slots."""
_BYTES, _BITS = 8, 64
_NEAR = 4
LEAST_SPAN = 40
"""Length of a list from which on it pays to compare addresses."""
_ONES = (1 << _BITS) - 1
ABSENT = object()
"""Stands for the value of a variable that is not bound."""
_address_at = ctypes.c_void_p.from_address
_copied = ctypes.PYFUNCTYPE(ctypes.py_object, ctypes.c_void_p, ctypes.c_ssize_t)(
    ("PyBytes_FromStringAndSize", ctypes.pythonapi)
)
_contents = CellType.__dict__["cell_contents"].__get__


class Slots:
    """Where the variables of one code object lie: ``names`` as the interpreter orders them.

    Those that count are ``listed`` in the order in which they are told; ``cells`` are those among them that other code
    shares.
    """

    __slots__ = ("cells", "kind", "never", "ranks")

    def __init__(self, names: tuple[str, ...], listed: tuple[str, ...], cells: tuple[str, ...]):
        self.kind = ctypes.py_object * len(names)
        rank = {name: number for number, name in enumerate(listed)}
        # By place. A cell has one address, whatever is in it.
        self.ranks = {place: (rank[n], n) for place, n in enumerate(names) if n in rank and n not in cells}
        self.cells = [(names.index(name), rank[name], name) for name in cells]
        self.never = (1 << _BITS * len(names)) - 1
        """What no addresses ever are."""


class Variables:
    """The variables of a running or suspended frame, past its first instruction."""

    __slots__ = ("_address", "_cells", "_contents", "_frame", "_number", "_octets", "_read", "_slots", "_values")

    def __init__(self, slots: Slots, frame: FrameType):
        self._slots = slots
        self._frame = _address_at(id(frame) + _INNER)
        self._address = self._frame.value
        self._values = slots.kind.from_address(self._address + _VARIABLES)
        self._read = memoryview(self._values).tobytes
        self._octets: bytes | None = None
        self._number = 0
        self._cells = [self._values[place] for place, _, _ in slots.cells]
        self._contents: list[object] = [ABSENT] * len(self._cells)

    def are_in_place(self) -> bool:
        """Whether the frame has not ended. Its frame object must be there still."""
        return self._frame.value == self._address

    def forget(self) -> None:
        """Take every variable for changed when they are looked at next."""
        self._octets = None
        self._number = self._slots.never
        self._contents = [_address_at] * len(self._cells)

    def changed(self) -> list[tuple[int, str, object]]:
        """Rank, name and value of the variables bound otherwise than when last looked at, in the order of ranks."""
        found: list[tuple[int, str, object]] = []
        octets = self._read()
        if octets != self._octets:
            self._octets = octets
            number = int.from_bytes(octets, "little")
            difference = number ^ self._number
            self._number = number
            ranks = self._slots.ranks
            while difference:
                place = (difference.bit_length() - 1) // _BITS
                start = place * _BITS
                difference &= (1 << start) - 1
                if place in ranks:
                    rank, name = ranks[place]
                    found.append((rank, name, self._values[place] if number >> start & _ONES else ABSENT))
        if self._cells:
            self._look_into_cells(found)
        if len(found) > 1:
            found.sort(key=_rank)
        return found

    def _look_into_cells(self, found: list[tuple[int, str, object]]) -> None:
        try:
            contents = list(map(_contents, self._cells))
        except ValueError:
            contents = list(map(_contents_of, self._cells))
        for (_, rank, name), before, value in zip(self._slots.cells, self._contents, contents, strict=True):
            if value is not before:
                found.append((rank, name, value))
        self._contents = contents


class Span:
    """The addresses of what is in a list, which is held elsewhere together with what was in it."""

    __slots__ = ("_header", "_octets")

    def __init__(self, held: list):
        # Its length, and where its slots are.
        self._header = memoryview((ctypes.c_uint64 * 2).from_address(id(held) + _LIST)).cast("B").cast("Q")
        self._octets = self._read()

    def _read(self) -> bytes:
        length, start = self._header
        return _copied(start, length * _BYTES)

    def changed(self) -> tuple[int, int]:
        """Where the first changed slot is, about, and where the last one ends, of a list as long as it was."""
        before, now = self._octets, self._read()
        if now == before:
            return 0, 0
        self._octets = now
        start, stop = 0, len(now) // _BYTES
        low, high = start, stop
        while high - low > _NEAR:
            middle = (low + high) // 2
            if before[_BYTES * low : _BYTES * middle] == now[_BYTES * low : _BYTES * middle]:
                low = middle
            else:
                high = middle
        start, high = low, stop
        while high - low > _NEAR:
            middle = (low + high) // 2
            if before[_BYTES * middle : _BYTES * high] == now[_BYTES * middle : _BYTES * high]:
                high = middle
            else:
                low = middle
        return start, high


def _rank(found: tuple[int, str, object]) -> int:
    return found[0]


def _contents_of(cell: CellType) -> object:
    try:
        return _contents(cell)
    except ValueError:
        return ABSENT


def inner(frame: FrameType) -> int:
    """Address of the interpreter's own frame."""
    return _address_at(id(frame) + _INNER).value


def _are_found(first: object = _rank, second: object = inner) -> bool:
    """Whether variables and slots lie where they are looked for, tried out on this function's own."""
    if sys.implementation.name != "cpython" or sys.version_info[:2] not in ((3, 11), (3, 12), (3, 13)):
        return False
    addresses = [id(first), id(second)]
    held = (ctypes.c_void_p * 2).from_address(inner(sys._getframe()) + _VARIABLES)
    length, start = (ctypes.c_size_t * 2).from_address(id(addresses) + _LIST)
    slots = (ctypes.c_void_p * 2).from_address(start) if length == 2 else held
    return held[:] == addresses and slots[:] == [id(each) for each in addresses]


ARE_FOUND = _are_found()
"""Whether variables, and what is in a list, can be read in this way here."""
