"""Turn a conditional expression that is assigned or returned into ``if``/``else``.

Before::

    sign = -1 if x < 0 else 1
    return a if a < b else b if b < c else c

After::

    if x < 0:
        sign = -1
    else:
        sign = 1
    if a < b:
        return a
    elif b < c:
        return b
    else:
        return c
"""

import libcst as cst

from tracepile_assets.rewriting.build import block, line, outside, small
from tracepile_assets.rewriting.rewrite import Context, Rewrite
from tracepile_assets.rewriting.tree import Edit, edit, walk

NAME = "conditional_to_if"


def apply(module: cst.Module, context: Context) -> Rewrite | None:
    """Turn every statement whose whole value is a conditional expression."""
    edits: dict[int, Edit] = {}
    for node in walk(module):
        statement = small(node)
        if isinstance(statement, (cst.Assign, cst.Return)) and isinstance(statement.value, cst.IfExp):
            edits[id(node)] = _branches
    return Rewrite(edit(module, edits)) if edits else None


def _branches(node: cst.SimpleStatementLine) -> cst.If:
    statement = small(node)
    return _if(statement, statement.value).with_changes(leading_lines=node.leading_lines)


def _if(statement: cst.BaseSmallStatement, value: cst.IfExp) -> cst.If:
    orelse = (
        _if(statement, value.orelse)
        if isinstance(value.orelse, cst.IfExp)
        else cst.Else(block([_with_value(statement, value.orelse)]))
    )
    return cst.If(outside(value.test), block([_with_value(statement, value.body)]), orelse)


def _with_value(statement: cst.BaseSmallStatement, value: cst.BaseExpression) -> cst.SimpleStatementLine:
    copy, value = statement.deep_clone(), outside(value)
    if isinstance(copy, cst.Return):
        return line(copy.with_changes(value=value, whitespace_after_return=cst.SimpleWhitespace(" ")))
    return line(copy.with_changes(value=value))
