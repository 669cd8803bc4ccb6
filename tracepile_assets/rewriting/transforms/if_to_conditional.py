"""Turn an ``if``/``else`` that only chooses a value into a conditional expression.

Before::

    if x < 0:
        sign = -1
    else:
        sign = 1

After::

    sign = -1 if x < 0 else 1
"""

import libcst as cst

from tracepile_assets.rewriting.build import is_simple, parenthesized, small, text
from tracepile_assets.rewriting.rewrite import Context, Rewrite
from tracepile_assets.rewriting.tree import Edit, edit, walk

NAME = "if_to_conditional"


def apply(module: cst.Module, context: Context) -> Rewrite | None:
    """Turn every ``if`` (not ``elif``) whose two branches assign to the same simple target, or return a value."""
    elifs = {id(node.orelse) for node in walk(module) if isinstance(node, cst.If)}
    edits: dict[int, Edit] = {
        id(node): _choice
        for node in walk(module)
        if isinstance(node, cst.If) and id(node) not in elifs and _chooses(node)
    }
    return Rewrite(edit(module, edits)) if edits else None


def _chooses(node: cst.If) -> bool:
    if not isinstance(node.orelse, cst.Else) or len(node.body.body) != 1 or len(node.orelse.body.body) != 1:
        return False
    first, second = small(node.body.body[0]), small(node.orelse.body.body[0])
    if isinstance(first, cst.Return) and isinstance(second, cst.Return):
        values = first.value, second.value
    elif isinstance(first, cst.Assign) and isinstance(second, cst.Assign):
        if len(first.targets) != 1 or len(second.targets) != 1:
            return False
        one, other = first.targets[0].target, second.targets[0].target
        if not is_simple(one) or type(one) is not type(other) or text(one) != text(other):
            return False
        values = first.value, second.value
    else:
        return False
    return all(value is not None and not isinstance(value, (cst.Yield, cst.Await)) for value in values)


def _choice(node: cst.If) -> cst.SimpleStatementLine:
    kept = node.body.body[0]
    first, second = small(kept), small(node.orelse.body.body[0])
    value = cst.IfExp(_part(node.test), _part(first.value), _part(second.value))
    return cst.SimpleStatementLine([first.with_changes(value=value)], leading_lines=node.leading_lines)


def _part(value: cst.BaseExpression) -> cst.BaseExpression:
    loose = isinstance(value, (cst.IfExp, cst.Lambda, cst.NamedExpr, cst.Tuple))
    return parenthesized(value) if loose else value
