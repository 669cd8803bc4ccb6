"""Rename variables: names that suggest another role than the variable has.

Before::

    def average(values):
        total = 0
        for value in values:
            total += value
        return total / len(values)

After::

    def average(low):
        error = 0
        for depth in low:
            error += depth
        return error / len(low)
"""

import libcst as cst

from tracepile_assets.rewriting.names import misleading
from tracepile_assets.rewriting.renaming import rename
from tracepile_assets.rewriting.rewrite import Context, Rewrite

NAME = "rename_misleading"


def apply(module: cst.Module, context: Context) -> Rewrite | None:
    """Rename every variable that may be renamed."""
    names = misleading(context)
    return rename(module, context, lambda _: next(names))
