"""Format strings with ``%`` instead of an f-string.

Before::

    line = f"{name}: {score:.2f}"

After::

    line = "%s: %.2f" % (name, score)
"""

import libcst as cst

from tracepile_assets.rewriting.build import alone, parenthesized
from tracepile_assets.rewriting.rewrite import Context, Rewrite
from tracepile_assets.rewriting.scopes import readable
from tracepile_assets.rewriting.texts import Field, as_percent, keeps_order, of_formatted
from tracepile_assets.rewriting.tree import Edit, edit, walk

NAME = "fstring_to_percent"


def apply(module: cst.Module, context: Context) -> Rewrite | None:
    """Rewrite every f-string that stands alone, if it has fields and the other style can say them."""
    scopes = readable(module)
    if scopes is None:
        return None
    edits: dict[int, Edit] = {}
    unbracketed = alone(module)
    joined = {
        id(side)
        for node in walk(module)
        if isinstance(node, cst.ConcatenatedString)
        for side in (node.left, node.right)
    }
    for node in walk(module):
        if not isinstance(node, cst.FormattedString) or id(node) in joined:
            continue
        pieces = of_formatted(node)
        if pieces is None or not any(isinstance(one, Field) for one in pieces) or not keeps_order(pieces, scopes):
            continue
        new = as_percent(pieces)
        if new is not None:
            new = new if id(node) in unbracketed else parenthesized(new)
            edits[id(node)] = lambda _, new=new: new
    return Rewrite(edit(module, edits)) if edits else None
