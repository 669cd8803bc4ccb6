"""Turn a function whose last act is to call itself into a loop.

Before::

    def gcd(a, b):
        if b == 0:
            return a
        return gcd(b, a % b)

After::

    def gcd(a, b):
        while b != 0:
            a, b = b, a % b
        return a

Where the function has more than one way out, the loop is ``while True`` with ``return`` in it. Functions that make
functions, catch exceptions, are decorated, or call themselves anywhere else stay as they are.

What a loop has not is a limit on its depth: where the recursion ends in ``RecursionError``, the loop goes on, to its
result or for ever. A program that does so on one of its inputs keeps its recursion: the rewrite is not proved there.
"""

from collections.abc import Sequence

import libcst as cst

from tracepile_assets.rewriting.blocks import docstring_length
from tracepile_assets.rewriting.build import block, leaves, line, small
from tracepile_assets.rewriting.kinds import Kinds
from tracepile_assets.rewriting.recursion import Recursion, base_case, not_yet, recursions, returns_in
from tracepile_assets.rewriting.rewrite import Context, Rewrite
from tracepile_assets.rewriting.scopes import readable
from tracepile_assets.rewriting.tree import Edit, edit, walk, walk_same_scope

NAME = "tail_recursion_to_loop"


def apply(module: cst.Module, context: Context) -> Rewrite | None:
    """Turn every such function."""
    scopes = readable(module)
    if scopes is None:
        return None
    kinds = Kinds(scopes, context)
    edits: dict[int, Edit] = {}
    for recursion in recursions(scopes):
        body = _looping(recursion, kinds)
        if body is not None:
            old = recursion.function.body
            new = old.with_changes(body=[*old.body[: docstring_length(old.body)], *body])
            edits[id(old)] = lambda _, new=new: new
    return Rewrite(edit(module, edits)) if edits else None


def _looping(recursion: Recursion, kinds: Kinds) -> list[cst.BaseStatement] | None:
    body = recursion.body
    returns = returns_in(body)
    tail = [one for one in returns if one.value is not None and recursion.is_self_call(one.value)]
    calls = sum(recursion.is_self_call(part) for statement in body for part in walk(statement))
    is_endless = len(tail) == len(returns) and leaves(block(body))
    if not tail or len(tail) != calls or is_endless or _in_loops(body, tail):
        return None
    # Arguments that call the function again were counted above.
    base = base_case(recursion)
    ends = isinstance(small(body[-1]), cst.Return) and any(small(body[-1]) is one for one in tail)
    if base is not None and ends and len(body) > 1:
        inner = _rebinding(body[1:], recursion, tail)
        if inner:
            loop = cst.While(not_yet(base[0], kinds), block(inner), leading_lines=body[0].leading_lines)
            return [loop, *body[0].body.body]
    inner = _rebinding(body, recursion, tail)
    if not inner:
        return None
    if not (ends or leaves(block(body))):
        inner.append(line(cst.Return()))
    return [cst.While(cst.Name("True"), block(inner))]


def _in_loops(body: Sequence[cst.BaseStatement], returns: Sequence[cst.Return]) -> bool:
    wanted = {id(one) for one in returns}
    return any(
        id(inner) in wanted
        for statement in body
        for loop in (statement, *walk_same_scope(statement))
        if isinstance(loop, (cst.For, cst.While))
        for inner in walk_same_scope(loop)
    )


def _rebinding(
    body: Sequence[cst.BaseStatement], recursion: Recursion, tail: Sequence[cst.Return]
) -> list[cst.BaseStatement] | None:
    """The statements with every tail call made a rebinding of the parameters, and ``continue`` where more follows."""
    calls = {id(one) for one in tail}
    edits: dict[int, Edit] = {}
    whole = block(body)
    for node in walk(whole):
        if isinstance(node, cst.SimpleStatementLine) and id(node.body[0]) in calls:
            rebound = recursion.rebound(node.body[0].value)
            if rebound is None:
                return None
            if node is not body[-1]:
                rebound.append(line(cst.Continue()))
            if not rebound:
                rebound.append(line(cst.Pass()))
            rebound[0] = rebound[0].with_changes(leading_lines=node.leading_lines)
            edits[id(node)] = lambda _, rebound=rebound: rebound
    return list(edit(whole, edits).body)
