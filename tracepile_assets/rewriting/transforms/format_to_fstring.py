"""Format strings with an f-string instead of ``str.format``.

Before::

    line = "{}: {:.2f}".format(name, score)

After::

    line = f"{name}: {score:.2f}"
"""

import libcst as cst

from tracepile_assets.rewriting.restyling import restyled
from tracepile_assets.rewriting.rewrite import Context, Rewrite
from tracepile_assets.rewriting.texts import as_formatted, of_format_call

NAME = "format_to_fstring"


def apply(module: cst.Module, context: Context) -> Rewrite | None:
    """Rewrite every call of ``format`` on a string literal, if it has fields and the other style can say them."""
    return restyled(module, cst.Call, of_format_call, as_formatted)
