"""Reads an OrderedDict in its own order, which the interpreter keeps in nodes beside the dict.

Belongs here: where the nodes lie. Does not belong here: other dicts (``kinds``).

To iterate over one finds each node by hashing its key, which may run the program's code: so the nodes are followed
where they lie.
"""

import ctypes
import sys
from collections import OrderedDict

_WORD = ctypes.sizeof(ctypes.c_void_p)
_FIRST = dict.__basicsize__
"""Where an OrderedDict has the address of its first node."""
_NODE = ctypes.c_void_p * 3
"""The beginning of a node: the address of its key, the key's hash, the address of the next node."""
_address_at = ctypes.c_void_p.from_address


def read(x: OrderedDict) -> tuple[list, list] | None:
    """Keys and values of an OrderedDict in its order; None where they cannot be read so."""
    if not IS_FOUND:
        return None
    held = {id(key): (key, value) for key, value in dict.items(x)}
    # In the midst of a change one of the two may have a key that the other has not: the dict says which count.
    pairs = [held.pop(address) for address in _keys(x) if address in held]
    pairs += held.values()
    return [key for key, _ in pairs], [value for _, value in pairs]


def _keys(x: OrderedDict):
    address = _address_at(id(x) + _FIRST).value
    while address:
        key, _, address = _NODE.from_address(address)
        yield key


def _is_found() -> bool:
    words = OrderedDict.__basicsize__ - dict.__basicsize__
    known = sys.implementation.name == "cpython" and sys.version_info[:2] in ((3, 11), (3, 12), (3, 13))
    if not known or words != 8 * _WORD:
        return False
    tried = OrderedDict(a=1, b=2)
    first, second = tried
    before = list(_keys(tried))
    tried.move_to_end(first)
    return before == [id(first), id(second)] and list(_keys(tried)) == [id(second), id(first)]


IS_FOUND = _is_found()
"""Whether the order can be read in this way here."""
