"""Drop ``else`` where the branch before it never runs on.

Before::

    if n < 2:
        return n
    elif n % 2 == 0:
        return half(n)
    else:
        return step(n)

After::

    if n < 2:
        return n
    if n % 2 == 0:
        return half(n)
    return step(n)
"""

import libcst as cst

from tracepile_assets.rewriting.build import leaves
from tracepile_assets.rewriting.rewrite import Context, Rewrite
from tracepile_assets.rewriting.tree import Edit, edit, walk

NAME = "drop_else"


def apply(module: cst.Module, context: Context) -> Rewrite | None:
    """Drop every ``else`` and ``elif`` after branches that end in return, raise, break or continue."""
    elifs = {id(node.orelse) for node in walk(module) if isinstance(node, cst.If)}
    edits: dict[int, Edit] = {
        id(node): _in_a_row
        for node in walk(module)
        if isinstance(node, cst.If) and id(node) not in elifs and node.orelse is not None and leaves(node.body)
    }
    return Rewrite(edit(module, edits)) if edits else None


def _in_a_row(node: cst.If) -> list[cst.BaseStatement]:
    statements: list[cst.BaseStatement] = []
    rest: cst.If | cst.Else | None = node
    while isinstance(rest, cst.If) and leaves(rest.body):
        statements.append(rest.with_changes(orelse=None))
        rest = rest.orelse
    if isinstance(rest, cst.If):
        statements.append(rest)
    elif rest is not None:
        statements += rest.body.body
    return statements
