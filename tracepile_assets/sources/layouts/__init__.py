"""The layouts of file sources: name → module with `read(entry) -> Iterator[Program]`.

Belongs here: the register. Does not belong here: opening files and finding rows (`rows`), checking a program
(`making`), any one layout. A new layout is a module here with a docstring that documents its fields, an `EXAMPLE` row,
`read`, and one line in `LAYOUTS`.
"""

from importlib import import_module
from types import ModuleType

from tracepile_assets.sources.errors import SourceError

LAYOUTS = (
    *("mbpp", "humaneval", "cruxeval", "pyedu", "contest", "gsm8k", "leetcode", "codeio", "package"),
    *("synthesis", "functions", "stdin"),
)
DRAWING = frozenset({"codeio"})
"""Layouts whose programs may bring a generator of inputs."""
POSING = frozenset({"gsm8k"})
"""Layouts whose statements give the numbers of the first input, and fit no other."""


def get(name: str) -> ModuleType:
    """The module of a layout.

    Raises:
        SourceError: there is no such layout.
    """
    if name not in LAYOUTS:
        raise SourceError(
            f"there is no layout {name!r} (there are: {', '.join(LAYOUTS)}); name one of them with --layout"
        )
    return import_module(f"{__name__}.{name}")
