"""Memory of a process that forks, and of its children.

Belongs here: what makes forking, and a child's first writes, cost less. Does not belong here: how children come to
allocate elsewhere (``native/memory.c``), and what lies where on a tape (``tape_layout``).
"""

import ctypes
import errno
import gc
import mmap
import os

try:
    from ._recorder import gather_memory, join_segments, reserve_memory, take_reserved_memory, turn_memory
except ImportError:

    def gather_memory() -> None:
        """Have what is allocated from now on lie side by side, so that it can be kept in large pages."""

    def join_segments() -> None:
        """Have the segments of each library that is loaded lie in as few mappings as they can."""

    def reserve_memory(is_turned: bool) -> None:
        """Use up what is free here, and keep memory for children; if turned, these lay objects out otherwise."""

    def take_reserved_memory() -> None:
        """In a child: allocate from that memory from now on."""

    def turn_memory() -> None:
        """Before a call: have the next objects lie in an order of their own, if the process is turned."""


__all__ = [
    "Tapes",
    "gather_memory",
    "join_pages",
    "join_segments",
    "reserve_memory",
    "take_reserved_memory",
    "turn_memory",
]

_LARGE = 2 << 20
_COLLAPSE = 25
"""``MADV_COLLAPSE``, from Linux 6.1 on."""
# A program finds another under this name, and so does all else once surroundings are set up.
_get_objects = gc.get_objects
_MOST_KEPT = 512 << 10
"""Bytes of shared memory that are kept for the next child."""


class Tapes:
    """The memory that children share with the parent, all of it zeros before each of them; ``shared`` maps it."""

    def __init__(self, file: int, size: int):
        self._file = file
        self.shared = mmap.mmap(file, size)
        self._start = ctypes.addressof(ctypes.c_char.from_buffer(self.shared))

    def empty(self) -> None:
        """Make it all zeros, wherever it was written to.

        Pages that are given back must be found and cleared again, and mapped by three processes: a few are kept.
        """
        used: list[tuple[int, int]] = []
        left, end = _MOST_KEPT, 0
        while (start := self._next_used(end)) is not None:
            end = os.lseek(self._file, start, os.SEEK_HOLE)
            used.append((start, end))
            left -= end - start
            if left < 0:
                self.shared.madvise(mmap.MADV_REMOVE)
                return
        for start, end in used:
            ctypes.memset(self._start + start, 0, end - start)

    def _next_used(self, place: int) -> int | None:
        """Where the next page is, from a place on."""
        try:
            return os.lseek(self._file, place, os.SEEK_DATA)
        except OSError as error:
            if error.errno != errno.ENXIO:
                raise
            return None


def join_pages() -> None:
    """Have the pages that hold objects lie in large ones, as far as the system can: forking then copies less."""
    libc = ctypes.CDLL(None)
    getattr(libc, "malloc_trim", lambda _: 0)(ctypes.c_size_t(0))
    places = {id(each) // _LARGE for each in _get_objects()}
    for place in places:
        # Fails where not all of it is in use, which does no harm.
        libc.madvise(ctypes.c_void_p(place * _LARGE), ctypes.c_size_t(_LARGE), ctypes.c_int(_COLLAPSE))
