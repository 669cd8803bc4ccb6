"""Rename variables: locals, parameters and globals get names that say nothing about their role.

Before::

    def average(values):
        total = 0
        for value in values:
            total += value
        return total / len(values)

After::

    def average(v1):
        v2 = 0
        for v3 in v1:
            v2 += v3
        return v2 / len(v1)
"""

import libcst as cst

from tracepile_assets.rewriting.names import neutral
from tracepile_assets.rewriting.renaming import rename
from tracepile_assets.rewriting.rewrite import Context, Rewrite

NAME = "rename_variables"


def apply(module: cst.Module, context: Context) -> Rewrite | None:
    """Rename every variable that may be renamed."""
    names = neutral(context)
    return rename(module, context, lambda _: next(names))
