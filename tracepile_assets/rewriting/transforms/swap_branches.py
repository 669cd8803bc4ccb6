"""Swap the branches of ``if``/``else``, with the condition negated.

Before::

    if a == b:
        f()
    elif a < c:
        g()
    else:
        h()

After::

    if a == b:
        f()
    elif not a < c:
        h()
    else:
        g()

A comparison is negated by its operator only where that is exact (``==``, ``is``, ``in``); ``<`` is not, for NaN and
sets; ``==`` is not where the program says itself what equality is.
"""

from functools import partial

import libcst as cst

from tracepile_assets.rewriting.build import is_pass, negated
from tracepile_assets.rewriting.rewrite import Context, Rewrite
from tracepile_assets.rewriting.steadiness import has_plain_equality
from tracepile_assets.rewriting.tree import Edit, edit, walk

NAME = "swap_branches"


def apply(module: cst.Module, context: Context) -> Rewrite | None:
    """Swap every ``if`` or ``elif`` that is followed by ``else``."""
    swap = partial(_swap, plain_equality=has_plain_equality(module))
    edits: dict[int, Edit] = {
        id(node): swap
        for node in walk(module)
        if isinstance(node, cst.If) and isinstance(node.orelse, cst.Else) and not is_pass(node.orelse.body)
    }
    return Rewrite(edit(module, edits)) if edits else None


def _swap(node: cst.If, *, plain_equality: bool) -> cst.If:
    return node.with_changes(
        test=negated(node.test, plain_equality=plain_equality),
        body=node.orelse.body,
        orelse=node.orelse.with_changes(body=node.body),
        whitespace_before_test=cst.SimpleWhitespace(" "),
    )
