"""One style of formatting strings made another, all over a program.

Belongs here: the walk that the transforms between styles share. Does not belong here: reading and writing a style
(``texts``), and which becomes which (``transforms``).
"""

from collections.abc import Callable, Sequence

import libcst as cst

from tracepile_assets.rewriting.build import alone, parenthesized
from tracepile_assets.rewriting.rewrite import Rewrite
from tracepile_assets.rewriting.scopes import readable
from tracepile_assets.rewriting.texts import Field, Piece, keeps_order
from tracepile_assets.rewriting.tree import Edit, edit, walk


def restyled(
    module: cst.Module,
    kind: type[cst.BaseExpression],
    read: Callable[[cst.BaseExpression], list[Piece] | None],
    write: Callable[[Sequence[Piece]], cst.BaseExpression | None],
    *,
    is_operation: bool = False,
) -> Rewrite | None:
    """Rewrite every text of a style that stands alone, has fields, and can be said in the other style.

    Args:
        module: the program.
        kind: what texts of the one style are in the tree.
        read: takes one apart; None if it is of another style.
        write: puts it together in the other style; None if that cannot say it.
        is_operation: what is written is made of operators, and gets parentheses where it needs them.
    """
    scopes = readable(module)
    if scopes is None:
        return None
    joined = {
        id(side)
        for node in walk(module)
        if isinstance(node, cst.ConcatenatedString)
        for side in (node.left, node.right)
    }
    unbracketed = alone(module) if is_operation else set()
    edits: dict[int, Edit] = {}
    for node in walk(module):
        if not isinstance(node, kind) or id(node) in joined:
            continue
        pieces = read(node)
        if pieces is None or not any(isinstance(one, Field) for one in pieces) or not keeps_order(pieces, scopes):
            continue
        new = write(pieces)
        if new is not None:
            new = parenthesized(new) if is_operation and id(node) not in unbracketed else new
            edits[id(node)] = lambda _, new=new: new
    return Rewrite(edit(module, edits)) if edits else None
