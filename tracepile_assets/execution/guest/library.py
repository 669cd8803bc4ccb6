"""The modules of the standard library that a program may import whose inputs share a process, with care or without.

Belongs here: the lists, which ``execution.taming``, ``execution.sharing`` and ``restore`` go by. Does not belong here:
what else makes a program tame, or lets its inputs share a process.

What is public in these changes nothing but its arguments, except that ``random`` and ``decimal`` keep a state of their
own, which is put back before each run.
"""

_TAME_TEXT = """
    __future__ abc bisect cmath collections collections.abc copy dataclasses decimal enum fractions functools heapq
    itertools math numbers operator random re statistics string textwrap typing unicodedata
"""
TAME_MODULES = frozenset(_TAME_TEXT.split())
SHARED_MODULES = TAME_MODULES | {"array", "contextlib", "datetime", "hashlib", "json", "queue", "time"}
"""Those that a program may import whose inputs share a process.

The functions of the others keep nothing but what is put back (``datetime`` what reads dates, ``contextlib`` the streams
it replaces for a while); what their classes keep is each object's own.
"""
DRAWN = ("random", "decimal", "statistics")
"""Those with a state of their own, or that use it."""
CACHES = (
    *(("re", "_cache"), ("re", "_cache2"), ("re", "RegexFlag", "_value2member_map_")),
    *(("linecache", "cache"), ("_strptime", "_regex_cache")),
)
"""Dictionaries, by module and names, that the library fills by itself as it is used: they are put back."""
