"""Whether the inputs of a program may be run one after the other in the same process.

Belongs here: the lists that say so. Does not belong here: reading a text against them (``allowed``), and putting the
interpreter back between two runs (``guest.restore``).

A program shares a process with its other inputs only where all that it takes hold of is on these lists: what changes
nothing but its arguments, and what each run has for itself or what is put back. Every other program has a process for
each input. Were something overlooked, a run that changed a container of the library is the last one of its process
(``guest.reached``).
"""

import functools
import re

from .allowed import Allowed, keeps_to
from .guest.library import SHARED_MODULES
from .taming import is_name

_STREAMS = frozenset({"stdin", "stdout", "stderr"})
_SYS_TEXT = "exit getrecursionlimit maxsize setrecursionlimit get_int_max_str_digits set_int_max_str_digits"
_KEPT_OF_SYS = _STREAMS | {"argv", "byteorder", "float_info", "version_info"}
_FLAGS = frozenset(name for name, held in vars(re).items() if isinstance(held, re.RegexFlag))
_LISTED = {"sys": _KEPT_OF_SYS.union(_SYS_TEXT.split()), "io": frozenset({"BytesIO", "StringIO", "TextIOWrapper"})}
# Streams are each run's own, the list of arguments is put back, and no others of these can change.
_KEPT = {"sys": _KEPT_OF_SYS, "io": _LISTED["io"], "re": _FLAGS}
_SHARED = Allowed(SHARED_MODULES, _LISTED, _KEPT, _STREAMS, frozenset({"exit", "open", "quit"}))
_LONGEST = 200_000
"""Characters of a text that is looked at: what is longer is no program that a person wrote."""


def may_share(code: str, entry_point: str | None = None) -> bool:
    """Whether nothing that a program takes hold of can change what the next run in the same process finds."""
    return (entry_point is None or is_name(entry_point)) and len(code) <= _LONGEST and _may_share(code)


@functools.lru_cache(maxsize=64)
def _may_share(code: str) -> bool:
    # What is no program never runs.
    return keeps_to(_SHARED, code) is not False
