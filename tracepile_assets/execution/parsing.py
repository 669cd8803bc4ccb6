"""The syntax tree of a program's text, for all who read something off it before it runs.

Belongs here: parsing once for several readers. Does not belong here: what they look for (``taming``, ``sharing``,
``packages``, ``received``).
"""

import functools
import re
import warnings

from .guest.statements import FILENAME, Parsed, parse

# Odd escapes in its literals are the program's own affair. A context manager would not do: workers parse in threads.
warnings.filterwarnings("ignore", module=re.escape(FILENAME))


@functools.lru_cache(maxsize=2)
def parsed(code: str) -> Parsed:
    """The tree of a text, and what is in it.

    Raises ``SyntaxError``, ``ValueError``, ``RecursionError`` or ``MemoryError`` where there is none.
    """
    return parse(code)
