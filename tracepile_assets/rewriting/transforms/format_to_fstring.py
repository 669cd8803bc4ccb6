"""Format strings with an f-string instead of ``str.format``.

Before::

    line = "{}: {:.2f}".format(name, score)

After::

    line = f"{name}: {score:.2f}"
"""

import libcst as cst

from tracepile_assets.rewriting.rewrite import Context, Rewrite
from tracepile_assets.rewriting.scopes import readable
from tracepile_assets.rewriting.texts import Field, as_formatted, keeps_order, of_format_call
from tracepile_assets.rewriting.tree import Edit, edit, walk

NAME = "format_to_fstring"


def apply(module: cst.Module, context: Context) -> Rewrite | None:
    """Rewrite every call of ``format`` on a string literal, if it has fields and the other style can say them."""
    scopes = readable(module)
    if scopes is None:
        return None
    edits: dict[int, Edit] = {}
    joined = {
        id(side)
        for node in walk(module)
        if isinstance(node, cst.ConcatenatedString)
        for side in (node.left, node.right)
    }
    for node in walk(module):
        if not isinstance(node, cst.Call) or id(node) in joined:
            continue
        pieces = of_format_call(node)
        if pieces is None or not any(isinstance(one, Field) for one in pieces) or not keeps_order(pieces, scopes):
            continue
        new = as_formatted(pieces)
        if new is not None:
            edits[id(node)] = lambda _, new=new: new
    return Rewrite(edit(module, edits)) if edits else None
