"""The syntax tree of a program's text, for all who read something off it before it runs.

Belongs here: parsing once for several readers. Does not belong here: what they look for (``taming``, ``sharing``,
``packages``, ``received``).
"""

import ast
import functools
import re
import warnings

from .guest.statements import FILENAME

# Odd escapes in its literals are the program's own affair. A context manager would not do: workers parse in threads.
warnings.filterwarnings("ignore", module=re.escape(FILENAME))


@functools.lru_cache(maxsize=2)
def parsed(code: str) -> ast.Module:
    """The tree of a text, which no one may change.

    Raises ``SyntaxError``, ``ValueError``, ``RecursionError`` or ``MemoryError`` where there is none.
    """
    return ast.parse(code, FILENAME)
