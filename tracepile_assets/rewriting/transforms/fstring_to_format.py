"""Format strings with ``str.format`` instead of an f-string.

Before::

    line = f"{name}: {score:.2f}"

After::

    line = "{}: {:.2f}".format(name, score)
"""

import libcst as cst

from tracepile_assets.rewriting.restyling import restyled
from tracepile_assets.rewriting.rewrite import Context, Rewrite
from tracepile_assets.rewriting.texts import as_format_call, of_formatted

NAME = "fstring_to_format"


def apply(module: cst.Module, context: Context) -> Rewrite | None:
    """Rewrite every f-string that stands alone, if it has fields and the other style can say them."""
    return restyled(module, cst.FormattedString, of_formatted, as_format_call)
