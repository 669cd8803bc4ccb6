"""Move the test of a ``while`` loop into its body.

Before::

    while low <= high:
        mid = (low + high) // 2

After::

    while True:
        if not low <= high:
            break
        mid = (low + high) // 2
"""

from functools import partial

import libcst as cst

from tracepile_assets.rewriting.build import block, is_literal, line, negated
from tracepile_assets.rewriting.rewrite import Context, Rewrite
from tracepile_assets.rewriting.steadiness import has_plain_equality
from tracepile_assets.rewriting.tree import Edit, edit, walk

NAME = "while_true"


def apply(module: cst.Module, context: Context) -> Rewrite | None:
    """Move the test of every ``while`` without ``else``."""
    endless = partial(_endless, plain_equality=has_plain_equality(module))
    edits: dict[int, Edit] = {
        id(node): endless
        for node in walk(module)
        if isinstance(node, cst.While) and node.orelse is None and not is_literal(node.test)
    }
    return Rewrite(edit(module, edits)) if edits else None


def _endless(node: cst.While, *, plain_equality: bool) -> cst.While:
    leave = cst.If(negated(node.test, plain_equality=plain_equality), block([line(cst.Break())]))
    return node.with_changes(
        test=cst.Name("True"),
        body=node.body.with_changes(body=[leave, *node.body.body]),
        whitespace_after_while=cst.SimpleWhitespace(" "),
    )
