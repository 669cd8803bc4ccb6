"""What a process does first in the jail: it loads what it will need, and gives up its rights to files and identity.

Belongs here: the order of that, which every process of this folder follows. Does not belong here: each of the steps,
and what a child that runs programs gives up besides (``confine``).
"""

import os
import sys
from pathlib import Path

from . import confine, landlock, loops, preload, renewing

_HIDDEN = frozenset({"site-packages", "dist-packages"})


def enter(isolation: str, packages: str = "") -> None:
    """Enter the isolation, as far as it is not the parent that made it. Raises ``OSError``.

    ``packages`` is a folder of packages that programs may import, or empty.
    """
    preload.preload()
    renewing.keep_modules()
    loops.need_no_file()
    library = [p for p in sys.path if p.startswith(sys.base_prefix) and Path(p).is_dir()]
    if packages:
        preload.preload_packages(packages)
        library.append(packages)
    if isolation != "bubblewrap":
        os.chdir("/")
    if isolation == "landlock":
        landlock.grant_only(library, _HIDDEN)
    confine.leave_root(library if isolation == "landlock" else ())
    confine.die_with_parent()
