"""Turn ``for`` over a sequence into ``for`` over its indices.

Before::

    for value in values:
        total += value

After::

    for index in range(len(values)):
        value = values[index]
        total += value

Only where the body leaves the sequence's name and length alone.
"""

import libcst as cst

from tracepile_assets.rewriting.aliasing import Aliases
from tracepile_assets.rewriting.build import assign, call, subscript
from tracepile_assets.rewriting.kinds import Kinds
from tracepile_assets.rewriting.loops import LoopUse, loops_of
from tracepile_assets.rewriting.rewrite import Context, Rewrite
from tracepile_assets.rewriting.scopes import resolve
from tracepile_assets.rewriting.tree import Edit, edit
from tracepile_assets.rewriting.variables import UnresolvableError

NAME = "each_to_index"


def apply(module: cst.Module, context: Context) -> Rewrite | None:
    """Turn every such loop."""
    try:
        scopes = resolve(module)
    except UnresolvableError:
        return None
    if {"range", "len"} & {variable.name for variable in scopes.variables()}:
        return None
    kinds = Kinds(scopes, context)
    aliases = Aliases(scopes, kinds)
    edits: dict[int, Edit] = {}
    for owner, loop in loops_of(scopes):
        use = LoopUse(loop, owner, scopes)
        if (
            isinstance(loop.iter, cst.Name)
            and kinds.is_sequence(loop.iter)
            and use.keeps_length(call("len", loop.iter), aliases)
        ):
            index = context.fresh("index", "position", "place")
            edits[id(loop)] = lambda loop, index=index: _indexed(loop, index)
    return Rewrite(edit(module, edits)) if edits else None


def _indexed(loop: cst.For, index: str) -> cst.For:
    current = assign(loop.target, subscript(loop.iter.deep_clone(), cst.Name(index)))
    return loop.with_changes(
        target=cst.Name(index),
        iter=call("range", call("len", loop.iter)),
        body=loop.body.with_changes(body=[current, *loop.body.body]),
        whitespace_after_for=cst.SimpleWhitespace(" "),
        whitespace_before_in=cst.SimpleWhitespace(" "),
        whitespace_after_in=cst.SimpleWhitespace(" "),
    )
