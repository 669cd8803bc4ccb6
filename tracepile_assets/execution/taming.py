"""Whether a program is tame: by its text it can change nothing that outlives a run of it.

Belongs here: the lists that say so. Does not belong here: reading a text against them (``allowed``), running such
programs (``guest.together``), and programs that may share a process only with care (``sharing``).
"""

import functools
import re

from .allowed import Allowed, keeps_to
from .guest.library import TAME_MODULES

_LONGEST = 50_000
"""Characters of a text that is looked at."""
_ENTRY = re.compile(r"[A-Za-z][A-Za-z0-9_]*(\(\))?(\.[A-Za-z][A-Za-z0-9_]*)?")
_TAME = Allowed(TAME_MODULES, {"sys": frozenset({"exit", "getrecursionlimit", "maxsize", "setrecursionlimit"})})


def is_tame(code: str, entry_point: str | None) -> bool:
    """Whether nothing in a program's text can change what outlives a call of its entry point."""
    return entry_point is not None and is_name(entry_point) and len(code) <= _LONGEST and _is_tame(code)


def is_name(entry_point: str) -> bool:
    """Whether an entry point only names a function, or a method of a class that is called without arguments."""
    return _ENTRY.fullmatch(entry_point) is not None


@functools.lru_cache(maxsize=64)
def _is_tame(code: str) -> bool:
    return bool(keeps_to(_TAME, code))
