"""The isolations that this kernel has.

Belongs here: asking it. Does not belong here: what is run in them.
"""

import contextlib

from tracepile_assets.execution.guest import landlock


def jails() -> list[str]:
    """Those that contain a program."""
    with contextlib.suppress(OSError):
        landlock.version()
        return ["bubblewrap", "landlock"]
    return ["bubblewrap"]
