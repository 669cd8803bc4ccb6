"""Format strings with an f-string instead of ``%``.

Before::

    line = "%s: %.2f" % (name, score)

After::

    line = f"{name}: {score:.2f}"
"""

import libcst as cst

from tracepile_assets.rewriting.restyling import restyled
from tracepile_assets.rewriting.rewrite import Context, Rewrite
from tracepile_assets.rewriting.texts import as_formatted, of_percent

NAME = "percent_to_fstring"


def apply(module: cst.Module, context: Context) -> Rewrite | None:
    """Rewrite every ``%`` on a string literal, if it has fields and the other style can say them."""
    return restyled(module, cst.BinaryOperation, of_percent, as_formatted)
