"""Format strings with ``%`` instead of an f-string.

Before::

    line = f"{name}: {score:.2f}"

After::

    line = "%s: %.2f" % (name, score)
"""

import libcst as cst

from tracepile_assets.rewriting.restyling import restyled
from tracepile_assets.rewriting.rewrite import Context, Rewrite
from tracepile_assets.rewriting.texts import as_percent, formats_itself, of_formatted

NAME = "fstring_to_percent"


def apply(module: cst.Module, context: Context) -> Rewrite | None:
    """Rewrite every f-string that stands alone, if it has fields and the other style can say them."""
    if formats_itself(module):
        return None
    return restyled(module, cst.FormattedString, of_formatted, as_percent, is_operation=True)
