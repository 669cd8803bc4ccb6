"""Rename functions, except the one that is called from outside.

Before::

    def gcd(a, b):
        return a if b == 0 else gcd(b, a % b)

    def simplify(top, bottom):
        return top // gcd(top, bottom)

After::

    def helper(a, b):
        return a if b == 0 else helper(b, a % b)

    def simplify(top, bottom):
        return top // helper(top, bottom)
"""

import libcst as cst

from tracepile_assets.rewriting.renaming import rename_functions
from tracepile_assets.rewriting.rewrite import Context, Rewrite

NAME = "rename_functions"


def apply(module: cst.Module, context: Context) -> Rewrite | None:
    """Rename every function of the program that may be renamed; methods are attributes, and are not."""
    return rename_functions(module, context, lambda _: context.fresh("helper", "routine", "step", "task"))
