"""Put what follows an ``if`` that never runs on into its ``else``.

Before::

    if n < 2:
        return n
    half = n // 2
    return half

After::

    if n < 2:
        return n
    else:
        half = n // 2
        return half
"""

import libcst as cst

from tracepile_assets.rewriting.build import block, leaves
from tracepile_assets.rewriting.rewrite import Context, Rewrite
from tracepile_assets.rewriting.tree import Edit, edit, walk

NAME = "nest_else"


def apply(module: cst.Module, context: Context) -> Rewrite | None:
    """Nest what follows every such ``if`` without ``else``, within its block."""
    edits: dict[int, Edit] = {
        id(node): _nested
        for node in walk(module)
        if isinstance(node, cst.IndentedBlock) and any(_is_open(statement) for statement in node.body[:-1])
    }
    return Rewrite(edit(module, edits)) if edits else None


def _is_open(statement: cst.CSTNode) -> bool:
    return isinstance(statement, cst.If) and statement.orelse is None and leaves(statement.body)


def _nested(node: cst.IndentedBlock) -> cst.IndentedBlock:
    body = list(node.body)
    for position in reversed(range(len(body) - 1)):
        if _is_open(body[position]):
            orelse = cst.Else(block(body[position + 1 :]))
            body[position:] = [body[position].with_changes(orelse=orelse)]
    return node.with_changes(body=body)
