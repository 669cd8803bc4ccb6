"""Memory for the children of a process, which no process before them has touched.

Belongs here: doing without, where the extension in C was not built. Does not belong here: how (``native/memory.c``).
"""

try:
    from ._recorder import reserve_memory, take_reserved_memory
except ImportError:

    def reserve_memory(is_turned: bool) -> None:
        """Use up what is free here, and keep memory for children; if turned, these lay objects out the other way."""

    def take_reserved_memory() -> None:
        """In a child: allocate from that memory from now on."""


__all__ = ["reserve_memory", "take_reserved_memory"]
