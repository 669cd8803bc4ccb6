"""Rename variables: names in another language, translated where the word is known.

Before::

    def average(values):
        total = 0
        for value in values:
            total += value
        return total / len(values)

After::

    def average(werte):
        summe = 0
        for wert in werte:
            summe += wert
        return summe / len(werte)

German, Spanish, French or Italian, written in ASCII.
"""

import libcst as cst

from tracepile_assets.rewriting.names import Foreign
from tracepile_assets.rewriting.renaming import rename
from tracepile_assets.rewriting.rewrite import Context, Rewrite

NAME = "rename_foreign"


def apply(module: cst.Module, context: Context) -> Rewrite | None:
    """Rename every variable that may be renamed."""
    return rename(module, context, Foreign(context).named)
