"""Memory of a process that forks, and of its children.

Belongs here: what makes forking, and a child's first writes, cost less. Does not belong here: how children come to
allocate elsewhere (``native/memory.c``).
"""

import ctypes
import gc

try:
    from ._recorder import reserve_memory, take_reserved_memory, turn_memory
except ImportError:

    def reserve_memory(is_turned: bool) -> None:
        """Use up what is free here, and keep memory for children; if turned, these lay objects out otherwise."""

    def take_reserved_memory() -> None:
        """In a child: allocate from that memory from now on."""

    def turn_memory() -> None:
        """Before a call: have the next objects lie in an order of their own, if the process is turned."""


__all__ = ["join_pages", "reserve_memory", "take_reserved_memory", "turn_memory"]

_LARGE = 2 << 20
_COLLAPSE = 25
"""``MADV_COLLAPSE``, from Linux 6.1 on."""


def join_pages() -> None:
    """Have the pages that hold objects lie in large ones, as far as the system can: forking then copies less."""
    libc = ctypes.CDLL(None)
    getattr(libc, "malloc_trim", lambda _: 0)(ctypes.c_size_t(0))
    places = {id(each) // _LARGE for each in gc.get_objects()}
    for place in places:
        # Fails where not all of it is in use, which does no harm.
        libc.madvise(ctypes.c_void_p(place * _LARGE), ctypes.c_size_t(_LARGE), ctypes.c_int(_COLLAPSE))
