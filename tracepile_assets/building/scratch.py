"""Where the parts of a mixture lie while it is built.

Not here: making them (mixtures/), and removing what was left of them (`collecting`).
"""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tracepile_assets.home import Home

from .places import TABLE

_START = "making--"


@contextmanager
def scratch(home: Home, name: str) -> Iterator[Path]:
    """A folder in the home for the parts of a mixture; what a killed build left there is removed first.

    Args:
        home: the home.
        name: the mixture; its lock is held.
    """
    folder = home.root / "staging" / f"{_START}{name}"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def lock_of(folder: str) -> str | None:
    """Name of the lock of whoever builds the mixture whose parts lie in a folder of that name; None of another one."""
    return f"{TABLE}/{folder.removeprefix(_START)}" if folder.startswith(_START) else None
